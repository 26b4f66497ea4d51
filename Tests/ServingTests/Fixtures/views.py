"""Compares views of the page with those in docs, which the README shows.

JAM_RECORD=1 records them anew: look at each before you commit it. The letters are those of Debian's
Chromium and DejaVu Sans.
"""
import io
import os
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

from page import Page

references = Path(__file__).parents[3] / "docs"

# Tiles of 16 pixels are compared. Letters smoothed without hinting or for a screen's subpixels stay
# below these limits; what moves by 2 pixels, is missing or has another color does not.
tile = 16
furthest = 40  # of 255, how far a pixel's color may be off after a blur
most_far_pixels = 32  # that are further off
furthest_mean = 9  # how far a tile's mean color may be off
furthest_hue = 5  # how far its red may be off from its green, and its green from its blue


def difference(expected, found):
    """The tiles in which two images of one size differ: [(x, y)]."""
    blurred = [image.filter(ImageFilter.BoxBlur(1)) for image in (expected, found)]
    red, green, blue = ImageChops.difference(*blurred).split()
    off = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    is_far = off.point([value > furthest for value in range(256)])
    means = [image.reduce(tile) for image in (expected, found)]

    def differs(column, row):
        x, y = column * tile, row * tile
        old, new = [mean.getpixel((column, row)) for mean in means]
        red, green, blue = [b - a for a, b in zip(old, new)]
        return (is_far.crop((x, y, x + tile, y + tile)).histogram()[1] > most_far_pixels
                or max(abs(red), abs(green), abs(blue)) > furthest_mean
                or max(abs(red - green), abs(green - blue)) > furthest_hue)

    columns, rows = means[0].size
    return [(tile * x, tile * y) for y in range(rows) for x in range(columns) if differs(x, y)]


def growing(page):
    """An answer while its picture grows."""
    page.set(seed=1)
    page.ask_half("What is a lion?")


def dark(page):
    """An answer of a picture and words."""
    page.set(seed=1)
    page.ask("What is a snail?")
    page.finish()


def compare(page):
    """One question, two settings."""
    page.page.click("#compare")
    page.set(0, seed=1)
    page.set(1, seed=1, guidance=1, image_temperature=1.5)
    page.ask("What is a guitar?")
    page.finish()


def phone(page):
    """An answer on a phone."""
    page.set(seed=1)
    page.ask("What is a cat?")
    page.finish()


views = [
    (growing, {"width": 900, "height": 700}),
    (dark, {"width": 900, "height": 700, "color_scheme": "dark"}),
    (compare, {"width": 1200, "height": 880}),
    (phone, {"width": 360, "height": 760, "is_mobile": True, "has_touch": True}),
]


def check_views(browser, url, shots):
    """Compares each view; `shots` is the folder that gets the screenshots, or `None`."""
    for view, options in views:
        page = Page(browser, url, shots, reduced_motion="reduce", locale="en-US", **options)
        view(page)
        page.until("[...document.querySelectorAll('#turns img')].every((i) => i.naturalWidth > 0)")
        assert page.fits() and not page.problems, page.problems
        name = f"page-{view.__name__}"
        screenshot = page.page.screenshot(animations="disabled")
        page.context.close()
        if shots:
            (shots / f"{name}.png").write_bytes(screenshot)
        found = Image.open(io.BytesIO(screenshot)).convert("RGB")
        reference = references / f"{name}.png"
        if os.environ.get("JAM_RECORD"):
            found.save(reference, optimize=True)
            continue
        expected = Image.open(reference).convert("RGB")
        assert found.size == expected.size, f"{name}: {found.size}, expected {expected.size}"
        places = difference(expected, found)
        assert not places, (
            f"{name}: differs from {reference.name} in {len(places)} tiles, the first at {places[0]}")
