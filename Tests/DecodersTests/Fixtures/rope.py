"""Writes `rope.json`: the rotary frequencies of many spellings, from the reference implementation.

Versions: torch 2.13.0, transformers 5.23.0. Run it here: python3 rope.py
Each case is a `config.json`, the inverse frequencies that `transformers` gives it, and what it multiplies
cosines and sines by; of Gemma 3 for both kinds of layers.
"""

import json
import pathlib
import tempfile

from transformers import AutoConfig
from transformers.models.gemma3.modeling_gemma3 import Gemma3RotaryEmbedding
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding
from transformers.models.phi3.modeling_phi3 import Phi3RotaryEmbedding
from transformers.models.qwen3.modeling_qwen3 import Qwen3RotaryEmbedding
from transformers.models.smollm3.modeling_smollm3 import SmolLM3RotaryEmbedding

HERE = pathlib.Path(__file__).parent
SIZES = dict(
    vocab_size=48,
    hidden_size=64,
    intermediate_size=24,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=16,
    max_position_embeddings=256,
)
LLAMA3 = dict(factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0)
YARN = dict(rope_type="yarn", factor=4.0)
FACTORS = dict(
    short_factor=[1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7], long_factor=[2.0 + i for i in range(8)]
)
EMBEDDINGS = {
    "llama": LlamaRotaryEmbedding,
    "qwen3": Qwen3RotaryEmbedding,
    "smollm3": SmolLM3RotaryEmbedding,
    "phi3": Phi3RotaryEmbedding,
    "gemma3_text": Gemma3RotaryEmbedding,
}
# What a config says about rotary positions, by family.
MIXTURES = {
    "llama": [
        {},
        dict(rope_theta=500000),
        dict(rope_theta=500000.0, rope_scaling=None),
        dict(rope_theta=500000, rope_parameters=dict(rope_type="default")),
        dict(rope_theta=500000, rope_parameters=dict(rope_type="default", rope_theta=7000.0)),
        dict(rope_theta=500000, rope_parameters=None),
        dict(rope_parameters=dict(rope_theta=7000.0)),
        dict(rope_theta=500000, rope_scaling=dict(type="linear", factor=2)),
        dict(rope_theta=500000, rope_scaling=dict(rope_type="linear", type="dynamic", factor=2.0)),
        dict(rope_scaling=dict(rope_type="linear", factor=2.0, rope_theta=9000.0)),
        dict(
            rope_theta=500000,
            rope_scaling=dict(type="linear", factor=2.0),
            rope_parameters=dict(rope_type="linear", factor=5.0, rope_theta=7000.0),
        ),
        dict(
            rope_theta=500000,
            rope_scaling={},
            rope_parameters=dict(rope_type="linear", factor=5.0),
        ),
        dict(rope_theta=500000, rope_scaling=dict(type="dynamic", factor=4.0)),
        dict(
            rope_theta=500000,
            rope_scaling=dict(rope_type="llama3", original_max_position_embeddings=64, **LLAMA3),
        ),
        dict(
            rope_theta=500000,
            rope_parameters=dict(rope_type="llama3", original_max_position_embeddings=64, **LLAMA3),
        ),
        dict(rope_theta=500000, rope_scaling=dict(rope_type="llama3", **LLAMA3)),
        dict(
            original_max_position_embeddings=32,
            rope_scaling=dict(rope_type="llama3", original_max_position_embeddings=64, **LLAMA3),
        ),
        dict(rope_scaling=dict(original_max_position_embeddings=64, **YARN)),
        dict(rope_scaling=YARN),
        dict(
            rope_parameters=dict(
                original_max_position_embeddings=64,
                rope_theta=1e6,
                beta_fast=16.0,
                beta_slow=2.0,
                truncate=False,
                **YARN,
            )
        ),
        dict(rope_scaling=dict(original_max_position_embeddings=64, attention_factor=0.5, **YARN)),
        dict(
            rope_scaling=dict(
                original_max_position_embeddings=64, mscale=0.7, mscale_all_dim=1.3, **YARN
            )
        ),
        dict(
            rope_scaling=dict(rope_type="longrope", original_max_position_embeddings=64, **FACTORS)
        ),
        dict(
            rope_scaling=dict(
                type="longrope", factor=3.0, original_max_position_embeddings=64, **FACTORS
            )
        ),
        dict(original_max_position_embeddings=32, rope_scaling=dict(type="longrope", **FACTORS)),
    ],
    "qwen3": [{}, dict(rope_theta=1000000.0, rope_scaling=YARN)],
    "smollm3": [{}, dict(rope_parameters=dict(rope_type="default")), dict(rope_theta=5000000.0)],
    "phi3": [
        {},
        dict(partial_rotary_factor=0.5, rope_theta=250000.0),
        dict(rope_parameters=dict(rope_type="default", partial_rotary_factor=0.75)),
        dict(original_max_position_embeddings=64, rope_scaling=dict(type="longrope", **FACTORS)),
        dict(
            original_max_position_embeddings=64,
            rope_scaling=dict(type="su", original_max_position_embeddings=64, **FACTORS),
        ),
        dict(
            rope_scaling=dict(
                rope_type="longrope", original_max_position_embeddings=64, **FACTORS
            )
        ),
    ],
    "gemma3_text": [
        {},
        dict(rope_theta=500000.0, rope_local_base_freq=20000.0),
        dict(rope_scaling=dict(rope_type="linear", factor=8.0)),
        dict(
            rope_parameters=dict(
                full_attention=dict(rope_type="linear", factor=8.0, rope_theta=500000.0),
                sliding_attention=dict(rope_type="default", rope_theta=3000.0),
            )
        ),
        dict(
            rope_local_base_freq=20000.0,
            rope_parameters=dict(full_attention=dict(rope_type="default")),
        ),
        dict(
            rope_parameters=dict(
                full_attention=dict(rope_type="default"),
                sliding_attention=dict(rope_type="linear", factor=2.0),
            )
        ),
    ],
}


def frequencies(config) -> dict:
    rotary = EMBEDDINGS[config.model_type](config)
    if config.model_type != "gemma3_text":
        return dict(full=rotary.inv_freq.tolist(), attention_factor=rotary.attention_scaling)
    return dict(
        full=rotary.full_attention_inv_freq.tolist(),
        windowed=rotary.sliding_attention_inv_freq.tolist(),
        attention_factor=rotary.full_attention_attention_scaling,
    )


def case(family: str, mixture: dict) -> dict:
    written = dict(SIZES, model_type=family, **mixture)
    if family == "gemma3_text":
        written["layer_types"] = ["sliding_attention", "full_attention"]
    if family == "phi3":
        written["pad_token_id"] = None
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "config.json"
        path.write_text(json.dumps(written))
        config = AutoConfig.from_pretrained(folder)
    return dict(config=written, **frequencies(config))


if __name__ == "__main__":
    cases = [case(family, mixture) for family in MIXTURES for mixture in MIXTURES[family]]
    lines = ",\n".join(json.dumps(case) for case in cases)
    (HERE / "rope.json").write_text(f"[\n{lines}\n]\n")
