"""What is drawn on paper, before any printer language: lines of text with a style, rows, symbols, pictures.

A format reads a document into pages; a language encodes pages into bytes. This module is the meeting point of both and
knows neither. It measures in characters and in dots, never in points or millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]
BarcodeKind = Literal["EAN13", "EAN8", "UPC-A", "UPC-E", "CODE39", "ITF", "CODABAR", "CODE93", "CODE128"]


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
class Cell:
    """A text at a column of a row. `column` counts characters of the normal font from the left edge of the paper."""

    column: int
    text: str
    style: Style = PLAIN


@dataclass(frozen=True, slots=True)
class Row:
    """One line whose parts differ in style or stand in columns. Cells come in order and do not overlap.

    Their texts are as those of a Line; the alignment of their styles is not looked at: they stand where they stand.
    """

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """Paper moved on without printing, in lines of the normal font."""

    lines: int = 1


@dataclass(frozen=True, slots=True)
class Barcode:
    """A linear barcode. `kind` is the symbology; `height` and the width of the narrow bar, `module`, are in dots.

    Data is checked by whoever makes one (formats); a language that lacks the symbology draws it.
    """

    kind: BarcodeKind
    data: str
    height: int = 72
    module: int = 2
    text: bool = False
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code, model 2, of UTF-8 text. `module`: the side of one square in dots."""

    data: str
    module: int = 4
    level: Literal["L", "M", "Q", "H"] = "M"
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Buzz:
    """The printer's buzzer, where it has one: so many times."""

    times: int = 1


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


Element = Line | Row | Feed | Barcode | QrCode | Buzz | Picture


@dataclass(frozen=True, slots=True)
class Page:
    """What comes out between two cuts. `cut` False: the next page follows on the same paper.

    left_out: what of the document is not on it, in the words of its format; it becomes part of the evidence.
    """

    elements: tuple[Element, ...]
    cut: bool = True
    left_out: str = ""


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
