"""Writes tiny GGUF models in `gguf/`, and their logits by the reference implementation.

Versions: torch 2.13.0, transformers 5.23.0, gguf 0.19.0, safetensors 0.8.0, and accelerate, which
transformers needs to read GGUF. Run it here: python3 generate_gguf.py
Each model has random weights. Its matrices are Q8_0, what transformers reads from the file are the
weights for the logits. Where transformers would read it wrong, which the list below says, the logits
are of the model from which the file was written, with its matrices replaced by what the file holds.
"""

import pathlib

import gguf
import numpy as np
import torch
import transformers
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent / "gguf"
SIZES = dict(
    vocab_size=64,
    hidden_size=32,
    intermediate_size=64,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=16384,
)
LLAMA3 = dict(
    rope_type="llama3",
    rope_theta=500000.0,
    factor=32.0,
    low_freq_factor=1.0,
    high_freq_factor=4.0,
    original_max_position_embeddings=8192,
)
# Name: config class, further settings, architecture, whether transformers reads the file right.
MODELS = {
    "llama": ("Llama", dict(rope_theta=10000.0, tie_word_embeddings=False), "llama", True),
    "llama-tied": ("Llama", dict(rope_theta=100000.0, tie_word_embeddings=True), "llama", True),
    # It passes over rope_freqs.weight.
    "llama3": ("Llama", dict(rope_parameters=LLAMA3, tie_word_embeddings=True), "llama", False),
    "qwen2": ("Qwen2", dict(rope_theta=1e6, tie_word_embeddings=True), "qwen2", True),
    # It passes over attention.key_length.
    "qwen3": ("Qwen3", dict(rope_theta=1e6, head_dim=16, tie_word_embeddings=False), "qwen3", False),
}


def interleaved(weight, heads):
    """Rotary pairs as neighbors, as llama.cpp has them."""
    split = weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:])
    return split.swapaxes(1, 2).reshape(weight.shape)


def write(name, kind, settings, architecture, read_by_transformers):
    torch.manual_seed(len(name))
    config = getattr(transformers, kind + "Config")(**SIZES, **settings)
    model = getattr(transformers, kind + "ForCausalLM")(config).eval()
    path = HERE / f"{name}.gguf"
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    rope = config.rope_parameters
    writer.add_rope_freq_base(rope["rope_theta"])
    writer.add_rope_dimension_count(width)
    if kind == "Qwen3":
        writer.add_key_length(width)
        writer.add_value_length(width)
    writer.add_vocab_size(config.vocab_size)
    arch = {v: k for k, v in gguf.MODEL_ARCH_NAMES.items()}[architecture]
    names = gguf.get_tensor_name_map(arch, config.num_hidden_layers)
    state = {}
    for key, value in model.state_dict().items():
        if key == "lm_head.weight" and config.tie_word_embeddings:
            continue
        array = (value * 0 + torch.randn_like(value) * (0.3 if value.ndim > 1 else 0.1)).numpy()
        if "norm" in key:
            array += 1
        quant = gguf.GGMLQuantizationType.Q8_0 if value.ndim > 1 else gguf.GGMLQuantizationType.F32
        data = gguf.quants.quantize(array, quant)
        state[key] = torch.from_numpy(np.copy(gguf.quants.dequantize(data, quant)))
        if architecture == "llama" and "q_proj" in key:
            data = interleaved(data, config.num_attention_heads)
        if architecture == "llama" and "k_proj" in key:
            data = interleaved(data, config.num_key_value_heads)
        stem, suffix = key.rsplit(".", 1)
        writer.add_tensor(f"{names.get_name(stem)}.{suffix}", data, raw_dtype=quant)
    if rope["rope_type"] == "llama3":
        scaled = model.model.rotary_emb.inv_freq
        plain = rope["rope_theta"] ** (-torch.arange(0, width, 2) / width)
        writer.add_tensor("rope_freqs.weight", (plain / scaled).float().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

    missing = model.load_state_dict(state, strict=False).missing_keys
    assert missing in ([], ["lm_head.weight"]), missing
    tokens = torch.randint(0, config.vocab_size, (1, 24))
    with torch.no_grad():
        logits = model(tokens).logits
        if read_by_transformers:
            reread = transformers.AutoModelForCausalLM.from_pretrained(
                HERE, gguf_file=path.name, dtype=torch.float32
            ).eval()
            again = reread(tokens).logits
            assert (again - logits).abs().max() < 1e-4, (name, (again - logits).abs().max())
            logits = again
    save_file({"tokens": tokens, "logits": logits[0].contiguous()}, HERE / f"{name}.safetensors")
    print(name, "largest logit", logits.abs().max())


HERE.mkdir(exist_ok=True)
for name, model in MODELS.items():
    write(name, *model)
