"""Writes `patterns.json` with the reference implementation: tokenizers 0.23.3.

    python3 patterns.py

How `Split` takes texts apart by patterns of published tokenizers and by each part of the syntax that is
supported, with every behavior; and which characters each class has.
"""

import json
import pathlib

from tokenizers import Regex, __version__, normalizers, pre_tokenizers

from families import BLOOM, CL100K, CLIP, CLIP_MARKED, DEEPSEEK, LLAMA3, O200K, QWEN2, TEKKEN, digest

HERE = pathlib.Path(__file__).parent
REPLACED = [(r"\s+", " "), (" {2,}", "▁▁"), (r"\p{P}", ""), ("a", "bb"), (r"\r\n|\r", "\n")]
BEHAVIORS = {
    "Removed": "removed", "Isolated": "isolated", "MergedWithPrevious": "merged_with_previous",
    "MergedWithNext": "merged_with_next", "Contiguous": "contiguous",
}
PATTERNS = [
    LLAMA3, QWEN2, TEKKEN, CL100K, O200K, DEEPSEEK, BLOOM, CLIP, CLIP_MARKED,
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    "[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", r"\s+$", "[一-龥ࠀ-一가-퟿]+", r"\p{N}{1,3}", "[0-9][0-9][0-9]",
    "<sentinel:[0-9]+>", "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z", r"([\t\n]|    |  )",
    # One for each part of the syntax.
    "-", "ab|a|b-", "a{2}", "a{2,}b?", "a{1,2}b", r"(?:ab)?c", r"(ab){1,3}c", "a?+a", "a++b", "a*+b|a", r"\p{N}{1,2}+",
    r"(?i:'s|k)", r"(?i:[sk])+", r"[^a-c\-]+", "[a-]+", "[]a]+", r"[\[\]]", r"\u4e00", r"\p{^L}+", r"\P{L}+",
    r"[\p{Lu}\p{Nd}]+", r"\w+", r"\W+", r"\d+", r"\D+", r"\S+", r"[^\S\n]+", r"[\s\S]", r".", r"a.", r"b(?!c)", r"b(?=c)c",
    r"(?!ab)[ab]+", r"a$", r"\.", r"[.,!?…]", r"[^[a-b]c]+", r"[a[^\w]]+", r"[^\w]+", r"\v|\f|\t",
]
TEXTS = [
    "", "a", " ", "\n", "Hello, world! It's 12345 o'clock.", "a  b   c\n\n  d \t e  ", "  \n  ", "x\r\ny\r\n\r\nz  ",
    "aab aaab ab abab ababc abcabc bcb", "aaaa-aa--bb-ab-c-", "HTTPServer camelCase XMLHttp ÀÉîx ǅa ʰb ªº", "I'LL we'Re 'S 'ſ K k \u212a",
    "１２３ ١٢٣ ²³ ½ Ⅷ 4.56e-7", "你好世界，こんにちは。안녕 하세요!", "e\u0301a\u0300 \u0301x क्षि ั้", "😀👩‍👩‍👧 🇫🇷 ❤️…", "a\u00a0b\u3000c\u2028d\u0085e\u200bf\ufeffg",
    "[x](y) {z} <|startoftext|>ab<|endoftext|> <sentinel:12> IMGIMGABCZ IMGIMGZ", "a.b,c!d?e…f", "foo_bar‿baz⁀q-r\\s/t",
    "price: $5,000.00 (50%) #tag @you `code` ~x^2", "\t\tif (a) {\n\t\t\treturn b;\n\t\t}\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-b",
    "                                                        x                                                          ", "abc\x0bd\x0ce\x00f",
]
CLASSES = [r"\w", r"[\w]", r"\d", r"\s", r"\p{L}", r"\p{N}", r"\p{M}", r"\p{P}", r"\p{S}", r"\p{Z}", r"\p{Lu}", r"\p{Ll}", r"\p{Lm}", r"\p{Lo}", r"\p{C}"]


def pieces(pattern, behavior, invert, text):
    split = pre_tokenizers.Split(Regex(pattern), BEHAVIORS[behavior], invert=invert)
    return [piece for piece, _ in split.pre_tokenize_str(text)]


def main():
    assert __version__ == "0.23.3", __version__
    cases = []
    for pattern in PATTERNS:
        for behavior in BEHAVIORS:
            for invert in (False, True):
                found = [pieces(pattern, behavior, invert, text) for text in TEXTS]
                joined = "\x1e".join("\x1f".join(each) for each in found)
                cases.append([pattern, behavior, invert, digest(joined.encode())])
    classes = []
    for pattern in CLASSES:
        split = pre_tokenizers.Split(Regex(pattern), "removed")
        digests = []
        for start in range(0, 0x32000, 0x2000):
            text = "".join(chr(code) for code in range(start, start + 0x2000) if not 0xD800 <= code < 0xE000)
            kept = "".join(piece for piece, _ in split.pre_tokenize_str(text))
            digests.append(digest(kept.encode()))
        classes.append([pattern, digests])
    steps = {
        "Strip": [normalizers.Strip(left, right) for left, right in [(True, True), (True, False), (False, True)]],
        "Replace": [normalizers.Replace(Regex(p), c) for p, c in REPLACED],
    }
    normalized = []
    for name, each in steps.items():
        for step in each:
            digests = [step.normalize_str(text) for text in TEXTS]
            normalized.append([json.loads(step.__getstate__()), digest("\x1e".join(digests).encode())])
    result = {"normalized": normalized, "version": __version__, "texts": TEXTS, "cases": cases, "classes": classes}
    text = json.dumps(result, ensure_ascii=True, separators=(",", ":")) + "\n"
    (HERE / "patterns.json").write_text(text, encoding="utf-8")
    print(f"{len(cases)} cases, {len(text)} bytes")


if __name__ == "__main__":
    main()
