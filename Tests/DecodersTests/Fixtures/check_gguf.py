"""Compares what jam makes of a GGUF file with transformers, as it is installed.

python3 check_gguf.py JAM MODEL.gguf FOLDER: imports the file to the folder. Weights are to be equal
bit for bit, logits within 1e-3, the chat template and the ids of texts without digits equal: where
transformers does not know how a vocabulary splits digits, it takes GPT-2's way.
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile

import torch
import transformers
from safetensors.torch import load_file

WORDS = [
    "the", "Volcano", "cat's", " don't", " ", "  ", "\n", "\t", "\u732b", "\u00e9", "e\u0301",
    "\U0001f642", "_x", "==", "HTTP", "Stra\u00dfe", "\u043a\u043e\u0442", "\r\n", "x+y", "...",
]


def texts():
    random.seed(3)
    for _ in range(5000):
        count = random.randint(1, 14)
        yield "".join(random.choice(WORDS) + random.choice(["", " ", ""]) for _ in range(count))


def main(jam, file, folder):
    file = pathlib.Path(file)
    subprocess.run([jam, "import", file, "--output", folder], check=True)
    where = dict(pretrained_model_name_or_path=str(file.parent), gguf_file=file.name)
    model = transformers.AutoModelForCausalLM.from_pretrained(**where, dtype=torch.float32).eval()
    imported = transformers.AutoModelForCausalLM.from_pretrained(folder)
    expected, found = model.state_dict(), imported.state_dict()
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[name], found[name]) for name in expected), "weights"

    reference = transformers.AutoTokenizer.from_pretrained(**where)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    assert reference.chat_template == tokenizer.chat_template
    for text in texts():
        ids = [t.encode(text, add_special_tokens=False) for t in (reference, tokenizer)]
        assert ids[0] == ids[1], (text, ids)

    tokens = tokenizer.encode("The capital of France is Paris, and that of Italy is")
    with tempfile.TemporaryDirectory() as scratch:
        output = scratch + "/logits.safetensors"
        command = [jam, "inspect", "logits", file, "--output", output]
        subprocess.run(command + ["--tokens", ",".join(map(str, tokens))], check=True)
        logits = load_file(output)["logits"]
    with torch.no_grad():
        difference = (model(torch.tensor([tokens])).logits[0] - logits).abs().max().item()
    print(json.dumps({"largest difference of logits": difference}))
    assert difference < 1e-3


main(*sys.argv[1:])
