"""Makes the fixtures of this folder; libsixel is the reference that decodes sixel graphics.

    apt-get install libsixel-bin
    python3 generate.py images                        # NAME.png
    JAM_RECORD=1 scripts/test --filter SixelTests     # NAME.six, what we encode
    python3 generate.py decode                        # NAME.decoded.png, what libsixel 1.10.3 sees

The test compares what we encode with NAME.six, and what we mean by it with NAME.decoded.png.
"""

import struct
import subprocess
import sys
import zlib
from pathlib import Path

HERE = Path(__file__).parent


def png(width, height, pixel):
    rows = b"".join(
        b"\0" + b"".join(bytes(pixel(x, y)) for x in range(width)) for y in range(height)
    )

    def chunk(kind, data):
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


def many(x, y):
    """More than 256 colors: gradients, a hard edge, and a disk that shades off."""
    if 12 <= x < 20 and 8 <= y < 30:
        return 10, 20, 200
    shade = max(0, 1 - ((x - 42) ** 2 + (y - 22) ** 2) / 300)
    return (
        int(x * 255 / 60 * (1 - shade) + 250 * shade),
        int(y * 255 / 46 * (1 - shade) + 120 * shade),
        (x * y) % 64 + 60,
    )


def few(x, y):
    """Four colors: runs, single pixels, and a height that is no multiple of six."""
    if (x + 2 * y) % 13 == 0:
        return 255, 240, 0
    if 5 <= x < 27 and 3 <= y < 9:
        return 200, 20, 60
    return (255, 255, 255) if y < 10 else (1, 2, 3)


if sys.argv[1:] == ["images"]:
    (HERE / "many.png").write_bytes(png(61, 47, many))
    (HERE / "few.png").write_bytes(png(33, 16, few))
elif sys.argv[1:] == ["decode"]:
    for name in ["many", "few"]:
        command = ["sixel2png", "-i", HERE / f"{name}.six", "-o", HERE / f"{name}.decoded.png"]
        subprocess.run(command, check=True)
else:
    sys.exit(__doc__)
