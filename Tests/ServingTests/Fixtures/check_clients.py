"""Asks a server with OpenAI's own client: check_clients.py BASE_URL MODEL [retrieving].

The model must draw something for "What is a cat?" (models/dictionary/answers does); with it there must be
a CLIP model `clip`. With the word "retrieving", the server must have a memory bank of two documents or
more, and only what it does with it is checked.
"""
import base64
import struct
import sys
import zlib

import openai

url, model = sys.argv[1:3]
client = openai.OpenAI(base_url=url + "/v1", api_key="unused", max_retries=0)
question = {"role": "user", "content": "What is a cat?"}


def chat(**options):
    return client.chat.completions.create(
        **{"model": model, "messages": [question], "seed": 1, **options})


def is_png(text):
    return base64.b64decode(text).startswith(b"\x89PNG")


def data_of(part):
    return part["image_url"]["url"].removeprefix("data:image/png;base64,")


def whole_and_streamed():
    whole = chat().choices[0].message
    assert [part["index"] for part in whole.parts] == list(range(len(whole.parts)))
    texts = [part["text"] for part in whole.parts if part["type"] == "text"]
    images = [part for part in whole.parts if part["type"] == "image_url"]
    assert whole.content == "".join(texts) and whole.images == images and len(images) == 1
    assert is_png(data_of(images[0]))
    parts, usage = {}, None
    for chunk in chat(stream=True, stream_options={"include_usage": True}):
        usage = chunk.usage or usage
        for choice in chunk.choices:
            delta = choice.delta
            if delta.content:
                parts[delta.index] = parts.get(delta.index, "") + delta.content
            for image in getattr(delta, "images", None) or []:
                parts[image["index"]] = image
    assert [parts[i] for i in sorted(parts)] == [p.get("text", p) for p in whole.parts]
    assert usage.completion_tokens > 64
    return images[0]


def images_in(image):
    shown = {"role": "user", "content": [{"type": "text", "text": "What is this?"},
                                         {"type": "image_url", "image_url": image["image_url"]}]}
    answer = chat(messages=[shown], modalities=["text"])
    assert answer.usage.prompt_tokens > 64 and answer.choices[0].message.content
    said = chat().choices[0].message.model_dump()
    again = chat(messages=[question, said, {"role": "user", "content": "Draw it again."}])
    assert again.usage.prompt_tokens > 64


def responses():
    whole = client.responses.create(model=model, input="What is a cat?", extra_body={"seed": 1})
    kinds = [item.type for item in whole.output]
    assert sorted(kinds) == ["image_generation_call", "message"] and whole.status == "completed"
    types = []
    with client.responses.stream(
            model=model, input="What is a cat?", extra_body={"seed": 1},
            tools=[{"type": "image_generation", "partial_images": 3}]) as stream:
        types = [event.type for event in stream]
        final = stream.get_final_response()
    assert final.output_text == whole.output_text
    assert [item.type for item in final.output] == kinds
    assert types.count("response.image_generation_call.partial_image") == 3
    assert types[0] == "response.created" and types[-1] == "response.completed"
    image = next(item for item in whole.output if item.type == "image_generation_call")
    assert is_png(image.result)
    items = [question, *[item.model_dump() for item in whole.output],
             {"role": "user", "content": [
                 {"type": "input_text", "text": "And this?"},
                 {"type": "input_image",
                  "image_url": "data:image/png;base64," + image.result}]}]
    later = client.responses.create(model=model, input=items,
                                    tools=[{"type": "image_generation"}])
    assert later.usage.input_tokens > 128


def drawing():
    drawn = client.images.generate(model=model, prompt="Draw a cat.", n=2,
                                   response_format="b64_json")
    assert len(drawn.data) == 2 and all(is_png(image.b64_json) for image in drawn.data)


def png(width, height, pixel):
    """A PNG file of RGBA pixels."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in range(width)) for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def editing():
    drawn = client.images.generate(model=model, prompt="Draw a cat.", extra_body={"seed": 1})
    image = base64.b64decode(drawn.data[0].b64_json)
    mask = png(64, 64, lambda x, y: (0, 0, 0, 0 if x < 32 and y < 32 else 255))
    asked = {"model": model, "image": ("cat.png", image), "mask": ("mask.png", mask), "prompt": "dog",
             "extra_body": {"seed": 2}}
    edited = client.images.edit(n=2, size="auto", response_format="b64_json", **asked)
    assert len(edited.data) == 2 and all(is_png(one.b64_json) for one in edited.data)
    streams = {
        "image_edit": lambda: client.images.edit(stream=True, partial_images=3, **asked),
        "image_generation": lambda: client.images.generate(
            model=model, prompt="Draw a dog.", stream=True, partial_images=3),
    }
    for name, begin in streams.items():
        events = list(begin())
        expected = 2 if name == "image_edit" else 3  # a region of four rows of codes, an image of eight
        types = [f"{name}.partial_image"] * expected + [f"{name}.completed"]
        assert [event.type for event in events[-expected - 1:]] == types, events
        assert all(is_png(event.b64_json) for event in events) and events[-1].usage.output_tokens > 0
    assert events[-1].b64_json != edited.data[0].b64_json
    seen = client.images.edit(model=model, image=[("a.png", image), ("b.png", image)],
                              prompt="Draw it again.")
    assert is_png(seen.data[0].b64_json) and seen.usage.input_tokens > 128
    for other in (png(32, 64, lambda x, y: (0, 0, 0, 0)), png(64, 64, lambda x, y: (0, 0, 0, 255))):
        try:
            client.images.edit(**{**asked, "mask": ("mask.png", other)})
        except openai.BadRequestError as error:
            assert error.body["param"] == "mask", error.body
        else:
            raise AssertionError("a mask that fits no image was taken")


def completions():
    asked = {"model": model, "prompt": "A cat is a small", "max_tokens": 8, "seed": 1,
             "temperature": 0}
    whole = client.completions.create(**asked)
    assert whole.object == "text_completion" and whole.choices[0].text.startswith(" ")
    streamed = list(client.completions.create(
        stream=True, stream_options={"include_usage": True}, **asked))
    assert "".join(c.choices[0].text for c in streamed if c.choices) == whole.choices[0].text
    # The prompt has been read but for its last token, which begins an answer.
    usage = whole.usage.model_copy(deep=True)
    usage.prompt_tokens_details.cached_tokens = usage.prompt_tokens - 1
    assert streamed[-1].usage == usage


def embeddings():
    drawn = client.images.generate(model=model, prompt="Draw a cat.", extra_body={"seed": 1})
    image = {"type": "image_url",
             "image_url": {"url": "data:image/png;base64," + drawn.data[0].b64_json}}
    # The client asks for base64 by default.
    packed = client.embeddings.create(model="clip", input=["a cat", "a volcano", image])
    plain = client.embeddings.create(model="clip", input="a cat", encoding_format="float")
    texts = [entry.embedding for entry in packed.data]
    dot = lambda a, b: sum(x * y for x, y in zip(a, b))
    assert abs(dot(texts[0], plain.data[0].embedding) - 1) < 1e-3
    assert dot(texts[0], texts[2]) > dot(texts[1], texts[2]), "the cat looks like a volcano"
    assert packed.usage.prompt_tokens > plain.usage.prompt_tokens > 0


def candidates():
    best = chat(extra_body={"candidates": 3, "min_images": 1})
    assert best.seed in (1, 2, 3)
    same = chat(seed=best.seed, extra_body={"min_images": 1})
    assert same.choices[0].message.images == best.choices[0].message.images


def retrieving():
    """A server with a memory bank, which a request can do without."""
    bare, two = chat(extra_body={"retrieval": 0}), chat()
    assert two.usage.prompt_tokens > bare.usage.prompt_tokens and two.retrieved_documents == 2
    read = [client.images.generate(model=model, prompt="Draw a cat.", extra_body={"retrieval": count})
            .usage.input_tokens for count in (0, 1)]
    assert read[0] < read[1], read


def mistakes():
    for path, options in {
        client.completions: {"prompt": "a " * 4000},
        client.chat.completions: {"messages": [{"role": "user", "content": "a " * 4000}]},
    }.items():
        try:
            path.create(model=model, stream=True, **options)
        except openai.BadRequestError as error:
            assert error.code == "context_length_exceeded", error.body
        else:
            raise AssertionError("a stream began that could not be")
    for param, options in {
        "temperature": {"temperature": -1}, "max_tokens": {"max_tokens": -1}, "n": {"n": 10**9},
        "stop": {"stop": ["a"]}, "model": {"model": "another"},
        "image_temprature": {"extra_body": {"image_temprature": 1}},
        "messages[0].role": {"messages": [{"role": "robot", "content": "a"}]},
    }.items():
        try:
            chat(**options)
        except openai.APIStatusError as error:
            assert error.status_code in (400, 404) and error.body["param"] == param, error.body
        else:
            raise AssertionError(f"{param} was accepted")


def order():
    """The parts of 100 answers of several images, whole and streamed, are in the model's order."""
    for seed in range(50):
        options = {"messages": [{"role": "user", "content": "Draw a cat and a dog."}],
                   "seed": seed, "max_tokens": 24, "extra_body": {"min_images": 2}}
        whole = [part["type"] for part in chat(**options).choices[0].message.parts]
        streamed = []
        for chunk in chat(stream=True, **options):
            for choice in chunk.choices:
                if choice.delta.content and streamed[-1:] != ["text"]:
                    streamed.append("text")
                streamed += ["image_url" for _ in getattr(choice.delta, "images", None) or []]
        assert whole == streamed and whole.count("image_url") >= 2, (seed, whole, streamed)


if sys.argv[3:] == ["retrieving"]:
    retrieving()
    print("OpenAI's client: documents of a memory bank precede prompts")
    sys.exit()
assert [entry.id for entry in client.models.list()] == [model, "clip"]
images_in(whole_and_streamed())
responses()
completions()
embeddings()
candidates()
drawing()
editing()
mistakes()
order()
print("OpenAI's client: chat, responses, completions, embeddings, images, edits, mistakes and the order of 100 answers agree")
