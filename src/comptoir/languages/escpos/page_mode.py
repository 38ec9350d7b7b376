"""Page mode: a part of the paper that is filled in any order and direction, then printed at once.

Source: Epson ESC/POS command reference, ESC L, ESC S, ESC T, ESC W, GS $, GS \\, FF, ESC FF, CAN. A position
is where the lower edge of a character, picture or symbol stands; what would begin above the area is moved down
to its edge, so that nothing is lost to sight. Measures are dots.
"""

from __future__ import annotations

from typing import Final

from comptoir.core.page import Media, Picture
from comptoir.languages.escpos.elements import FONT_A, Area, Element, Feed, Placed, Sheet, Symbol, TextLine

#: height of the area before ESC W: that of TM printers
HIGHEST: Final = 1662
#: Weight of what a page keeps, see `weight`, and how many things.
LIMIT: Final = 2_000_000
MOST: Final = 2000

_LINE: Final = FONT_A[1]


def weight(element: Element) -> int:
    """About how many bytes an element takes in memory."""
    if isinstance(element, Picture):
        return 200 + len(element.bits)
    if isinstance(element, TextLine):
        dots = sum(200 + len(inset.picture.bits) for inset in element.insets)
        return 200 + dots + sum(250 + len(run.text) for run in element.runs)
    if isinstance(element, Symbol):
        return 600 + 3 * len(element.data)
    return 200


class PageMode:
    """The page that is being filled. `on` between ESC L and FF or ESC S."""

    def __init__(self, media: Media) -> None:
        self._media = media
        self.on = False
        self.start()
        self.on = False

    def start(self) -> None:
        """ESC L: an empty page."""
        self.on = True
        self._rectangle = (0, 0, self._media.dots, HIGHEST)
        self._explicit = False
        self._turns = 0
        self._areas: list[Area] = []
        #: of all that stands on the page
        self.weight = 0
        self._count = 0
        self._begin()

    def _begin(self) -> None:
        """The area's first line."""
        self._placed: list[Placed] = []
        self._top = 0
        self._absolute = False

    @property
    def empty(self) -> bool:
        return not self._placed and not self._areas

    @property
    def across(self) -> int:
        """Width of the area as its lines see it."""
        _, _, width, height = self._rectangle
        return height if self._turns % 2 else width

    def set_area(self, left: int, top: int, width: int, height: int) -> None:
        """ESC W. One without size is ignored."""
        if not width or not height or left >= self._media.dots:
            return
        self._close()
        self._rectangle = (left, top, min(width, self._media.dots - left), min(height, 4 * HIGHEST))
        self._explicit = True

    def set_direction(self, number: int) -> None:
        """ESC T: 0 to the right, 1 upwards, 2 to the left, 3 downwards."""
        if number & ~48 < 4:
            self._close()
            self._turns = number & 3

    def set_height(self, dots: int, *, relative: bool) -> None:
        """GS $, GS \\: across the lines."""
        base = self._top + _LINE + dots if relative else dots
        if base >= 0:
            self._top, self._absolute = base - _LINE, True

    def place(self, element: Element, left: int) -> bool:
        """Onto the page at the present height. False: the page is full, it is left out."""
        if isinstance(element, Feed):
            self._top, self._absolute = self._top + element.dots, False
            return True
        if not isinstance(element, TextLine | Picture | Symbol):
            return True
        heavy = weight(element)
        if self.weight + heavy > LIMIT or self._count >= MOST:
            return False
        self.weight += heavy
        self._count += 1
        high = _height(element)
        base = self._top + _LINE if self._absolute or not high else self._top + high
        if not isinstance(element, TextLine) or element.runs or element.insets:
            self._placed.append(Placed(left, base, element))
        if isinstance(element, TextLine) and element.spacing:
            self._top, self._absolute = self._top + max(element.spacing, high), False
        return True

    def cancel(self) -> None:
        """CAN: the area is empty again."""
        self._begin()

    def print(self) -> Sheet | None:
        """FF, ESC FF: the page as it is; None where nothing stands on it."""
        areas = [*self._areas, self._area()] if self._placed else list(self._areas)
        if not areas:
            return None
        fixed = self._explicit and all(area.height < HIGHEST for area in areas)
        return Sheet(max(area.top + area.height for area in areas) if fixed else 0, tuple(areas))

    def _area(self) -> Area:
        left, top, width, height = self._rectangle
        return Area(left, top, width, height, self._turns, tuple(self._placed))

    def _close(self) -> None:
        """The area is left; what stands in it stays."""
        if self._placed:
            self._areas.append(self._area())
        self._begin()


def _height(element: TextLine | Picture | Symbol) -> int:
    """0: only known when it is drawn."""
    if isinstance(element, Symbol):
        return 0
    return element.height
