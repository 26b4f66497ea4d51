"""Loads a folder that FusingTests wrote with `transformers` and compares the logits.

Run the tests with FUSED_OUTPUT=DIR, which keeps the folders, and then: python3 check_fused.py DIR
"""

import pathlib
import sys

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from generate import HERE, TOKENS

golden = load_file(HERE / "logits.safetensors")
for name, expected in golden.items():
    folder = pathlib.Path(sys.argv[1]) / name
    model, report = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    assert not report["missing_keys"] and not report["unexpected_keys"], report
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert tokenizer.decode(tokenizer.encode("a cat")) == "a cat"
    with torch.no_grad():
        found = model(torch.tensor(TOKENS)).logits[0].float()
    difference = (found - expected).abs().max().item()
    print(f"{name}: largest difference {difference:.2e}")
    assert difference < 1e-4
