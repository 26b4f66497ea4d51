"""Writes weights.ckpt with torch.save, and weights.safetensors with the same tensors by the reference.

A checkpoint as PyTorch Lightning writes it: tensors of several types, views of one storage,
transposed and broken ones, a parameter, and much beside them that is no tensor.
Pinned: torch 2.13, safetensors 0.8. Run in this folder: python3 generate_torch.py
"""

from collections import OrderedDict

import torch
from safetensors.torch import save_file

torch.manual_seed(5)
shared = torch.randn(6, 4)
layer = torch.nn.Linear(3, 2)
weights = OrderedDict(layer.state_dict())  # with _metadata, as a module's has it
weights._metadata = layer.state_dict()._metadata
weights |= {
    "parameter": torch.nn.Parameter(torch.randn(3)),
    "whole": shared,
    "rows": shared[2:5],
    "columns": shared[:, 1:3],
    "turned": shared.t(),
    "permuted": torch.arange(24.0).view(2, 3, 4).permute(2, 0, 1),
    "expanded": torch.tensor([1.5, 2.5]).expand(3, 2),
    "half": torch.randn(5).half(),
    "bfloat": torch.randn(2, 2).bfloat16(),
    "double": torch.randn(2).double(),
    "long": torch.tensor([[2**40, -1]]),
    "scalar": torch.tensor(0.25),
    "empty": torch.zeros(0, 4),
}
metadata = weights._metadata
weights = OrderedDict(weights)
weights._metadata = metadata
checkpoint = {
    "epoch": 1, "global_step": 70_000, "big": 2**40, "small": -3, "none": None, "flag": True,
    "rate": 4.5e-6, "tuple": (1, 2, 3, 4), "list": [1, "x", [2.5]], "size": torch.Size([1, 2]),
    "state_dict": weights,
    "optimizer_states": [{"state": {0: {"exp_avg": shared}}, "param_groups": [{"lr": 0.1}]}],
}
torch.save(checkpoint, "weights.ckpt")
save_file({k: v.detach().clone().contiguous() for k, v in weights.items()}, "weights.safetensors")
