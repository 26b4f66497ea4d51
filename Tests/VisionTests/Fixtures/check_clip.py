"""Compares the vectors of a bank that jam built with those of transformers, by the CLIP model of the
picture dictionary: python3 check_clip.py JAM

Vectors are stored in bfloat16, which is what the bound allows for.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers import CLIPImageProcessor, CLIPModel, PreTrainedTokenizerFast

FOLDER = Path(__file__).resolve().parents[3] / "models/dictionary/clip"
TEXTS = ["a lion", "A small VOLCANO on a blue background, mountain!", "über 12 cafés\n", "word " * 80]
BOUND = 2 ** -9


def unit(vector):
    return vector / vector.norm()


def features(output):
    return unit(getattr(output, "pooler_output", output)[0])


network = CLIPModel.from_pretrained(FOLDER, dtype=torch.float32).eval()
tokenizer = PreTrainedTokenizerFast.from_pretrained(FOLDER)
processor = CLIPImageProcessor.from_pretrained(FOLDER)
length = network.config.text_config.max_position_embeddings
chance = np.random.default_rng(3)

with tempfile.TemporaryDirectory() as name, torch.inference_mode():
    folder = Path(name)
    documents, expected = [], []
    text_vectors = []
    for text in TEXTS:
        ids = tokenizer(text, add_special_tokens=False)["input_ids"][:length - 1]
        ids.append(network.config.text_config.eos_token_id)
        text_vectors.append(features(network.get_text_features(input_ids=torch.tensor([ids]))))
        documents.append([{"type": "text", "text": text}])
        expected.append(text_vectors[-1])
    for index, (width, height) in enumerate([(64, 64), (200, 90), (70, 300)]):
        coarse = Image.fromarray(chance.integers(0, 256, (5, 5, 3), dtype=np.uint8))
        image = coarse.resize((width, height), Image.Resampling.BICUBIC)
        image.save(folder / f"{index}.png")
        pixels = processor(images=image, return_tensors="pt")["pixel_values"]
        vector = features(network.get_image_features(pixel_values=pixels))
        part = {"type": "image", "path": f"{index}.png"}
        documents += [[part], [{"type": "text", "text": TEXTS[index]}, part]]
        expected += [vector, unit(text_vectors[index] + vector)]
    lines = [json.dumps({"segments": segments}) + "\n" for segments in documents]
    (folder / "shard.jsonl").write_text("".join(lines))
    subprocess.run(
        [sys.argv[1], "bank", "build", "shard.jsonl", "--clip", FOLDER, "--output", "bank"],
        cwd=folder, check=True, stderr=subprocess.DEVNULL,
    )
    stored = np.fromfile(folder / "bank/vectors.bf16", dtype=np.uint16).astype(np.uint32) << 16
    found = torch.tensor(stored.view(np.float32)).reshape(len(expected), -1)
    difference = (found - torch.stack(expected)).abs().max().item()
print(f"{len(expected)} vectors, largest difference {difference:.1e}")
if difference > BOUND:
    sys.exit(f"check_clip: at most {BOUND:.1e} was expected")
