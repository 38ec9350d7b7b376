"""A short message in a frame, with a heading and a date: what the web form prints.

    --------------------
    MESSAGE À IMPRIMER

    Hello world

    Date: 2026-11-21 14:05
    --------------------

It formats no date: the caller gives it as it is to be printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from comptoir.core.page import PLAIN, Line, Media, Page, Style
from comptoir.formats.marks import marked
from comptoir.formats.text import bounded, broken, decoded

HEADING: Final = "MESSAGE À IMPRIMER"
FRAME: Final = "-" * 20

_BOLD: Final = Style(bold=True)


def read(content: bytes, media: Media, attributes: Mapping[str, str]) -> Sequence[Page]:
    """One page. `attributes`: title (the heading, where it is not empty), date (no date line where it is
    empty).

    Raises FormatError where the message is not UTF-8.
    """
    text = bounded(decoded(content), media).replace("\f", "\n").strip("\r\n")
    return marked([Page(tuple(_framed(text, media, attributes)))], attributes)


def _framed(text: str, media: Media, attributes: Mapping[str, str]) -> Iterator[Line]:
    frame = Line(FRAME[: media.columns])
    blank = Line("")
    yield frame
    yield from _broken(attributes.get("title", "").strip() or HEADING, media, _BOLD)
    yield blank
    yield from _broken(text, media, PLAIN)
    yield blank
    date = attributes.get("date", "")
    if date:
        yield from _broken(f"Date: {date}", media, PLAIN)
    yield frame


def _broken(text: str, media: Media, style: Style) -> Iterator[Line]:
    for piece in broken(text, media):
        yield Line(piece, style)
