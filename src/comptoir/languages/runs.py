"""Rows of dots as runs: how PWG raster and PackBits shorten them. Whole pages at a time, because Python is slow.

A row becomes items of a length byte and dots: a repeat is one dot that stands for up to 128, a literal up to 128 dots
that differ. Both formats have the same items and other length bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: dots of one item
LONGEST: Final = 128

Dots = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Packed:
    """The items of all rows one after the other; `begins`: where each row begins, and where the last one ends."""

    data: bytes
    begins: list[int]

    def row(self, number: int) -> bytes:
        return self.data[self.begins[number] : self.begins[number + 1]]


def packbits(rows: Dots) -> Packed:
    """Rows of bytes as PackBits (TIFF 6.0 §9, PCL 5 compression 2): a repeat of n is 257 - n, a literal n - 1."""
    return _packed(rows[:, :, np.newaxis], swap=True, lead=0)


def pwg(rows: Dots, repeats: NDArray[np.int64]) -> bytes:
    """Rows × dots × colours as PWG 5102.4 §4.3: a repeat of n is n - 1, a literal 257 - n; before each row how many
    times it is meant, less one."""
    packed = _packed(rows, swap=False, lead=1)
    data = np.frombuffer(packed.data, np.uint8).copy()
    data[packed.begins[:-1]] = repeats - 1
    return data.tobytes()


def _packed(rows: Dots, *, swap: bool, lead: int) -> Packed:
    """`swap`: PackBits' length bytes. `lead`: bytes that are left free before each row."""
    count, width, depth = rows.shape
    dots = np.ascontiguousarray(rows).reshape(count * width, depth)
    starts, lengths = _runs(dots, width)
    single = lengths == 1
    first = starts % width == 0
    # Where an item begins: at each repeat, and in a chain of single dots at its first, and at every 128th.
    begins = ~single | first
    begins[1:] |= ~single[:-1]
    index = np.arange(len(starts))
    place = index - np.maximum.accumulate(np.where(begins, index, 0))
    begins |= place % LONGEST == 0
    items = np.flatnonzero(begins)
    counts = np.diff(np.append(items, len(starts)))
    repeat = ~single[items]
    if swap:
        heads = np.where(repeat, 257 - lengths[items], counts - 1)
    else:
        heads = np.where(repeat, lengths[items] - 1, np.where(counts == 1, 0, 257 - counts))
    ends = np.cumsum(depth + begins + lead * first)
    out = np.zeros(ends[-1] if len(ends) else 0, np.uint8)
    for colour in range(depth):
        out[ends - depth + colour] = dots[starts, colour]
    out[ends[items] - depth - 1] = heads
    edges = (ends - depth - begins - lead * first)[first]
    return Packed(out.tobytes(), [*edges.tolist(), len(out)])


def _runs(dots: Dots, width: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where runs of equal dots begin, none across rows and none over 128, and how long they are."""
    differs = np.ones(len(dots), np.bool_)
    differs[1:] = (dots[1:] != dots[:-1]).any(axis=1) if dots.shape[1] > 1 else dots[1:, 0] != dots[:-1, 0]
    differs[::width] = True
    starts = np.flatnonzero(differs)
    lengths = np.diff(np.append(starts, len(dots)))
    pieces = -(-lengths // LONGEST)
    if (pieces > 1).any():
        begins = np.cumsum(pieces) - pieces
        within = np.arange(pieces.sum()) - np.repeat(begins, pieces)
        starts = np.repeat(starts, pieces) + within * LONGEST
        lengths = np.minimum(np.repeat(lengths, pieces) - within * LONGEST, LONGEST)
    return starts, lengths
