"""Plain text and messages on sheets: a typewriter's letters, eighty in a line of A4, as many lines as fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from comptoir.core.errors import FormatError
from comptoir.core.page import Line, Media, Page
from comptoir.core.sheet import Setup, Wishes
from comptoir.formats import message, text
from comptoir.formats.sheets.canvas import Canvas, Letter

#: hundredths of a millimetre: around the text, and a letter's width; it is twice as high
MARGIN: Final = 1_200
LETTER: Final = 228
NARROWEST: Final = 16  # columns


def drawn(
    source: Path | bytes, setup: Setup, wishes: Wishes, letter: Letter, attributes: Mapping[str, str]
) -> Iterator[tuple[Canvas, str]]:
    """A new side at each form feed, and where one is full. Raises FormatError where it is not UTF-8, or too long."""
    media, cell = _type_area(setup)
    yield from _set(text.read(_read(source), media, {}), setup, letter, media, cell)


def drawn_message(
    source: Path | bytes, setup: Setup, wishes: Wishes, letter: Letter, attributes: Mapping[str, str]
) -> Iterator[tuple[Canvas, str]]:
    """The message in its frame, with title and date. Raises FormatError where it is not UTF-8, or too long."""
    media, cell = _type_area(setup)
    yield from _set(message.read(_read(source), media, attributes), setup, letter, media, cell)


def _read(source: Path | bytes) -> bytes:
    return source.read_bytes() if isinstance(source, Path) else source


def _type_area(setup: Setup) -> tuple[Media, tuple[int, int]]:
    """The paper between the margins, and the cell of a letter in dots."""
    wide = round(LETTER * setup.dpi / 2540)
    room = setup.width - 2 * round(MARGIN * setup.dpi / 2540)
    columns = room // wide
    if columns < NARROWEST:
        raise FormatError("The paper is too narrow for a text.", "Print it on A4, for instance.")
    return Media(columns * wide, columns, setup.dpi), (wide, 2 * wide)


def _set(
    pages: Sequence[Page], setup: Setup, letter: Letter, media: Media, cell: tuple[int, int]
) -> Iterator[tuple[Canvas, str]]:
    margin = round(MARGIN * setup.dpi / 2540)
    count = max(1, (setup.height - 2 * margin) // cell[1])
    for page in pages:
        lines = [element for element in page.elements if isinstance(element, Line)]
        for start in range(0, max(len(lines), 1), count):
            canvas, missing = Canvas(setup), ""
            for row, line in enumerate(lines[start : start + count]):
                if line.text.strip():
                    drawn_line = letter(line, media, cell)
                    missing += drawn_line.missing
                    canvas.write(drawn_line.picture, (setup.width - media.dots) // 2, margin + row * cell[1])
            yield canvas, "".join(dict.fromkeys(missing))
