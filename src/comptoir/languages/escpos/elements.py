"""What came out of a printer between two cuts: lines, pictures, symbols, drawer pulses. Values; nothing is drawn.

This is richer than core.page, which is what a document may ask for: captured streams change style within a
line, and put characters anywhere. All measures are in dots.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

from comptoir.core.page import PLAIN, Align, Picture, Style

#: dots from one line to the next after ESC @ (1/6 inch on most models)
LINE_DOTS: Final = 30

#: width and height of a character of font A, of font B, and of a two-byte character
FONT_A: Final = (12, 24)
FONT_B: Final = (9, 17)
FONT_KANJI: Final = (24, 24)


@dataclass(frozen=True, slots=True)
class Look:
    """What core.page.Style has no word for. gap_before, gap: white dots beside each character, before they
    are made wider. thickness: of the underline. turned: each character lies on its right side (ESC V)."""

    wide: bool = False
    red: bool = False
    italic: bool = False
    turned: bool = False
    thickness: int = 2
    gap_before: int = 0
    gap: int = 0


PLAIN_LOOK: Final = Look()


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one style. `small` is font B, 9 dots wide instead of 12. at: dots from the line's
    beginning. cells: how many characters wide it is; 0: as many as the text has."""

    text: str
    style: Style = PLAIN
    small: bool = False
    at: int = 0
    look: Look = PLAIN_LOOK
    cells: int = 0

    @property
    def cell(self) -> tuple[int, int]:
        """Width (without gaps) and height of one character on the paper."""
        width, height = FONT_KANJI if self.look.wide else FONT_B if self.small else FONT_A
        if self.look.turned:
            width, height = height, width
        return width * self.style.width, height * self.style.height

    @property
    def pitch(self) -> int:
        """From one character to the next."""
        return self.cell[0] + (self.look.gap_before + self.look.gap) * self.style.width

    @property
    def width(self) -> int:
        return self.pitch * (self.cells or len(self.text))


@dataclass(frozen=True, slots=True)
class Inset:
    """Dots that stand in a line, on its base line: a band of ESC *, or a user-defined character (`text`)."""

    picture: Picture
    at: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A printed line. `margin` is the left margin, `room` the width of the print area (0: to the right edge),
    `spacing` how far the paper moves, never less than the line is high. flipped: upside-down (ESC {)."""

    runs: tuple[Run, ...]
    align: Align = "left"
    margin: int = 0
    spacing: int = LINE_DOTS
    room: int = 0
    insets: tuple[Inset, ...] = ()
    flipped: bool = False

    @property
    def text(self) -> str:
        """The characters from the left, with spaces where the position was moved."""
        if len(self.runs) == 1 and not self.runs[0].at and not self.insets:
            return self.runs[0].text
        return _spaced(self)

    @property
    def width(self) -> int:
        ends = [run.at + run.width for run in self.runs]
        return max([*ends, *[inset.at + inset.picture.width for inset in self.insets]], default=0)

    @property
    def height(self) -> int:
        """Of the tallest in it."""
        heights = [run.cell[1] for run in self.runs]
        return max([*heights, *[inset.picture.height for inset in self.insets]], default=0)


@dataclass(frozen=True, slots=True)
class Feed:
    """Paper moved without printing, in dots; backwards where it is negative."""

    dots: int


@dataclass(frozen=True, slots=True)
class Symbol:
    """A barcode or matrix symbol: its kind in the field's words (CODE128, QR …) and what it says.

    content: what is encoded, where it is not `data`. module: dots of the narrowest bar or of one square.
    height: of the bars, of PDF417's rows in modules; hri: where the text stands. options: what else was set.
    """

    kind: str
    data: str
    align: Align = "left"
    margin: int = 0
    room: int = 0
    content: str | bytes = ""
    module: int = 3
    height: int = 0
    hri: Literal["none", "above", "below", "both"] = "none"
    hri_small: bool = False
    options: tuple[tuple[str, int | str], ...] = ()


@dataclass(frozen=True, slots=True)
class Pulse:
    """The drawer was told to open: connector pin 2 or 5, milliseconds on and off."""

    pin: int
    on_ms: int
    off_ms: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """A command that this interpreter skipped: its first bytes, where in the stream it ended, and why."""

    code: bytes
    at: int = 0
    why: str = "not known"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that leaves no trace on paper: a buzzer, a macro, a change of the printer's setup."""

    what: str
    command: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """The computer asks something of the printer; the whole command, DLE EOT, GS r, GS I, GS ( H …"""

    command: bytes


@dataclass(frozen=True, slots=True)
class Placed:
    """A line, picture or symbol in an area. left: from the edge where its direction begins. base: where its
    lower edge stands; what would begin above the area begins at its upper edge."""

    left: int
    base: int
    element: TextLine | Picture | Symbol


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a page-mode page. turns: quarter turns anticlockwise in which its contents are printed.

    width and height are those on the paper.
    """

    left: int
    top: int
    width: int
    height: int
    turns: int = 0
    placed: tuple[Placed, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What page mode printed at once. height: 0 where it is as high as what stands on it."""

    height: int
    areas: tuple[Area, ...]

    @property
    def lines(self) -> tuple[Placed, ...]:
        """All lines, area by area, from the top, from the left."""
        found = [
            sorted((p for p in area.placed if isinstance(p.element, TextLine)), key=lambda p: (p.base, p.left))
            for area in self.areas
        ]
        return tuple(placed for area in found for placed in area)


Element = TextLine | Picture | Feed | Symbol | Pulse | Unknown | Notice | Request | Sheet


def columns_of(text: str) -> int:
    """How many columns of a terminal it takes: two for wide characters, none for accents put on another."""
    if text.isascii():
        return len(text)
    return sum([2 if unicodedata.east_asian_width(c) in "WF" else 0 if is_mark(c) else 1 for c in text])


def is_mark(character: str) -> bool:
    """It stands on the character before it."""
    return unicodedata.category(character) in {"Mn", "Me", "Cf"}


def _spaced(line: TextLine) -> str:
    """What is printed twice on one place, to be bolder, is there once."""
    unit = FONT_B[0] if any(run.small for run in line.runs) else FONT_A[0]
    named = [(inset.at, inset.at + inset.picture.width, inset.text) for inset in line.insets if inset.text]
    parts = sorted([*[(run.at, run.at + run.width, run.text) for run in line.runs], *named], key=lambda p: p[0])
    text, end, before = "", 0, (-1, -1, "")
    for at, right, words in parts:
        if (at, right, words) == before:
            continue
        if at > end + unit // 2:
            text += " " * max(round(at / unit) - columns_of(text), 1)
        elif at < end:
            text += " "
        text += words
        end, before = max(end, right), (at, right, words)
    return text
