"""Plain text in UTF-8, as it is: no markup, no frame. Lines are broken between words to the columns."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence

from comptoir.core.errors import FormatError
from comptoir.core.page import Line, Media, Page
from comptoir.formats.marks import marked
from comptoir.formats.wrap import clean, lines_of, wrap

MOST_LINES = 20_000  # about 80 m of paper


def read(content: bytes, media: Media, attributes: Mapping[str, str]) -> Sequence[Page]:
    """A page for each part between form feeds. Tabs stop at every eighth column; control characters are left
    out.

    Raises FormatError where the bytes are not UTF-8, or where they are more than MOST_LINES.
    """
    parts = bounded(decoded(content), media).split("\f")
    if len(parts) > 1 and not parts[-1].strip():
        parts.pop()  # a form feed at the end ends the page; it begins none
    pages = [Page(tuple(map(Line, broken(part, media)))) for part in parts]
    _check_paper(sum(len(page.elements) for page in pages))
    return marked(pages, attributes)


def bounded(text: str, media: Media) -> str:
    """The text, where it is not certain to take more than MOST_LINES. Raises FormatError where it is."""
    ends = sum(map(text.count, "\n\r\f")) - text.count("\r\n")
    _check_paper(max(ends, len(text) // media.columns))
    return text


def broken(text: str, media: Media) -> list[str]:
    """The lines of paper that the text takes. Raises FormatError for more than MOST_LINES."""
    pieces: list[str] = []
    for line in lines_of(text):
        pieces += wrap(clean(line), media.columns)
        _check_paper(len(pieces))
    return pieces


def _check_paper(lines: int) -> None:
    if lines > MOST_LINES:
        raise FormatError(
            f"The text would take more than {MOST_LINES} lines of paper.", "Print a part of it, or several."
        )


def decoded(content: bytes) -> str:
    """The text of UTF-8 bytes, with or without a byte order mark. Raises FormatError with the place of the
    fault."""
    try:
        return content.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        raise FormatError(
            f"The text is not valid UTF-8: byte {content[error.start]:#04x} at position {error.start}.",
            "Save the file as UTF-8, or send it with the format raw if it is in the printer's own language.",
        ) from error
