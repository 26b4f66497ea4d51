"""Makes the fixtures of this folder with Pillow and Python's tarfile as references.

    python3 -m venv .venv && .venv/bin/pip install pillow==13.0.0 numpy webdataset==1.0.2 zstandard==0.25.0
    .venv/bin/python generate.py

Each image NAME.EXT has its pixels as the reference decodes them in NAME.EXT.rgb: transparency on
white, Exif orientation applied, red, green and blue of each pixel from the top left.
"""

import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
from pathlib import Path

import numpy as np
import webdataset
import zstandard
from PIL import Image, ImageOps

import odd
from odd import chunk, png, save

HERE = Path(__file__).parent
IMAGES = HERE / "images"
RESIZED = HERE / "resized"
SHARDS = HERE / "shards"


def scene(width=23, height=17):
    """A gradient with hard edges and a diagonal; odd sizes show errors of rounding and padding."""
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack([x * 255 // (width - 1), y * 255 // (height - 1), (x * y * 7) % 256], axis=-1)
    rgb[(x + y) % 11 == 0] = (255, 240, 0)
    rgb[4:8, 4:10] = (10, 20, 200)
    return rgb.astype(np.uint8)


def interlaced(rgb):
    """Adam7 passes: first column and row, then their steps."""
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
              (0, 1, 1, 2)]
    height, width, _ = rgb.shape
    rows = [[row.tobytes() for row in rgb[y::dy, x::dx]] for x, y, dx, dy in passes]
    return png(rows, width, height, 8, 2, True)


def sixteen_bit(rgb):
    height, width, _ = rgb.shape
    wide = (rgb.astype(np.uint16) << 8 | 0x37).astype(">u2")
    return png([[row.tobytes() for row in wide]], width, height, 16, 2, False)


def reference(data):
    with Image.open(io.BytesIO(data)) as image:
        image = ImageOps.exif_transpose(image)
        if image.mode.startswith("I;16"):
            return np.repeat((np.asarray(image) >> 8).astype(np.uint8)[..., None], 3, -1).tobytes(), image.size
        image = image.convert("RGBA") if "transparency" in image.info else image
        if image.mode in ("RGBA", "LA"):
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        return image.convert("RGB").tobytes(), image.size


def images():
    IMAGES.mkdir(exist_ok=True)
    rgb = scene()
    height, width, _ = rgb.shape
    image = Image.fromarray(rgb)
    alpha = Image.fromarray((np.mgrid[0:height, 0:width][1] * 255 // (width - 1)).astype(np.uint8))
    clear = image.copy()
    clear.putalpha(alpha)
    grey = image.convert("L")
    grey_clear = grey.copy()
    grey_clear.putalpha(alpha)
    grey16 = Image.fromarray(np.asarray(grey).astype(np.uint16) << 8 | 0x51)
    palette = image.quantize(16)
    exif = Image.Exif()
    files = {
        "rgb.png": save(image, "PNG"),
        "rgba.png": save(clear, "PNG"),
        "grey.png": save(grey, "PNG"),
        "grey-alpha.png": save(grey_clear, "PNG"),
        "grey16.png": save(grey16, "PNG"),
        "rgb16.png": sixteen_bit(rgb),
        "bit.png": save(image.convert("1"), "PNG"),
        "palette.png": save(palette, "PNG"),
        "palette-transparent.png": save(palette, "PNG", transparency=3),
        "interlaced.png": interlaced(rgb),
        "one.png": save(Image.new("RGB", (1, 1), (1, 2, 3)), "PNG"),
        "rgb.jpg": save(image, "JPEG", quality=90),
        "full.jpg": save(image, "JPEG", quality=95, subsampling=0),
        "grey.jpg": save(grey, "JPEG", quality=90),
        "progressive.jpg": save(image, "JPEG", quality=90, progressive=True),
        "cmyk.jpg": save(image.convert("CMYK"), "JPEG", quality=90),
        "lossy.webp": save(image, "WEBP", quality=80),
        "lossless.webp": save(image, "WEBP", lossless=True),
        "alpha.webp": save(clear, "WEBP", lossless=True),
    }
    for value in range(2, 9):
        exif[0x0112] = value
        files[f"turned{value}.jpg"] = save(image, "JPEG", quality=60, exif=exif)
        if value in (3, 6, 7):
            files[f"turned{value}.png"] = save(clear, "PNG", exif=exif)
            files[f"turned{value}.webp"] = save(clear, "WEBP", lossless=True, exif=exif)
    # As in COCO: padding before the end. And a 32-bit orientation, big-endian.
    whole = files["rgb.jpg"]
    files["stray.jpg"] = whole[:-2] + b"\1" * 20 + whole[-2:]
    progressive = files["progressive.jpg"]
    files["stray-progressive.jpg"] = progressive[:-2] + b"\0" * 18 + progressive[-2:]
    tiff = b"MM\0*" + struct.pack(">IHHHIII", 8, 1, 0x0112, 4, 1, 6, 0)
    plain = files["rgb.png"]
    files["turned-long.png"] = plain[:33] + chunk(b"eXIf", tiff) + plain[33:]
    files |= odd.files(rgb, np.asarray(alpha))
    sizes = {}
    for name, data in files.items():
        (IMAGES / name).write_bytes(data)
        pixels, sizes[name] = reference(data)
        (IMAGES / f"{name}.rgb").write_bytes(pixels)
    (IMAGES / "sizes.json").write_text(json.dumps(sizes, indent=1) + "\n")


def resized():
    RESIZED.mkdir(exist_ok=True)
    image = Image.fromarray(scene(37, 29))
    (RESIZED / "source.png").write_bytes(save(image, "PNG"))
    filters = {"bicubic": Image.Resampling.BICUBIC, "area": Image.Resampling.BOX}
    for width, height in [(12, 12), (64, 48), (37, 10), (5, 29), (1, 1), (74, 58)]:
        for name, kind in filters.items():
            pixels = image.resize((width, height), kind).tobytes()
            (RESIZED / f"{name}-{width}x{height}.rgb").write_bytes(pixels)


def add(archive, name, data, **fields):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in fields.items():
        setattr(info, key, value)
    archive.addfile(info, io.BytesIO(data))


def shards():
    SHARDS.mkdir(exist_ok=True)
    rgb = (IMAGES / "rgb.png").read_bytes()
    jpeg = (IMAGES / "rgb.jpg").read_bytes()
    talk = {"segments": [
        {"type": "text", "text": "What is this? \u2014 \u732b", "role": "user"},
        {"type": "image", "image": "0.png", "role": "user"},
        {"type": "text", "text": "A cat.", "role": "assistant"},
        {"type": "image", "image": "1.jpg", "role": "assistant"},
    ]}
    with tarfile.open(SHARDS / "pax.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        folder = tarfile.TarInfo("./part")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        # A fraction of a second and a name beyond ASCII each need an extended header.
        add(archive, "./part/000.txt", "a caf\u00e9".encode(), mtime=1.5)
        add(archive, "./part/000.PNG", rgb, mtime=1.5)
        add(archive, "./part/000.cls", b"7")
        add(archive, "part/\u732b.json", json.dumps(talk).encode())
        add(archive, "part/\u732b.0.png", rgb)
        add(archive, "part/\u732b.1.jpg", jpeg)
    long = "long/" + "x" * 150
    with tarfile.open(SHARDS / "gnu.tar", "w", format=tarfile.GNU_FORMAT) as archive:
        add(archive, long + ".txt", b"text alone")
        add(archive, "meta.jpg", jpeg)
        add(archive, "meta.json", b'{"url": "https://example.org", "score": 0.5}')
        add(archive, "meta.txt", b"with metadata")
    # What the writer of the program has to produce, byte for byte.
    with tarfile.open(SHARDS / "written.tar", "w", format=tarfile.USTAR_FORMAT) as archive:
        add(archive, "000000.txt", b"one")
        add(archive, "000001.json", '{"segments":[{"type":"text","text":"h\u00e9","role":"user"}]}'.encode())
    foreign()
    compressed()


def compressed():
    """The same archive and lines in every compression, and a bomb: 1 GiB of one letter."""
    compress = {
        "gz": lambda data: gzip.compress(data, mtime=0), "bz2": bz2.compress, "xz": lzma.compress,
        "zst": zstandard.ZstdCompressor(write_checksum=True).compress,
    }
    lines = "".join(json.dumps({"text": f"line {n} \u732b"}, ensure_ascii=False) + "\n" for n in range(4000))
    for suffix, function in compress.items():
        archive = (SHARDS / "pax.tar").read_bytes()
        (SHARDS / f"pax.tar.{suffix}").write_bytes(function(archive))
        (SHARDS / f"lines.jsonl.{suffix}").write_bytes(function(lines.encode()))
    bomb = bz2.BZ2Compressor()
    parts = [bomb.compress(b"a" * (1 << 20)) for _ in range(1024)]
    (SHARDS / "bomb.bz2").write_bytes(b"".join(parts) + bomb.flush())


def foreign():
    """An archive as other programs and people make them, and which samples webdataset reads in it."""
    rgb = (IMAGES / "rgb.png").read_bytes()
    path = SHARDS / "foreign.tar"

    def special(archive, name, kind, target=""):
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, target
        archive.addfile(info)

    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        add(archive, "README", b"about these data")
        add(archive, "._0.png", b"\0\5\x16\7Mac OS X")
        # A Mac's attributes, whose values are no text.
        body = b"SCHILY.xattr.com.apple.provenance=\1\x80\xff\n"
        record = str(len(body) + 3).encode() + b" " + body
        add(archive, "PaxHeader/0", record, type=tarfile.XHDTYPE)
        add(archive, "0.png", rgb)
        add(archive, "._0.txt", b"\0\5\x16\7Mac OS X")
        add(archive, "0.txt", b"\xef\xbb\xbfa mark before it")
        add(archive, "__MACOSX/._1.txt", b"\0\5\x16\7")
        add(archive, ".DS_Store", b"\0\0\0\1Bud1")
        add(archive, "1.5.png", rgb)
        add(archive, "1.5.txt", b"one and a half")
        add(archive, "2.png", rgb)
        add(archive, "2.json", b'{"caption": "in the metadata", "score": NaN, "url": null}')
        special(archive, "link.txt", tarfile.SYMTYPE, "0.txt")
        special(archive, "hard.txt", tarfile.LNKTYPE, "0.txt")
        special(archive, "pipe.txt", tarfile.FIFOTYPE)
        add(archive, "3.caption", b"a caption")
        add(archive, "3.png", rgb)
        add(archive, "3.cls", b"7")
        add(archive, "4.npy", b"\x93NUMPY")
        add(archive, "5.txt", b"last")
        add(archive, "_SUCCESS", b"")
    samples = [
        {"key": sample["__key__"], "suffixes": sorted(k for k in sample if not k.startswith("__"))}
        for sample in webdataset.WebDataset(str(path), shardshuffle=False, empty_check=False)
    ]
    (SHARDS / "foreign.json").write_text(json.dumps(samples, indent=1) + "\n")


images()
resized()
shards()
