"""Writes the golden Llama folders of this directory with the reference implementation.

Versions: torch 2.13.0, transformers 5.23.0, safetensors 0.8.0.
Run it in this directory: python3 generate.py
"""

import json
import pathlib

import torch
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

HERE = pathlib.Path(__file__).parent


def write(name: str, **options) -> None:
    torch.manual_seed(20)
    config = LlamaConfig(
        vocab_size=64,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=64,
        initializer_range=0.3,
        **options,
    )
    model = LlamaForCausalLM(config).eval()
    for parameter in model.parameters():
        if parameter.dim() == 1:
            torch.nn.init.uniform_(parameter, 0.5, 1.5)
    tokens = torch.randint(0, 64, (2, 11))
    targets = torch.randint(0, 64, (2, 11))
    logits = model(tokens).logits
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
    loss.backward()
    folder = HERE / name
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    layer = model.model.layers[0]
    save_file(
        {
            "tokens": tokens,
            "targets": targets,
            "logits": logits.detach().contiguous(),
            "loss": loss.detach().reshape(1),
            "gradient.q_proj": layer.self_attn.q_proj.weight.grad.contiguous(),
            "gradient.input_layernorm": layer.input_layernorm.weight.grad.contiguous(),
            "gradient.gate_proj": layer.mlp.gate_proj.weight.grad.contiguous(),
            "gradient.embed_tokens": model.model.embed_tokens.weight.grad.contiguous(),
        },
        folder / "golden.safetensors",
    )


write("untied", num_key_value_heads=2, rope_theta=10000.0)
write("tied", num_key_value_heads=4, tie_word_embeddings=True, rope_theta=5000.0)
