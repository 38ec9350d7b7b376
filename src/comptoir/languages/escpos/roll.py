"""The paper that is coming out: elements in order, up to a limit. It interprets nothing."""

from __future__ import annotations

from typing import Final

from comptoir.core.page import Picture
from comptoir.languages.escpos import graphics
from comptoir.languages.escpos.elements import Element, Feed
from comptoir.languages.escpos.page_mode import weight
from comptoir.languages.escpos.paper import Paper

#: Bytes of memory, about, that are kept of one paper.
PAPER_LIMIT: Final = 8_000_000
#: Bands of ESC * are joined to pictures of at most so many bytes.
_JOINED: Final = 300_000


class Roll:
    """What was printed since the last cut. truncated: something was left out."""

    def __init__(self) -> None:
        self._elements: list[Element] = []
        self._weight = 0
        self._band = False
        self.truncated = False

    def add(self, element: Element, more: int = 0) -> None:
        """One more element; feeds that follow one another are one. more: what it weighs beyond itself."""
        self._band = False
        if isinstance(element, Feed) and self._elements and isinstance(last := self._elements[-1], Feed):
            self._elements[-1] = Feed(last.dots + element.dots)
            return
        heavy = weight(element) + more
        if self._weight + heavy > PAPER_LIMIT:
            self.truncated = True
            return
        self._weight += heavy
        self._elements.append(element)

    def add_band(self, band: Picture) -> None:
        """Bands of ESC * that touch are one picture."""
        last = self._elements[-1] if self._elements and self._band else None
        if (
            isinstance(last, Picture)
            and (last.width, last.align) == (band.width, band.align)
            and len(last.bits) < _JOINED
            and self._weight + len(band.bits) <= PAPER_LIMIT
        ):
            self._elements[-1] = graphics.stacked(last, band)
            self._weight += len(band.bits)
            return
        self.add(band)
        self._band = True

    def take(self, end: int, cut: bytes = b"", *, partial: bool = False) -> Paper:
        """The paper so far; the next one is empty."""
        paper = Paper(tuple(self._elements), partial, self.truncated, end, cut)
        self._elements, self._weight, self._band, self.truncated = [], 0, False, False
        return paper
