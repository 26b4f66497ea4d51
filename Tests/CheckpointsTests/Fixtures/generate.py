"""Writes the golden files of CheckpointsTests with the reference libraries.

Pinned: safetensors 0.8, torch 2.13, Python 3.11. Run in this folder: python3 generate.py
"""

import json
import struct

import torch
from safetensors.torch import save, save_file

# One weight of every type that we read, with names out of order, a scalar and an empty one.
TYPES = {
    "BOOL": torch.bool,
    "U8": torch.uint8,
    "I8": torch.int8,
    "I16": torch.int16,
    "U16": torch.uint16,
    "I32": torch.int32,
    "U32": torch.uint32,
    "I64": torch.int64,
    "U64": torch.uint64,
    "F8_E5M2": torch.float8_e5m2,
    "F8_E4M3": torch.float8_e4m3fn,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "F32": torch.float32,
    "F64": torch.float64,
}
weights = {
    f"{prefix}.{name}": torch.tensor([0.0, 1.0, 1.0, 0.0, 1.0, 1.0]).reshape(2, 3).to(dtype)
    for prefix in ("b", "a")
    for name, dtype in TYPES.items()
}
weights["scalar"] = torch.tensor(2.5)
weights["empty"] = torch.zeros(0, 4)
weights["größe \"x\""] = torch.tensor([1.0])
save_file(weights, "every-type.safetensors", metadata={"format": "pt"})

# A file of two weights, for cutting and for bad headers.
open("two.safetensors", "wb").write(
    save({"one": torch.arange(6.0).reshape(2, 3), "two": torch.arange(4, dtype=torch.int32)})
)

# Rounding: torch's conversions of 32-bit floats near every kind of edge.
bits = [
    0x00000000, 0x80000000, 0x00000001, 0x007FFFFF, 0x00800000, 0x33000000, 0x33000001,
    0x33800000, 0x33C00000, 0x387FC000, 0x387FE000, 0x387FF000, 0x38800000, 0x3F800000, 0x3F801000,
    0x3F803000, 0x3F808000, 0x3F818000, 0x3F808001, 0x477FE000, 0x477FEFFF, 0x477FF000, 0x47800000,
    0x7F7FFFFF, 0x7F800000, 0xFF800000, 0xC0490FDB, 0x42F6E979, 0xBF7FFFFF, 0x7F7F7FFF,
]
generator = torch.Generator().manual_seed(7)
bits += torch.randint(0, 0x7F800000, (200,), generator=generator).tolist()
floats = torch.tensor(struct.unpack(f"<{len(bits)}f", struct.pack(f"<{len(bits)}I", *bits)))
save_file(
    {
        "float32": floats,
        "float16": floats.to(torch.float16),
        "bfloat16": floats.to(torch.bfloat16),
    },
    "rounding.safetensors",
)

# Symmetric 8-bit rows by torch's own arithmetic.
rows = torch.randn(5, 33, generator=generator)
rows[3] = 0
scales = rows.abs().amax(dim=1, keepdim=True) / 127
scales[3] = 1
save_file(
    {"rows": rows, "w": torch.round(rows / scales).to(torch.int8), "w_scale": scales},
    "rows.safetensors",
)
