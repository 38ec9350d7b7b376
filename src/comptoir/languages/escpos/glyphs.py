"""User-defined characters: the dots that a stream gives to a code (ESC &, FS 2). It draws no text.

Source: Epson ESC/POS command reference, ESC &, ESC ?, FS 2, FS ?. Memory is bounded by the codes there are
and by the largest character that any printer takes.
"""

from __future__ import annotations

from typing import Final

from comptoir.core.page import Picture
from comptoir.languages.escpos.graphics import upright

#: columns and bytes a column of the largest character that is kept
_WIDEST: Final = 48
_DEEPEST: Final = 6
#: two-byte characters that are kept
_MOST: Final = 256


class Glyphs:
    """The characters that were defined; `on` after ESC % 1."""

    def __init__(self) -> None:
        self.on = False
        self._single: dict[tuple[bool, int], Picture] = {}
        self._double: dict[bytes, Picture] = {}

    def clear(self) -> None:
        """ESC @."""
        self.on = False
        self._single.clear()
        self._double.clear()

    def define(self, body: bytes, *, small: bool) -> bool:
        """ESC & y c1 c2 and the characters of one font. False: larger than any printer takes."""
        deep, first, last = body[0], body[1], body[2]
        if deep > _DEEPEST:
            return False
        at = 3
        for code in range(first, last + 1):
            across = body[at]
            if 0 < across <= _WIDEST and deep:
                strip = body[at + 1 : at + 1 + across * deep]
                self._single[small, code] = _cell(upright(strip, across, deep), 9 if small else 12)
            at += 1 + across * deep
        return True

    def forget(self, code: int, *, small: bool) -> None:
        """ESC ?."""
        self._single.pop((small, code), None)

    def define_double(self, body: bytes) -> None:
        """FS 2 c1 c2 and 72 bytes: 24 columns of 24 dots."""
        if len(self._double) < _MOST or body[:2] in self._double:
            self._double[body[:2]] = upright(body[2:74], 24, 3)

    def forget_double(self, body: bytes) -> None:
        """FS ?."""
        self._double.pop(body[:2], None)

    def single(self, small: bool, code: int) -> Picture | None:
        """The dots of a one-byte code of this font."""
        return self._single.get((small, code)) if self.on else None

    def double(self, pair: bytes) -> Picture | None:
        return self._double.get(pair)


def _cell(picture: Picture, width: int) -> Picture:
    """At least as wide as the font's cell: narrower characters have white on their right."""
    if picture.width >= width:
        return picture
    across, wanted = (picture.width + 7) // 8, (width + 7) // 8
    rows = b"".join(
        picture.bits[top * across : (top + 1) * across].ljust(wanted, b"\0") for top in range(picture.height)
    )
    return Picture(width, picture.height, rows)
