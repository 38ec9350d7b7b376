"""Dots as Windows takes them: a device-independent bitmap (wingdi.h, BITMAPINFO). Pure.

Rows from the bottom, each padded to four bytes; blue before green before red; a table of colours for fewer than
eight bits of each.
"""

from __future__ import annotations

import struct
from typing import Final

from comptoir.core.sheet import Ink

_HEADER: Final = struct.Struct("<IiiHHIIiiII")
#: ink → bits a dot, colours of the table
_FORMS: Final[dict[Ink, tuple[int, bytes]]] = {
    # Of `core.sheet.Side`, 1 is black.
    "black": (1, b"\xff\xff\xff\0" + b"\0\0\0\0"),
    "greys": (8, b"".join(bytes((grey, grey, grey, 0)) for grey in range(256))),
    "colours": (24, b""),
}


def dib(ink: Ink, width: int, height: int, dots: bytes) -> tuple[bytes, bytes]:
    """BITMAPINFO and the bits of width × height dots, as `core.sheet.Side` has them."""
    bits, table = _FORMS[ink]
    stride, row = (width * bits + 7) // 8, (width * bits + 31) // 32 * 4
    if ink == "colours":
        turned = bytearray(dots)
        turned[0::3], turned[2::3] = dots[2::3], dots[0::3]
        dots = bytes(turned)
    padding = bytes(row - stride)
    rows = (dots[at : at + stride] + padding for at in range((height - 1) * stride, -1, -stride))
    header = _HEADER.pack(40, width, height, 1, bits, 0, row * height, 0, 0, len(table) // 4, 0)
    return header + table, b"".join(rows)
