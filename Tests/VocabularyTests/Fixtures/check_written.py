"""Loads the tokenizers that our tests wrote with transformers and compares every id.

    JAM_WRITTEN_TOKENIZERS=/tmp/written swift test -c release --filter writesFilesForTransformers
    python3 check_written.py /tmp/written
"""

import json
import pathlib
import sys

from tokenizers import Tokenizer
from transformers import AutoTokenizer

HERE = pathlib.Path(__file__).parent
strings = json.loads((HERE / "golden.json").read_text(encoding="utf-8"))["strings"]

for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    ours = json.loads((folder / "ids.json").read_text(encoding="utf-8"))
    assert len(ours) == len(strings)
    auto = AutoTokenizer.from_pretrained(folder)
    plain = Tokenizer.from_file(str(folder / "tokenizer.json"))
    # The reference looks for added tokens in a text, we never do: compare where none is spelled.
    added = [token.content for token in plain.get_added_tokens_decoder().values()]
    compared = 0
    for text, ids in zip(strings, ours):
        if any(token in text for token in added):
            continue
        assert plain.encode(text, add_special_tokens=False).ids == ids, (folder.name, text)
        assert auto.encode(text, add_special_tokens=False) == ids, (folder.name, text)
        assert auto.decode(ids) == plain.decode(ids, skip_special_tokens=False), (folder.name, text)
        compared += 1
    if "<eos>" in added:
        assert (auto.eos_token, auto.pad_token) == ("<eos>", "<pad>")
        messages = [
            {"role": "system", "content": "s"},
            {"role": "user", "content": "What is a cat?"},
            {"role": "assistant", "content": "An animal."},
            {"role": "user", "content": "And\n a dog? "},
        ]
        said = "<eos><|system|>s<|user|>What is a cat?<|assistant|>An animal.<eos><|user|>And\n a dog? "
        assert auto.apply_chat_template(messages, tokenize=False) == said
        prompt = auto.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        assert prompt == said + "<|assistant|>"
        markers = plain.encode("<eos><|user|><image:15>").ids
        assert len(markers) == 3 and markers[2] == plain.get_vocab_size() - 1
    print(f"{folder.name}: {compared} of {len(strings)} strings compared, all equal")
