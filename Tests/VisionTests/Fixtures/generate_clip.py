"""Makes clip/modern and clip/legacy, two tiny CLIP folders as transformers writes them, each with
golden.safetensors: tokens, pixels, and the embeddings and similarities of both; and
clip/preprocessing.safetensors: pictures, and what the image processor makes of them.

Run with torch 2.13, transformers 5.23, safetensors 0.8, pillow: `python3 generate_clip.py`.
"""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel

FIXTURES = Path(__file__).parent / "clip"
MEAN, DEVIATION = [0.5, 0.4, 0.3], [0.2, 0.25, 0.3]


def model(activation, end_token):
    shared = dict(num_hidden_layers=2, hidden_act=activation)
    return CLIPModel(CLIPConfig(
        text_config=dict(
            vocab_size=40, hidden_size=16, intermediate_size=24, num_attention_heads=2,
            max_position_embeddings=10, bos_token_id=38, eos_token_id=end_token, **shared,
        ),
        vision_config=dict(
            hidden_size=12, intermediate_size=20, num_attention_heads=3, image_size=12,
            patch_size=4, **shared,
        ),
        projection_dim=8,
    )).eval()


def write(name, activation, end_token):
    network = model(activation, end_token)
    generator = torch.Generator().manual_seed(len(name))
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() > 0:
                parameter.copy_(0.4 * torch.randn(parameter.shape, generator=generator))
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
        picture = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
        pixels = processor(Image.fromarray(picture), return_tensors="pt")["pixel_values"][0]
        tensors[f"picture {width}x{height}"] = torch.from_numpy(picture)
        tensors[f"pixels {width}x{height}"] = pixels.permute(1, 2, 0).contiguous()
    save_file(tensors, FIXTURES / "preprocessing.safetensors")


write("modern", "quick_gelu", 39)
write("legacy", "gelu", 2)
write_preprocessing()
