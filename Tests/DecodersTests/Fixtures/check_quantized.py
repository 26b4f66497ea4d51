"""Compares quantized folders with `transformers` and compressed-tensors: python3 check_quantized.py JAM

JAM is the tool. Fresh models, tied and untied, are written by `jam quantize` in 8 and 4 bits, whole and
with tables and heads as they were, and by compressed-tensors in its usual schemes; `transformers` opens
the folders, and must give the logits of `jam inspect logits`. It has no layout for a tied table in 8
bits, so that is left out.
"""

import pathlib
import subprocess
import sys
import tempfile

import torch
import transformers
from compressed_tensors.compressors import ModelCompressor
from compressed_tensors.quantization import QuantizationConfig, apply_quantization_config
from compressed_tensors.quantization.quant_scheme import preset_name_to_scheme
from safetensors.torch import load_file

VOCABULARY = 96
SIZES = dict(
    vocab_size=VOCABULARY,
    hidden_size=64,
    intermediate_size=96,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=16,
    initializer_range=0.3,
    pad_token_id=None,
)
OPT = dict(
    vocab_size=VOCABULARY,
    hidden_size=64,
    word_embed_proj_dim=64,
    ffn_dim=96,
    num_hidden_layers=2,
    num_attention_heads=4,
    init_std=0.3,
    pad_token_id=None,
)


def run(jam: str, *arguments) -> None:
    subprocess.run([jam, *map(str, arguments)], check=True, capture_output=True)


def difference(jam: str, folder: pathlib.Path) -> float:
    tokens = torch.randint(0, VOCABULARY, (1, 13))
    output = folder.with_suffix(".logits")
    ids = ",".join(map(str, tokens[0].tolist()))
    run(jam, "inspect", "logits", folder, "--tokens", ids, "--output", output)
    model, report = transformers.AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True
    )
    tied = {"lm_head.weight"} if model.config.tie_word_embeddings else set()
    assert not set(report["missing_keys"]) - tied, report
    assert not report["unexpected_keys"], report
    with torch.no_grad():
        expected = model.eval()(tokens).logits[0]
    return (load_file(output)["logits"] - expected).abs().max().item()


def fresh(family: str, tied: bool):
    sizes = SIZES if family != "OPT" else OPT
    config = getattr(transformers, family + "Config")(**sizes, tie_word_embeddings=tied)
    return getattr(transformers, family + "ForCausalLM")(config)


def write_by_compressed_tensors(model, scheme: str, folder: pathlib.Path) -> None:
    scheme = preset_name_to_scheme(scheme, ["Linear"])
    if scheme.weights.group_size:
        scheme.weights.group_size = 32
    if scheme.input_activations:
        # Stored as for those, but not rounded in the comparison: jam rounds no activations.
        scheme.format = "int-quantized"
        scheme.input_activations = None
    config = QuantizationConfig(config_groups={"group_0": scheme}, ignore=["lm_head"])
    apply_quantization_config(model, config)
    for module in model.modules():
        if hasattr(module, "weight_scale"):
            weight, args = module.weight.float(), module.quantization_scheme.weights
            groups = weight.reshape(len(weight), -1, args.group_size or weight.shape[1])
            scales = groups.abs().amax(-1) / (2 ** (args.num_bits - 1) - 0.5)
            module.weight_scale.data.copy_(scales)
    compressor = ModelCompressor.from_pretrained_model(model)
    compressor.compress_model(model)
    model.save_pretrained(folder)
    compressor.update_config(folder)


def report(folder: pathlib.Path, worst: float) -> None:
    print(f"{folder.name}: largest difference {worst:.1e}")
    assert worst < 1e-4


def check_written(jam: str, scratch: pathlib.Path) -> None:
    for family in ["Llama", "Mistral", "Qwen2", "Qwen3", "OPT"]:
        for tied in [False, True]:
            parent = scratch / f"{family}-{tied}"
            fresh(family, tied).to(torch.bfloat16 if tied else torch.float32).save_pretrained(parent)
            for dtype in ["int8", "int4"]:
                for options in [["--keep-tables"], []]:
                    if tied and not options:
                        continue
                    folder = scratch / "-".join([parent.name, dtype, *options])
                    run(jam, "quantize", parent, "--dtype", dtype, *options, "--output", folder)
                    report(folder, difference(jam, folder))


def check_read(jam: str, scratch: pathlib.Path) -> None:
    for scheme in ["W4A16", "W8A16", "W8A8"]:
        for tied in [False, True]:
            for dtype in [torch.float32, torch.bfloat16]:
                folder = scratch / f"{scheme}-{tied}-{dtype}".replace("torch.", "")
                write_by_compressed_tensors(fresh("Llama", tied).to(dtype), scheme, folder)
                report(folder, difference(jam, folder))
                # A delta of it to itself, made whole again.
                delta, whole = (folder.with_name(f"{folder.name}-{end}") for end in ("delta", "whole"))
                run(jam, "delta", folder, "--base", folder, "--relative", "--output", delta)
                run(jam, "import", delta, "--output", whole)
                report(whole, difference(jam, whole))


if __name__ == "__main__":
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as scratch:
        check_written(sys.argv[1], pathlib.Path(scratch))
        check_read(sys.argv[1], pathlib.Path(scratch))
