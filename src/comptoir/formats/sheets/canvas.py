"""One white side of a sheet in memory: dots are laid on it, it is marked, and becomes what the printer can print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from comptoir.core.errors import FormatError
from comptoir.core.page import Line, Media, Picture, Style
from comptoir.core.sheet import Setup, Side
from comptoir.formats import dots

#: A3 at 600 dpi has 70 million; of colours, each is three bytes
MAX_DOTS: Final = 80_000_000
#: levels by which red, green and blue may differ in what is still grey: the noise of a JPEG
GREY: Final = 12
#: how high letters of the mark are and how far from the upper edge, in hundredths of a millimetre
MARK_HIGH: Final = 500
MARK_TOP: Final = 600
_MARK: Final = "DUPLICATA"
_BAND: Final = 256  # rows


class Drawn(Protocol):
    """A line of text as a picture, and what no font has."""

    @property
    def picture(self) -> Picture: ...

    @property
    def missing(self) -> str: ...


Letter = Callable[[Line, Media, tuple[int, int]], Drawn]
"""Draws a line of text on paper of that many dots, a character in a cell of width × height dots."""


class Canvas:
    """White, as large as the sheet. Raises FormatError for one that is too large to be drawn."""

    def __init__(self, setup: Setup) -> None:
        if setup.width * setup.height > MAX_DOTS:
            raise FormatError(
                f"Paper of {setup.width} × {setup.height} dots is more than can be drawn.", "Print it on smaller paper."
            )
        self._setup = setup
        self.colours = setup.ink == "colours"
        shape = (setup.height, setup.width, 3) if self.colours else (setup.height, setup.width)
        self.dots = np.full(shape, 255, np.uint8)

    def lay(self, dots: NDArray[np.uint8], left: int, top: int) -> None:
        """Greys or colours, as the canvas is, from this corner on; what stands over is cut."""
        height, width = dots.shape[:2]
        y, x = max(0, -top), max(0, -left)
        bottom, right = min(height, self._setup.height - top), min(width, self._setup.width - left)
        if bottom > y and right > x:
            self.dots[top + y : top + bottom, left + x : left + right] = dots[y:bottom, x:right]

    def write(self, picture: Picture, left: int, top: int) -> None:
        """A picture of dots, its white as white."""
        rows = np.frombuffer(picture.bits, np.uint8).reshape(picture.height, -1)
        greys = (1 - np.unpackbits(rows, axis=1, count=picture.width)) * np.uint8(255)
        self.lay(np.repeat(greys[:, :, None], 3, axis=2) if self.colours else greys, left, top)

    def mark(self, letter: Letter) -> None:
        """DUPLICATA in the middle of the upper edge."""
        high = self._dots(MARK_HIGH)
        cell = (high // 2, high)
        width = (len(_MARK) + 2) * cell[0]
        drawn = letter(Line(_MARK, Style(bold=True, align="center")), Media(width, len(_MARK) + 2), cell)
        self.write(drawn.picture, (self._setup.width - width) // 2, self._dots(max(MARK_TOP, self._setup.margin)))

    def side(self, missing: str = "") -> Side:
        """What the printer can print of it: colours as greys where there are none."""
        height, width = self._setup.height, self._setup.width
        if self._setup.ink == "black":
            bits = np.ascontiguousarray(dots.dotted(self.dots, "auto"))
            return Side(width, height, "black", bits.data.cast("B"), missing)
        if self.colours and self._colourful():
            return Side(width, height, "colours", self.dots.data.cast("B"), missing)
        greys = np.ascontiguousarray(self.dots[:, :, 1]) if self.colours else self.dots
        return Side(width, height, "greys", greys.data.cast("B"), missing)

    def _dots(self, length: int) -> int:
        """Hundredths of a millimetre as dots."""
        return round(length * self._setup.dpi / 2540)

    def _colourful(self) -> bool:
        """Whether there are any colours. In pieces: most pages that have some have them at the top."""
        for top in range(0, self._setup.height, _BAND):
            band = self.dots[top : top + _BAND]
            red, green, blue = (band[:, :, one].astype(np.int16) for one in range(3))
            if max(int(abs(red - green).max()), int(abs(green - blue).max())) > GREY:
                return True
        return False
