"""Writes the fixtures of this folder with the reference implementation: tokenizers 0.23.3.

    python3 generate.py

corpus.txt             a small text in many scripts, made from a seed
{gpt2,llama3,qwen2}.json  tokenizers trained on it by `BpeTrainer`, one for each known pattern
golden.json            strings with their ids in each of them, id sequences with their texts
classes.json           the class of every Unicode scalar, as runs
"""

import json
import pathlib
import random

from tokenizers import Regex, Tokenizer, __version__, decoders, models
from tokenizers import normalizers, pre_tokenizers, trainers

assert __version__ == "0.23.3", __version__
HERE = pathlib.Path(__file__).parent

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")

WORDS = """the a of in and is to an animal small large bird cat dog tree house water fire earth wind
that lives near rivers with long tail used for making bread fruit red green blue round object
something which people often sometimes never carrying walking singing drawn picture background shape
it's they're I've we'll you'd I'm don't DON'T It'S naïve café façade straße Ærø smörgåsbord
кошка собака дерево вода огонь слово книга дом γάτα σκύλος δέντρο νερό φωτιά βιβλίο
猫 犬 水 火 木 本 言葉 図書館 고양이 개 나무 물 불 책 قطة كلب شجرة ماء نار بيت חתול כלב עץ מים
बिल्ली कुत्ता पेड़ पानी आग แมว สุนัข ต้นไม้ น้ำ 😀 🐱 🌳 🔥 👩‍👩‍👧 🇫🇷 👍🏽 ❤️ 3 14 1999 2024 12345 0.5 x=1 {} [] () -> :=
abab ababab aaaa aaaaaaa abcabcabc banana bandana""".split()


def corpus(source):
    lines = []
    for _ in range(420):
        words = source.choices(WORDS, weights=[1 / (1 + i % 60) for i in range(len(WORDS))], k=14)
        lines.append(source.choice(["", "", "  ", "\t", "\n"]) + " ".join(words) + source.choice(".!?;"))
    return "\n".join(lines) + "\n"


def strings(source):
    fixed = """|Hello, world!|hello world| leading| two  spaces|three   spaces   |tail |tail  |\t|\t\tx|a\tb|\n|\n\n
x|\r\n|a\r\nb\r\n\r\nc|  \n  \n x|   \n|\n   |\n   x| \n|!\n\n!|!!\r\n x|x \n y|\x0b\x0c|\x85|a\x85b|\u2028|a\u2028\u2029b
|\u00a0x|x\u00a0\u00a0y|\u3000|\u3000\u3000猫|\u200b|\u200bx|\ufeff|\ufeffx|\x00|a\x00b|\x7f|\x1b[0m
|it's they're I've we'll you'd I'm don't|IT'S THEY'RE I'VE WE'LL YOU'D I'M DON'T|It'S i'Ll i'lL|'s|'S|''s|'sa|'Sa|'st
|' s|'re'|'r|'l|'lx|'v|'|''|'''|'ſ|I'ſ|'K|’s it’s|'tis 'twas|o'clock|rock'n'roll
|1|12|123|1234|12345|1234567890| 1 22 333 4444|1,234,567.89|3.14159|0x1F|1st 2nd|x1y2|²³½|٣٤٥|१२३|一二三|Ⅷ|①②
|café|cafe\u0301|e\u0301\u0301|\u0301|a\u0301b|\u0301\u0302x|ñ n\u0303|Å \u212b A\u030a|ﬁ ﬃ|Ω \u2126|각 \u1100\u1161\u11a8|가\u11a8|ẛ̣|d̢̪̈|क\u093c ड\u093c
|😀|😀😀|👩‍👩‍👧|👩 ‍👧|🇫🇷🇩🇪|👍🏽|❤️|❤|🏳️‍🌈|#️⃣|a😀b| 😀|\U0001f9ff\U000e0041
|кошка и собака|γάτα|Ελληνικά γράμματα|猫と犬|図書館の本|고양이와 개|قطة وكلب|חתול וכלב|बिल्ली और कुत्ता|แมวและสุนัข|ภาษาไทย|မြန်မာ|አማርኛ|ᚠᚢᚦ|𐍈𐍉|𝒳𝓎|𒀀
|<eos>|<pad>|<break>|<|user|>|<image:0>|<mask:3>|a<eos>b| <eos> |<infill>x|</s>|<|endoftext|>|[INST]
|{"a": [1, 2]}|def f(x):\n    return x**2\n|for (int i=0;i<10;i++) {}|https://example.org/a?b=c&d=%20|a@b.co|C:\\dir\\f|--flag=1|a_b_c|...|?!?!|-----|=====>|#!$%&*|“quoted” — dash…|$5.00 €3 £2 ¥9
|abab|ababab|abababab|aaaa|aaaaa|aaaaaaaaaaaaaaaaaaaa|abcabcabcab|banana bandana|bananabandana|the the  the   the|The THE tHe
|\U0001e6c0|\U0002b73a|\ua7ce|\U0001ccd0|\u0378|\ufffd|\ufffe|\U0010ffff""".replace("\n|", "|").split("|")
    # `|` separates; strings with it are added here.
    fixed += ["<|user|>", "<|assistant|>Hi<eos>", "<|endoftext|>", "a|b||c", "x\n\n\ny", " \u0301", "a" * 300]
    alphabet = list(" \n\r\t'aAsStTlLrRevVdDmM019.,!-é\u0301猫😀\u200d\u00a0ſ\u0663") + ["  ", "'s", "the", "\r\n"]
    randoms = ["".join(source.choices(alphabet, k=source.randint(1, 24))) for _ in range(220)]
    phrases = [source.choice(["", " "]).join(source.choices(WORDS, k=source.randint(2, 9))) for _ in range(60)]
    return list(dict.fromkeys(fixed + randoms + phrases))


def trained(pre_tokenizer, normalizer, size, text):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    if normalizer:
        tokenizer.normalizer = normalizer
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(text.splitlines(keepends=True), trainer)
    return tokenizer


def split(pattern):
    return pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])


def edited(tokenizer, old_merges=False, **model):
    """The tokenizer with members of its model replaced, and merges in the older spelling."""
    contents = json.loads(tokenizer.to_str())
    contents["model"].update(model)
    if old_merges:
        contents["model"]["merges"] = [" ".join(pair) for pair in contents["model"]["merges"]]
    return contents


def scalar_classes():
    scalars = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    text = "".join(map(chr, scalars))
    names = ["other"] * len(scalars)
    for name, pattern in [("letter", r"\p{L}"), ("number", r"\p{N}"), ("space", r"\s")]:
        rest = pre_tokenizers.Split(Regex(pattern), "removed").pre_tokenize_str(text)
        kept = bytearray(len(scalars))
        for _, (start, end) in rest:
            kept[start:end] = b"\x01" * (end - start)
        for index in range(len(scalars)):
            if not kept[index]:
                names[index] = name
    runs = []
    for scalar, name in zip(scalars, names):
        if not runs or runs[-1][1] != name:
            runs.append([scalar, name])
    return runs


def main():
    source = random.Random(2024)
    text = corpus(source)
    (HERE / "corpus.txt").write_text(text, encoding="utf-8", newline="")
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    files = {
        "gpt2": edited(trained(byte_level, None, 900, text), old_merges=True),
        "llama3": edited(trained(split(LLAMA3), None, 600, text), ignore_merges=True),
        "qwen2": edited(trained(split(QWEN2), normalizers.NFC(), 600, text)),
    }
    # A whole piece that no merges reach: only `ignore_merges` finds it.
    files["llama3"]["model"]["vocab"]["Ġzyzzyva"] = 600
    cases = strings(source) + [" zyzzyva"]
    golden = {"version": __version__, "strings": cases, "ids": {}, "decoded": {}}
    for name, contents in files.items():
        (HERE / f"{name}.json").write_text(
            json.dumps(contents, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
        )
        tokenizer = Tokenizer.from_file(str(HERE / f"{name}.json"))
        golden["ids"][name] = [tokenizer.encode(case).ids for case in cases]
        size = tokenizer.get_vocab_size()
        sequences = [[source.randrange(size) for _ in range(source.randint(1, 12))] for _ in range(40)]
        sequences += [[source.randrange(256) for _ in range(source.randint(1, 12))] for _ in range(60)]
        golden["decoded"][name] = [[ids, tokenizer.decode(ids)] for ids in sequences]
    for name, value in [("golden", golden), ("classes", scalar_classes())]:
        (HERE / f"{name}.json").write_text(
            json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
        )


main()
