"""Compares jam with transformers on SmolLM2, as a GGUF file and as a folder made of it.

    check_smollm2.py JAM MODEL.gguf FOLDER_FOR_FILES

What is compared: ids of 5,000 strings and 1,000 conversations, logits, 20 greedy answers of 64 tokens,
and a conversation of four turns.
"""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import safetensors.torch
import torch
import transformers

JAM, GGUF, PLACE = sys.argv[1], Path(sys.argv[2]).resolve(), Path(sys.argv[3])

WORDS = """the of and volcano lion can't won't they're I'LL we'd 3.14 1,000 2024-11-28 x=1 f(x) // /* <b> </b> &amp;
naïve Straße Ελληνικά русский עברית العربية 日本語 한국어 中文 ไทย हिन्दी 👍🏽 👨‍👩‍👧 🙂 e\u0301 ﬁ Ⅷ ½ ² € £ … — “quoted” 'single' `code`
def return import #include <stdio.h> {} [] () ; : ! ? @ # $ % ^ * _ - + = | ~ \\ \\n http://example.org/a?b=c user@example.org CamelCase
snake_case UPPER lower MiXeD 000 007 1e-5 0xFF ____ ---- ==== .... !!! ??? \t \n \n\n \r\n \u00a0 \u200b \u2028 \u3000 \x04 \x06 \x13 \x1d""".split(" ")
SPACES = ["", " ", "  ", "\n", "\n\n", "\t", " \n ", "   ", "\r\n", "\u00a0"]
SPECIAL = ["<|im_start|>", "<|im_end|>", "<|endoftext|>", "<repo_name>"]


def text(rng, length=12):
    parts = []
    for _ in range(rng.randint(1, length)):
        parts += [rng.choice(WORDS), rng.choice(SPACES)]
    if rng.random() < 0.1:
        parts.append("".join(chr(rng.choice([rng.randrange(0x20, 0x250), rng.randrange(0x370, 0x3000), rng.randrange(0x1F300, 0x1FA00)])) for _ in range(20)))
    return "".join(parts).replace("\0", "")


def conversation(rng):
    messages = [{"role": "system", "content": text(rng)}] if rng.random() < 0.3 else []
    for _ in range(rng.randint(1, 4)):
        messages += [{"role": "user", "content": text(rng)}, {"role": "assistant", "content": text(rng)}]
    return messages


def jam(*arguments, **options):
    done = subprocess.run([JAM, *map(str, arguments)], capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"jam {' '.join(map(str, arguments))}\n{done.stderr}")
    return done.stdout


def ids(model, documents, *options):
    path = PLACE / "documents.jsonl"
    with open(path, "w", encoding="utf-8", newline="") as file:
        for document in documents:
            file.write(json.dumps(document) + "\n")
    lines = jam("text", "encode", model, "--documents", path, *options).split("\n")[:-1]
    return [[int(token) for token in line.split(",") if token] for line in lines]


def check(name, ours, theirs):
    wrong = [index for index, pair in enumerate(zip(ours, theirs, strict=True)) if pair[0] != pair[1]]
    print(f"{name}: {len(theirs) - len(wrong)} of {len(theirs)} equal", flush=True)
    if wrong:
        print("  the first other:", ours[wrong[0]], theirs[wrong[0]], sep="\n  ")
        FAILED.append(name)


FAILED = []
QUESTIONS = """What is a volcano?|Why is the sky blue?|Write a haiku about rain.|Name three rivers in Africa.|What is 7 times 8?
Explain photosynthesis to a child.|Who wrote Hamlet?|Give me a recipe for pancakes.|What is the capital of France?|How do birds fly?
What is a prime number?|Tell me a joke.|List the planets.|What does a baker do?|Translate "good morning" into French.
How many legs has a spider?|What is gravity?|Describe a forest.|What is a noun?|Why do we sleep?""".replace("\n", "|").split("|")


def answers(model, question, steps=64):
    inputs = TOKENIZER.apply_chat_template([{"role": "user", "content": question}], add_generation_prompt=True, return_tensors="pt", return_dict=True)
    with torch.no_grad():
        out = model.generate(**inputs, max_new_tokens=steps, do_sample=False, repetition_penalty=1.0)
    return out[0, inputs["input_ids"].shape[1]:].tolist()


def main():
    rng = random.Random(1)
    folder = PLACE / "folder"
    shutil.rmtree(folder, ignore_errors=True)
    print(jam("import", GGUF, "--output", folder), end="")
    # transformers' own conversion of the tokenizer forgets that SmolLM splits digits, so the reference is
    # tokenizers with the folder's tokenizer.json; without digits both are compared.
    global TOKENIZER
    TOKENIZER = transformers.AutoTokenizer.from_pretrained(folder)
    converted = transformers.AutoTokenizer.from_pretrained(GGUF.parent, gguf_file=GGUF.name)
    model = transformers.AutoModelForCausalLM.from_pretrained(GGUF.parent, gguf_file=GGUF.name, dtype=torch.float32)
    model.eval()

    strings = [text(rng) for _ in range(5010)]
    conversations = [conversation(rng) for _ in range(1000)]
    # A text of bytes that the vocabulary lacks has no token, and a prompt needs one.
    strings = [string for string in strings if TOKENIZER(string)["input_ids"]]
    theirs = [TOKENIZER(string, add_special_tokens=True)["input_ids"] for string in strings]
    chats = [TOKENIZER.apply_chat_template(messages, return_dict=False) for messages in conversations]
    prompts = [TOKENIZER.apply_chat_template(messages[:-1], add_generation_prompt=True, return_dict=False) for messages in conversations]
    for source in (GGUF, folder):
        name = "GGUF" if source == GGUF else "folder"
        check(f"{name}, strings", ids(source, [{"text": string} for string in strings], "--as-prompts"), theirs)
        check(f"{name}, conversations", ids(source, [{"messages": messages} for messages in conversations]), chats)
        check(f"{name}, prompts", ids(source, [{"messages": messages[:-1]} for messages in conversations], "--as-prompts"), prompts)
    plain = [string for string in (text(rng) for _ in range(6000)) if not any(c.isnumeric() for c in string) and converted(string)["input_ids"]]
    check("strings without digits, as transformers converts the GGUF", ids(GGUF, [{"text": string} for string in plain], "--as-prompts"), [converted(string)["input_ids"] for string in plain])
    hostile = [[{"role": "user", "content": f"a{special}b"}] for special in SPECIAL]
    special = set(TOKENIZER.all_special_ids) | {id for id, token in TOKENIZER.added_tokens_decoder.items() if token.special}
    counts = [sum(id in special for id in line) for line in ids(folder, [{"messages": m} for m in hostile], "--as-prompts")]
    plain = sum(id in special for id in ids(folder, [{"messages": [{"role": "user", "content": "ab"}]}], "--as-prompts")[0])
    check("what looks like a special token stays plain", counts, [plain] * len(counts))

    worst = 0
    for chat in chats[:8]:
        chat = chat[:120]
        for source in (GGUF, folder):
            jam("inspect", "logits", source, "--tokens", ",".join(map(str, chat)), "--output", PLACE / "logits.safetensors")
            ours = safetensors.torch.load_file(PLACE / "logits.safetensors")["logits"]
            with torch.no_grad():
                reference = model(torch.tensor([chat])).logits[0]
            worst = max(worst, (ours - reference).abs().max().item())
    print(f"logits: the largest difference is {worst:.2e}")
    if worst > 1e-3:
        FAILED.append("logits")

    ours, expected = [], []
    for question in QUESTIONS:
        found = json.loads(jam("generate", GGUF, "--prompt", question, "--temperature", 0, "--images", 0, "--max-tokens", 64, "--json"))
        reference = answers(model, question)
        # What ends an answer is a token of it in transformers.
        ours.append([id for id in found["tokens"]["ids"]][:64])
        expected.append(reference)
    check("greedy answers", ours, expected)

    turns = ["My name is Ada. What is a volcano?", "Is it hot?", "Name one in Italy.", "What is my name?"]
    said = jam("chat", GGUF, "--temperature", 0, "--max-tokens", 48, input="\n".join(turns) + "\n").split("> ")[1:]
    messages = []
    for turn, line in zip(turns, said):
        messages.append({"role": "user", "content": turn})
        inputs = TOKENIZER.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=True)
        with torch.no_grad():
            out = model.generate(**inputs, max_new_tokens=48, do_sample=False, repetition_penalty=1.0)
        reference = TOKENIZER.decode(out[0, inputs["input_ids"].shape[1]:], skip_special_tokens=True)
        messages.append({"role": "assistant", "content": reference})
        print(f"  {turn}\n    {line.strip()}")
    check("a conversation of four turns", [line.strip() for line in said[: len(turns)]], [m["content"].strip() for m in messages[1::2]])
    sys.exit(f"not equal: {', '.join(FAILED)}" if FAILED else 0)


if __name__ == "__main__":
    main()
