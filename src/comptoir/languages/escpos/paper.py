"""What came out of a printer between two cuts: lines, pictures, drawer pulses. Values; nothing is drawn here.

This is richer than core.page, which is what a document may ask for: captured streams change style within a
line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from comptoir.core.page import Align, Media, Picture, Style

#: dots from one line to the next after ESC @ (1/6 inch on most models)
LINE_DOTS: Final = 30


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one style. `small` is font B, 9 dots wide instead of 12."""

    text: str
    style: Style
    small: bool = False


@dataclass(frozen=True, slots=True)
class TextLine:
    """A printed line. `margin` is the left margin, `spacing` the distance to the next line, both in dots."""

    runs: tuple[Run, ...]
    align: Align = "left"
    margin: int = 0
    spacing: int = LINE_DOTS

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Feed:
    """Paper moved on without printing, in dots."""

    dots: int


@dataclass(frozen=True, slots=True)
class Symbol:
    """A barcode or matrix symbol: its kind in the field's words (CODE128, QR …) and what it says."""

    kind: str
    data: str
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Pulse:
    """The drawer was told to open: connector pin 2 or 5, milliseconds on and off."""

    pin: int
    on_ms: int
    off_ms: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """A command that this interpreter skipped: its first bytes."""

    code: bytes


Element = TextLine | Picture | Feed | Symbol | Pulse | Unknown


@dataclass(frozen=True, slots=True)
class Request:
    """The computer asks something of the printer; the whole command, DLE EOT, GS r, GS I, GS ( H …"""

    command: bytes


@dataclass(frozen=True, slots=True)
class Paper:
    """What lies between two cuts. partial: no cut came. truncated: it was longer than is kept.

    end: how many bytes of the stream had been read when it was cut.
    """

    elements: tuple[Element, ...]
    partial: bool = False
    truncated: bool = False
    end: int = 0

    @property
    def text(self) -> str:
        """The characters, line by line, without layout."""
        return "\n".join(element.text for element in self.elements if isinstance(element, TextLine))

    @property
    def pulses(self) -> tuple[Pulse, ...]:
        return tuple(element for element in self.elements if isinstance(element, Pulse))

    @property
    def blank(self) -> bool:
        """Nothing was printed and no drawer opened."""
        return all(isinstance(element, Feed | Unknown) for element in self.elements)


def as_text(paper: Paper, media: Media) -> str:
    """The paper as a text of `media.columns` columns; what is not text is named in brackets. Ends with LF."""
    lines: list[str] = []
    for element in paper.elements:
        if isinstance(element, TextLine):
            lines.append(_placed(element, media))
        elif isinstance(element, Feed):
            lines += [""] * (element.dots // LINE_DOTS)
        elif isinstance(element, Picture):
            lines.append(f"[picture {element.width} × {element.height}]")
        elif isinstance(element, Symbol):
            lines.append(f"[{element.kind} {element.data}]")
        elif isinstance(element, Pulse):
            lines.append(f"[drawer on pin {element.pin}, {element.on_ms} ms]")
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n" if lines else ""


def _placed(line: TextLine, media: Media) -> str:
    """The line's text, moved to where its alignment puts it."""
    text = line.text.rstrip()
    used = sum(len(run.text) * run.style.width for run in line.runs)
    free = max(media.columns - used, 0)
    indent = {"left": 0, "center": free // 2, "right": free}[line.align]
    return " " * indent + text if text else ""
