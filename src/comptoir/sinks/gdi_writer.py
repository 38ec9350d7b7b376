"""Writes a document for a printer's driver, as a page language would: requests to the process that holds it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from comptoir.core.sheet import Setup, Side
from comptoir.sinks.gdi_settings import bands
from comptoir.windows.driver import Area, Request, packed

#: a new side begins: what came before is whole
SIDE: Final = packed(Request(task="side"))


class GdiWriter:
    """Implements core.ports.SheetWriter: each piece is one request. `blank`: whether a white side stands at its end
    after an odd number of them, so that the next copy begins on a sheet of its own."""

    def __init__(self, area: Area, setup: Setup, *, blank: bool) -> None:
        self._area = area
        self._setup = setup
        self._blank = blank
        self._sides = 0

    def begin(self) -> bytes:
        """Nothing: several copies are one document of the driver's."""
        return b""

    def side(self, side: Side) -> Iterator[bytes]:
        self._sides += 1
        yield SIDE
        for band, dots in bands(side, self._setup, self._area):
            yield packed(Request(task="band", band=band, size=dots.nbytes), dots)

    def end(self) -> bytes:
        return SIDE if self._blank and self._sides % 2 else b""
