"""Uses the page of a server in headless Chromium: check_page.py URL [FOLDER for screenshots].

The model must draw something for "What is a cat?" (models/dictionary/answers does).
"""
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

url = sys.argv[1]
shots = Path(sys.argv[2]) if len(sys.argv) > 2 else None


class Page:
    """A window of a fresh profile."""

    def __init__(self, browser, width=1200, height=860, **options):
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, accept_downloads=True, **options)
        self.page = self.context.new_page()
        self.problems = []
        self.page.on("console", lambda m: m.type == "error" and self.problems.append(m.text))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.goto(url)
        self.page.wait_for_selector("#examples button")

    def until(self, expression, seconds=60):
        end = time.time() + seconds
        while not self.page.evaluate(expression):
            assert time.time() < end, f"never: {expression}"
            self.page.wait_for_timeout(20)

    def ask(self, text):
        self.page.fill("#question", text)
        self.page.press("#question", "Enter")

    def finish(self):
        self.until("document.getElementById('send').textContent === 'Ask'")

    def shot(self, name):
        if shots:
            self.page.screenshot(path=shots / f"{name}.png")

    def fits(self):
        return self.page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    def images(self):
        return self.page.locator("#turns img[src^='data:image/png']").count()


def answers(page):
    page.shot("page-start")
    page.ask("What is a cat?")
    page.until("document.querySelector('#turns img')")
    page.shot("page-growing")
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


def compares(page):
    page.page.click("#new")
    page.page.click("#compare")
    page.ask("What is a cat?")
    page.finish()
    assert page.images() == 2
    page.shot("page-compare")


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    for options in [
        {}, {"color_scheme": "dark"}, {"width": 360, "height": 740},
    ]:
        page = Page(browser, **options)
        if not options:
            for check in (answers, comes_back, shows_text_as_text, stops, compares):
                check(page)
        else:
            name = "dark" if "color_scheme" in options else "phone"
            page.ask("What is a cat?")
            page.finish()
            page.shot(f"page-{name}")
        assert page.fits() and not page.problems, page.problems
print("the page: answers, history, plain text, stopping, comparing, dark and narrow windows work")
