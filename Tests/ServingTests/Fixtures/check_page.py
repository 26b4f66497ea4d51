"""Uses the page of a server in headless Chromium, and compares how it looks with the images in docs:
check_page.py URL [FOLDER for screenshots]. With `--bank` the server has a memory bank, and only what
that changes is checked.

The model must draw something for "What is a cat?" (models/dictionary/answers does).
"""
import base64
import json
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from page import Page
from views import check_views

has_bank = "--bank" in sys.argv
url, *folders = [argument for argument in sys.argv[1:] if argument != "--bank"]
shots = Path(folders[0]) if folders else None


def answers(page):
    page.shot("page-start")
    page.ask("What is a cat?")
    page.finish()
    assert page.images() == 1 and "feline" in page.page.inner_text("#turns")
    page.shot("page-answer")


def comes_back(page):
    page.page.reload()
    page.until("document.querySelector('#turns img')")
    assert page.images() == 1 and "feline" in page.page.inner_text("#turns")


def shows_text_as_text(page):
    page.ask("<img src=x onerror=\"document.title='broken'\"><script>1</script>")
    page.finish()
    assert page.page.locator("#turns img[src='x']").count() == 0
    assert "onerror" in page.page.inner_text("#turns")
    assert page.page.evaluate("document.title") != "broken"


def shows_a_hostile_answer(page):
    """What a model or a server says is text, whatever it looks like, and only a PNG is an image."""
    break_out = "document.title='broken'"
    words = (f"<script>{break_out}</script><svg onload=\"{break_out}\"></svg>"
             f"<a href=\"javascript:{break_out}\">a</a> [a](javascript:{break_out}) "
             f"![a](data:image/svg+xml,<svg onload={break_out}>) `<iframe src=/>` **<b onclick=1>**")
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{break_out}"></svg>'
    urls = ["data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode(),
            f"javascript:{break_out}", "http://127.0.0.1:1/a.png", "data:text/html,<script>1</script>",
            'data:image/png;base64,AA" onerror="1', "/style.css"]
    deltas = [{"content": words, "index": 0}]
    deltas += [{"images": [{"index": i + 1, "image_url": {"url": url}, "alt_text": words}], "index": i + 1}
               for i, url in enumerate(urls)]
    chunks = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
    pattern, wanted = "**/v1/chat/completions", []
    page.page.on("request", lambda request: wanted.append(request.url))
    # No model can be made to say this.
    page.page.route(pattern, lambda route: route.fulfill(
        status=200, content_type="text/event-stream", body=body))
    page.page.click("#new")
    page.ask("Hello.")
    page.finish()
    page.page.unroute(pattern)
    turns = page.page.locator("#turns")
    for shown in ("", "again"):
        for tag in ("script", "svg", "iframe", "[href^='javascript']", "[onclick]", "[onload]", "img"):
            assert turns.locator(tag).count() == 0, (tag, shown)
        text = turns.inner_text()
        assert "<script>" in text and "javascript:" in text and "<svg" in text, text
        assert text.count("the server sent something other than a PNG") == len(urls), text
        assert page.page.evaluate("document.title") != "broken"
        if not shown:
            page.page.reload()
            page.until("document.querySelector('#turns').innerText.includes('<script>')")
    assert all(one.startswith((url, "blob:")) for one in wanted), wanted


def stops(page):
    page.page.click("#new")
    page.ask("What is a dog?")
    page.page.keyboard.press("Escape")
    page.finish()
    assert "onerror" not in page.page.inner_text("#turns")


def numbers(page):
    return [int(page.page.input_value(f"#region-form [name={name}]"))
            for name in ("x", "y", "width", "height")]


def edits(page):
    """A part of an image is drawn again, chosen by mouse, keys and numbers; all else stays."""
    page.page.click("#new")
    page.ask("What is a cat?")
    page.finish()
    page.page.get_by_role("button", name="Edit part").last.click()
    assert numbers(page) == [16, 16, 32, 32]
    box = page.page.locator("#region-image").bounding_box()
    mouse = page.page.mouse
    mouse.move(box["x"] + 1, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"], steps=5)
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] + 300, steps=5)
    mouse.up()
    assert numbers(page) == [0, 32, 32, 32], numbers(page)
    mouse.move(box["x"] + 100, box["y"] + 10)  # nothing is pressed
    assert numbers(page) == [0, 32, 32, 32]
    page.page.focus("#region-image")
    for key in ("ArrowUp", "ArrowRight", "ArrowRight", "Shift+ArrowDown", "Shift+ArrowLeft"):
        page.page.keyboard.press(key)
    assert numbers(page) == [4, 30, 30, 34], numbers(page)
    page.page.fill("#region-form [name=height]", "900")
    page.page.keyboard.press("Tab")
    assert numbers(page) == [4, 30, 30, 34]
    page.page.fill("#region-form [name=x]", "0")
    page.page.fill("#region-form [name=width]", "64")
    page.page.fill("#region-form [name=y]", "32")
    page.page.fill("#region-form [name=height]", "32")
    page.page.fill("#region-words", "a dog")
    page.shot("page-region")
    page.page.keyboard.press("Enter")
    page.until("document.querySelectorAll('.turn').length === 2")
    page.finish()
    turn = page.page.locator(".turn").last
    assert turn.locator("h2").inner_text() == "a dog"
    assert turn.locator(".marked i").bounding_box()["height"] > 20
    # The upper half is the old one, to the pixel; the lower one is not.
    same = turn.evaluate("""turn => {
        const [old, drawn] = [".asked img", "figure img"].map((name) => {
            const image = turn.querySelector(name);
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0);
            return [0, 32].map((y) => context.getImageData(0, y, 64, 32).data.join());
        });
        return [0, 1].map((half) => old[half] === drawn[half]);
    }""")
    assert same == [True, False], same
    page.shot("page-edited")
    # Again, and then not.
    turn.get_by_role("button", name="Retry").click()
    page.finish()
    assert page.page.locator(".turn").count() == 2
    page.page.locator(".turn").last.get_by_role("button", name="Edit", exact=True).click()
    assert numbers(page) == [0, 32, 64, 32]
    assert page.page.input_value("#region-words") == "a dog"
    page.page.keyboard.press("Escape")
    assert page.page.locator(".turn").count() == 2
    # It is part of the conversation.
    page.ask("What is this?")
    page.finish()
    assert page.page.locator(".turn").count() == 3
    assert page.page.locator(".status.failed:visible").count() == 0


def edits_own(page):
    """The user's own image, of which the model sees the middle: of red, gray and blue the gray."""
    page.page.click("#new")
    page.page.set_input_files("#file", {
        "name": "three.png", "mimeType": "image/png",
        "buffer": base64.b64decode(page.page.evaluate("""() => {
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [161, 101];
            const context = canvas.getContext("2d");
            for (const [color, start, end] of [["red", 0, 30], ["gray", 30, 131], ["blue", 131, 161]]) {
                context.fillStyle = color;
                context.fillRect(start, 0, end - start, 101);
            }
            return canvas.toDataURL().split(",")[1];
        }"""))})
    page.page.click("#thumbnails .part")
    said = [page.page.inner_text(hint).replace("\u00a0", " ") for hint in ("#region-unseen", "#region-words-hint")]
    assert "101 × 101 of its 161 × 101 pixels" in said[0] and "64 × 64 pixels" in said[1], said
    assert numbers(page) == [55, 25, 51, 51], numbers(page)
    page.shot("page-region-own")
    box = page.page.locator("#region-image").bounding_box()
    mouse = page.page.mouse
    mouse.move(box["x"] + 1, box["y"] + box["height"] / 4)
    mouse.down()
    mouse.move(box["x"] + box["width"] + 9, box["y"] + box["height"] + 9, steps=5)
    mouse.up()
    assert numbers(page) == [30, 25, 101, 76], numbers(page)
    page.page.focus("#region-image")
    for key in ["Shift+ArrowLeft"] * 20 + ["ArrowRight"] * 60:
        page.page.keyboard.press(key)
    x, _, width, _ = numbers(page)
    assert x + width == 131, numbers(page)
    page.page.fill("#region-form [name=x]", "0")
    page.page.keyboard.press("Tab")
    assert numbers(page)[0] == 30
    for name, value in [("y", 0), ("width", 51), ("height", 101)]:
        page.page.fill(f"#region-form [name={name}]", str(value))
    page.page.fill("#region-words", "a moon")
    page.page.click("#region-form [type=submit]")
    page.until("document.querySelectorAll('.turn').length === 1")
    page.finish()
    assert page.page.locator("#thumbnails:visible").count() == 0
    assert page.page.locator(".status.failed:visible").count() == 0
    edge = page.page.locator(".turn figure img").evaluate("""image => {
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        return [...context.getImageData(image.naturalWidth - 1, 20, 1, 1).data];
    }""")
    assert edge == [128, 128, 128, 255], edge


def chooses(page):
    """Candidates are asked for without a stream, and settings that the server lacks not at all."""
    page.page.click("#new")
    asked = []
    page.page.on("request", lambda request: request.method == "POST" and asked.append(request.post_data_json))
    page.set(seed=1, candidates=3)
    page.ask("What is a cat?")
    page.finish()
    assert asked[-1]["candidates"] == 3 and asked[-1]["stream"] is False
    notes = page.page.inner_text(".turn .notes")
    assert notes in [f"best of 3 · seed {seed}" for seed in (1, 2, 3)], notes
    assert page.images() == 1 and "feline" in page.page.inner_text("#turns")
    page.page.click("#open-settings")
    assert page.page.locator("#set-retrieval").count() == 0
    page.page.locator("#set-candidates").scroll_into_view_if_needed()
    page.shot("page-settings")
    page.page.fill("#set-candidates", "17")
    assert "Not used" in page.page.inner_text("#set-candidates-hint")
    page.page.evaluate("""() => {
        const prefs = JSON.parse(localStorage.getItem("jam.prefs"));
        prefs.settings[0] = { retrieval: 2 };
        localStorage.setItem("jam.prefs", JSON.stringify(prefs));
    }""")
    page.page.reload()
    page.until("document.querySelector('#turns img')")
    page.ask("What is a cat?")
    page.finish()
    assert "retrieval" not in asked[-1]
    assert page.page.locator(".status.failed:visible").count() == 0


def retrieves(page):
    """Documents of a memory bank precede a question, as many as one wants."""
    page.ask("What is a cat?")
    page.finish()
    assert "documents read" in page.page.inner_text(".turn .notes")
    page.page.click("#new")
    page.set(retrieval=1)
    page.ask("What is a cat?")
    page.finish()
    assert "1 document read" in page.page.inner_text(".turn .notes")
    page.page.click("#new")
    page.set(retrieval=0)
    page.ask("What is a cat?")
    page.finish()
    assert "read" not in page.page.inner_text(".turn .notes")
    page.page.click("#open-settings")
    page.page.locator("#set-retrieval").scroll_into_view_if_needed()
    page.shot("page-settings-retrieval")


def compares(page):
    page.page.click("#new")
    page.page.click("#compare")
    page.ask("What is a cat?")
    page.finish()
    assert page.images() == 2


def check(browser):
    for options in [
        {}, {"color_scheme": "dark"}, {"width": 360, "height": 740},
    ]:
        page = Page(browser, url, shots, **options)
        if not options:
            for work in (answers, comes_back, shows_text_as_text, shows_a_hostile_answer, stops, edits,
                         edits_own, chooses, compares):
                work(page)
        else:
            name = "dark" if "color_scheme" in options else "phone"
            page.ask("What is a cat?")
            page.finish()
            page.page.get_by_role("button", name="Edit part").last.click()
            page.shot(f"page-region-{name}")
            assert page.fits()
            page.page.keyboard.press("Escape")
            page.page.click("#open-settings")
            page.page.locator("#set-candidates").scroll_into_view_if_needed()
            page.shot(f"page-settings-{name}")
        assert page.fits() and not page.problems, page.problems


def check_bank(browser):
    page = Page(browser, url, shots)
    retrieves(page)
    assert page.fits() and not page.problems, page.problems


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    if has_bank:
        check_bank(browser)
        print("the page: documents of a memory bank are read, or not")
    else:
        check(browser)
        check_views(browser, url, shots)
        print("the page: answers, history, plain text, stopping, editing, candidates, comparing, dark and "
              "narrow windows work, and look as in docs")
