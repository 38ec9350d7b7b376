"""PDF: text and pages by PDFium."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from comptoir.archive.kinds import Kind
from comptoir.formats.glyphs import lettered
from comptoir.formats.pdfium import Document

if TYPE_CHECKING:
    from PIL.Image import Image

#: pages whose text is read, and letters of one page
MOST_PAGES: Final = 1_000
MOST_LETTERS: Final = 200_000
#: dots a side; a page may be a banner of any length
LONGEST: Final = 12_000


class Pdf:
    """An open PDF. Raises FormatError where it is none, or wants a password."""

    kind = Kind.PICTURES

    def __init__(self, content: Path | bytes) -> None:
        self._content = content
        self._document = Document(content)
        self.pages: int | None = self._document.pages

    def text(self) -> str:
        readable = lettered(self._content)
        if readable is None:
            return _text(self._document)
        document = Document(readable)
        try:
            return _text(document)
        finally:
            document.close()

    def picture(self, page: int, width: int) -> Image | None:
        from PIL import Image  # noqa: PLC0415

        if not 1 <= page <= self._document.pages:
            return None
        with self._document.page(page - 1) as sheet:
            scale = min(width / sheet.whole.width, LONGEST / sheet.whole.height)
            return Image.fromarray(sheet.painted(sheet.whole, scale))

    def close(self) -> None:
        self._document.close()


def _text(document: Document) -> str:
    return "\f".join(_words(document, number) for number in range(min(document.pages, MOST_PAGES))).strip("\f")


def _words(document: Document, number: int) -> str:
    with document.page(number) as sheet:
        return sheet.words(MOST_LETTERS).replace("\r\n", "\n").replace("\r", "\n")
