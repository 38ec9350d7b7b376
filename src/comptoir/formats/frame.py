"""Which part of a page of a PDF is printed, and how large: its content on the width of the paper.

It knows points and dots, and asks pdfium.py to draw. That a PDF has several pages matters only in that they are
printed in one size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from comptoir.core.errors import FormatError
from comptoir.core.page import Media
from comptoir.formats.dots import PAPER, Greys

if TYPE_CHECKING:
    from comptoir.formats.pdfium import Sheet

POINTS: Final = 72  # an inch
MAX_PAGE: Final = 5  # m of paper
#: A page is drawn a second time only for letters that become larger by a tenth: it costs as much as the first time.
WORTH: Final = 1.1
#: dots between the content of a page and the edge of what is drawn of it, because the objects of a page count neither
#: the soft edge of a stroke nor a slanted letter that leans out of its box
RIM: Final = 2
#: Points above and below, where there is room and white is cut off afterwards: of a font that is not in the file, the
#: objects count the letters of another.
LEAD: Final = 12


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a page, in points (1/72 inch) from its left and upper edge, as it is seen."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def joined(self, other: Box) -> Box:
        """The smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


def check_paper(rows: float, metres: int, media: Media) -> None:
    """Raises FormatError where so many rows of dots are longer than so many metres."""
    wanted = rows / media.dpi * 0.0254
    if wanted > metres:
        raise FormatError(f"The PDF would take {wanted:.1f} m of paper.", "Print a part of it.")


class Whole:
    """Each page with its margins, scaled down to the paper where it is wider."""

    def __init__(self, media: Media) -> None:
        self._media = media
        self._full = media.dpi / POINTS

    def of(self, sheet: Sheet) -> Greys | None:
        return self._drawn(sheet, sheet.whole, min(self._full, self._media.dots / sheet.whole.width))

    def _drawn(self, sheet: Sheet, part: Box, scale: float) -> Greys:
        check_paper(part.height * scale, MAX_PAGE, self._media)
        return sheet.drawn(part, scale)


class Content(Whole):
    """The content of each page, scaled down to the paper where it is wider.

    All pages of one width are seen through one frame, which can only become wider, so that a last page with three words
    on it is not printed in letters of another size, and columns stay below each other.
    """

    def __init__(self, media: Media) -> None:
        super().__init__(media)
        self._frames: dict[int, Box] = {}

    def of(self, sheet: Sheet) -> Greys | None:
        """The page's content from its first object to the last, or None where there is nothing."""
        content = sheet.content()
        if content is None:
            return None
        frame = self._frames.get(round(sheet.whole.width))
        box = content if frame is None else frame.joined(content)
        part, scale = self._part(sheet, box, content)
        greys = self._drawn(sheet, part, scale)
        better = self._better(sheet, part, greys, scale, frame)
        if better is not None:
            box = better
            part, scale = self._part(sheet, box, box)
            greys = self._drawn(sheet, part, scale)
        self._frames[round(sheet.whole.width)] = box
        return greys

    def _part(self, sheet: Sheet, box: Box, content: Box) -> tuple[Box, float]:
        """What is drawn so that the box is on the paper, and dots a point.

        Where the box is narrower than the paper, as much of the page as the paper is wide: its middle, or beside it as
        far as the box demands.
        """
        scale = min(self._full, (self._media.dots - 2 * RIM) / box.width)
        rim = RIM / scale
        width = min(self._media.dots / scale, sheet.whole.width)
        left = min(max((sheet.whole.width - width) / 2, box.right + rim - width), box.left - rim)
        left = min(max(left, 0.0), sheet.whole.width - width)
        top, bottom = max(0.0, content.top - LEAD), min(sheet.whole.bottom, content.bottom + LEAD)
        return Box(left, top, left + width, bottom), scale

    def _better(self, sheet: Sheet, part: Box, greys: Greys, scale: float, frame: Box | None) -> Box | None:
        """What should have been drawn, seen by the ink; None where that is so."""
        if _cut_through(sheet.whole, part, greys, 1 / scale):
            return sheet.whole
        rim = max(1, round(greys.shape[1] * (1 - 1 / WORTH) / 2))
        if scale == self._full or (greys[:, :rim].min() < PAPER and greys[:, -rim:].min() < PAPER):
            return None
        ink = (greys.min(axis=0) < PAPER).nonzero()[0]
        if not len(ink):
            return None
        seen = Box(part.left + ink[0] / scale, part.top, part.left + (ink[-1] + 1) / scale, part.bottom)
        wanted = seen if frame is None else frame.joined(seen)
        return wanted if wanted.width * WORTH < part.width else None


def _cut_through(whole: Box, part: Box, greys: Greys, dot: float) -> bool:
    """Whether there is ink at an edge beyond which the page goes on: then its objects have said too little."""
    edges = (
        (part.left - whole.left, greys[:, 0]),
        (part.top - whole.top, greys[0]),
        (whole.right - part.right, greys[:, -1]),
        (whole.bottom - part.bottom, greys[-1]),
    )
    return any(beyond > dot and edge.min() < PAPER for beyond, edge in edges)
