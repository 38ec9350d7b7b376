"""The ways in which ESC/POS sends dots, as pictures. It keeps no position and prints nothing.

GS v 0 rows of bytes; ESC *, GS *, FS q and GS Q columns of dots; GS ( L and GS 8 L either, printed later, on
order. A second colour, and each plane of a picture in tones, is ink like the first.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Final

from comptoir.core.page import Align, Picture

#: Columns of ESC * that are looked at: more than any receipt printer has.
WIDEST: Final = 2048

_SPREAD: Final = [
    sum(((byte >> bit) & 1) * 3 << (2 * bit) for bit in range(8)).to_bytes(2, "big") for byte in range(256)
]
#: for each bit of a byte, most significant first: the byte -> "0" or "1"
_BITS: Final = [bytes(48 + (byte >> bit & 1) for byte in range(256)) for bit in range(7, -1, -1)]


def raster(body: bytes, align: Align) -> Picture | None:
    """GS v 0, the parameters after `v`: 0 m xL xH yL yH and the rows. None where it has no dots."""
    across, height = _number(body, 2), _number(body, 4)
    if not across or not height:
        return None
    return scaled(Picture(across * 8, height, body[6:], align), wide=bool(body[1] & 1), tall=bool(body[1] & 2))


def tall_columns(body: bytes, align: Align) -> Picture | None:
    """GS Q 0, the parameters after `Q`: 0 m xL xH yL yH and x columns of y bytes. None where it has no dots."""
    across, deep = _number(body, 2), _number(body, 4)
    if not across or not deep:
        return None
    picture = replace(upright(body[6:], across, deep), align=align)
    return scaled(picture, wide=bool(body[1] & 1), tall=bool(body[1] & 2))


def columns(body: bytes, align: Align) -> Picture | None:
    """ESC *, the parameters: m nL nH and the columns. Single density dots are two wide; 8-dot columns three
    high."""
    mode, count = body[0], min(_number(body, 1), WIDEST)
    deep = 3 if mode in (32, 33) else 1
    if not count:
        return None
    picture = scaled(replace(upright(body[3:], count, deep), align=align), wide=mode in (0, 32), tall=False)
    return picture if deep == 3 else Picture(picture.width, 24, _repeated(picture, 3), align)


def upright(strip: bytes, width: int, deep: int) -> Picture:
    """Columns of `deep` bytes each, from the left, as rows. What is missing at the end is white."""
    strip = strip[: width * deep].ljust(width * deep, b"\0")
    across, pad = (width + 7) // 8, -width % 8
    rows = [
        (int(strip[plane::deep].translate(bit), 2) << pad).to_bytes(across, "big")
        for plane in range(deep)
        for bit in _BITS
    ]
    return Picture(width, deep * 8, b"".join(rows))


def stored(body: bytes, align: Align) -> Picture | None:
    """GS ( L functions 112 and 113, from `0 fn` on: a bx by c xL xH yL yH and the dots. None where it is not
    understood."""
    if len(body) < 10:
        return None
    picture = plane(body[10:], _number(body, 6), _number(body, 8), rows=body[1] == 112)
    return picture and scaled(replace(picture, align=align), wide=body[3] == 2, tall=body[4] == 2)


def plane(dots: bytes, width: int, height: int, *, rows: bool) -> Picture | None:
    """One colour of a picture as GS ( L sends it, in rows or in columns. None: no dots, or not all of them."""
    needed = plane_size(width, height, rows=rows)
    if not needed or len(dots) < needed:
        return None
    if rows:
        return Picture(width, height, dots[:needed])
    standing = upright(dots, width, (height + 7) // 8)
    return Picture(width, height, standing.bits[: (width + 7) // 8 * height])


def plane_size(width: int, height: int, *, rows: bool) -> int:
    """Bytes of one colour."""
    return (width + 7) // 8 * height if rows else width * ((height + 7) // 8)


def overlaid(below: Picture | None, above: Picture) -> Picture:
    """Both on the same place: what is black in one is black. Of two sizes, the later counts."""
    if below is None or (below.width, below.height) != (above.width, above.height):
        return above
    both = int.from_bytes(below.bits, "big") | int.from_bytes(above.bits, "big")
    return replace(above, bits=both.to_bytes(len(above.bits), "big"))


def scaled(picture: Picture, *, wide: bool, tall: bool) -> Picture:
    """Its dots doubled in width and height as asked."""
    if wide:
        across = (picture.width + 7) // 8
        doubled = b"".join([_SPREAD[byte] for byte in picture.bits])
        # Each row's bytes doubled may be one more than the doubled width needs.
        keep, every = (2 * picture.width + 7) // 8, 2 * across
        rows = b"".join(doubled[top * every : top * every + keep] for top in range(picture.height))
        picture = Picture(2 * picture.width, picture.height, rows, picture.align)
    if tall:
        picture = Picture(picture.width, 2 * picture.height, _repeated(picture, 2), picture.align)
    return picture


@lru_cache(maxsize=1024)
def enlarged(picture: Picture, width: int, height: int) -> Picture:
    """Each dot so many dots wide and high: characters, whose sizes go to eight."""
    if width > 1:
        rows = []
        across = (picture.width + 7) // 8
        for top in range(0, len(picture.bits), across):
            row = int.from_bytes(picture.bits[top : top + across], "big") >> (-picture.width % 8)
            dots = "".join([dot * width for dot in f"{row:0{picture.width}b}"])
            rows.append((int(dots, 2) << (-len(dots) % 8)).to_bytes((len(dots) + 7) // 8, "big"))
        picture = Picture(picture.width * width, picture.height, b"".join(rows), picture.align)
    return picture if height == 1 else Picture(picture.width, picture.height * height, _repeated(picture, height))


def stacked(above: Picture, below: Picture) -> Picture:
    """Two bands of the same width as one picture."""
    return Picture(above.width, above.height + below.height, above.bits + below.bits, above.align)


def _number(body: bytes, at: int) -> int:
    return body[at] + (body[at + 1] << 8)


def _repeated(picture: Picture, times: int) -> bytes:
    """The rows, each as often as asked."""
    across = (picture.width + 7) // 8
    return b"".join(picture.bits[top : top + across] * times for top in range(0, across * picture.height, across))
