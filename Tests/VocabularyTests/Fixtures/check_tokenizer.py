"""Writes what the reference makes of thousands of strings with a real tokenizer.

    python3 check_tokenizer.py FOLDER
    JAM_REAL_TOKENIZER=FOLDER swift test --filter RealTokenizerTests

FOLDER is a tokenizer as `transformers` reads it; the result is FOLDER/expected.json. Nothing of it is
committed.
"""

import json
import pathlib
import random
import sys

from transformers import AutoTokenizer

from families import strings

CODE = """def f(x):\n    return x**2  # square\n\n\tif a != b: print("it's", 'we\\'ll')\n""" * 2


def main(folder):
    source = random.Random(7)
    texts = strings(source)
    for _ in range(800):
        start = source.randrange(len(CODE))
        texts.append(CODE[start:start + source.randint(1, 80)])
    tokenizer = AutoTokenizer.from_pretrained(folder)
    backend = tokenizer._tokenizer
    special = [t.content for t in tokenizer.added_tokens_decoder.values() if t.special]
    texts = [t for t in texts if not any(each in t for each in special)]
    ids = [backend.encode(text, add_special_tokens=False).ids for text in texts]
    result = {
        "texts": texts, "ids": ids, "decoded": [backend.decode(each, skip_special_tokens=False) for each in ids],
        "framed": tokenizer("x").input_ids,
    }
    (folder / "expected.json").write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    print(f"{len(texts)} texts, {sum(map(len, ids))} ids")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
