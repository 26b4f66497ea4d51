"""Writes `folders/` with the reference implementation: transformers 5 and tokenizers 0.23.3.

    python3 folders.py

Folders without a `tokenizer.json`, but with `vocab.json` and `merges.txt`, as each class reads them;
`expected.json` has what `transformers` makes of some texts.
"""

import json
import pathlib
import shutil

from tokenizers import Regex, pre_tokenizers
from transformers import AutoTokenizer

from families import CLIP, QWEN2, byte_merges
from tokenizers import normalizers

HERE = pathlib.Path(__file__).parent
OUTPUT = HERE / "folders"
TEXTS = ["Hello world", "It's 12345 o'clock!", "  two\n\nlines ", "é 猫 😀", "", " x", "<tool>a b"]


def flags(content, special=True):
    return {"content": content, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": special}


def write(name, tokens, merges, config=None, extra=None):
    folder = OUTPUT / name
    folder.mkdir(parents=True)
    vocabulary = {token: i for i, token in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    lines = "".join(" ".join(merge) + "\n" for merge in merges)
    (folder / "merges.txt").write_text("#version: 0.2\n" + lines, encoding="utf-8")
    for file, value in {"tokenizer_config.json": config, **(extra or {})}.items():
        if value is not None:
            (folder / file).write_text(json.dumps(value, ensure_ascii=False) + "\n", encoding="utf-8")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    return {
        "texts": TEXTS, "ids": [tokenizer(text, add_special_tokens=False).input_ids for text in TEXTS],
        "framed": [tokenizer(text).input_ids for text in TEXTS], "end": tokenizer.eos_token_id,
        "size": len(tokenizer),
    }


def main():
    shutil.rmtree(OUTPUT, ignore_errors=True)
    expected = {}
    tokens, merges = byte_merges(pre_tokenizers.ByteLevel(add_prefix_space=False), 320)
    # As GPT-2 has it.
    expected["gpt2"] = write("gpt2", [*tokens, "<|endoftext|>"], merges, {"tokenizer_class": "GPT2Tokenizer"})
    # As OPT has it.
    names = ["<s>", "<pad>", "</s>", "<unk>"]
    special = {"bos_token": flags("</s>"), "eos_token": flags("</s>"), "unk_token": flags("</s>"), "pad_token": flags("<pad>")}
    expected["opt"] = write(
        "opt", [*names, *tokens], merges,
        {"tokenizer_class": "GPT2Tokenizer", "add_bos_token": True, "add_prefix_space": False, **special},
        {"special_tokens_map.json": {**special, "pad_token": "<pad>"}},
    )
    # With a space before every text, and tokens added by an older version.
    expected["added"] = write(
        "added", [*tokens, "<|endoftext|>"], merges,
        {"tokenizer_class": "GPT2Tokenizer", "add_prefix_space": True, "eos_token": "<|im_end|>"},
        {"added_tokens.json": {"<|im_start|>": 321, "<|im_end|>": 322, "<tool>": 323}},
    )
    steps = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(QWEN2), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokens, merges = byte_merges(steps, 320)
    added = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool>"]
    expected["qwen2"] = write(
        "qwen2", tokens, merges,
        {
            "tokenizer_class": "Qwen2Tokenizer", "add_prefix_space": False, "bos_token": None, "eos_token": "<|im_end|>",
            "pad_token": "<|endoftext|>", "unk_token": None,
            "added_tokens_decoder": {str(320 + i): flags(name, special=i < 3) for i, name in enumerate(added)},
        },
    )
    steps = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(CLIP), "removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    lower = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    tokens, merges = byte_merges(steps, 600, lower, end_of_word_suffix="</w>")
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    alphabet += [byte + "</w>" for byte in alphabet]
    vocabulary = alphabet + [each for each in tokens if each not in alphabet] + ["<|startoftext|>", "<|endoftext|>"]
    expected["clip"] = write("clip", vocabulary, merges, {"tokenizer_class": "CLIPTokenizer"})
    text = json.dumps(expected, ensure_ascii=False, indent=1) + "\n"
    (OUTPUT / "expected.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
