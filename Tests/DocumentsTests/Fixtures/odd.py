"""Image files of kinds that are rare and allowed: by Pillow where it writes them, else by hand."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo


def save(image, form, **options):
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


# PNG


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(rows_by_pass, width, height, depth, color, interlaced, before_data=b""):
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    data = b"".join(b"\0" + row for rows in rows_by_pass for row in rows)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before_data
        + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")
    )


def packed(indices, bits, order="big"):
    """Rows of indices with `bits` a pixel, the first in the highest bits."""
    rows = []
    for row in indices:
        number = "".join(format(int(value), f"0{bits}b") for value in row)
        number += "0" * (-len(number) % 8)
        rows.append(bytes(int(number[i:i + 8], 2) for i in range(0, len(number), 8)))
    return rows


def odd_png(rgb, alpha):
    height, width, _ = rgb.shape
    grey = np.asarray(Image.fromarray(rgb).convert("L"))
    wide = lambda values: (values.astype(np.uint16) << 8 | 0x42).astype(">u2")
    palette = bytes(range(0, 48))
    files = {}
    for bits in (1, 2, 4):
        small = grey >> (8 - bits)
        files[f"grey{bits}.png"] = png([packed(small, bits)], width, height, bits, 0, False)
        colors = chunk(b"PLTE", palette[:3 << bits])
        files[f"palette{bits}.png"] = png([packed(small, bits)], width, height, bits, 3, False, colors)
    rgba = np.dstack([rgb, alpha])
    files["rgba16.png"] = png([[r.tobytes() for r in wide(rgba)]], width, height, 16, 6, False)
    pair = np.dstack([grey, alpha])
    files["grey-alpha16.png"] = png([[r.tobytes() for r in wide(pair)]], width, height, 16, 4, False)
    few = chunk(b"PLTE", palette) + chunk(b"tRNS", bytes([0, 128, 255]))
    files["palette-alpha.png"] = png([packed(grey >> 4, 4)], width, height, 4, 3, False, few)
    one = chunk(b"tRNS", struct.pack(">HHH", 10, 20, 200))
    files["rgb-key.png"] = png([[r.tobytes() for r in rgb]], width, height, 8, 2, False, one)
    one = chunk(b"tRNS", struct.pack(">H", int(grey[0, 0])))
    files["grey-key.png"] = png([[r.tobytes() for r in grey]], width, height, 8, 0, False, one)
    extras = chunk(b"gAMA", struct.pack(">I", 45455)) + chunk(b"pHYs", b"\0\0\x0b\x13" * 2 + b"\1")
    extras += chunk(b"tEXt", b"Comment\0odd") + chunk(b"bKGD", b"\0\1" * 3)
    files["extras.png"] = png([[r.tobytes() for r in rgb]], width, height, 8, 2, False, extras)
    image = Image.fromarray(rgb)
    files["adaptive.png"] = save(image, "PNG", compress_level=1)
    files["stored.png"] = save(image, "PNG", compress_level=0)
    files["tall.png"] = save(image.resize((3, 90)), "PNG")
    files["wide.png"] = save(image.resize((120, 2)), "PNG")
    return files


# JPEG


def odd_jpeg(image):
    files = {}
    for name, sampling in (("420", "4:2:0"), ("422", "4:2:2"), ("444", "4:4:4"), ("411", "4:1:1")):
        files[f"sampled{name}.jpg"] = save(image, "JPEG", quality=92, subsampling=sampling)
    files["coarse.jpg"] = save(image, "JPEG", quality=5)
    files["finest.jpg"] = save(image, "JPEG", quality=100, subsampling=0)
    files["restarts.jpg"] = save(image, "JPEG", quality=90, restart_marker_blocks=1)
    files["optimized.jpg"] = save(image, "JPEG", quality=90, optimize=True)
    files["kept-rgb.jpg"] = save(image, "JPEG", quality=90, keep_rgb=True)
    files["comment.jpg"] = save(image, "JPEG", quality=90, comment=b"odd \xff\xd9 bytes", dpi=(72, 72))
    files["profile.jpg"] = save(image, "JPEG", quality=90, icc_profile=b"\0" * 70000)
    files["progressive-grey.jpg"] = save(image.convert("L"), "JPEG", quality=90, progressive=True)
    files["progressive-cmyk.jpg"] = save(image.convert("CMYK"), "JPEG", quality=90, progressive=True)
    files["one.jpg"] = save(image.resize((1, 1)), "JPEG", quality=90)
    files["behind.jpg"] = save(image, "JPEG", quality=90) + b"\0" * 40
    return files


# GIF


def with_gif_frame_at(data, left, top, canvas):
    """Moves the frame of a GIF whose colors are global, on a larger canvas."""
    data = bytearray(data)
    data[6:10] = struct.pack("<HH", *canvas)
    start = 13 + (3 << (data[10] & 7) + 1)
    while data[start] == 0x21:
        start += 2
        while data[start]:
            start += data[start] + 1
        start += 1
    data[start + 1:start + 5] = struct.pack("<HH", left, top)
    return bytes(data)


def odd_gif(image, clear):
    palette = image.quantize(16)
    few = image.quantize(3)
    frames = [palette, ImageOps.invert(image).quantize(16)]
    files = {
        "still.gif": save(image, "GIF", interlace=False),
        "interlaced.gif": save(image, "GIF", interlace=True),
        "few.gif": save(few, "GIF"),
        "grey.gif": save(image.convert("L"), "GIF"),
        "bit.gif": save(image.convert("1"), "GIF"),
        "transparent.gif": save(palette, "GIF", transparency=3),
        "clear.gif": save(clear, "GIF"),
        "comment.gif": save(palette, "GIF", comment=b"odd " * 100),
        "moving.gif": save(frames[0], "GIF", save_all=True, append_images=frames[1:], loop=0),
        "one.gif": save(image.resize((1, 1)), "GIF"),
    }
    files["inset.gif"] = with_gif_frame_at(files["interlaced.gif"], 3, 5, (40, 30))
    files["inset-transparent.gif"] = with_gif_frame_at(files["transparent.gif"], 7, 2, (35, 25))
    files["beyond.gif"] = with_gif_frame_at(files["few.gif"], 6, 4, (10, 10))
    return files


# BMP


def bmp(width, rows, bits, encoding=0, palette=b"", masks=b"", body=None, size=40, top_down=False):
    """A bitmap; `rows` are bytes from the top."""
    height = len(rows)
    if body is None:
        order = rows if top_down else rows[::-1]
        body = b"".join(row + b"\0" * (-len(row) % 4) for row in order)
    header = struct.pack(
        "<IiiHHIIiiII", size, width, -height if top_down else height, 1, bits, encoding, len(body),
        2835, 2835, len(palette) // 4, 0)
    inside = size - 40
    header += (masks + b"\0" * inside)[:inside] if inside else masks
    start = 14 + len(header) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + header + palette + body


def os2_bmp(width, rows, bits, palette):
    body = b"".join(row + b"\0" * (-len(row) % 4) for row in rows[::-1])
    header = struct.pack("<IHHHH", 12, width, len(rows), 1, bits)
    start = 14 + len(header) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + header + palette + body


def runs8(indices):
    body = b""
    for row in indices[::-1]:
        row = list(row)
        if len(row) > 6:
            # Some pixels as they are, padded to two bytes, and the rest as runs.
            body += bytes([0, 5]) + bytes(row[:5]) + b"\0"
            row = row[5:]
        while row:
            count = 1
            while count < len(row) and count < 255 and row[count] == row[0]:
                count += 1
            body += bytes([count, row[0]])
            row = row[count:]
        body += b"\0\0"
    return body + b"\0\1"


def runs4(indices):
    body = b""
    for row in indices[::-1]:
        row = list(row)
        while len(row) > 1:
            body += bytes([2, row[0] << 4 | row[1]])
            row = row[2:]
        if row:
            body += bytes([1, row[0] << 4])
        body += b"\0\0"
    return body + b"\0\1"


def odd_bmp(rgb, alpha):
    height, width, _ = rgb.shape
    image = Image.fromarray(rgb)
    grey = np.asarray(image.convert("L"))
    palette = bytes(v for i in range(16) for v in (i * 16, 255 - i * 9, i * 5, 0))
    bgr = rgb[..., ::-1]
    bgra = np.dstack([bgr, alpha])
    five = (rgb[..., 0] >> 3).astype("<u2") << 10 | (rgb[..., 1] >> 3).astype("<u2") << 5 | rgb[..., 2] >> 3
    six = (rgb[..., 0] >> 3).astype("<u2") << 11 | (rgb[..., 1] >> 2).astype("<u2") << 5 | rgb[..., 2] >> 3
    lines = lambda values: [row.tobytes() for row in values]
    masks16 = struct.pack("<III", 0xF800, 0x07E0, 0x001F)
    masks32 = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    sixteen = grey >> 4
    eight = b"".join(struct.pack("BBBB", i, 255 - i, i // 2, 0) for i in range(256))
    return {
        "rgb.bmp": save(image, "BMP"),
        "rgba.bmp": save(Image.fromarray(np.dstack([rgb, alpha])), "BMP"),
        "grey.bmp": save(image.convert("L"), "BMP"),
        "bit.bmp": save(image.convert("1"), "BMP"),
        "palette.bmp": save(image.quantize(16), "BMP"),
        "palette1.bmp": bmp(width, packed(grey >> 7, 1), 1, palette=palette[:8]),
        "palette4.bmp": bmp(width, packed(sixteen, 4), 4, palette=palette),
        "palette8.bmp": bmp(width, lines(grey), 8, palette=eight),
        "top-down.bmp": bmp(width, lines(bgr), 24, top_down=True),
        "rgb555.bmp": bmp(width, lines(five.astype("<u2")), 16),
        "rgb565.bmp": bmp(width, lines(six.astype("<u2")), 16, 3, masks=masks16),
        "unused-byte.bmp": bmp(width, lines(bgra), 32),
        "alpha-masks.bmp": bmp(width, lines(bgra), 32, 3, masks=masks32, size=56),
        "version4.bmp": bmp(width, lines(bgra), 32, 3, masks=masks32, size=108),
        "version5.bmp": bmp(width, lines(bgr), 24, size=124),
        "runs8.bmp": bmp(width, lines(grey), 8, 1, palette=eight, body=runs8(grey)),
        "runs4.bmp": bmp(width, lines(sixteen), 4, 2, palette=palette, body=runs4(sixteen)),
        "os2.bmp": os2_bmp(width, lines(bgr), 24, b""),
        "os2-palette.bmp": os2_bmp(
            width, packed(sixteen, 4), 4, b"".join(palette[i:i + 3] for i in range(0, 64, 4))),
    }


# TIFF


def without_tag(tiff, tag):
    """A little-endian TIFF of one page without an entry of its directory."""
    start = struct.unpack_from("<I", tiff, 4)[0]
    count = struct.unpack_from("<H", tiff, start)[0]
    entries = [tiff[start + 2 + 12 * i:start + 14 + 12 * i] for i in range(count)]
    kept = [entry for entry in entries if struct.unpack_from("<H", entry)[0] != tag]
    assert len(kept) == count - 1
    directory = struct.pack("<H", len(kept)) + b"".join(kept) + bytes(16)
    return tiff[:start] + directory + tiff[start + len(directory):]


def odd_tiff(image, clear):
    grey = image.convert("L")
    files = {
        "rgb.tif": save(image, "TIFF"),
        "rgba.tif": save(clear, "TIFF"),
        "grey.tif": save(grey, "TIFF"),
        "grey-alpha.tif": save(clear.convert("LA"), "TIFF"),
        # A fourth sample that nothing names, and one that no tag counts.
        "rgbx.tif": save(Image.merge("RGBX", (*image.split(), clear.getchannel("A"))), "TIFF"),
        "unnamed.tif": without_tag(save(clear, "TIFF"), 338),
        "bit.tif": save(image.convert("1"), "TIFF"),
        "palette.tif": save(image.quantize(16), "TIFF"),
        "big.tif": save(image, "TIFF", big_tiff=True),
        "pages.tif": save(image, "TIFF", save_all=True, append_images=[ImageOps.invert(image)]),
        "fax3.tif": save(image.convert("1"), "TIFF", compression="group3"),
        "fax4.tif": save(image.convert("1"), "TIFF", compression="group4"),
        "one.tif": save(image.resize((1, 1)), "TIFF"),
    }
    for kind in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "zstd", "lzma"):
        files[f"{kind.removeprefix('tiff_')}.tif"] = save(image, "TIFF", compression=kind)
    files["predicted.tif"] = save(image, "TIFF", compression="tiff_lzw", tiffinfo={317: 2})
    files["rows.tif"] = save(image, "TIFF", compression="tiff_lzw", tiffinfo={278: 5})
    for value in (3, 6, 7):
        files[f"turned{value}.tif"] = save(image, "TIFF", tiffinfo={274: value})
    return files


# AVIF


def odd_avif(image, clear):
    files = {
        "rgb.avif": save(image, "AVIF", quality=90, subsampling="4:4:4"),
        "alpha.avif": save(clear, "AVIF", quality=90, subsampling="4:4:4"),
        "420.avif": save(image, "AVIF", quality=80),
        "grey.avif": save(image.convert("L"), "AVIF", quality=90),
        "full.avif": save(image, "AVIF", quality=100, subsampling="4:4:4", range="full"),
        "limited.avif": save(image, "AVIF", quality=95, subsampling="4:4:4", range="limited"),
        "moving.avif": save(
            image, "AVIF", quality=90, subsampling="4:4:4", save_all=True,
            append_images=[ImageOps.invert(image)]),
    }
    exif = Image.Exif()
    for value in (5, 6):
        exif[0x0112] = value
        files[f"turned{value}.avif"] = save(image, "AVIF", quality=90, subsampling="4:4:4", exif=exif)
    return files


# Where orientation and animation hide


def raw_profile(exif):
    digits = exif.hex()
    lines = [digits[i:i + 72] for i in range(0, len(digits), 72)]
    return "\nexif\n{:8d}\n".format(len(exif)) + "\n".join(lines) + "\n"


def odd_metadata(image, clear):
    exif = b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0)
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
        'syntax-ns#"><rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" {}</rdf:RDF></x:xmpmeta>'
    )
    attribute = xmp.format('tiff:Orientation="8"/>').encode()
    element = xmp.format("><tiff:Orientation>3</tiff:Orientation></rdf:Description>").encode()
    frames = [image, ImageOps.invert(image)]
    texts = {}
    for name, compressed in (("raw", False), ("raw-compressed", True)):
        info = PngInfo()
        info.add_text("Raw profile type exif", raw_profile(exif), zip=compressed)
        texts[f"{name}.png"] = save(image, "PNG", pnginfo=info)
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", attribute.decode())
    jpeg = save(image, "JPEG", quality=90)
    return texts | {
        "xmp.png": save(image, "PNG", pnginfo=info),
        "xmp.jpg": save(image, "JPEG", quality=90, xmp=attribute),
        "xmp-element.jpg": save(image, "JPEG", quality=90, xmp=element),
        "xmp.webp": save(clear, "WEBP", lossless=True, xmp=attribute),
        "stray-header.jpg": jpeg[:20] + b"\7\1\0" + jpeg[20:],
        "animated.webp": save(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True),
        "animated.png": save(frames[0], "PNG", save_all=True, append_images=frames[1:]),
    }


def files(rgb, alpha):
    image = Image.fromarray(rgb)
    clear = image.copy()
    clear.putalpha(Image.fromarray(alpha))
    return (
        odd_png(rgb, alpha) | odd_jpeg(image) | odd_gif(image, clear) | odd_bmp(rgb, alpha)
        | odd_tiff(image, clear) | odd_avif(image, clear) | odd_metadata(image, clear)
    )
