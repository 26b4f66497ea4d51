"""Writes `unions.json`: unions of the tokenizers in `families/`, worked out here in plain Python.

    python3 unions.py        (tokenizers 0.23.3, whose merges split the texts that one side lacks)

For each pair: the spellings of the tokens that are appended to the first one's, and for every id of
the union the ids of the second that stand for it: one of the same text, or the pieces of the text.
"""

import json
import pathlib

from tokenizers import Tokenizer

HERE = pathlib.Path(__file__).parent
PAIRS = [("llama3", "chameleon"), ("llama1", "chameleon"), ("qwen", "llama1"), ("opt", "llama3")]
MARKERS = {"<eos>", "<break>", "<infill>", "<pad>", "<|system|>", "<|user|>", "<|assistant|>"}


def byte_alphabet():
    """The characters by which GPT-2 spells bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {byte: chr(byte) for byte in plain}
    for byte in range(256):
        if byte not in table:
            table[byte] = chr(256 + len(table) - len(plain))
    return table


SPELLED = byte_alphabet()
BYTES = {character: byte for byte, character in SPELLED.items()}


class Side:
    def __init__(self, name):
        path = HERE / "families" / f"{name}.json"
        self.file = json.loads(path.read_text(encoding="utf-8"))
        self.model = Tokenizer.from_file(str(path)).model
        self.is_bytes = self.file["decoder"]["type"] == "ByteLevel"
        self.added = {t["id"]: t for t in self.file["added_tokens"]}
        for spelling, index in self.file["model"]["vocab"].items():
            if spelling.startswith("IMGIMG"):
                self.added.setdefault(index, {"content": spelling, "special": True})
        added = {t["content"] for t in self.added.values()}
        self.vocab = {s: i for s, i in self.file["model"]["vocab"].items() if s not in added}
        self.count = 1 + max([*self.vocab.values(), *self.added])
        self.texts, self.single = {}, {}
        for spelling, index in sorted(self.vocab.items(), key=lambda item: item[1]):
            text, is_byte = self.text(spelling)
            (self.single if is_byte else self.texts).setdefault(text, index)

    def text(self, spelling):
        """The bytes of a text token, and whether it is spelled as a byte."""
        if self.is_bytes:
            return bytes(BYTES[c] for c in spelling), False
        if len(spelling) == 6 and spelling.startswith("<0x") and spelling.endswith(">"):
            return bytes([int(spelling[3:5], 16)]), True
        return spelling.replace("\u2581", " ").encode(), False

    def pieces(self, text):
        """The ids of the tokens that the merges make of a text."""
        if self.is_bytes:
            try:
                text.decode()
            except UnicodeDecodeError:
                return [self.texts[bytes([b])] for b in text]
            return [t.id for t in self.model.tokenize("".join(SPELLED[b] for b in text))]
        try:
            spelled = text.decode().replace(" ", "\u2581")
        except UnicodeDecodeError:
            return [self.single[bytes([b])] for b in text]
        return [t.id for t in self.model.tokenize(spelled)]

    def codes(self):
        return [i for i, t in sorted(self.added.items()) if t["content"].startswith("IMGIMG")]


def union(text, image):
    spelled = {t["content"] for t in text.added.values()}
    codes = image.codes()
    others = [
        i for i, t in sorted(image.added.items())
        if i not in codes and t["content"] not in spelled and (t["special"] or t["content"] in MARKERS)
    ]
    appended = [image.added[i] for i in codes + others]
    names = {t["content"]: i for i, t in image.added.items()}
    own = {i: s for s, i in text.vocab.items()}
    rows = []
    for index in range(text.count):
        if index in text.added:
            token = text.added[index]
            known = token["content"] in names
            plain = not token["special"] and token["content"] not in MARKERS
            rows.append(
                [names[token["content"]]]
                if known
                else image.pieces(token["content"].encode()) if plain else []
            )
            continue
        said, is_byte = text.text(own[index])
        tables = [image.single, image.texts] if is_byte else [image.texts, image.single]
        found = next((t[said] for t in tables if said in t), None)
        rows.append(image.pieces(said) if found is None else [found])
    rows += [[names[t["content"]]] for t in appended]
    return {"appended": [t["content"] for t in appended], "image_rows": rows}


if __name__ == "__main__":
    result = [{"text": t, "image": i, **union(Side(t), Side(i))} for t, i in PAIRS]
    text = json.dumps(result, ensure_ascii=True, separators=(",", ":"))
    (HERE / "unions.json").write_text(text + "\n")
