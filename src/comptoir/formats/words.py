"""The text of a document, to find numbers and dates in it: of a PDF that has one, and of text. No picture is read.

It is asked of whatever lies in a folder, so it never raises: what has no text, is damaged or wants a password has none.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final

from comptoir.core.errors import FormatError

if TYPE_CHECKING:
    from comptoir.formats.pdfium import Document

MOST: Final = 200_000  # letters
MOST_BYTES: Final = 4 * MOST  # as many as the longest ones take in UTF-8
#: pages of a PDF: the first ones, and the last one, where totals stand
MOST_PAGES: Final = 10
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TEXTS: Final = ("text/", "application/json", "application/xml")


def has_words(media_type: str) -> bool:
    """Whether documents of this kind may have a text here."""
    return media_type == "application/pdf" or media_type.startswith(_TEXTS)


def words(content: bytes, media_type: str) -> str:
    """The text, at most MOST letters, lines ended by "\\n". Empty where there is none."""
    if media_type == "application/pdf":
        text = _of_pdf(content)
    elif media_type.startswith(_TEXTS):
        text = _of_text(content[:MOST_BYTES])
    else:
        return ""
    return text.replace("\r\n", "\n").replace("\r", "\n")[:MOST]


def _of_text(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        # A character cut at the end of the part that is read is no sign of another encoding.
        if len(content) == MOST_BYTES and error.start > MOST_BYTES - 4:
            return content[: error.start].decode()
        return content.decode("cp1252", "replace")


def _of_pdf(content: bytes) -> str:
    from comptoir.formats.glyphs import lettered  # noqa: PLC0415
    from comptoir.formats.pdfium import Document  # noqa: PLC0415

    try:
        document = Document(lettered(content) or content)
    except FormatError:
        return ""
    try:
        first = range(min(document.pages, MOST_PAGES - 1))
        last = range(max(len(first), document.pages - 1), document.pages)
        return "\n".join(_of_page(document, number) for number in (*first, *last))
    finally:
        document.close()


def _of_page(document: Document, number: int) -> str:
    try:
        with document.page(number) as sheet:
            return sheet.words(MOST)
    except FormatError:
        return ""
