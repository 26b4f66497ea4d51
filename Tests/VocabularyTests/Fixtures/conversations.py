"""Writes conversations.golden.json: conversations, and what transformers makes of them by chat templates.

    python Tests/VocabularyTests/Fixtures/conversations.py

Needs transformers 5.23.0 and tokenizers 0.23.3, and the tokenizers of families.py and templates of templates.py.
"""

import json
import random
from pathlib import Path

import tokenizers
import transformers

HERE = Path(__file__).parent
PLAIN = """\
{% for message in messages %}{% if loop.first and message['role'] != 'system' %}{{ '<|im_start|>system
You are helpful.<|im_end|>
' }}{% endif %}{{ '<|im_start|>' + message['role'] + '
' + message['content'] + '<|im_end|>' + '
' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant
' }}{% endif %}"""
TRIMMED = """\
{{ bos_token }}{% for message in messages %}{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}"""
GENERATING = """\
{% for message in messages %}{% if message.role == 'assistant' %}{{ '<|im_start|>assistant\\n' }}{% generation %}{{ message.content + '<|im_end|>' }}{% endgeneration %}{{ '\\n' }}{% else %}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"""
# Shouts what the user says, so that the content is not what was written.
SHOUTED = """\
{% for message in messages %}{% if message.role == 'user' %}{{ '<|im_start|>user\\n' + message.content | upper + '<|im_end|>\\n' }}{% else %}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"""


def kinds():
    template = lambda name: (HERE / "templates" / f"{name}.jinja").read_text(encoding="utf-8")
    return [
        ("plain", "qwen", PLAIN, dict(eos_token="<|im_end|>"), True),
        ("marked", "qwen", template("marked"), dict(eos_token="<|im_end|>"), True),
        ("generating", "qwen", GENERATING, dict(eos_token="<|endoftext|>"), True),
        ("shouted", "qwen", SHOUTED, dict(eos_token="<|im_end|>"), True),
        ("trimmed", "llama3", TRIMMED, dict(bos_token="<|begin_of_text|>", eos_token="<|eot_id|>"), True),
        ("mistral", "mistral", template("instructions"), dict(bos_token="<s>", eos_token="</s>"), False),
        ("llama2", "llama2", template("instructions"), dict(bos_token="<s>", eos_token="</s>"), False),
    ]


PIECES = [
    "the cat", " A house", "  two spaces", "\n", "\n\n", " ", "Straße", "東京へ行く", "don't", "3.14 + 2", "🙂👍🏽", "e\u0301", "\t", "x", "...!?", "`code`",
    "What is a volcano?", " it's hot ", "\u00a0", "a\u200db", "İ", "user", "assistant", "[", "<|", "|>", "im_start",
]


def text(rng, pieces=PIECES):
    words = "".join(rng.choice(pieces) for _ in range(rng.randint(1, 7)))
    return words if words.strip() else words + "x"


def conversation(rng, hasSystem, pieces):
    messages = [{"role": "system", "content": text(rng, pieces)}] if hasSystem and rng.random() < 0.4 else []
    for _ in range(rng.randint(1, 3)):
        messages += [{"role": "user", "content": text(rng, pieces)}, {"role": "assistant", "content": text(rng, pieces)}]
    return messages


def main():
    assert transformers.__version__ == "5.23.0" and tokenizers.__version__ == "0.23.3"
    rng = random.Random(7)
    golden = {}
    for name, family, template, special, hasSystem in kinds():
        tokenizer = transformers.PreTrainedTokenizerFast(
            tokenizer_file=str(HERE / "families" / f"{family}.json"), chat_template=template, **special
        )
        cases = []
        for _ in range(30):
            # transformers loses the mask at white space and where a character is several tokens.
            pieces = ["cat", " a", " house", ".", "3"] if "generation %}" in template else PIECES
            messages = conversation(rng, hasSystem, pieces)
            if "generation %}" in template:
                messages = [{**message, "content": message["content"].strip()} for message in messages]
            whole = tokenizer.apply_chat_template(messages, tokenize=True, return_dict=False)
            prompt = tokenizer.apply_chat_template(messages[:-1], tokenize=True, add_generation_prompt=True, return_dict=False)
            case = {"messages": messages, "ids": whole, "prompt": prompt}
            if "generation %}" in template:
                found = tokenizer.apply_chat_template(
                    messages, tokenize=True, return_dict=True, return_assistant_tokens_mask=True
                )
                case["assistant"] = found["assistant_masks"]
            cases.append(case)
        golden[name] = {"family": family, "template": template, "special": special, "cases": cases}
    path = HERE / "conversations.golden.json"
    path.write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(sum(len(kind["cases"]) for kind in golden.values()), "conversations")


if __name__ == "__main__":
    main()
