"""Makes clip/modern and clip/legacy, two tiny CLIP folders as transformers writes them, each with
golden.safetensors: tokens, pixels, and the embeddings and similarities of both; and
clip/preprocessing.safetensors: images, and what the image processor makes of them; and clip/words, a
folder in bfloat16 and two shards, as old ones with numbers of positions, with a tokenizer and an image
processor, and in golden.json and images.safetensors texts, images and what comes of them.

Run with torch 2.13, transformers 5.23, safetensors 0.8, pillow: `python3 generate_clip.py`.
"""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from tokenizers import pre_tokenizers
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPProcessor, CLIPTokenizer

FIXTURES = Path(__file__).parent / "clip"
MEAN, DEVIATION = [0.5, 0.4, 0.3], [0.2, 0.25, 0.3]


def model(activation, end_token, vocabulary=40, begin_token=38):
    shared = dict(num_hidden_layers=2, hidden_act=activation)
    return CLIPModel(CLIPConfig(
        text_config=dict(
            vocab_size=vocabulary, hidden_size=16, intermediate_size=24, num_attention_heads=2,
            max_position_embeddings=10, bos_token_id=begin_token, eos_token_id=end_token, **shared,
        ),
        vision_config=dict(
            hidden_size=12, intermediate_size=20, num_attention_heads=3, image_size=12,
            patch_size=4, **shared,
        ),
        projection_dim=8,
    )).eval()


def randomize(network, generator):
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() > 0:
                parameter.copy_(0.4 * torch.randn(parameter.shape, generator=generator))


def write(name, activation, end_token):
    network = model(activation, end_token)
    generator = torch.Generator().manual_seed(len(name))
    randomize(network, generator)
    network.save_pretrained(FIXTURES / name)
    # Each ends with the highest id; one has it twice, one stands behind padding of the right.
    tokens = torch.tensor([
        [38, 5, 6, 39, 39, 39], [38, 7, 39, 3, 1, 0], [38, 1, 2, 3, 4, 39],
    ])
    pixels = torch.randn((3, 3, 12, 12), generator=generator)
    with torch.no_grad():
        out = network(input_ids=tokens, pixel_values=pixels)
    save_file({
        "tokens": tokens,
        "pixels": pixels.permute(0, 2, 3, 1).contiguous(),
        "text": out.text_embeds.contiguous(),
        "image": out.image_embeds.contiguous(),
        "logits": out.logits_per_text.contiguous(),
    }, FIXTURES / name / "golden.safetensors")


def write_preprocessing():
    processor = CLIPImageProcessor(
        size={"shortest_edge": 14}, crop_size={"height": 12, "width": 12},
        image_mean=MEAN, image_std=DEVIATION,
    )
    random = np.random.default_rng(3)
    tensors = {}
    for width, height in [(12, 12), (31, 20), (9, 16), (14, 40)]:
        image = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
        pixels = processor(Image.fromarray(image), return_tensors="pt")["pixel_values"][0]
        tensors[f"image {width}x{height}"] = torch.from_numpy(image)
        tensors[f"pixels {width}x{height}"] = pixels.permute(1, 2, 0).contiguous()
    save_file(tensors, FIXTURES / "preprocessing.safetensors")


TEXTS = [
    "A photo of a cat", "it's a DOG,  and\n2 cats!", "", " ", "ÇA VA, É e\u0301? İ ẞ Σ", "猫 🐈‍⬛ 12",
    "a cat and a dog and a cat and a dog and a cat",
]
MERGES = ["a t</w>", "c at</w>", "d o", "do g</w>", "a n", "an d</w>", "p h", "ph o", "t o</w>", "pho to</w>", "o f</w>"]


def write_words():
    folder = FIXTURES / "words"
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = alphabet + [byte + "</w>" for byte in alphabet]
    vocabulary += [merge.replace(" ", "") for merge in MERGES] + ["<|startoftext|>", "<|endoftext|>"]
    end = len(vocabulary) - 1
    tokenizer = CLIPTokenizer(
        vocab={spelling: id for id, spelling in enumerate(vocabulary)}, merges=[tuple(each.split()) for each in MERGES],
        model_max_length=10,
    )
    images = CLIPImageProcessor(
        size={"shortest_edge": 14}, crop_size={"height": 12, "width": 12}, image_mean=MEAN, image_std=DEVIATION
    )
    processor = CLIPProcessor(images, tokenizer)
    processor.save_pretrained(folder)

    network = model("quick_gelu", end, len(vocabulary), end - 1)
    generator = torch.Generator().manual_seed(11)
    randomize(network, generator)
    network.bfloat16().float()
    network.config.save_pretrained(folder)
    weights = {name: value.bfloat16().contiguous() for name, value in network.state_dict().items()}
    weights["text_model.embeddings.position_ids"] = torch.arange(10)[None]
    weights["vision_model.embeddings.position_ids"] = torch.arange(10)[None]
    index = {}
    for number, side in enumerate(["text", "vision"], 1):
        shard = f"model-0000{number}-of-00002.safetensors"
        part = {name: value for name, value in weights.items() if (name.startswith("text")) == (side == "text")}
        save_file(part, folder / shard, metadata={"format": "pt"})
        index.update(dict.fromkeys(part, shard))
    text = json.dumps({"metadata": {}, "weight_map": dict(sorted(index.items()))}, indent=1)
    (folder / "model.safetensors.index.json").write_text(text + "\n")

    random = np.random.default_rng(5)
    arrays = [random.integers(0, 256, shape, dtype=np.uint8) for shape in [(12, 12, 3), (20, 31, 3), (40, 14, 3)]]
    inputs = processor(
        text=TEXTS, images=[Image.fromarray(each) for each in arrays], return_tensors="pt", padding=True, truncation=True
    )
    with torch.no_grad():
        out = network(**inputs)
        states = network.vision_model(pixel_values=inputs["pixel_values"], output_hidden_states=True).hidden_states[1:]
    features = [each / each.norm(dim=-1, keepdim=True) for each in states]
    pair = out.text_embeds[0] + out.image_embeds[1]
    ids = [tokenizer(text, truncation=True)["input_ids"] for text in TEXTS]
    golden = {"texts": TEXTS, "ids": ids, "end": end}
    golden |= {"text": out.text_embeds.flatten().tolist(), "image": out.image_embeds.flatten().tolist()}
    golden |= {"features": torch.stack(features).flatten().tolist()}
    golden |= {"document": (pair / pair.norm()).tolist()}
    (folder / "golden.json").write_text(json.dumps(golden, ensure_ascii=False) + "\n", encoding="utf-8")
    save_file({str(i): torch.from_numpy(each) for i, each in enumerate(arrays)}, folder / "images.safetensors")


write("modern", "quick_gelu", 39)
write("legacy", "gelu", 2)
write_words()
write_preprocessing()
