"""Raster documents as computers send them: PWG by our own writer, which its own tests hold to the specification, and
Apple raster by hand."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from comptoir.core.sheet import Setup, Side, Wishes
from comptoir.languages.pwg import PwgWriter


def pwg(*pages: NDArray[np.uint8], setup: Setup) -> bytes:
    """Pages of greys (rows × dots) or colours (rows × dots × 3), of the size that `setup` has."""
    writer = PwgWriter(setup, Wishes())
    out = writer.begin()
    for page in pages:
        dots = np.ascontiguousarray(page)
        side = Side(page.shape[1], page.shape[0], "greys" if page.ndim == 2 else "colours", dots.data.cast("B"))
        out += b"".join(writer.side(side))
    return out + writer.end()


def urf(page: NDArray[np.uint8], dpi: int) -> bytes:
    """One page of greys, each dot a run of its own."""
    rows, width = page.shape
    head = b"UNIRAST\0" + struct.pack(">I", 1)
    header = struct.pack(">4B7I", 8, 0, 1, 4, 0, 0, width, rows, dpi, 0, 0)
    return head + header + b"".join(b"\0" + b"".join(b"\0%c" % dot for dot in row.tolist()) for row in page)


def sheet(setup: Setup, *boxes: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """A white page with black boxes: left, upper, right, lower edge in dots."""
    page = np.full((setup.height, setup.width), 255, np.uint8)
    for left, top, right, bottom in boxes:
        page[top:bottom, left:right] = 0
    return page
