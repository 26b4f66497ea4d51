"""Writes `frames.json`: images as transformers' processors write them, with tiny tokenizers.

    python3 frames.py        (transformers 5.23, tokenizers 0.23.3)

The tokenizers are trained here on a few words. Chameleon's and Emu3's images come out of
`ChameleonProcessor` and `Emu3Processor`, whose placeholders are replaced by what the models' own
vocabulary mappings make of random codes. transformers has no Lumina-mGPT; its images are put together
by the rules of its `FlexARItemProcessor`, which are in docs/formats.md.
"""

import json
import pathlib
import random

import numpy
import torch
from PIL import Image
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    ChameleonImageProcessor,
    ChameleonProcessor,
    Emu3ImageProcessor,
    Emu3Processor,
    PreTrainedTokenizerFast,
)
from transformers.models.chameleon.modeling_chameleon import ChameleonImageVocabularyMapping
from transformers.models.emu3.modeling_emu3 import Emu3ImageVocabularyMapping

HERE = pathlib.Path(__file__).parent
WORDS = ["a cat is a small animal that eats mice", "a dog of 90*90 or 12*7 is an animal"]
EMU3_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CODES = 24


def trained(pattern, specials):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=276, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(WORDS, trainer)
    tokenizer.add_special_tokens(specials)
    return tokenizer


def letters(code):
    return "IMGIMG" + "".join(chr(ord("A") + int(digit)) for digit in str(code)) + "Z"


def picture(width, height):
    pixels = numpy.random.default_rng(1).integers(0, 255, (height, width, 3), dtype=numpy.uint8)
    return Image.fromarray(pixels)


def filled(ids, placeholder, tokens):
    """`ids` with the placeholders replaced by `tokens`, which are as many."""
    rest = iter(tokens)
    result = [next(rest) if id == placeholder else id for id in ids]
    assert next(rest, None) is None
    return result


def chameleon(generator):
    specials = ["<s>", "<pad>", "</s>", *(letters(code) for code in range(CODES))]
    specials += ["<eoss>", "<racm3:break>", "<image>", "<reserved08706>"]
    specials += [f"<reserved{number:05}>" for number in range(8799, 8809)]
    tokenizer = trained(EMU3_PATTERN, specials)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, sep_token="<reserved08706>", bos_token="<s>", eos_token="</s>"
    )
    processor = ChameleonProcessor(ChameleonImageProcessor(), fast, image_seq_length=6)
    codes = [generator.randrange(CODES) for _ in range(6)]
    found = processor(
        text="<image>", images=picture(64, 64), return_for_text_completion=True,
        add_special_tokens=False,
    )
    ids = [int(id) for id in torch.as_tensor(found["input_ids"]).flatten()]
    mapping = ChameleonImageVocabularyMapping(fast.get_vocab() | {"<image>": fast.convert_tokens_to_ids("<image>")})
    tokens = mapping.convert_img2bpe(torch.tensor([codes])).flatten().tolist()
    whole = filled(ids, fast.convert_tokens_to_ids("<image>"), tokens)
    cases = [{"frame": "chameleon", "height": 2, "width": 3, "codes": codes, "ids": whole}]

    # Lumina-mGPT: height and width in steps of 2 codes, each row closed by <reserved08799>.
    for height, width in [(2, 4), (4, 2)]:
        codes = [generator.randrange(CODES) for _ in range(height * width)]
        spelled = ["<racm3:break>"]
        spelled += [f"<reserved{8800 + side // 2:05}>" for side in (height, width)]
        for row in range(height):
            spelled += [letters(code) for code in codes[row * width:(row + 1) * width]]
            spelled += ["<reserved08799>"]
        spelled += ["<eoss>"]
        cases.append({
            "frame": "lumina", "height": height, "width": width, "codes": codes,
            "ids": fast.convert_tokens_to_ids(spelled),
        })
    return tokenizer, cases


def emu3(generator):
    specials = ["<|endoftext|>"] + [f"<|extra_{number}|>" for number in range(200, 205)]
    specials += ["<|image start|>", "<|image end|>", "<|image token|>", "<image>"]
    specials += [f"<|visual token {code:06}|>" for code in range(CODES)]
    tokenizer = trained(EMU3_PATTERN, specials)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<|extra_203|>",
        eos_token="<|extra_204|>",
        pad_token="<|endoftext|>",
        extra_special_tokens={
            "image_token": "<image>",
            "boi_token": "<|image start|>",
            "eoi_token": "<|image end|>",
            "image_wrapper_token": "<|image token|>",
            "eof_token": "<|extra_201|>",
        },
    )
    image_processor = Emu3ImageProcessor(min_pixels=64, max_pixels=1 << 20, spatial_factor=8)
    processor = Emu3Processor(image_processor, fast)
    mapping = Emu3ImageVocabularyMapping(fast.get_vocab())
    cases = []
    for height, width in [(3, 5), (12, 3), (3, 12)]:
        codes = [generator.randrange(CODES) for _ in range(height * width)]
        found = processor(
            text="<image>", images=picture(8 * width, 8 * height), add_special_tokens=False,
            return_tensors="pt",
        )
        # A document begins with BOS, which is no part of an image.
        bos, *ids = found["input_ids"].flatten().tolist()
        assert bos == fast.bos_token_id
        assert found["image_sizes"].flatten().tolist() == [8 * height, 8 * width]
        grid = torch.tensor(codes).reshape(height, width)
        tokens = mapping.convert_img2bpe(grid).flatten().tolist()
        whole = filled(ids, fast.convert_tokens_to_ids("<image>"), tokens)
        cases.append(
            {"frame": "emu3", "height": height, "width": width, "codes": codes, "ids": whole}
        )
    return tokenizer, cases


def main():
    generator = random.Random(5)
    result = {}
    for name, make in [("chameleon", chameleon), ("emu3", emu3)]:
        tokenizer, cases = make(generator)
        result[name] = {"tokenizer": json.loads(tokenizer.to_str()), "cases": cases}
    path = HERE / "frames.json"
    path.write_text(json.dumps(result, separators=(",", ":"), ensure_ascii=False) + "\n")


main()
