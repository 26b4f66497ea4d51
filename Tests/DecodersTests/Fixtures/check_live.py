"""Compares `jam` with `transformers` live: python3 check_live.py JAM [WRITTEN]

JAM is the tool. For every family a fresh model is written tied and untied, in one file and in shards,
and once each in bfloat16 and float16; `jam inspect logits` must give the logits of `transformers`.
WRITTEN is a folder that `swift test --filter FamiliesTests` filled under FAMILIES_OUTPUT=WRITTEN: what
was read from `families/` and written again must load in `transformers`, with equal tensors.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

import torch
from safetensors.torch import load_file
from transformers import (
    AutoModelForCausalLM,
    ChameleonForConditionalGeneration,
    Emu3ForConditionalGeneration,
)

from families import FAMILIES, HERE, VOCABULARY, logits, make, save


def load(folder: pathlib.Path):
    kinds = {"chameleon": ChameleonForConditionalGeneration, "emu3": Emu3ForConditionalGeneration}
    kind = kinds.get(folder.name.split("-")[0], AutoModelForCausalLM)
    return kind.from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True, attn_implementation="eager"
    )


def compare(jam: str, folder: pathlib.Path) -> float:
    tokens = torch.randint(0, VOCABULARY, (1, 13))
    output = folder.with_suffix(".logits")
    ids = ",".join(map(str, tokens[0].tolist()))
    command = [jam, "inspect", "logits", folder, "--tokens", ids, "--output", output]
    subprocess.run(command, check=True, capture_output=True)
    # Loaded again: a model that was made narrower has narrower angles too.
    with torch.no_grad():
        expected = logits(load(folder)[0].eval(), tokens)[0]
    return (load_file(output)["logits"] - expected).abs().max().item()


def check_live(jam: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        for name in FAMILIES:
            kinds = [(tied, sharded, torch.float32) for tied in (0, 1) for sharded in (0, 1)]
            kinds += [(1, 0, torch.bfloat16), (1, 0, torch.float16)]
            worst = 0.0
            for number, (tied, sharded, dtype) in enumerate(kinds):
                folder = pathlib.Path(scratch) / f"{name}-{number}"
                save(make(name, bool(tied)).to(dtype), folder, bool(sharded))
                worst = max(worst, compare(jam, folder))
            print(f"{name}: largest difference {worst:.1e}")
            assert worst < 1e-4


def in_the_model(key: str) -> str:
    """The name of a weight in Emu3's modules, which its files do not have."""
    key = key.replace("text_model.lm_head", "lm_head")
    key = re.sub("^text_model.model", "model.text_model", key)
    return re.sub("^vqmodel", "model.vqmodel", key)


def check_written(written: pathlib.Path) -> None:
    for folder in sorted(written.iterdir()):
        before = {}
        for path in (HERE / "families" / folder.name).glob("model*.safetensors"):
            before |= load_file(path)
        before = {in_the_model(key): value for key, value in before.items()}
        after = load_file(folder / "model.safetensors")
        assert before.keys() == after.keys(), before.keys() ^ after.keys()
        assert all(torch.equal(before[key], after[key]) for key in before)
        model, report = load(folder)
        # The golden folders hold a few weights of image encoders only.
        missing = [key for key in report["missing_keys"] if "vqmodel" not in key]
        assert not missing and not report["unexpected_keys"], report
        golden = load_file(HERE / "families" / folder.name / "golden.safetensors")
        with torch.no_grad():
            found = logits(model, golden["tokens"])
        difference = (found - golden["logits"]).abs().max().item()
        print(f"{folder.name}: written again, largest difference {difference:.1e}")
        assert difference < 1e-4


if __name__ == "__main__":
    check_live(sys.argv[1])
    if len(sys.argv) > 2:
        check_written(pathlib.Path(sys.argv[2]))
