"""Writes GGUF files that hold tokenizers alone, in `gguf/`, and token ids by the originals.

Versions: gguf 0.19.0, tokenizers 0.23.3, sentencepiece 0.2.3, transformers 5.23.0.
Run it here: python3 generate_gguf.py
Each tokenizer is trained here on `corpus.txt`. `golden.json` has the ids of the tokenizer that went
into the file; those of the file's conversion by transformers are asserted to be the same, but for
what the lists below name.
"""

import json
import pathlib
import sys
import tempfile

import gguf
import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers.integrations.gguf.gguf_tokenizer_mapping import (
    GGUF_PRE_TOKENIZER_SPLITS, convert_gguf_tokenizer, get_gguf_tokenizer,
)

FIXTURES = pathlib.Path(__file__).parent
HERE = FIXTURES / "gguf"
CORPUS = FIXTURES / "corpus.txt"
TEMPLATE = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
TEXTS = [
    "", " ", "  ", "   two", "a  b   c", " leading", "trailing ", "\n", "\n\n a\n b\r\n\tc",
    "The cat sat on the mat.", "It's 1234567 o'clock, isn't it? WE'LL SEE", "3.14159 + 2,718 = 5",
    "camelCase and ALLCAPS, HTTPServer", "naïve café, cafe\u0301", "Ünïcödé ßtraße ǅ",
    "猫が好きです。", "кошка и собака", "🙂👩‍🚀 emoji", "a\u00a0b\u2003c", "x" * 40,
    "don't DON'T d'accord", "/usr/bin/env\n/x", "<|im_start|>user", "{}[]()<>=!@#$%^&*",
    "१२३ ٤٥٦", "e=mc²", "\u0000\u0001", "▁ is a block", "word\n\n\nword", "tab\ttab",
]
SPLITS = {
    "gpt-2": pre_tokenizers.ByteLevel(add_prefix_space=False),
    "smollm": pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False),
    ]),
}
for name in ["llama-bpe", "qwen2", "tekken"]:
    SPLITS[name] = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(GGUF_PRE_TOKENIZER_SPLITS[name]), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
# transformers splits as GPT-2 does where it does not know the name, and never composes.
UNLIKE = {"smollm", "qwen2"}
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


def byte_level(pre):
    tokenizer = Tokenizer(models.BPE(ignore_merges=pre in ("llama-bpe", "tekken")))
    if pre == "qwen2":
        tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = SPLITS[pre]
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train([str(CORPUS)], trainers.BpeTrainer(
        vocab_size=400, show_progress=False, special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    ))
    tokenizer.add_tokens([AddedToken("<think>", normalized=False)])
    model = json.loads(tokenizer.to_str())["model"]
    tokens = [tokenizer.id_to_token(i) for i in range(tokenizer.get_vocab_size())]
    kinds = [3 if t in SPECIAL else 4 if t == "<think>" else 1 for t in tokens]
    writer = gguf.GGUFWriter(HERE / f"{pre}.gguf", "llama")
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(m) for m in model["merges"]])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(0)
    writer.add_add_bos_token(pre == "llama-bpe")
    writer.add_chat_template(TEMPLATE)
    finish(writer)
    return {text: tokenizer.encode(text).ids for text in TEXTS if "<|" not in text}


def sentence_piece(adds_prefix):
    with tempfile.TemporaryDirectory() as folder:
        sentencepiece.SentencePieceTrainer.train(
            input=str(CORPUS), model_prefix=folder + "/m", model_type="bpe", vocab_size=600,
            byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False,
            add_dummy_prefix=adds_prefix, user_defined_symbols=["<think>"], minloglevel=2,
            allow_whitespace_only_pieces=True, split_digits=True,
        )
        spm = sentencepiece.SentencePieceProcessor(model_file=folder + "/m.model")
    count = spm.get_piece_size()
    kinds = []
    for i in range(count):
        kinds.append(
            2 if spm.is_unknown(i) else 3 if spm.is_control(i) else 6 if spm.is_byte(i)
            else 4 if spm.id_to_piece(i) == "<think>" else 1
        )
    writer = gguf.GGUFWriter(HERE / f"spm{'' if adds_prefix else '-bare'}.gguf", "llama")
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([spm.id_to_piece(i) for i in range(count)])
    writer.add_token_scores([spm.get_score(i) for i in range(count)])
    writer.add_token_types(kinds)
    writer.add_bos_token_id(spm.bos_id())
    writer.add_eos_token_id(spm.eos_id())
    writer.add_unk_token_id(spm.unk_id())
    writer.add_add_space_prefix(adds_prefix)
    finish(writer)
    # SentencePiece drops NUL.
    return {text: spm.encode(text) for text in TEXTS if "\0" not in text and "<|" not in text}


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


HERE.mkdir(exist_ok=True)
golden = {}
for pre in SPLITS:
    golden[pre] = byte_level(pre)
golden["spm"] = sentence_piece(True)
golden["spm-bare"] = sentence_piece(False)
for name, ids in golden.items():
    reference, _ = convert_gguf_tokenizer(*get_gguf_tokenizer(HERE / f"{name}.gguf")[:2])
    unlike = [t for t in ids if reference.encode(t, add_special_tokens=False).ids != ids[t]]
    print(name, "otherwise in transformers:", unlike, file=sys.stderr)
with open(HERE / "golden.json", "w") as file:
    json.dump({n: [{"text": t, "ids": i} for t, i in g.items()] for n, g in golden.items()}, file, ensure_ascii=True)
