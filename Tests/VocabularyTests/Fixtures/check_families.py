"""Compares every id and every text of our tokenizers with `tokenizers` as it is installed.

    JAM_WRITTEN_FAMILIES=/tmp/families swift test -c release --filter writesIDsForTheReference
    python3 check_families.py /tmp/families
"""

import json
import pathlib
import sys

from tokenizers import Tokenizer

FAMILIES = pathlib.Path(__file__).parent / "families"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


strings, marked = read(FAMILIES / "strings.json"), read(FAMILIES / "marked.json")
differences = 0
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
    name, ours = file.stem, read(file)
    tokenizer = Tokenizer.from_file(str(FAMILIES / file.name))
    checks = []
    for key, texts in [("ids", strings), ("marked", marked[name])]:
        assert len(texts) == len(ours[key])
        theirs = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
        checks += [(key, *each) for each in zip(texts, ours[key], theirs)]
    for key in ["ids", "marked", "loose"]:
        theirs = [tokenizer.decode(ids, skip_special_tokens=False) for ids in ours[key]]
        checks += [(f"{key}_text", *each) for each in zip(ours[key], ours[f"{key}_text"], theirs)]
    theirs = [tokenizer.decode(ids) for ids in ours["marked"]]
    checks += [("skipped", *each) for each in zip(ours["marked"], ours["skipped"], theirs)]
    wrong = [check for check in checks if check[2] != check[3]]
    for check in wrong[:5]:
        print(name, *map(ascii, check), sep="\n    ")
    print(f"{name}: {len(checks)} comparisons, {len(wrong)} differences")
    differences += len(wrong)
sys.exit(differences > 0)
