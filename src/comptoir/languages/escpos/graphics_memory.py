"""Pictures that a printer keeps to print them later: the print buffer of GS ( L, NV and downloaded graphics,
the logos of FS q and the bit image of GS *. Nothing outlives the interpreter.

Source: Epson ESC/POS command reference, GS ( L and GS 8 L functions 50, 65 to 69, 81 to 85, 112, 113.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from comptoir.core.page import Align, Picture
from comptoir.languages.escpos import graphics

#: Bytes of dots in each memory; printers have 384 kB or less.
CAPACITY: Final = 2_000_000
#: Pictures in each memory, however small.
MOST: Final = 1000

#: functions that ask for an answer: capacities, lists of keys
ASKS: Final = frozenset({0, 3, 4, 48, 51, 52, 64, 80})

_NV: Final = 64
_DOWNLOADED: Final = 80


class Shelf:
    """Pictures by their key, up to `CAPACITY` bytes; and each as large as it was asked for.

    That is made once: to print it takes five bytes, which may be sent a million times.
    """

    def __init__(self) -> None:
        self.pictures: dict[bytes, Picture] = {}
        self._size = 0
        self._scaled: dict[bytes, dict[tuple[bool, bool], Picture]] = {}

    def put(self, key: bytes, picture: Picture) -> bool:
        """False: it is full."""
        self.remove(key)
        if self._size + len(picture.bits) > CAPACITY or len(self.pictures) >= MOST:
            return False
        self._size += len(picture.bits)
        self.pictures[key] = picture
        return True

    def printed(self, key: bytes, align: Align, *, wide: bool, tall: bool) -> Picture | None:
        """The picture of this key, its dots doubled as asked. None: there is none."""
        if key not in self.pictures:
            return None
        sizes = self._scaled.setdefault(key, {})
        if (wide, tall) not in sizes:
            sizes[wide, tall] = graphics.scaled(self.pictures[key], wide=wide, tall=tall)
        return replace(sizes[wide, tall], align=align)

    def remove(self, key: bytes) -> None:
        self._scaled.pop(key, None)
        gone = self.pictures.pop(key, None)
        self._size -= len(gone.bits) if gone else 0

    def clear(self) -> None:
        self.pictures.clear()
        self._scaled.clear()
        self._size = 0


class GraphicsMemory:
    """The memories of one printer."""

    def __init__(self) -> None:
        self._buffer: Picture | None = None
        self._nv, self._downloaded, self._logos, self._bit_image = Shelf(), Shelf(), Shelf(), Shelf()

    def reset(self) -> None:
        """ESC @ empties the print buffer and the bit image; the rest stays."""
        self._buffer = None
        self._bit_image.clear()

    def obey(self, block: bytes, align: Align) -> Picture | bool:
        """GS ( L and GS 8 L from `0 fn` on: a picture to be printed now; True: done; False: not understood."""
        function = block[1] if len(block) > 1 else -1
        if function in (2, 50):
            printed, self._buffer = self._buffer, None
            return replace(printed, align=align) if printed is not None else True
        if function in (112, 113):
            picture = graphics.stored(block, align)
            self._buffer = graphics.overlaid(self._buffer, picture) if picture is not None else self._buffer
            return picture is not None
        if function in (1, 49):
            return True
        if _NV < function <= _NV + 5:
            return self._keyed(self._nv, function - _NV, block, align)
        if _DOWNLOADED < function <= _DOWNLOADED + 5:
            return self._keyed(self._downloaded, function - _DOWNLOADED, block, align)
        return False

    def _keyed(self, shelf: Shelf, function: int, block: bytes, align: Align) -> Picture | bool:
        """1 delete all, 2 delete one, 3 and 4 define in rows and in columns, 5 print."""
        if function == 1:
            shelf.clear()
        elif function == 2:
            shelf.remove(block[2:4])
        elif function == 5:
            if len(block) < 6:
                return False
            return shelf.printed(block[2:4], align, wide=block[4] == 2, tall=block[5] == 2) or False
        else:
            picture = _defined(block, rows=function == 3)
            return picture is not None and shelf.put(block[3:5], picture)
        return True

    def define_logos(self, body: bytes) -> bool:
        """FS q n and the logos, which replace all that were there. False: not all fit."""
        self._logos.clear()
        at, fits = 1, True
        for number in range(1, body[0] + 1):
            across, deep = body[at] + (body[at + 1] << 8), body[at + 2] + (body[at + 3] << 8)
            at += 4
            if across and deep:
                logo = graphics.upright(body[at : at + across * deep * 8], across * 8, deep)
                fits = self._logos.put(bytes((number,)), logo) and fits
            at += across * deep * 8
        return fits

    def logo(self, number: int, mode: int, align: Align) -> Picture | None:
        """FS p n m, m as in `bit_image`."""
        return self._logos.printed(bytes((number,)), align, wide=bool(mode & 1), tall=bool(mode & 2))

    def define_bit_image(self, body: bytes) -> None:
        """GS * x y and x times 8 columns of y bytes."""
        across, deep = body[0], body[1]
        self._bit_image.clear()
        if across and deep:
            self._bit_image.put(b"", graphics.upright(body[2:], across * 8, deep))

    def bit_image(self, mode: int, align: Align) -> Picture | None:
        """GS / m: 0 as it is, 1 double width, 2 double height, 3 both."""
        return self._bit_image.printed(b"", align, wide=bool(mode & 1), tall=bool(mode & 2))


def _defined(block: bytes, *, rows: bool) -> Picture | None:
    """0 fn a kc1 kc2 b xL xH yL yH, then for each of b colours c and its dots."""
    if len(block) < 10:
        return None
    width, height = block[6] + (block[7] << 8), block[8] + (block[9] << 8)
    size = graphics.plane_size(width, height, rows=rows) + 1
    picture: Picture | None = None
    for colour in range(min(block[5], 4)):
        one = graphics.plane(block[10 + colour * size + 1 : 10 + (colour + 1) * size], width, height, rows=rows)
        if one is None:
            return None
        picture = graphics.overlaid(picture, one)
    return picture
