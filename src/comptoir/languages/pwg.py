"""PWG raster (PWG 5102.4), what driverless printers take: a header and run-length coded dots for each side.

The whole is one stream; nothing in it waits for an answer.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from comptoir.core.sheet import Ink, Setup, Side, Wishes
from comptoir.languages import pjl, runs

MEDIA_TYPE: Final = "image/pwg-raster"
SYNC: Final = b"RaS2"
HEADER: Final = 1796

#: how the printer wants the back of a sheet (`pwg-raster-document-sheet-back`)
Back = Literal["normal", "flipped", "rotated", "manual-tumble"]

_SGRAY, _SRGB = 18, 19
_MOST_REPEATS: Final = 256
_BACKWARDS: Final = 0xFFFFFFFF
#: MediaPosition, PWG 5102.4 §4.3.2.5
_TRAYS: Final = {
    "auto": 0,
    "main": 1,
    "alternate": 2,
    "manual": 4,
    "by-pass-tray": 11,
    "envelope": 5,
    **{f"tray-{number}": 19 + number for number in range(1, 10)},
}


class Pwg:
    """Implements core.ports.SheetLanguage."""

    passes: Sequence[str] = (MEDIA_TYPE,)
    ink: Ink = "colours"

    def around(self, wishes: Wishes) -> tuple[bytes, bytes]:
        """Nothing: who takes PWG raster may not know PJL."""
        return b"", b""

    def writer(self, setup: Setup, wishes: Wishes) -> PwgWriter:
        return PwgWriter(setup, wishes)


class PwgWriter:
    """Implements core.ports.SheetWriter. `back`: how the printer wants the back of sheets."""

    def __init__(self, setup: Setup, wishes: Wishes, back: Back = "normal") -> None:
        self._setup = setup
        self._wishes = wishes
        self._back = back
        self._tray = pjl.word_of(wishes.tray, _TRAYS) if wishes.tray else 0
        self._number = 0

    def begin(self) -> bytes:
        return SYNC

    def side(self, side: Side) -> Iterator[bytes]:
        self._number += 1
        across, along = self._turned()
        depth = 3 if self._setup.ink == "colours" else 1
        yield self._header(side, depth, across, along)
        dots = np.frombuffer(side.dots, np.uint8).reshape(side.height, side.width, side.depth)
        if side.depth < depth:
            # Who reads the first header only would take the others' dots for the same.
            dots = np.repeat(dots, depth, axis=2)
        dots = dots[::-1] if along else dots
        dots = dots[:, ::-1] if across else dots
        rows, repeats = _distinct(dots)
        yield runs.pwg(rows, repeats)

    def end(self) -> bytes:
        return b""

    def _turned(self) -> tuple[bool, bool]:
        """Whether this side is sent from the right, and from below: the table of PWG 5102.4 §4.3.2.4."""
        if not self._wishes.sides.startswith("two-sided") or self._number % 2:
            return False, False
        tumble = self._wishes.sides == "two-sided-short-edge"
        match self._back:
            case "flipped":
                return tumble, not tumble
            case "rotated":
                return not tumble, not tumble
            case "manual-tumble":
                return tumble, tumble
        return False, False

    def _header(self, side: Side, depth: int, across: bool, along: bool) -> bytes:
        paper, dpi = self._setup.paper, self._setup.dpi
        points = (round(paper.width * 72 / 2540), round(paper.height * 72 / 2540))
        two = self._wishes.sides.startswith("two-sided")
        header = bytearray(HEADER)
        header[0:9] = b"PwgRaster"
        struct.pack_into(">3I", header, 272, two, dpi, dpi)
        struct.pack_into(">I", header, 324, self._tray)
        struct.pack_into(">2I", header, 352, *points)
        struct.pack_into(">3I", header, 368, self._wishes.sides == "two-sided-short-edge", side.width, side.height)
        struct.pack_into(">3I", header, 384, 8, 8 * depth, side.width * depth)
        struct.pack_into(">2I", header, 396, 0, _SRGB if depth == 3 else _SGRAY)
        struct.pack_into(">I", header, 420, depth)
        struct.pack_into(">3I", header, 452, 0, _BACKWARDS if across else 1, _BACKWARDS if along else 1)
        struct.pack_into(">4I", header, 464, 0, 0, side.width, side.height)
        struct.pack_into(">I", header, 480, 0x00FFFFFF)  # AlternatePrimary: white
        name = paper.name.encode()[:63]
        header[1732 : 1732 + len(name)] = name
        return bytes(header)


def _distinct(dots: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The rows that differ from the one before, and how many times each is meant."""
    flat = np.ascontiguousarray(dots).reshape(len(dots), -1)
    differs = np.ones(len(flat), np.bool_)
    differs[1:] = (flat[1:] != flat[:-1]).any(axis=1)
    starts = np.flatnonzero(differs)
    counts = np.diff(np.append(starts, len(flat)))
    pieces = -(-counts // _MOST_REPEATS)
    within = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    repeats = np.minimum(np.repeat(counts, pieces) - within * _MOST_REPEATS, _MOST_REPEATS)
    return dots[np.repeat(starts, pieces)], repeats
