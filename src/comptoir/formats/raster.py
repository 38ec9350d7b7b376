"""Raster pages that driverless printing sends: PWG raster (PWG 5102.4), CUPS raster 2, and Apple raster (URF).

A stream of pages, each a header and run-length coded dots, read one after the other: one page is in memory. What is
drawn with it, and what a printer wants, is not known here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comptoir.core.errors import FormatError
from comptoir.core.sheet import Ink

PWG_SYNC: Final = b"RaS2"
URF_SYNC: Final = b"UNIRAST\0"
PWG_HEADER: Final = 1796
URF_HEADER: Final = 32
#: A header can claim any size: A3 in colours at 600 dpi has 209 million bytes.
MAX_BYTES: Final = 220_000_000
MAX_SIDE: Final = 80_000  # dots

_CLEAR: Final = 128  # the code for: white from here to the end of the row
_GREYS: Final = frozenset({0, 18})  # W and sGray: more is lighter
_BLACK: Final = 3  # K: more is darker
_COLOURS: Final = frozenset({1, 19, 20})  # RGB, sRGB, AdobeRGB
_CMYK: Final = 6
#: URF's colour spaces as those of PWG: W, sRGB, AdobeRGB, device W, device RGB, device CMYK
_URF_SPACES: Final = {0: 18, 1: 19, 3: 20, 4: 18, 5: 19, 6: _CMYK}
_AGAIN: Final = "Print it again; what sent it may have been interrupted."


@dataclass(frozen=True, slots=True)
class RasterPage:
    """A page. dpi: across and down. dots, rows from the top, as `core.sheet.Side` has them.

    black: 1 bit a dot, most significant first, 1 is black, rows padded to bytes. greys: a byte a dot, 255 is white.
    colours: red, green, blue, a byte each.
    """

    width: int
    height: int
    dpi: tuple[int, int]
    mode: Ink
    dots: memoryview


@dataclass(frozen=True, slots=True)
class _Header:
    """What a page's header says. unit: bytes that are repeated together."""

    width: int
    height: int
    dpi: tuple[int, int]
    bits: int
    space: int
    unit: int
    stride: int


def pages(content: bytes) -> Iterator[RasterPage]:
    """The pages in their order. Raises FormatError for another kind of document, and in the middle of a damaged one."""
    for header, rows in _walk(content):
        yield _page(header, rows.all())


def count(content: bytes) -> int:
    """How many pages there are, without their dots in memory. Raises FormatError."""
    return sum(1 for _ in _walk(content))


def _walk(content: bytes) -> Iterator[tuple[_Header, _Rows]]:
    """Each page's header and its dots, which are passed over where nobody has read them."""
    if content.startswith(PWG_SYNC):
        at, size, read = len(PWG_SYNC), PWG_HEADER, _pwg_header
    elif content.startswith(URF_SYNC):
        at, size, read = len(URF_SYNC) + 4, URF_HEADER, _urf_header
    else:
        raise FormatError("This is no raster document.", "It begins with RaS2 or UNIRAST.")
    if at >= len(content):
        raise FormatError("The raster document has no page.", _AGAIN)
    while at < len(content):
        if at + size > len(content):
            raise _cut_short()
        header = read(content, at)
        rows = _Rows(content, at + size, header)
        yield header, rows
        at = rows.end()


def _pwg_header(content: bytes, at: int) -> _Header:
    """PWG 5102.4 §4.3; of CUPS raster 2 the same places."""
    across, down = struct.unpack_from(">2I", content, at + 276)
    width, height = struct.unpack_from(">2I", content, at + 372)
    bits, pixel, stride, order, space = struct.unpack_from(">5I", content, at + 384)
    if order:
        raise FormatError("The colours of this raster document lie in planes.", "Print it as PWG raster, or as a PDF.")
    return _checked(_Header(width, height, (across, down), bits, space, (pixel + 7) // 8, stride), pixel)


def _urf_header(content: bytes, at: int) -> _Header:
    """As CUPS writes it: bits a dot, colour space, sides, quality; at 12 width, height, dots an inch."""
    pixel, space = content[at], _URF_SPACES.get(content[at + 1], -1)
    width, height, dpi = struct.unpack_from(">3I", content, at + 12)
    colours = _colours_of(space)
    bits = pixel // colours
    return _checked(_Header(width, height, (dpi, dpi), bits, space, (pixel + 7) // 8, (width * pixel + 7) // 8), pixel)


def _checked(header: _Header, pixel: int) -> _Header:
    """Raises FormatError for a page of a kind or size that is not read here."""
    if pixel != header.bits * _colours_of(header.space) or header.bits not in (1, 8, 16):
        raise _unknown_dots()
    if header.bits == 1 and pixel != 1:
        raise _unknown_dots()
    if not (0 < header.width <= MAX_SIDE and 0 < header.height <= MAX_SIDE):
        raise FormatError("A page of the raster document has no possible size.", _AGAIN)
    if header.stride != (header.width * pixel + 7) // 8:
        raise FormatError("A page of the raster document contradicts itself.", _AGAIN)
    if header.stride * header.height > MAX_BYTES:
        raise FormatError("A page of the raster document is too large.", "Print it with fewer dots an inch.")
    return header


def _colours_of(space: int) -> int:
    """How many values a dot of this colour space has. Raises FormatError."""
    if space in _GREYS or space == _BLACK:
        return 1
    if space in _COLOURS:
        return 3
    if space == _CMYK:
        return 4
    raise _unknown_dots()


class _Rows:
    """The dots of one page: for each row how many times it is meant, less one, then its runs.

    A run of n < 128 stands for one unit n + 1 times, of n > 128 for 257 - n units that follow.
    """

    def __init__(self, content: bytes, at: int, header: _Header) -> None:
        self._content = content
        self._at = at
        self._header = header
        self._blank = b"\0" if header.space in (_BLACK, _CMYK) else b"\xff"
        self._left = header.height

    def all(self) -> bytearray:
        """Every byte of the page. Raises FormatError where it is cut short."""
        out = bytearray()
        while self._left:
            repeats = min(self._byte() + 1, self._left)
            out += self._row() * repeats
            self._left -= repeats
        return out

    def _row(self) -> bytes:
        content, unit, stride = self._content, self._header.unit, self._header.stride
        row = bytearray()
        while len(row) < stride:
            code = self._byte()
            if code == _CLEAR:
                row += self._blank * (stride - len(row))
                break
            length = unit if code < _CLEAR else (257 - code) * unit
            piece = content[self._at : self._at + length]
            if len(piece) < length:
                raise _cut_short()
            self._at += length
            row += piece * (code + 1) if code < _CLEAR else piece
        return bytes(row[:stride])

    def end(self) -> int:
        """Where the page ends; what was not read of it is passed over. Raises FormatError where it is cut short."""
        content, unit, stride = self._content, self._header.unit, self._header.stride
        at, left = self._at, self._left
        try:
            while left > 0:
                left -= content[at] + 1
                at += 1
                filled = 0
                while filled < stride:
                    code = content[at]
                    if code < _CLEAR:
                        filled += (code + 1) * unit
                        at += 1 + unit
                    elif code == _CLEAR:
                        filled = stride
                        at += 1
                    else:
                        filled += (257 - code) * unit
                        at += 1 + (257 - code) * unit
        except IndexError:
            raise _cut_short() from None
        if at > len(content):
            raise _cut_short()
        return at

    def _byte(self) -> int:
        if self._at >= len(self._content):
            raise _cut_short()
        self._at += 1
        return self._content[self._at - 1]


def _page(header: _Header, raw: bytearray) -> RasterPage:
    """The dots as `RasterPage` promises them."""
    mode, dots = _dots(header, np.frombuffer(raw, np.uint8).reshape(header.height, header.stride))
    return RasterPage(header.width, header.height, header.dpi, mode, np.ascontiguousarray(dots).data.cast("B"))


def _dots(header: _Header, rows: NDArray[np.uint8]) -> tuple[Ink, NDArray[np.uint8]]:
    if header.bits == 1:
        return "black", rows if header.space == _BLACK else ~rows
    if header.bits == 16:
        rows = rows[:, ::2]  # the higher byte comes first (PWG 5102.4 §4.3)
    if header.space == _BLACK:
        return "greys", ~rows
    if header.space in _GREYS:
        return "greys", rows
    if header.space == _CMYK:
        inks = rows.reshape(header.height, header.width, 4)
        light = ~inks[:, :, :3] * (~inks[:, :, 3:]).astype(np.uint16) // 255
        return "colours", light.astype(np.uint8)
    return "colours", rows


def _cut_short() -> FormatError:
    return FormatError("The raster document is cut short.", _AGAIN)


def _unknown_dots() -> FormatError:
    return FormatError(
        "The raster document has colours of a kind that is not known here.", "Print it in greys or in sRGB."
    )
