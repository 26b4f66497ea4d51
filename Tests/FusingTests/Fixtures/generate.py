"""Writes the golden files of FusingTests: two tiny parents, and what the methods make of them.

Pinned: torch 2.13, transformers 5.23, safetensors 0.8, Python 3.11. Run: python3 generate.py
The fused weights are made here in plain numpy; the logits are those of `transformers`.
"""

import hashlib
import json
import pathlib

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

HERE = pathlib.Path(__file__).parent
# 256 bytes, 23 markers, 16 image codes and 5 rows that no token uses.
SIZES = dict(
    vocab_size=300,
    hidden_size=8,
    intermediate_size=12,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=64,
    rms_norm_eps=1e-5,
    # Larger than usual, so that a wrong block shows in the logits.
    initializer_range=0.5,
)
TOKENS = [[257, 10, 72, 101, 258, 279, 294, 283, 101, 257]]
HEAD = "lm_head.weight"
TABLE = "model.embed_tokens.weight"


def parent(name, seed, tied):
    """A parent with random weights, norms too; `tied` ones store no head."""
    torch.manual_seed(seed)
    model = LlamaForCausalLM(LlamaConfig(**SIZES, tie_word_embeddings=tied))
    for key, weight in model.named_parameters():
        if "norm" in key:
            torch.nn.init.uniform_(weight, 0.5, 1.5)
    model.save_pretrained(HERE / name)
    (HERE / name / "generation_config.json").unlink()
    state = {k: v.detach().numpy() for k, v in model.state_dict().items()}
    state.setdefault(HEAD, state[TABLE])
    return state


def uniform(text, image, share):
    return {
        k: np.float32(share) * text[k] + np.float32(1 - share) * image[k] for k in text
    }


def width(text, image, off_diagonal):
    def fuse(name):
        t, i = text[name], image[name]
        if name == TABLE:
            return np.concatenate([t, i], axis=1)
        if name == HEAD:
            return np.concatenate([t, i], axis=1) * np.float32(0.5)
        if t.ndim == 1:
            return np.concatenate([t, i])
        right, left = {
            "copy": (t, i),
            "average": ((t + i) / 2, (t + i) / 2),
            "zero": (np.zeros_like(t), np.zeros_like(i)),
        }[off_diagonal]
        return np.block([[t, right], [left, i]])

    return {name: fuse(name) for name in text}


def logits(weights, **changes):
    model = LlamaForCausalLM(LlamaConfig(**{**SIZES, **changes}, tie_word_embeddings=False))
    model.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in weights.items()})
    with torch.no_grad():
        return model(torch.tensor(TOKENS)).logits[0].contiguous()


def digests(weights):
    return {
        k: hashlib.sha256(np.ascontiguousarray(v).tobytes()).hexdigest()
        for k, v in sorted(weights.items())
    }


if __name__ == "__main__":
    text = parent("text", 1, tied=True)
    image = parent("image", 2, tied=False)
    fused = {"uniform": uniform(text, image, 0.3)}
    for off_diagonal in ["copy", "average", "zero"]:
        fused[f"width-{off_diagonal}"] = width(text, image, off_diagonal)
    golden = {name: digests(weights) for name, weights in fused.items()}
    golden["uniform-bf16"] = digests(
        {
            k: torch.from_numpy(v).to(torch.bfloat16).view(torch.int16).numpy()
            for k, v in fused["uniform"].items()
        }
    )
    (HERE / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")

    twice = {
        k: 2 * SIZES[k]
        for k in ["hidden_size", "intermediate_size", "num_attention_heads", "num_key_value_heads"]
    }
    save_file(
        {"uniform": logits(fused["uniform"])}
        | {k: logits(v, **twice) for k, v in fused.items() if k.startswith("width")},
        HERE / "logits.safetensors",
    )
