"""Where lines begin and how wide they may be, and the units that commands measure in. It knows no lines.

Source: Epson ESC/POS command reference, GS L, GS W, GS P. Measures are dots.
"""

from __future__ import annotations

from comptoir.core.page import Media
from comptoir.languages.escpos.elements import FONT_A


class PrintArea:
    """`room` is the width of a line; the area of page mode, while it is on, has no margin."""

    def __init__(self, media: Media) -> None:
        self._media = media
        self._page = 0
        self.reset()

    def reset(self) -> None:
        """ESC @. Page mode is left by whoever entered it."""
        self._margin, self._width = 0, self._media.dots
        self._unit_x = self._unit_y = 1.0
        self._measure()

    def set_page(self, width: int) -> None:
        """Page mode prints in an area of this width; 0: standard mode."""
        self._page = width
        self._measure()

    @property
    def margin(self) -> int:
        return 0 if self._page else self._margin

    @property
    def full_width(self) -> bool:
        """Nothing narrows the paper."""
        return not self._margin and self._width >= self._media.dots and not self._page

    def across(self, number: int) -> int:
        """So many horizontal motion units in dots."""
        return round(number * self._unit_x)

    def down(self, number: int) -> int:
        """So many vertical motion units in dots."""
        return round(number * self._unit_y)

    def set_margin(self, body: bytes) -> None:
        """GS L."""
        self._margin = min(self._dots(body), max(self._media.dots - FONT_A[0], 0))
        self._measure()

    def set_width(self, body: bytes) -> None:
        """GS W."""
        self._width = min(max(self._dots(body), FONT_A[0]), self._media.dots)
        self._measure()

    def set_units(self, body: bytes) -> None:
        """GS P: so many units an inch; 0 as after switching on, one dot."""
        self._unit_x = self._media.dpi / body[0] if body[0] else 1.0
        self._unit_y = self._media.dpi / body[1] if body[1] else 1.0

    def _dots(self, body: bytes) -> int:
        return self.across(int.from_bytes(body[:2], "little"))

    def _measure(self) -> None:
        self.room = self._page or max(min(self._width, self._media.dots - self._margin), 1)
