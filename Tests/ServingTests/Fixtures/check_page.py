"""Uses the page of a server in headless Chromium, and compares how it looks with the images in docs:
check_page.py URL [FOLDER for screenshots].

The model must draw something for "What is a cat?" (models/dictionary/answers does).
"""
import base64
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from page import Page
from views import check_views

url = sys.argv[1]
shots = Path(sys.argv[2]) if len(sys.argv) > 2 else None


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


def edits_own(page, side=100):
    """The user's own image, of another size."""
    page.page.click("#new")
    page.page.set_input_files("#file", {
        "name": "gray.png", "mimeType": "image/png",
        "buffer": base64.b64decode(page.page.evaluate(f"""() => {{
            const canvas = document.createElement("canvas");
            canvas.width = canvas.height = {side};
            canvas.getContext("2d").fillRect(0, 0, {side}, {side});
            return canvas.toDataURL().split(",")[1];
        }}"""))})
    page.page.click("#thumbnails .part")
    page.page.fill("#region-words", "a moon")
    page.shot("page-region-own")
    page.page.click("#region-form [type=submit]")
    page.until("document.querySelectorAll('.turn').length === 1")
    page.finish()
    assert page.page.locator("#thumbnails:visible").count() == 0
    assert page.page.locator(".turn figure img").count() == 1
    assert page.page.locator(".status.failed:visible").count() == 0


def compares(page):
    page.page.click("#new")
    page.page.click("#compare")
    page.ask("What is a cat?")
    page.finish()
    assert page.images() == 2


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    for options in [
        {}, {"color_scheme": "dark"}, {"width": 360, "height": 740},
    ]:
        page = Page(browser, url, shots, **options)
        if not options:
            for check in (answers, comes_back, shows_text_as_text, stops, edits, edits_own, compares):
                check(page)
        else:
            name = "dark" if "color_scheme" in options else "phone"
            page.ask("What is a cat?")
            page.finish()
            page.page.get_by_role("button", name="Edit part").last.click()
            page.shot(f"page-region-{name}")
            assert page.fits()
            page.page.keyboard.press("Escape")
        assert page.fits() and not page.problems, page.problems
    check_views(browser, url, shots)
print("the page: answers, history, plain text, stopping, editing, comparing, dark and narrow windows work, "
      "and look as in docs")
