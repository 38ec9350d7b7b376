"""What is drawn on paper, before any printer language: lines of text with a style, and pictures.

A format reads a document into pages; a language encodes pages into bytes. This module is the meeting point of both and
knows neither. It measures in characters and in dots, never in points or millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Style:
    """How a line of text looks. Width and height are whole multiples (1 to 8) of the normal character."""

    bold: bool = False
    underline: bool = False
    inverse: bool = False
    width: int = 1
    height: int = 1
    align: Align = "left"


PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; it is already broken to the paper's width and holds no control character."""

    text: str
    style: Style = PLAIN


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of 1 bit a dot: rows from the top, most significant bit first, 1 is black, rows padded to bytes."""

    width: int
    height: int
    bits: bytes
    align: Align = "left"

    def __post_init__(self) -> None:
        expected = (self.width + 7) // 8 * self.height
        if len(self.bits) != expected:
            raise ValueError(
                f"a picture of {self.width} × {self.height} dots has {expected} bytes, not {len(self.bits)}"
            )


Element = Line | Picture


@dataclass(frozen=True, slots=True)
class Page:
    """What comes out between two cuts."""

    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Media:
    """The paper as a printer sees it: printable width in dots and in characters of its normal font, dots per inch."""

    dots: int = 576
    columns: int = 48
    dpi: int = 203


@dataclass(frozen=True, slots=True)
class Encoded:
    """Bytes for a printer, and the characters that it cannot print (never dropped in silence)."""

    data: bytes
    unprintable: str = ""
