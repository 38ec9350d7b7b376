"""Page mode of ePOS-Print: what stands anywhere on an area, read from top to bottom into rows and pictures.

Texts on one height become a row, each at its column; they stay texts, so that every character prints. What lies over
something else, is turned, or is a frame cannot be said in rows: it is laid flat, or left out and named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from comptoir.core.cells import width
from comptoir.core.page import Cell, Feed, Line, Media, Picture, Row, Style
from comptoir.core.page import Element as Printed
from comptoir.formats.epos import figures
from comptoir.formats.epos.figures import LINE, height_of, name_of, number, rule
from comptoir.formats.wrap import clean

#: dots from the top of a letter to its base line, which is what a position means
BASE: Final = 21
_LEVEL: Final = "left_to_right"

Styled = Callable[[Element], Style]
"""The style for a text, with what its attributes set."""


@dataclass(slots=True)
class _Area:
    """What stands on the page, each with its distance from the top in dots; the cursor is relative to the origin."""

    media: Media
    texts: list[tuple[int, Cell]] = field(default_factory=list)
    figures: list[tuple[int, Printed]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    origin: tuple[int, int] = (0, 0)
    x: int = 0
    y: int = BASE

    def write(self, text: str, style: Style) -> None:
        cell = max(self.media.dots // self.media.columns, 1)
        for index, part in enumerate(text.split("\n")):
            if index:
                self.x, self.y = 0, self.y + LINE
            if piece := clean(part):
                top = self.origin[1] + max(self.y - BASE * style.height, 0)
                self.texts.append((top, Cell((self.origin[0] + self.x) // cell, piece, style)))
                self.x += width(piece) * style.width * cell

    def draw(self, element: Element) -> None:
        figure = figures.figure(element, "left", self.media)
        if figure is None:
            self.left_out.append(" ".join((name_of(element), element.get("type", ""))))
            return
        left = self.origin[0] + self.x
        if isinstance(figure, Picture):
            figure = _moved(figure, left, self.media)
        # A position is the lower left corner, of a QR code the upper one.
        above = 0 if name_of(element) == "symbol" else height_of(figure)
        self.figures.append((self.origin[1] + max(self.y - above, 0), figure))

    def rule(self, element: Element) -> None:
        x1, y1, x2, y2 = (number(element, name) or 0 for name in ("x1", "y1", "x2", "y2"))
        if y1 != y2:
            self.left_out.append("line")
            return
        left, right = sorted((self.origin[0] + x1, self.origin[0] + x2))
        self.figures.append((self.origin[1] + y1, rule(left, right, element.get("style", "thin"), self.media)))


def placed(page: Element, media: Media, styled: Styled) -> tuple[list[Printed], list[str]]:
    """What is on the page, from top to bottom, and the names of what is not."""
    area = _Area(media)
    for element in page:
        _put(area, element, styled)
    return list(_stacked(area)), area.left_out


def _put(area: _Area, element: Element, styled: Styled) -> None:
    match name_of(element):
        case "area":
            area.origin = (number(element, "x") or 0, number(element, "y") or 0)
            area.x, area.y = 0, BASE
        case "position":
            area.x, area.y = number(element, "x") or 0, number(element, "y") or 0
        case "direction":
            if element.get("dir", _LEVEL) != _LEVEL:
                area.left_out.append(f"direction {element.get('dir')}")
        case "text":
            area.x = number(element, "x") or area.x
            area.y = number(element, "y") or area.y
            area.write(element.text or "", styled(element))
        case "feed":
            unit, lines = number(element, "unit"), number(element, "line")
            area.x, area.y = 0, area.y + (unit if unit is not None else LINE * (lines or 1))
        case "line":
            area.rule(element)
        case _:
            area.draw(element)


def _moved(picture: Picture, left: int, media: Media) -> Picture:
    """To the right, in steps of 8 dots, as far as it stays on the paper."""
    white = min(left, media.dots - picture.width) // 8
    across = (picture.width + 7) // 8
    if white <= 0 or not picture.height:
        return picture
    rows = (picture.bits[start : start + across] for start in range(0, len(picture.bits), across))
    return Picture(picture.width + 8 * white, picture.height, b"".join(bytes(white) + row for row in rows))


def _stacked(area: _Area) -> Iterator[Printed]:
    """From top to bottom, with the white between them."""
    items: list[tuple[int, Printed]] = [*area.figures, *_rows(area.texts, area.media.columns)]
    reached = 0
    for top, item in sorted(items, key=lambda one: one[0]):
        if (lines := (top - reached) // LINE) > 0:
            yield Feed(lines)
        yield item
        reached = max(top, reached) + height_of(item)


def _rows(texts: list[tuple[int, Cell]], columns: int) -> Iterator[tuple[int, Printed]]:
    """Texts of about one height together, side by side."""
    row: list[Cell] = []
    first = 0
    for top, cell in sorted(texts, key=lambda one: one[0]):
        if row and top - first >= LINE // 2:
            yield first, _row(row, columns)
            row = []
        first = first if row else top
        row.append(cell)
    if row:
        yield first, _row(row, columns)


def _row(cells: list[Cell], columns: int) -> Printed:
    """None over another; what does not fit on the line any more is cut off by the paper, as on a printer."""
    ordered, end = list[Cell](), 0
    for cell in sorted(cells, key=lambda one: one.column):
        column = max(cell.column, end)
        if column >= columns:
            break
        ordered.append(Cell(column, cell.text, cell.style))
        end = column + width(cell.text) * cell.style.width
    return Row(tuple(ordered)) if ordered else Line("")
