"""Pictures as Star printers take them: bands of 24 rows (ESC k) or one raster (ESC GS S). It knows no lines of text.

ESC k is in Star Line Mode and in StarPRNT; ESC GS S in StarPRNT alone. A picture is put in its place by white bytes
before it: not every model lets ESC GS a move pictures.

Disarming: a printer obeys ESC ACK SOH (status) and ESC ACK CAN (reset) as they arrive, wherever they stand. Those two
bytes never stand together in a picture. The one-byte commands of that kind (CAN, ENQ, EOT; FS, the drawer of the dot
impact printers) are counted as data inside a picture: a printer that obeyed them there could print no picture at all.
"""

from __future__ import annotations

from typing import Final

from comptoir.core.errors import FormatError
from comptoir.core.page import Media, Picture
from comptoir.languages.limits import refuse_wider

BAND: Final = 24
#: bytes in a row of ESC k, whose n2 is 0
_WIDEST: Final = 255
#: ESC 0: lines of 3 mm, the 24 dots of a band, so that bands meet; ESC z 1: back to the 4 mm of text
NARROW: Final = b"\x1b0"
WIDE: Final = b"\x1bz\x01"


def disarm(bits: bytes) -> bytes:
    """The picture's bytes without any ESC ACK. Same length, same amount of black: a dot of the ESC byte moves by one
    place."""
    return bits.replace(b"\x1b\x06", b"\x1d\x06")


def placed(picture: Picture, media: Media) -> tuple[int, bytes]:
    """The picture with white on its left, as its alignment asks: bytes in a row, rows. To the next 8 dots.

    Raises FormatError for a picture that is wider than the paper.
    """
    refuse_wider(picture, media)
    across = (picture.width + 7) // 8
    spare = (media.dots - picture.width) // 8
    left = {"left": 0, "center": spare // 2, "right": spare}[picture.align]
    if not left:
        return across, disarm(picture.bits)
    white = bytes(left)
    rows = (white + picture.bits[top : top + across] for top in range(0, len(picture.bits), across))
    return left + across, disarm(b"".join(rows))


def bands(picture: Picture, media: Media) -> bytes:
    """ESC k n1 0 and 24 rows, again and again; the last band is filled up with white. Raises FormatError."""
    across, bits = placed(picture, media)
    if across > _WIDEST:
        raise FormatError(
            f"A Star printer takes pictures of {_WIDEST * 8} dots at the most; this one has {across * 8}.",
            "Correct the printer's width, or its language.",
        )
    size = across * BAND
    bits += bytes(-len(bits) % size) if size else b""
    head = b"\x1bk%c\x00" % across
    body = b"".join(head + bits[top : top + size] + b"\n" for top in range(0, len(bits), size or 1))
    return NARROW + body + WIDE


def raster(picture: Picture, media: Media, strip: int) -> bytes:
    """ESC GS S 1 xL xH yL yH 0 and the rows, in strips: a printer holds one in its buffer."""
    across, bits = placed(picture, media)
    out: list[bytes] = []
    for top in range(0, picture.height, strip):
        rows = min(strip, picture.height - top)
        size = across.to_bytes(2, "little") + rows.to_bytes(2, "little")
        out.append(b"\x1b\x1dS\x01" + size + b"\x00" + bits[top * across : (top + rows) * across])
    return b"".join(out)
