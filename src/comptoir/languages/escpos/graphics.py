"""The three ways in which ESC/POS sends dots, as pictures. It keeps no position and prints nothing.

GS v 0 rows of bytes; ESC * columns of 8 or 24 dots; GS ( L and GS 8 L rows that are printed later, on order.
"""

from __future__ import annotations

from typing import Final

from comptoir.core.page import Align, Picture

#: Columns of ESC * that are looked at: more than any receipt printer has.
WIDEST: Final = 2048

_SPREAD: Final = [
    sum(((byte >> bit) & 1) * 3 << (2 * bit) for bit in range(8)).to_bytes(2, "big") for byte in range(256)
]


def raster(body: bytes, align: Align) -> Picture | None:
    """GS v 0, the parameters after `v`: 0 m xL xH yL yH and the rows. None where it has no dots."""
    mode, across = body[1] & 3, body[2] + (body[3] << 8)
    height = body[4] + (body[5] << 8)
    return _picture(across * 8, height, body[6:], wide=bool(mode & 1), tall=bool(mode & 2), align=align)


def stored(body: bytes, align: Align) -> Picture | None:
    """GS ( L function 112, from `0 p` on: a bx by c xL xH yL yH and the rows. None where it is not
    understood."""
    if len(body) < 10 or body[2] != 48:
        return None
    width, height = body[6] + (body[7] << 8), body[8] + (body[9] << 8)
    rows = body[10:]
    if len(rows) < (width + 7) // 8 * height:
        return None
    return _picture(width, height, rows, wide=body[3] == 2, tall=body[4] == 2, align=align)


def columns(body: bytes, align: Align) -> Picture | None:
    """ESC *, the parameters: m nL nH and the columns. Single density dots are two wide; 8-dot columns three
    high."""
    mode, count = body[0], min(body[1] + (body[2] << 8), WIDEST)
    deep = 3 if mode in (32, 33) else 1
    across = (count + 7) // 8
    height = 8 * deep
    bits = bytearray(across * height)
    for column in range(count):
        strip = int.from_bytes(body[3 + column * deep : 3 + (column + 1) * deep], "big")
        mask = 0x80 >> (column & 7)
        for row in range(height):
            if strip >> (height - 1 - row) & 1:
                bits[row * across + (column >> 3)] |= mask
    picture = _picture(count, height, bytes(bits), wide=mode in (0, 32), tall=False, align=align)
    if picture is None or deep == 3:
        return picture
    return Picture(picture.width, 24, _repeated(picture, 3), align)


def _picture(width: int, height: int, bits: bytes, *, wide: bool, tall: bool, align: Align) -> Picture | None:
    """A picture, its dots doubled in width and height as asked."""
    if not width or not height:
        return None
    across = (width + 7) // 8
    picture = Picture(width, height, bits[: across * height], align)
    if wide:
        doubled = b"".join([_SPREAD[byte] for byte in picture.bits])
        # Each row's bytes doubled may be one more than the doubled width needs.
        keep, every = (2 * width + 7) // 8, 2 * across
        rows = b"".join(doubled[top * every : top * every + keep] for top in range(height))
        picture = Picture(2 * width, height, rows, align)
    if tall:
        picture = Picture(picture.width, 2 * height, _repeated(picture, 2), align)
    return picture


def _repeated(picture: Picture, times: int) -> bytes:
    """The rows, each as often as asked."""
    across = (picture.width + 7) // 8
    return b"".join(picture.bits[top : top + across] * times for top in range(0, across * picture.height, across))
