"""Draws text of any script as dots on the fixed-pitch grid of a receipt printer. It encodes and prints nothing.

For lines that a printer's code pages cannot print, sent as a picture, and for the letters of a captured paper. Nothing
of it depends on libraries of the system; fonts and drawing are loaded with the first line that is drawn.

strip   which piece in which cells      bidi    the order of Arabic and Hebrew lines
faces   which font has which letter     pen     shaping and filling outlines
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from comptoir.core.page import PLAIN, Line, Media, Picture, Row, Style
from comptoir.languages.lettering import bidi

if TYPE_CHECKING:
    from PIL.Image import Image

#: Font A of a receipt printer, in dots.
CELL: Final = (12, 24)


@dataclass(frozen=True, slots=True)
class Lettered:
    """A line as a picture of the paper's width, and the characters that no font has, drawn as empty boxes."""

    picture: Picture
    missing: str = ""


def draw_row(row: Row, media: Media, cell: tuple[int, int] = CELL) -> Lettered:
    """The row, each of its texts from the column where it begins; as high as its highest style.

    Texts stand on the lower edge. What reaches beyond the paper is cut off. `cell` is the size of a normal character.
    """
    drawn = [(each.column * cell[0], *text_image(each.text, each.style, cell)) for each in row.cells]
    return _sheet(drawn, media, cell)


def draw_line(line: Line, media: Media, cell: tuple[int, int] = CELL) -> Lettered:
    """The line, placed as its style says. One that is read from right to left begins at the right edge."""
    picture, missing = text_image(line.text, line.style, cell)
    align = line.style.align
    if align == "left" and bidi.reads_right_to_left(line.text):
        align = "right"
    spare = max(media.dots - picture.width, 0)
    left = {"left": 0, "center": spare // 2, "right": spare}[align]
    return _sheet([(left, picture, missing)], media, cell)


def text_image(text: str, style: Style = PLAIN, cell: tuple[int, int] = CELL) -> tuple[Image, str]:
    """The text as a Pillow picture of mode 1 (1 is ink) that holds its cells exactly, and what no font has.

    A text takes the cells that core.cells.width counts. The picture serves as a mask to paste through.
    """
    from comptoir.languages.lettering import strip  # noqa: PLC0415 - plain receipts are printed without fonts

    return strip.draw(text, style, cell)


@lru_cache(maxsize=1024)
def glyph_image(cluster: str, cells: int, cell: tuple[int, int] = CELL, bold: bool = False) -> Image:
    """One character with its marks in so many cells, whatever it would take in a line; a mask as text_image gives.

    The picture is kept and given again: it must not be drawn on.
    """
    from comptoir.languages.lettering import pen, strip  # noqa: PLC0415

    return strip.glyph(cluster, pen.Room(cells, *cell), bold)


def _sheet(drawn: list[tuple[int, Image, str]], media: Media, cell: tuple[int, int]) -> Lettered:
    """Pictures of texts on one strip of the paper, from the dots where they begin."""
    from PIL import Image  # noqa: PLC0415

    high = max((picture.height for _, picture, _ in drawn), default=cell[1])
    sheet = Image.new("1", (media.dots, high))
    for left, picture, _ in drawn:
        sheet.paste(picture, (left, high - picture.height))
    missing = "".join(lacking for _, _, lacking in drawn)
    return Lettered(Picture(media.dots, high, sheet.tobytes()), missing)
