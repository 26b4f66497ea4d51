"""Makes vqgan.ckpt, a small VQGAN as torch.save stores it, and vqgan.safetensors: pixels, and what
the networks make of them.

The encoder is transformers' ChameleonVQVAE. Its decoder is not in transformers: it is written here
in PyTorch's own layers after the paper (Esser et al., 2021). So that the file stays small, most
weights are views of one storage of random numbers; names are those of taming-transformers.
Run with torch 2.13, transformers 5.23, safetensors 0.8: `python3 generate_vqgan.py`.
"""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F
from transformers import ChameleonVQVAE, ChameleonVQVAEConfig

BASE, MULTIPLIERS, BLOCKS, SIDE, ATTENTION = 32, [1, 2], 1, 16, [8]
LATENT, WIDTH, CODES = 12, 8, 48


def norm(channels):
    return nn.GroupNorm(32, channels, eps=1e-6)


class Block(nn.Module):
    def __init__(self, before, after):
        super().__init__()
        self.norm1, self.norm2 = norm(before), norm(after)
        self.conv1 = nn.Conv2d(before, after, 3, padding=1)
        self.conv2 = nn.Conv2d(after, after, 3, padding=1)
        self.nin_shortcut = nn.Conv2d(before, after, 1) if before != after else nn.Identity()

    def forward(self, x):
        inner = self.conv1(F.silu(self.norm1(x)))
        return self.nin_shortcut(x) + self.conv2(F.silu(self.norm2(inner)))


class Attention(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = norm(channels)
        for name in ("q", "k", "v", "proj_out"):
            setattr(self, name, nn.Conv2d(channels, channels, 1))

    def forward(self, x):
        h = self.norm(x)
        q, k, v = (m(h).flatten(2).transpose(1, 2) for m in (self.q, self.k, self.v))
        weights = torch.softmax(q @ k.transpose(1, 2) / q.shape[-1] ** 0.5, dim=-1)
        return x + self.proj_out((weights @ v).transpose(1, 2).reshape(x.shape))


class Up(nn.Module):
    """Nearest neighbours, then a convolution."""

    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        channels = BASE * MULTIPLIERS[-1]
        self.conv_in = nn.Conv2d(LATENT, channels, 3, padding=1)
        self.mid = nn.Module()
        self.mid.block_1, self.mid.block_2 = Block(channels, channels), Block(channels, channels)
        self.mid.attn_1 = Attention(channels)
        self.up = nn.ModuleList([nn.Module() for _ in MULTIPLIERS])
        for level in reversed(range(len(MULTIPLIERS))):
            up, after = self.up[level], BASE * MULTIPLIERS[level]
            up.block, up.attn = nn.ModuleList(), nn.ModuleList()
            for _ in range(BLOCKS + 1):
                up.block.append(Block(channels, after))
                channels = after
                if SIDE >> level in ATTENTION:
                    up.attn.append(Attention(after))
            if level > 0:
                up.upsample = Up(after)
        self.norm_out = norm(channels)
        self.conv_out = nn.Conv2d(channels, 3, 3, padding=1)

    def forward(self, z):
        x = self.conv_in(z)
        x = self.mid.block_2(self.mid.attn_1(self.mid.block_1(x)))
        for level in reversed(range(len(MULTIPLIERS))):
            up = self.up[level]
            for index, block in enumerate(up.block):
                x = block(x)
                if len(up.attn) > 0:
                    x = up.attn[index](x)
            if level > 0:
                x = up.upsample(x)
        return self.conv_out(F.silu(self.norm_out(x)))


torch.manual_seed(11)
config = ChameleonVQVAEConfig(
    embed_dim=WIDTH,
    num_embeddings=CODES,
    latent_channels=LATENT,
    resolution=SIDE,
    base_channels=BASE,
    channel_multiplier=MULTIPLIERS,
    num_res_blocks=BLOCKS,
    attn_resolutions=ATTENTION,
)
model = ChameleonVQVAE(config).eval()
decoder = Decoder().eval()
shapes = {name: value.shape for name, value in model.state_dict().items()}
shapes |= {"decoder." + name: value.shape for name, value in decoder.state_dict().items()}

largest = max(shape.numel() for shape in shapes.values())
kernels = (torch.randn(largest + 1000) * 0.08).bfloat16()
gains = (1 + torch.randn(200) * 0.2).bfloat16()
wide = (torch.randn(5000) * 0.3).bfloat16()
weights = {}
for index, (name, shape) in enumerate(shapes.items()):
    source = gains if "norm" in name and name.endswith("weight") else kernels
    source = wide if shape[2:] == (1, 1) else source
    start = (index * 37) % (len(source) - shape.numel() + 1)
    weights[name] = source[start : start + shape.numel()].view(shape)

floats = {name: value.float() for name, value in weights.items()}
model.load_state_dict({k: v for k, v in floats.items() if not k.startswith("decoder.")})
decoder.load_state_dict({k[8:]: v for k, v in floats.items() if k.startswith("decoder.")})

with torch.no_grad():
    pixels = torch.rand(3, 3, SIDE, SIDE) * 2 - 1
    pixels[1, :, 4:12, 2:9] = 0.7
    vectors = model.quant_conv(model.encoder(pixels))
    rows = vectors.permute(0, 2, 3, 1)
    # Codes near some of the vectors, so that many are chosen.
    picks = torch.randperm(rows.numel() // WIDTH)[:CODES]
    table = rows.reshape(-1, WIDTH)[picks] + torch.randn(CODES, WIDTH) * 0.2 * rows.std()
    weights["quantize.embedding.weight"] = table.bfloat16()
    model.quantize.embedding.weight.copy_(table.bfloat16())
    codes = model.encode(pixels).image_tokens.view(rows.shape[:-1])
    distances = torch.cdist(rows.reshape(-1, WIDTH), model.quantize.embedding.weight)
    nearest = distances.topk(2, largest=False).values
    chosen = model.quantize.embedding(codes).permute(0, 3, 1, 2)
    decoded = decoder(model.post_quant_conv(chosen))

folder = Path(__file__).parent
loss = {"loss.discriminator.main.0.weight": kernels[:8].view(2, 4), "loss.logvar": kernels[0]}
torch.save(
    {"epoch": 3, "global_step": 1000, "state_dict": weights | loss, "callbacks": {}, "lr": 4.5e-6},
    folder / "vqgan.ckpt",
)
golden = {
    "pixels": pixels.permute(0, 2, 3, 1),
    "vectors": rows,
    "codes": codes,
    "decoded": decoded.permute(0, 2, 3, 1),
}
save_file({k: v.contiguous() for k, v in golden.items()}, folder / "vqgan.safetensors")
for name in ("vqgan.ckpt", "vqgan.safetensors"):
    print(name, (folder / name).stat().st_size, "bytes")
print(len(codes.unique()), "codes in use; nearest margin", (nearest[:, 1] - nearest[:, 0]).min())
print("vectors", rows.std(), "decoded", decoded.std())
