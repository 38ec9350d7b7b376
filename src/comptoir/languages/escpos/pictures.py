"""Pictures as ESC/POS commands: rows of bytes (GS v 0), or columns of dots (ESC *) for printers without rows.

It neither scales nor dithers. No picture commands anything: dots that a printer would obey at once are moved by one
place (`realtime.disarm`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from comptoir.core.page import Picture
from comptoir.languages.escpos.realtime import disarm, harmless

#: yH stays 0
MOST_ROWS: Final = 255
#: ESC * 33: columns of 24 dots; ESC * 1: of 8 dots, all that printers with needles have
_DEEP: Final = 24
_NEEDLES: Final = 8
#: ESC 3: no gap between two bands. 24 is 24 dots or fewer, and a line is never lower than its dots; needles strike
#: 1/72 inch apart and feed by 1/144.
_BAND: Final[dict[int, bytes]] = {_DEEP: b"\x1b3\x18", _NEEDLES: b"\x1b3\x10"}
_USUAL_SPACING: Final = b"\x1b2"


def rows(picture: Picture, strip: int) -> Iterator[bytes]:
    """GS v 0, `strip` rows in a command: a printer sets commands that follow each other seamlessly."""
    across = (picture.width + 7) // 8
    high = min(max(strip, 1), MOST_ROWS)
    bits = disarm(picture.bits)
    for top in range(0, picture.height, high):
        count = min(high, picture.height - top)
        yield b"\x1dv0\x00%c%c%c\x00" % (across & 0xFF, across >> 8, count)
        yield bits[top * across : (top + count) * across]


def columns(picture: Picture, strip: int) -> Iterator[bytes]:
    """ESC *, a band of 24 rows a line; of 8 rows where `strip` is less than 24. The line spacing is as before."""
    from PIL import Image  # noqa: PLC0415 - 25 MB, and few printers need it

    deep = _DEEP if strip >= _DEEP else _NEEDLES
    mode = 33 if deep == _DEEP else 1
    image = Image.frombytes("1", (picture.width, picture.height), picture.bits)
    yield _BAND[deep]
    width = picture.width if harmless(picture.width) else picture.width + 1
    for top in range(0, picture.height, deep):
        band = image.crop((0, top, width, top + deep)).transpose(Image.Transpose.TRANSPOSE)
        yield b"\x1b*%c%c%c%b\n" % (mode, width & 0xFF, width >> 8, disarm(band.tobytes()))
    yield _USUAL_SPACING
