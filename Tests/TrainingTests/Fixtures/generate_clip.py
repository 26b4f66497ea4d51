"""Makes clip.json: what five steps of training do to the CLIP model of VisionTests/Fixtures/clip/words.

The loss is that of transformers, the steps are PyTorch's AdamW.

Run with torch 2.13, transformers 5.23, safetensors 0.8, pillow: `python3 generate_clip.py`.
"""

import json
from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import load_file
from transformers import CLIPModel, CLIPProcessor

HERE = Path(__file__).parent
FOLDER = HERE.parent.parent / "VisionTests" / "Fixtures" / "clip" / "words"
CAPTIONS = ["a tiny hand", "The quick brown fox", "hello"]
STEPS, RATE, CLIP = 5, 1e-2, 0.5

network = CLIPModel.from_pretrained(FOLDER, dtype=torch.float32).train()
processor = CLIPProcessor.from_pretrained(FOLDER)
images = load_file(FOLDER / "images.safetensors")
inputs = processor(
    text=CAPTIONS, images=[Image.fromarray(images[str(i)].numpy()) for i in range(3)],
    return_tensors="pt", padding=True, truncation=True,
)
optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, betas=(0.9, 0.95), eps=1e-8, weight_decay=0)
golden = {"captions": CAPTIONS, "rate": RATE, "clip": CLIP, "losses": [], "scales": []}
for _ in range(STEPS):
    loss = network(**inputs, return_loss=True).loss
    golden["losses"].append(loss.item())
    golden["scales"].append(network.logit_scale.exp().item())
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), CLIP)
    optimizer.step()
(HERE / "clip.json").write_text(json.dumps(golden, indent=1) + "\n")
