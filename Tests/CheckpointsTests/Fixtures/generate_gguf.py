"""Writes GGUF files and the numbers that they hold, with Python's `gguf`.

Versions: gguf 0.19.0, numpy 2, safetensors 0.8.0. Run it here: python3 generate_gguf.py
`blocks.gguf` has a tensor of each type, quantized by `gguf` where it can, otherwise random blocks
with finite scales; `blocks.safetensors` has the numbers as `gguf.quants.dequantize` makes them.
`two.gguf` is a tiny model file, for damage.
"""

import pathlib

import gguf
import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as Type
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent / "gguf"
# Where a block has 16-bit floats.
SCALES = {
    Type.Q2_K: [80, 82], Type.Q3_K: [108], Type.Q4_K: [0, 2], Type.Q5_K: [0, 2], Type.Q6_K: [208],
}


def blocks(rng, kind, rows, columns):
    """Random blocks: every bit pattern but scales that are infinite or not a number."""
    size, bytes_ = GGML_QUANT_SIZES[kind]
    raw = rng.integers(0, 256, (rows * columns // size, bytes_), dtype=np.uint8)
    for offset in SCALES[kind]:
        scales = (rng.standard_normal(len(raw)) * 0.01).astype(np.float16)
        raw[:, offset : offset + 2] = scales.view(np.uint8).reshape(-1, 2)
    return raw.reshape(rows, -1)


def write_blocks():
    rng = np.random.default_rng(7)
    writer = gguf.GGUFWriter(HERE / "blocks.gguf", "llama")
    sizes(writer)
    writer.add_tensor("token_embd.weight", np.zeros((2, 256), np.float32))
    expected = {}
    for layer, kind in enumerate([
        Type.F32, Type.F16, Type.BF16, Type.Q4_0, Type.Q4_1, Type.Q5_0, Type.Q5_1, Type.Q8_0,
        Type.Q2_K, Type.Q3_K, Type.Q4_K, Type.Q5_K, Type.Q6_K,
    ]):
        rows, columns = 3, 256
        if kind in SCALES:
            data = blocks(rng, kind, rows, columns)
        else:
            values = rng.standard_normal((rows, columns)).astype(np.float32)
            data = gguf.quants.quantize(values, kind)
        name = f"blk.{layer}.ffn_down.weight"
        writer.add_tensor(name, data, raw_dtype=kind)
        numbers = gguf.quants.dequantize(data, kind).reshape(rows, columns)
        expected[f"model.layers.{layer}.mlp.down_proj.weight"] = numbers
    finish(writer)
    save_file(expected, HERE / "blocks.safetensors")


def write_two():
    writer = gguf.GGUFWriter(HERE / "two.gguf", "llama")
    sizes(writer)
    writer.add_array("general.tags", ["one", "two"])
    writer.add_array("numbers", [1, 2, 3])
    writer.add_bool("flag", True)
    writer.add_float32("share", 0.1)
    writer.add_tensor("token_embd.weight", np.arange(8, dtype=np.float32).reshape(2, 4))
    writer.add_tensor("output_norm.weight", np.arange(4, dtype=np.float32))
    finish(writer)


def sizes(writer):
    """What every model file says."""
    writer.add_block_count(1)
    writer.add_context_length(8)
    writer.add_embedding_length(4)
    writer.add_feed_forward_length(4)
    writer.add_head_count(1)
    writer.add_layer_norm_rms_eps(1e-5)


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


HERE.mkdir(exist_ok=True)
write_blocks()
write_two()
