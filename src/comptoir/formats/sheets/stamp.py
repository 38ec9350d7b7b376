"""DUPLICATA on every page of a PDF that is passed as it is: a line of text at the upper edge, all else untouched."""

from __future__ import annotations

import math
from pathlib import Path
from typing import IO, Any, Final

from pypdfium2 import raw

from comptoir.core.errors import FormatError
from comptoir.formats.pdfium import Document

_MARK: Final = "DUPLICATA"
_FONT: Final = b"Helvetica-Bold"  # one of the fourteen that every PDF reader has
#: points: height of the letters, the width of the word in them, from the upper edge to its base line
_SIZE: Final = 14.0
_WIDTH: Final = 5.777 * _SIZE
_DOWN: Final = 28.0


def stamp(source: Path | bytes, file: IO[bytes]) -> None:
    """Write the stamped PDF. Raises FormatError for what is no PDF, is damaged, or wants a password."""
    document = Document(source)
    try:
        for number in range(document.pages):
            document.change(number, _stamp)
        document.save(file)
    finally:
        document.close()


def _stamp(pdf: Any, page: Any) -> None:
    """The word in the middle of the upper edge as the page is seen, whichever way it is turned."""
    left, bottom, right, top = page.get_cropbox()
    word = raw.FPDFPageObj_NewTextObj(pdf, _FONT, _SIZE)
    letters = _MARK.encode("utf-16-le") + b"\0\0"
    buffer = (raw.FPDF_WCHAR * (len(_MARK) + 1)).from_buffer_copy(letters)
    if not word or not raw.FPDFText_SetText(word, buffer):
        raise FormatError("The PDF cannot be marked as a DUPLICATA.", "Print it from a PDF reader.")
    turned = page.get_rotation()
    x, y = _place(turned, left, bottom, right, top)
    cosine, sine = round(math.cos(math.radians(turned))), round(math.sin(math.radians(turned)))
    raw.FPDFPageObj_Transform(word, cosine, sine, -sine, cosine, x, y)
    raw.FPDFPage_InsertObject(page, word)
    raw.FPDFPage_GenerateContent(page)


def _place(turned: int, left: float, bottom: float, right: float, top: float) -> tuple[float, float]:
    """Where the word begins, in the page's own coordinates, of a page that is shown turned clockwise."""
    across, along = (left + right) / 2, (bottom + top) / 2
    half = _WIDTH / 2
    match turned:
        case 90:
            return left + _DOWN, along - half
        case 180:
            return across + half, bottom + _DOWN
        case 270:
            return right - _DOWN, along + half
    return across - half, top - _DOWN
