"""Writes the golden folders of all families in `families/` with the reference implementation.

Versions: torch 2.13.0, transformers 5.23.0, safetensors 0.8.0. Run it here: python3 families.py [FAMILY]...
Each folder holds a tiny model with random weights, none of them left at zero or one, and
`golden.safetensors`: tokens, logits, and the gradient of the input table. Chameleon's logits are taken
before `transformers` masks those of the image codes.
"""

import json
import pathlib
import sys

import torch
import transformers
from safetensors.torch import load_file, save_file

HERE = pathlib.Path(__file__).parent
VOCABULARY = 48
LLAMA = dict(
    vocab_size=VOCABULARY,
    hidden_size=16,
    intermediate_size=24,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=64,
)
LLAMA3 = dict(
    rope_type="llama3",
    rope_theta=10000.0,
    factor=8.0,
    low_freq_factor=1.0,
    high_freq_factor=4.0,
    original_max_position_embeddings=16,
)
OPT = dict(
    vocab_size=VOCABULARY,
    hidden_size=16,
    ffn_dim=24,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=64,
    dropout=0.0,
    # A padding row would have no gradient.
    pad_token_id=None,
)
CM3LEON = dict(OPT, enable_bias=False, layer_norm_elementwise_affine=False)
CHAMELEON = dict(
    LLAMA,
    num_key_value_heads=2,
    vq_config=dict(
        embed_dim=4,
        num_embeddings=8,
        latent_channels=32,
        resolution=8,
        base_channels=32,
        channel_multiplier=[1],
        num_res_blocks=1,
        attn_type="vanilla",
    ),
    vocabulary_map={f"IMGIMG{chr(65 + i)}Z": 4 + i for i in range(8)} | {"<image>": 12},
)
# A padding row would have no gradient, and special tokens lie within the vocabulary.
IDS = dict(pad_token_id=None, bos_token_id=1, eos_token_id=2)
GROUPED = dict(LLAMA, num_key_value_heads=2, **IDS)
GEMMA3 = dict(
    GROUPED,
    head_dim=8,
    query_pre_attn_scalar=12,
    sliding_window=4,
    layer_types=["sliding_attention", "full_attention"],
)
EMU3 = dict(
    text_config=dict(GROUPED, pad_token_id=0, attention_bias=True, attention_dropout=0.0),
    vq_config=dict(
        codebook_size=8,
        embed_dim=4,
        latent_channels=4,
        base_channels=32,
        channel_multiplier=[1],
        num_res_blocks=1,
        attn_resolutions=[],
        hidden_size=32,
        num_attention_heads=1,
    ),
    vocabulary_map={f"<|visual token {i:06d}|>": 4 + i for i in range(8)} | {"<image>": 12},
)
LONGROPE = dict(
    rope_type="longrope",
    rope_theta=10000.0,
    partial_rotary_factor=0.5,
    short_factor=[1.2],
    long_factor=[3.0],
    original_max_position_embeddings=16,
)

# name: (class of the config, settings); each once tied in one file, once untied in shards.
FAMILIES = {
    "llama": ("Llama", dict(LLAMA, num_key_value_heads=2, head_dim=8, rope_parameters=LLAMA3)),
    "llama-biased": ("Llama", dict(LLAMA, attention_bias=True, mlp_bias=True)),
    "mistral": ("Mistral", dict(LLAMA, num_key_value_heads=2, sliding_window=None)),
    "mistral-window": ("Mistral", dict(LLAMA, num_key_value_heads=2, sliding_window=4)),
    "qwen2": ("Qwen2", dict(LLAMA, num_key_value_heads=2)),
    "qwen2-window": (
        "Qwen2",
        dict(
            LLAMA,
            num_key_value_heads=2,
            use_sliding_window=True,
            sliding_window=4,
            max_window_layers=1,
        ),
    ),
    "qwen3": ("Qwen3", dict(LLAMA, num_key_value_heads=2, head_dim=8)),
    "chameleon": ("Chameleon", CHAMELEON),
    "opt": ("OPT", OPT),
    "opt-gelu": ("OPT", dict(OPT, enable_bias=False, activation_function="gelu")),
    "cm3leon": ("OPT", CM3LEON),
    "gemma3": ("Gemma3Text", GEMMA3),
    "gemma3-scaled": (
        "Gemma3Text",
        dict(
            GEMMA3,
            attention_bias=True,
            rope_parameters=dict(
                full_attention=dict(rope_type="linear", factor=8.0, rope_theta=50000.0),
                sliding_attention=dict(rope_type="linear", factor=2.0, rope_theta=500.0),
            ),
        ),
    ),
    "smollm3": ("SmolLM3", dict(GROUPED, no_rope_layers=[1, 0])),
    "smollm3-window": (
        "SmolLM3",
        dict(GROUPED, no_rope_layers=[0, 1], use_sliding_window=True, sliding_window=4),
    ),
    "olmo2": ("Olmo2", GROUPED),
    "phi3": ("Phi3", dict(GROUPED, sliding_window=4)),
    "phi3-long": (
        "Phi3",
        dict(
            GROUPED, sliding_window=None, original_max_position_embeddings=16,
            rope_parameters=LONGROPE,
        ),
    ),
    "granite": (
        "Granite",
        dict(
            GROUPED,
            embedding_multiplier=3.0,
            attention_multiplier=0.3,
            residual_multiplier=0.4,
            logits_scaling=2.5,
        ),
    ),
    "emu3": ("Emu3", EMU3),
}
WITH_IMAGES = ["Chameleon", "Emu3"]


def make(name: str, tied: bool):
    """A model with random weights, its biases and norms too."""
    torch.manual_seed(len(name) + tied)
    prefix, settings = FAMILIES[name]
    config = getattr(transformers, prefix + "Config")(
        **settings, tie_word_embeddings=tied, attn_implementation="eager"
    )
    suffix = "ForConditionalGeneration" if prefix in WITH_IMAGES else "ForCausalLM"
    kind = prefix.removesuffix("Text") + suffix
    model = getattr(transformers, kind)(config).float().eval()
    model.get_input_embeddings().padding_idx = None
    for key, parameter in model.named_parameters():
        if "vqmodel" in key:
            continue
        if "norm" in key and key.endswith("weight"):
            torch.nn.init.uniform_(parameter, 0.5, 1.5)
        else:
            torch.nn.init.normal_(parameter, 0, 0.3)
    return model


def logits(model, tokens):
    """The logits before any are masked."""
    states = model.model(input_ids=tokens).last_hidden_state
    return model.lm_head(states) / getattr(model.config, "logits_scaling", 1)


def save(model, folder: pathlib.Path, sharded: bool) -> None:
    if sharded:
        model.save_pretrained(folder, max_shard_size="12KB")
        assert (folder / "model.safetensors.index.json").exists()
    else:
        model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)


def golden(model) -> dict:
    tokens = torch.randint(0, VOCABULARY, (2, 11))
    targets = torch.randint(0, VOCABULARY, (2, 11))
    values = logits(model, tokens)
    torch.nn.functional.cross_entropy(values.flatten(0, 1), targets.flatten()).backward()
    table = model.get_input_embeddings().weight
    return {
        "tokens": tokens,
        "targets": targets,
        "logits": values.detach().contiguous(),
        "gradient": table.grad.contiguous(),
    }


def drop_most_of_the_encoder(folder: pathlib.Path) -> None:
    """A few weights are enough to see that they are kept, and the files stay small."""
    for path in folder.glob("model*.safetensors"):
        weights = load_file(path)
        kept = {
            k: v for k, v in weights.items() if "vqmodel" not in k or "quant" in k
        }
        save_file(kept, path, metadata={"format": "pt"})
        if not kept:
            path.unlink()
    index = folder / "model.safetensors.index.json"
    if index.exists():
        content = json.loads(index.read_text())
        kept = [k for k in content["weight_map"] if "vqmodel" not in k or "quant" in k]
        content["weight_map"] = {k: content["weight_map"][k] for k in kept}
        content["metadata"] = {}
        index.write_text(json.dumps(content, indent=2) + "\n")


if __name__ == "__main__":
    for name in sys.argv[1:] or FAMILIES:
        for tied in [True, False]:
            folder = HERE / "families" / (name + ("-tied" if tied else ""))
            model = make(name, tied)
            save(model, folder, sharded=not tied)
            save_file(golden(model), folder / "golden.safetensors")
            if name in ["chameleon", "emu3"]:
                drop_most_of_the_encoder(folder)
