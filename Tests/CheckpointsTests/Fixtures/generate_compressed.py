"""Writes weights of 4 and 8 bits with compressed-tensors, and the numbers that they stand for.

Versions: compressed-tensors 0.20.1, torch 2.13.0, safetensors 0.8.0. Run it here:
python3 generate_compressed.py
`compressed.safetensors` has a matrix in groups of 32 with scales in bfloat16, one in groups of 16 with
scales in float16, one with a scale for each row, and a plain norm; of 8 bits, one in packed groups of
32, one in packed rows, and one in rows of plain integers, all with scales in bfloat16.
`compressed-floats.safetensors` has the integers that compressed-tensors unpacks, times the scales, in
float32.
`compressed-points.safetensors` has a matrix with zero points.
"""

import torch
from compressed_tensors.compressors.naive_quantized.base import IntQuantizationCompressor
from compressed_tensors.compressors.pack_quantized.base import PackedQuantizationCompressor as Packer
from compressed_tensors.compressors.pack_quantized.helpers import unpack_from_int32
from compressed_tensors.quantization import QuantizationArgs, QuantizationScheme
from safetensors.torch import save_file


def packed(weight, group, dtype, symmetric=True, bits=4, plain=False):
    """The stored tensors of a weight, and its numbers."""
    half = 2 ** (bits - 1)
    rows, columns = weight.shape
    groups = columns // group if group else 1
    parts = weight.reshape(rows, groups, -1)
    if symmetric:
        scale, point = parts.abs().amax(-1) / (half - 0.5), torch.zeros(rows, groups, dtype=torch.int8)
    else:
        low, high = parts.amin(-1).clamp(max=0), parts.amax(-1).clamp(min=0)
        scale = (high - low) / 15
        point = (-8 - low / scale).round().clamp(-8, 7).to(torch.int8)
    scale = scale.to(dtype)
    strategy = dict(strategy="group", group_size=group) if group else dict(strategy="channel")
    args = QuantizationArgs(num_bits=bits, type="int", symmetric=symmetric, **strategy)
    scheme = QuantizationScheme(targets=["Linear"], weights=args)
    state = dict(weight=weight.to(dtype), weight_scale=scale, weight_zero_point=point)
    stored = (IntQuantizationCompressor if plain else Packer).compress(state, scheme)
    if plain:
        stored.pop("weight_zero_point", None)
        integers = stored["weight"]
    else:
        integers = unpack_from_int32(stored["weight_packed"], bits, torch.Size(weight.shape))
    scales = scale.float().repeat_interleave(columns // groups, dim=1)
    return stored, integers.float() * scales


torch.manual_seed(5)
MATRICES = {
    "groups32": (6, 96, 32, torch.bfloat16),
    "groups16": (5, 64, 16, torch.float16),
    "rows": (7, 40, None, torch.float16),
}
stored, numbers = {"norm.weight": torch.rand(8)}, {}
for name, (rows, columns, group, dtype) in MATRICES.items():
    tensors, floats = packed(torch.randn(rows, columns), group, dtype)
    stored |= {f"{name}.{key}": value.contiguous() for key, value in tensors.items()}
    numbers[f"{name}.weight"] = floats
tensors, _ = packed(torch.randn(8, 64), 32, torch.float16, symmetric=False)
points = {f"points.{key}": value.contiguous() for key, value in tensors.items()}
EIGHT_BITS = {"bytes32": (6, 96, 32, False), "bytes": (5, 40, None, False), "plain": (7, 24, None, True)}
for name, (rows, columns, group, plain) in EIGHT_BITS.items():
    weight = torch.randn(rows, columns)
    tensors, floats = packed(weight, group, torch.bfloat16, bits=8, plain=plain)
    stored |= {f"{name}.{key}": value.contiguous() for key, value in tensors.items()}
    numbers[f"{name}.weight"] = floats
save_file(stored, "compressed.safetensors", metadata={"format": "pt"})
save_file(numbers, "compressed-floats.safetensors", metadata={"format": "pt"})
save_file(points, "compressed-points.safetensors", metadata={"format": "pt"})
