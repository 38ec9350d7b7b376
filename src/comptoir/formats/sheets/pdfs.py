"""PDF pages on sheets, each page on a side of its own. PDFium's lock is given back between two pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from comptoir.core.errors import FormatError
from comptoir.core.sheet import Setup, Wishes
from comptoir.formats.pdfium import Document, Sheet
from comptoir.formats.sheets.canvas import Canvas, Letter
from comptoir.formats.sheets.placing import placed


def drawn(
    source: Path | bytes, setup: Setup, wishes: Wishes, letter: Letter, attributes: Mapping[str, str]
) -> Iterator[tuple[Canvas, str]]:
    """A side for each page. Raises FormatError for what is no PDF, is damaged, or wants a password."""
    document = Document(source)
    try:
        for number in range(document.pages):
            canvas = Canvas(setup)
            with document.page(number) as sheet:
                _draw(sheet, canvas, setup, wishes)
            yield canvas, ""
    finally:
        document.close()


def pages_of(source: Path | bytes) -> int:
    """How many pages it has, all of which can be read. Raises FormatError."""
    document = Document(source)
    try:
        for number in range(document.pages):
            with document.page(number):
                pass
    finally:
        document.close()
    if not document.pages:
        raise FormatError("The PDF has no page.", "Open it in a PDF reader, print it to PDF again, and send that.")
    return document.pages


def _draw(sheet: Sheet, canvas: Canvas, setup: Setup, wishes: Wishes) -> None:
    place = placed(sheet.whole.width, sheet.whole.height, setup, wishes.scaling)
    dots = sheet.painted(place.part, place.scale) if canvas.colours else sheet.drawn(place.part, place.scale)
    canvas.lay(np.rot90(dots) if place.turned else dots, place.left, place.top)
