"""PCL 5 raster, what nearly every office laser takes: 1 bit a dot, PackBits, at 300 or 600 dots an inch.

HP's PCL 5 Printer Language Technical Reference, chapters 4 and 15.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comptoir.core.errors import FormatError
from comptoir.core.sheet import Ink, Setup, Side, Wishes
from comptoir.languages import pjl, runs

MEDIA_TYPE: Final = "application/vnd.hp-pcl"
ESC: Final = b"\x1b"
RESET: Final = ESC + b"E"

#: paper → number of the size (Esc & l # A)
_SIZES: Final[Mapping[str, int]] = {
    "iso_a4_210x297mm": 26,
    "na_letter_8.5x11in": 2,
    "na_legal_8.5x14in": 3,
    "iso_a3_297x420mm": 27,
    "iso_a5_148x210mm": 25,
    "na_executive_7.25x10.5in": 1,
}
#: where PCL's own page begins, from the left edge of the paper: 1/4 inch, and 71 dots of 300 on ISO sizes
_LEFT: Final = {"iso": 71 / 300, "na": 75 / 300}
#: Esc & l # H
_TRAYS: Final = {
    "auto": 7,
    "main": 1,
    "tray-1": 1,
    "manual": 2,
    "by-pass-tray": 2,
    "alternate": 4,
    "tray-2": 4,
    "tray-3": 5,
    "envelope": 6,
}
_DUPLEX: Final = {"one-sided": 0, "two-sided-long-edge": 1, "two-sided-short-edge": 2}
_RESOLUTIONS: Final = (300, 600)


class Pcl:
    """Implements core.ports.SheetLanguage."""

    passes: Sequence[str] = (MEDIA_TYPE,)
    ink: Ink = "black"

    def around(self, wishes: Wishes) -> tuple[bytes, bytes]:
        return pjl.around("PCL", wishes)

    def writer(self, setup: Setup, wishes: Wishes) -> PclWriter:
        """Raises FormatError for a paper, a tray or a resolution that PCL 5 has no number for."""
        return PclWriter(setup, wishes)


class PclWriter:
    """Implements core.ports.SheetWriter."""

    def __init__(self, setup: Setup, wishes: Wishes) -> None:
        if setup.paper.name not in _SIZES:
            raise FormatError(f"PCL has no paper of the size {setup.paper.name}.", "Print it on A4, for instance.")
        if setup.dpi not in _RESOLUTIONS:
            raise FormatError(f"PCL prints at 300 or 600 dots an inch, not {setup.dpi}.")
        self._head, self._tail = pjl.around("PCL", wishes)
        self._setup = setup
        self._sides = wishes.sides
        self._tray = pjl.word_of(wishes.tray, _TRAYS) if wishes.tray else None
        self._left = round(_LEFT[setup.paper.name.partition("_")[0]] * setup.dpi)

    def begin(self) -> bytes:
        """The printer as after switching on, then the sheet: no margins of its own, no turning."""
        out = self._head + RESET
        if self._sides:
            out += _command("&l", _DUPLEX[self._sides], "S")
        if self._tray is not None:
            out += _command("&l", self._tray, "H")
        out += _command("&l", _SIZES[self._setup.paper.name], "A") + _command("&l", 0, "O")
        out += _command("&l", 0, "E") + _command("&l", 0, "L")
        return out + _command("&u", self._setup.dpi, "D") + _command("*t", self._setup.dpi, "R")

    def side(self, side: Side) -> Iterator[bytes]:
        """The dots from PCL's left edge on: what lies beyond cannot be printed on such printers."""
        packed = np.frombuffer(side.dots, np.uint8).reshape(side.height, side.stride)
        dots = np.unpackbits(packed, axis=1, count=side.width)[:, self._left : side.width - self._left]
        bits = np.packbits(dots, axis=1)
        yield ESC + b"*p0x0Y" + _command("*r", 0, "F") + _command("*r", dots.shape[1], "S") + _command("*r", 1, "A")
        yield _command("*b", 2, "M") + _rows(bits)
        yield ESC + b"*rC\f"

    def end(self) -> bytes:
        return RESET + self._tail


def _command(group: str, value: int, end: str) -> bytes:
    return ESC + f"{group}{value}{end}".encode()


def _rows(bits: NDArray[np.uint8]) -> bytes:
    """The rows; white ones are skipped."""
    packed = runs.packbits(bits)
    out, below = bytearray(), 0
    for number in np.flatnonzero(bits.any(axis=1)).tolist():
        if number > below:
            out += _command("*b", number - below, "Y")
        row = packed.row(number)
        out += _command("*b", len(row), "W") + row
        below = number + 1
    return bytes(out)
