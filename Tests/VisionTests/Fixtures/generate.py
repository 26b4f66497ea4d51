"""Makes golden.safetensors: an image tokenizer's weights, pixels, and what PyTorch makes of them.

The network is written anew in PyTorch's own layers; weights and pixels are random, from a fixed
seed. Run with torch 2.13 and safetensors 0.8: `python3 generate.py`.
"""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

PATCH, ENCODER, DECODER, GROUPS, CODES, WIDTH, SIDE = 2, [8, 12], [8, 16], 4, 16, 6, 16


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm1 = nn.GroupNorm(GROUPS, channels, eps=1e-6)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm2 = nn.GroupNorm(GROUPS, channels, eps=1e-6)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        h = self.conv1(F.silu(self.norm1(x)))
        return x + self.conv2(F.silu(self.norm2(h)))


class Stage(nn.Module):
    def __init__(self, channels, downsample=None, upsample=None):
        super().__init__()
        if downsample is not None:
            self.downsample = downsample
        self.blocks = nn.ModuleList([Block(channels)])
        if upsample is not None:
            self.upsample = upsample


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        fine, coarse = ENCODER
        self.input = nn.Conv2d(3 * PATCH * PATCH, fine, 3, padding=1)
        down = nn.Conv2d(fine, coarse, 3, stride=2, padding=1)
        self.stages = nn.ModuleList([Stage(fine), Stage(coarse, downsample=down)])
        self.output = nn.Conv2d(coarse, WIDTH, 1)

    def forward(self, pixels):  # [B, 3, H, W]
        # PyTorch orders the channels of a square colour first, we order them pixel first.
        x = F.pixel_unshuffle(pixels, PATCH)
        x = x.unflatten(1, (3, PATCH * PATCH)).transpose(1, 2).flatten(1, 2)
        x = self.stages[0].blocks[0](self.input(x))
        x = self.stages[1].blocks[0](self.stages[1].downsample(x))
        return self.output(x)


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        fine, coarse = DECODER
        self.input = nn.Conv2d(WIDTH, coarse, 3, padding=1)
        up = nn.Conv2d(coarse, fine, 3, padding=1)
        self.stages = nn.ModuleList([Stage(fine), Stage(coarse, upsample=up)])
        self.output = nn.Conv2d(fine, 3 * PATCH * PATCH, 3, padding=1)

    def forward(self, vectors):  # [B, WIDTH, grid, grid]
        x = self.stages[1].blocks[0](self.input(vectors))
        x = self.stages[1].upsample(F.interpolate(x, scale_factor=2, mode="nearest"))
        x = self.stages[0].blocks[0](x)
        x = self.output(x)
        x = x.unflatten(1, (PATCH * PATCH, 3)).transpose(1, 2).flatten(1, 2)
        return F.pixel_shuffle(x, PATCH)


class Tokenizer(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.quantizer = nn.Embedding(CODES, WIDTH)
        self.decoder = Decoder()


torch.manual_seed(7)
model = Tokenizer()
for parameter in model.parameters():
    nn.init.normal_(parameter, std=0.3)

pixels = torch.rand(2, 3, SIDE, SIDE) * 2 - 1
vectors = model.encoder(pixels)
rows = vectors.permute(0, 2, 3, 1)
with torch.no_grad():
    # Codes among the vectors, so that many are chosen.
    picks = torch.randperm(rows.numel() // WIDTH)[:CODES]
    model.quantizer.weight.copy_(rows.reshape(-1, WIDTH)[picks])
    model.quantizer.weight.add_(torch.randn(CODES, WIDTH) * 0.3 * rows.std())
codes = torch.cdist(rows.reshape(-1, WIDTH).double(), model.quantizer.weight.double()).argmin(1)
codes = codes.view(rows.shape[:-1])
chosen = model.quantizer(codes)
straight = rows + (chosen - rows).detach()
decoded = model.decoder(straight.permute(0, 3, 1, 2))
loss = (decoded - pixels).square().mean() + (rows - chosen.detach()).square().mean()
loss.backward()

golden = {"weights." + name: value.detach() for name, value in model.state_dict().items()}
golden |= {
    "pixels": pixels.permute(0, 2, 3, 1),
    "vectors": rows,
    "codes": codes,
    "decoded": decoded.permute(0, 2, 3, 1),
    "loss": loss,
    # One kernel early and one late in the graph.
    "gradients.encoder.input.weight": model.encoder.input.weight.grad,
    "gradients.decoder.output.weight": model.decoder.output.weight.grad,
}
path = Path(__file__).parent / "golden.safetensors"
save_file({name: value.detach().contiguous() for name, value in golden.items()}, path)
print(path, path.stat().st_size, "bytes;", len(codes.unique()), "codes in use")
