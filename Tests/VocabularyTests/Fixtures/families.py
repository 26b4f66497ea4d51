"""Writes `families/` with the reference implementation: tokenizers 0.23.3.

    python3 families.py

A small tokenizer for each family that we read, trained on `corpus.txt` and put together in the exact
shape of that family's `tokenizer.json`; and of each what the reference makes of thousands of strings.

families/strings.json   the strings, without any spelling of an added token
families/marked.json    strings with such spellings, for each family
families/plain.json     strings with added tokens that are not special, for each family that has some
families/NAME.json      its tokenizer
families/golden.json    digests of ids and of decoded texts, for blocks of strings, and of all scalars
                        in small letters, 4096 at a time
families/scalars.json   what `Digits`, `Punctuation` and Mistral's pattern tell apart, as runs
"""

import json
import pathlib
import random
import re
import sys
import unicodedata

from tokenizers import Regex, Tokenizer, __version__, models, normalizers, pre_tokenizers, trainers

HERE = pathlib.Path(__file__).parent
OUTPUT = HERE / "families"
BLOCK = 32

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
TEKKEN = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
    r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
# As tiktoken states them.
CL100K = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+"
    r"| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)
O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
DEEPSEEK = (
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"
    r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
BLOOM = r" ?[^(\s|[.,!?…。，、।۔،])]+"
CLIP = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
CLIP_MARKED = r"<\|startoftext\|>|<\|endoftext\|>|" + CLIP


# --- strings ---------------------------------------------------------------------------------------


def blocks_of_unicode():
    """Runs of assigned characters, 16 at a time, of every script and symbol block."""
    run = []
    for code in range(0x20, 0x30000):
        if unicodedata.category(chr(code)) in ("Cn", "Cs", "Co"):
            continue
        # Of the large blocks of ideographs and syllables a sixteenth is enough.
        if (0x3400 <= code < 0x9FFF or 0xAC00 <= code < 0xD7A4 or code >= 0x13000) and code % 16:
            continue
        run.append(chr(code))
        if len(run) == 16:
            yield "".join(run)
            run = []
    yield "".join(run)


def strings(source):
    words = (HERE / "corpus.txt").read_text(encoding="utf-8").split()
    lines = (HERE / "corpus.txt").read_text(encoding="utf-8").split("\n")
    golden = json.loads((HERE / "golden.json").read_text(encoding="utf-8"))["strings"]
    found = ["", *golden, *lines, *blocks_of_unicode()]
    spaces = [" ", "  ", "   ", "\t", "\n", "\r\n", "\u00a0", "\u3000", "\u2003", "\u200b", "\x0b", "\x85"]
    emoji = ["😀", "👩‍👩‍👧", "🇫🇷", "👍🏽", "❤️", "🏳️‍🌈", "#️⃣", "🧑🏿‍🚀", "👁️‍🗨️", "🏴\U000e0067\U000e0062\U000e007f"]
    odd = list("'sSdDmMtT019.,!?-_/\\<>|[]{}()▁#@$%^&*~`ſKÅªºʰǅꟲ́̈ั்a") + ["\u2028", "\ufeff", "\x00", "IMGIMG", "<0x41>", "Z", "ABC", "camelCase", "HTTPServer", "'ll", "'RE"]
    while len(found) < 5400:
        kind = source.randrange(6)
        if kind == 0:
            parts = [source.choice(words) for _ in range(source.randint(1, 9))]
            found.append(source.choice(["", " ", "  ", "\n"]).join(parts))
        elif kind == 1:
            found.append("".join(source.choices(odd + spaces, k=source.randint(1, 20))))
        elif kind == 2:
            found.append("".join(source.choices(emoji + spaces[:2] + ["a", "猫"], k=source.randint(1, 8))))
        elif kind == 3:
            parts = []
            for _ in range(source.randint(1, 6)):
                parts += [source.choice(words), source.choice(spaces) * source.randint(1, 9)]
            found.append("".join(parts))
        elif kind == 4:  # bytes that are no UTF-8, repaired
            noise = bytes(source.choices(list(range(256)) + list("é猫😀".encode()) * 8, k=source.randint(1, 16)))
            found.append(noise.decode("utf-8", errors="replace"))
        else:
            codes = [source.randrange(source.choice([0x250, 0x3000, 0x20000])) for _ in range(source.randint(1, 12))]
            found.append("".join(chr(c) for c in codes if not 0xD800 <= c < 0xE000))
    return [text for text in dict.fromkeys(found) if not re.search(r"<(s|/s|unk|pad|bos|eos)>|<\||\[/?INST|<sentinel:\d", text)]


def marked(source, added, cases):
    """Strings with added tokens in them, between words and white space."""
    found = []
    for _ in range(320):
        parts = []
        for _ in range(source.randint(1, 5)):
            parts.append(source.choice([*added, *added[:3]]))
            parts.append(source.choice(["", "", " ", "  ", "\n", "x", "é", "_", " hi ", "\u00a0", source.choice(cases)]))
        source.shuffle(parts)
        found.append("".join(parts))
    return list(dict.fromkeys(found))


# --- tokenizers ------------------------------------------------------------------------------------


def lines():
    return (HERE / "corpus.txt").read_text(encoding="utf-8").splitlines(keepends=True)


def byte_merges(pre_tokenizer, size, normalizer=None, whole=True, **options):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    if normalizer:
        tokenizer.normalizer = normalizer
    alphabet = pre_tokenizers.ByteLevel.alphabet() if whole else []
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=alphabet, show_progress=False, **options)
    tokenizer.train_from_iterator(lines(), trainer)
    return trained(tokenizer)


def character_merges(pre_tokenizer, size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    trainer = trainers.BpeTrainer(vocab_size=size, limit_alphabet=150, show_progress=False)
    tokenizer.train_from_iterator([line.replace(" ", "▁") for line in lines()], trainer)
    return trained(tokenizer)


def trained(tokenizer):
    model = json.loads(tokenizer.to_str())["model"]
    return sorted(model["vocab"], key=model["vocab"].get), [tuple(merge) for merge in model["merges"]]


def token(id, content, special=True, **flags):
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": not special, **flags}
    return {"id": id, "content": content, **flags, "special": special}


def split(pattern):
    return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}


def byte_level(prefix=False, regex=False):
    return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": True, "use_regex": regex}


def template(name, id):
    special, text = {"SpecialToken": {"id": name, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}
    second = [{"SpecialToken": {"id": name, "type_id": 1}}, {"Sequence": {"id": "B", "type_id": 1}}]
    return {
        "type": "TemplateProcessing", "single": [special, text], "pair": [special, text, *second],
        "special_tokens": {name: {"id": name, "ids": [id], "tokens": [name]}},
    }


def file(vocabulary, merges, added, *, strings=False, normalizer=None, splits=None, after=None, decoder=None, **model):
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
        "normalizer": normalizer, "pre_tokenizer": splits, "post_processor": after,
        "decoder": decoder or {**byte_level(), "use_regex": True},
        "model": {
            "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
            "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False, **model,
            "vocab": {spelling: id for id, spelling in enumerate(vocabulary)},
            "merges": [" ".join(merge) if strings else list(merge) for merge in merges],
        },
    }


SPACES = {
    "type": "Sequence",
    "normalizers": [
        {"type": "Prepend", "prepend": "▁"},
        {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
    ],
}
UNSPACES = {
    "type": "Sequence",
    "decoders": [
        {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
        {"type": "Strip", "content": " ", "start": 1, "stop": 0},
    ],
}
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
PIECES = {"unk_token": "<unk>", "fuse_unk": True, "byte_fallback": True}


def metaspace(scheme, cut):
    return {"type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme, "split": cut}


def sentencepiece(pieces, **parts):
    tokens, merges = pieces
    added = [token(0, "<unk>"), token(1, "<s>"), token(2, "</s>")]
    return file(
        ["<unk>", "<s>", "</s>", *BYTES, *tokens], merges, added + parts.pop("more", []),
        after=template("<s>", 1), decoder=parts.pop("decoder", UNSPACES), **{**PIECES, **parts},
    )


def families():
    words = character_merges(pre_tokenizers.Metaspace(prepend_scheme="never"), 700)
    phrases = character_merges(pre_tokenizers.Split(Regex("\n"), "isolated"), 700)
    yield "llama1", sentencepiece(
        words, strings=True, normalizer=SPACES,
        # As older files have them, and tokens with every flag after the last id.
        more=[
            token(3 + 256 + len(words[0]), "<pad>", normalized=True),
            token(4 + 256 + len(words[0]), "[INST]", special=False, normalized=False, lstrip=True),
            token(5 + 256 + len(words[0]), "[/INST]", special=False, normalized=False, rstrip=True),
            token(6 + 256 + len(words[0]), "word", special=False, normalized=False, single_word=True),
            token(7 + 256 + len(words[0]), "<s> <s>", special=False, normalized=True),
        ],
    )
    yield "llama2", sentencepiece(words, strings=True, normalizer=SPACES)
    yield "mistral", sentencepiece(phrases, splits=metaspace("first", False))
    yield "metaspace", sentencepiece(
        words, splits=metaspace("always", True), decoder={**UNSPACES, "decoders": UNSPACES["decoders"][:3]}
    )

    tokens, merges = byte_merges(pre_tokenizers.ByteLevel(add_prefix_space=False), 800)
    names = ["<s>", "<pad>", "</s>", "<unk>"]
    yield "opt", file(
        [*names, *tokens], merges,
        [token(2, "</s>", normalized=True), token(1, "<pad>", normalized=True), token(4 + len(tokens), "<mask>", lstrip=True)],
        strings=True, splits=byte_level(regex=True), after=template("</s>", 2), continuing_subword_prefix="", end_of_word_suffix="",
    )
    yield "prefixed", file(tokens, merges, [token(len(tokens), "<|endoftext|>")], splits=byte_level(True, True))

    def cut(pattern):
        return pre_tokenizers.Sequence(
            [pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
        )

    def sequence(*steps):
        return {"type": "Sequence", "pretokenizers": list(steps)}

    tokens, merges = byte_merges(cut(LLAMA3), 700)
    tokens.append("Ġzyzzyva")  # no merges reach it
    first = len(tokens)
    special = ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
    yield "llama3", file(
        tokens, merges, [token(first + i, name) for i, name in enumerate(special)],
        splits=sequence(split(LLAMA3), byte_level()), ignore_merges=True,
        after={"type": "Sequence", "processors": [byte_level(), template(special[0], first)]},
    )

    tokens, merges = byte_merges(cut(TEKKEN), 700)
    special = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]"]
    yield "tekken", file(
        special + tokens, merges, [token(i, name) for i, name in enumerate(special)],
        splits=sequence(split(TEKKEN), byte_level()), ignore_merges=True, after=template("<s>", 1),
    )

    tokens, merges = byte_merges(cut(QWEN2), 700)
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>"]
    added = [token(len(tokens) + i, name, special=i < 3, normalized=False) for i, name in enumerate(special)]
    yield "qwen", file(
        tokens, merges, added, normalizer={"type": "NFC"}, after=byte_level(),
        splits=sequence(split(QWEN2), byte_level()), continuing_subword_prefix="", end_of_word_suffix="",
    )

    tokens, merges = byte_merges(pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex("([\\t\\n]|    |  )"), "isolated"),
        pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.Punctuation("isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False),
    ]), 700)
    codes = ["IMGIMG" + "".join(chr(65 + int(digit)) for digit in str(code)) + "Z" for code in range(128)]
    vocabulary = ["<s>", "<pad>", "</s>", "<unk>", *codes, "<eoss>", "<racm3:break>", *tokens]
    first = len(vocabulary)
    # Half of the codes are added tokens, too.
    added = [token(id, name) for id, name in enumerate(vocabulary) if id < 68 or name in ("<eoss>", "<racm3:break>")]
    yield "chameleon", file(
        vocabulary, merges, added + [token(first + i, f"<sentinel:{i}>") for i in range(4)],
        splits=sequence(
            split("<sentinel:[0-9]+>"), split("(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z"), split("([\\t\\n]|    |  )"),
            {"type": "Digits", "individual_digits": True}, {"type": "Punctuation", "behavior": "Isolated"}, byte_level(regex=True),
        ),
        after=template("<s>", 0),
    )

    yield from later_families(words, sequence)

    # As OpenAI's file has it, and as transformers writes it since version 5.
    yield "clip", clip(CLIP, {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}, normalized=True)
    yield "clip5", clip(CLIP_MARKED, byte_level(regex=True), normalized=False)


def later_families(words, sequence):
    """Families by one split pattern or one trait each, with small vocabularies."""

    def bytes_of(name, steps, added=(), size=420, whole=True, first=(), **parts):
        """A byte-level family, trained behind its own pre-tokenizer."""
        splits = sequence(*steps) if len(steps) > 1 else steps[0]
        scratch = Tokenizer.from_str(json.dumps(file(["a"], [], [], splits=splits)))
        tokens, merges = byte_merges(scratch.pre_tokenizer, size, whole=whole)
        vocabulary = [*first, *tokens]
        last = len(vocabulary)
        ids = {each: i for i, each in enumerate(vocabulary)}
        more = []
        for content, flags in added:
            more.append(token(ids.get(content, last), content, **flags))
            last += content not in ids
        return name, file(vocabulary, merges, more, splits=splits, **parts)

    end = [("<|endoftext|>", {})]
    yield bytes_of("cl100k", [split(CL100K), byte_level()], end)
    yield bytes_of("o200k", [split(O200K), byte_level()], end)
    removed = {**split(QWEN2), "behavior": "Removed", "invert": True}
    yield bytes_of("stablelm2", [removed, byte_level()], end, normalizer={"type": "NFC"})
    digits = {"type": "Digits", "individual_digits": True}
    runs = {"type": "Punctuation", "behavior": "Contiguous"}
    yield bytes_of(
        "falcon", [runs, byte_level(regex=True), {"type": "Digits", "individual_digits": False}, split("[0-9][0-9][0-9]")], end
    )
    yield bytes_of("smollm", [digits, byte_level(regex=True)], [("<|im_start|>", {}), ("<|im_end|>", {})], whole=False)
    yield bytes_of(
        "starcoder", [digits, byte_level(regex=True)], [("<|endoftext|>", {}), ("<fim_prefix>", {})],
        whole=False, first=["<|endoftext|>", "<fim_prefix>"], unk_token="<|endoftext|>",
    )
    yield bytes_of(
        "fused", [byte_level(regex=True)], [("<unk>", {})], whole=False, first=["<unk>"], unk_token="<unk>", fuse_unk=True,
    )
    yield bytes_of(
        "deepseek", [split(r"\p{N}{1,3}"), split("[一-龥぀-ゟ゠-ヿ]+"), split(DEEPSEEK), byte_level()],
        [("<|begin|>", {}), ("<|tool|>", {"special": False})], normalizer={"type": "Sequence", "normalizers": []},
    )
    coder = [split(each) for each in ("[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", r"\s+$", "[一-龥ࠀ-一가-퟿]+")]
    yield bytes_of("deepseekcoder", [*coder, digits, byte_level()], end)
    yield bytes_of("bloom", [split(BLOOM), byte_level()], end)
    runs = [(" " * n, {"special": False, "normalized": True}) for n in range(9, 1, -1)]
    yield bytes_of("phi2", [byte_level(regex=True)], [*end, *runs, ("\t\t", {"special": False, "normalized": True})])

    tokens, merges = words
    tokens, merges = tokens[:420], [m for m in merges if {m[0], m[1], m[0] + m[1]} <= set(tokens[:420])]
    marks = ["<start_of_turn>", "\n", "\n\n", "\n\n\n", "▁▁", "▁▁▁", "<h1>", "</h1>"]
    vocabulary = ["<pad>", "<eos>", "<bos>", "<unk>", *marks, *BYTES, *[t for t in tokens if t not in marks]]
    added = [token(i, name, special=i < 5, normalized=False) for i, name in enumerate(vocabulary[:12])]
    space = {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False}
    yield "gemma", file(
        vocabulary, merges, added, normalizer={"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
        splits=space, after=template("<bos>", 2), decoder={**UNSPACES, "decoders": UNSPACES["decoders"][:3]}, **PIECES,
    )
    names = ["<|endoftext|>", "<|assistant|>", "<|end|>"]
    first = 3 + 256 + len(tokens)
    yield "phi3", {
        **sentencepiece((tokens, merges), strings=True, normalizer=SPACES),
        "added_tokens": [
            token(0, "<unk>"), token(1, "<s>"), token(2, "</s>", special=False, normalized=False, rstrip=True),
            *[token(first + i, name, rstrip=True) for i, name in enumerate(names)],
        ],
    }
    # Characters without byte tokens: the unknown token, fused or not, or nothing.
    for name, model in [
        ("unknown", {"unk_token": "<unk>", "fuse_unk": True}), ("single", {"unk_token": "<unk>"}), ("dropping", {}),
    ]:
        yield name, file(
            ["<unk>", *tokens], merges, [token(0, "<unk>")], splits=metaspace("always", True),
            decoder={**UNSPACES, "decoders": UNSPACES["decoders"][:3]}, **model,
        )


def clip(pattern, last, normalized):
    steps = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(pattern), "removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    lower = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    tokens, merges = byte_merges(steps, 900, lower, end_of_word_suffix="</w>")
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    alphabet += [byte + "</w>" for byte in alphabet]
    vocabulary = alphabet + [each for each in tokens if each not in alphabet] + ["<|startoftext|>", "<|endoftext|>"]
    first = len(vocabulary) - 2
    return file(
        vocabulary, merges, [token(first, "<|startoftext|>", normalized=normalized), token(first + 1, "<|endoftext|>")],
        strings=True, normalizer=json.loads(lower.__getstate__()),
        splits={"type": "Sequence", "pretokenizers": [{**split(pattern), "behavior": "Removed", "invert": True}, last]},
        after={
            "type": "RobertaProcessing", "sep": ["<|endoftext|>", first + 1], "cls": ["<|startoftext|>", first],
            "trim_offsets": False, "add_prefix_space": False,
        },
        unk_token="<|endoftext|>", continuing_subword_prefix="", end_of_word_suffix="</w>",
    )


# --- digests ---------------------------------------------------------------------------------------


def digest(data):
    """FNV-1a of 64 bits."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def digest_of_ids(lists):
    return digest("\n".join(" ".join(map(str, ids)) for ids in lists).encode())


def in_blocks(elements):
    return [elements[start:start + BLOCK] for start in range(0, len(elements), BLOCK)]


def sequences_of_ids(size, count=400):
    """Ids as a program of any language makes them: a linear congruential generator."""
    state = 1
    for index in range(count):
        ids = []
        for _ in range(1 + index % 12):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            # Half of them among the first ids, where the bytes are.
            number = state >> 33
            ids.append(number // 2 % (size if number % 2 else 300))
        yield ids


def scalars():
    codes = [code for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    pairs = "".join("x" + chr(code) for code in codes)
    result = {}
    for name, step in [("digit", pre_tokenizers.Digits(individual_digits=True)), ("punctuation", pre_tokenizers.Punctuation("isolated"))]:
        # Where a character is alone between letters, the step took it out.
        alone = {start // 2 for _, (start, end) in step.pre_tokenize_str(pairs) if end - start == 1 and start % 2}
        result[name] = runs(i in alone for i in range(len(codes)))
    text = "".join(map(chr, codes))
    for name, pattern in [("begins", r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"), ("goesOn", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]")]:
        kept = bytearray(len(codes))
        for _, (start, end) in pre_tokenizers.Split(Regex(pattern), "removed").pre_tokenize_str(text):
            kept[start:end] = b"\x01" * (end - start)
        result[name] = runs(not flag for flag in kept)
    return result


def lowercased():
    codes = [code for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    lower = normalizers.Lowercase()
    for start in range(0, len(codes), 4096):
        yield digest(lower.normalize_str("".join(map(chr, codes[start:start + 4096]))).encode())


def runs(flags):
    """The lengths of runs of equal flags, the first of them false."""
    lengths, last = [0], False
    for flag in flags:
        if flag != last:
            lengths.append(0)
            last = flag
        lengths[-1] += 1
    return lengths


def write(name, value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
    (OUTPUT / f"{name}.json").write_text(text, encoding="utf-8", newline="")


def main():
    assert __version__ == "0.23.3", __version__
    source = random.Random(1959)
    later = random.Random(1960)
    cases = strings(source)
    write("strings", cases)
    golden = {"version": __version__, "block": BLOCK, "families": {}}
    with_tokens, of_text = {}, {}
    for name, contents in families():
        write(name, contents)
        tokenizer = Tokenizer.from_file(str(OUTPUT / f"{name}.json"))
        for element in contents["added_tokens"]:
            assert tokenizer.token_to_id(element["content"]) == element["id"], (name, element)
        added = [element["content"] for element in contents["added_tokens"]]
        with_tokens[name] = marked(source, added, cases)
        special = [each["content"] for each in contents["added_tokens"] if each["special"]]
        plain = [each["content"] for each in contents["added_tokens"] if not each["special"]]
        texts = marked(later, plain, cases) if plain else []
        texts = [text for text in texts if not any(each in text for each in special)][:160]
        if texts:
            of_text[name] = texts
        ids = [tokenizer.encode(case, add_special_tokens=False).ids for case in cases]
        decoded = [tokenizer.decode(each, skip_special_tokens=False) for each in ids]
        size = tokenizer.get_vocab_size()
        loose = [tokenizer.decode(each, skip_special_tokens=False) for each in sequences_of_ids(size)]
        golden["families"][name] = {
            "size": size,
            "ids": [digest_of_ids(block) for block in in_blocks(ids)],
            "decoded": [digest("\n".join(block).encode()) for block in in_blocks(decoded)],
            "loose": [digest("\n".join(block).encode()) for block in in_blocks(loose)],
            "marked": [digest_of_ids(block) for block in in_blocks([tokenizer.encode(case, add_special_tokens=False).ids for case in with_tokens[name]])],
            "plain": [digest_of_ids(block) for block in in_blocks([tokenizer.encode(case, add_special_tokens=False).ids for case in texts])],
            "skipped": digest("\n".join(tokenizer.decode(tokenizer.encode(case).ids) for case in with_tokens[name]).encode()),
            "framed": [tokenizer.encode(case).ids for case in cases[1:4]],
            "written": [[case, tokenizer.encode(case, add_special_tokens=False).ids] for case in cases[200:204]],
        }
        print(f"{name}: {size} tokens, {sum(map(len, ids))} ids")
    golden["lowercased"] = list(lowercased())
    write("golden", golden)
    write("marked", with_tokens)
    write("plain", of_text)
    write("scalars", scalars())
    print(f"{len(cases)} strings")


if __name__ == "__main__":
    main()
