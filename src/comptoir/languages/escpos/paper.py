"""A paper: what came out of a printer between two cuts, and how it reads as a text. Nothing is drawn here."""

from __future__ import annotations

from dataclasses import dataclass

from comptoir.core.page import Media, Picture
from comptoir.languages.escpos.elements import (
    LINE_DOTS,
    Area,
    Element,
    Feed,
    Inset,
    Look,
    Notice,
    Placed,
    Pulse,
    Request,
    Run,
    Sheet,
    Symbol,
    TextLine,
    Unknown,
    columns_of,
)

__all__ = [
    "LINE_DOTS",
    "Area",
    "Element",
    "Feed",
    "Inset",
    "Look",
    "Notice",
    "Paper",
    "Placed",
    "Pulse",
    "Request",
    "Run",
    "Sheet",
    "Symbol",
    "TextLine",
    "Unknown",
    "as_text",
]


@dataclass(frozen=True, slots=True)
class Paper:
    """What lies between two cuts. partial: no cut came. truncated: it was longer than is kept.

    end: how many bytes of the stream had been read when it was cut. cut: the command that cut it.
    """

    elements: tuple[Element, ...]
    partial: bool = False
    truncated: bool = False
    end: int = 0
    cut: bytes = b""

    @property
    def text(self) -> str:
        """The characters, line by line, without layout."""
        return "\n".join([line.text for line in self.lines])

    @property
    def lines(self) -> tuple[TextLine, ...]:
        """All lines, those of page mode where they were printed."""
        found: list[TextLine] = []
        for element in self.elements:
            if isinstance(element, TextLine) and (element.runs or not element.insets):
                found.append(element)
            elif isinstance(element, Sheet):
                found += [placed.element for placed in element.lines if isinstance(placed.element, TextLine)]
        return tuple(found)

    @property
    def pulses(self) -> tuple[Pulse, ...]:
        return tuple(element for element in self.elements if isinstance(element, Pulse))

    @property
    def blank(self) -> bool:
        """Nothing was printed and no drawer opened."""
        return all(isinstance(element, Feed | Unknown | Notice | Request) for element in self.elements)


def as_text(paper: Paper, media: Media) -> str:
    """The paper as a text of `media.columns` columns; what is not text is named in brackets. Ends with LF."""
    lines: list[str] = []
    for element in paper.elements:
        if isinstance(element, Feed):
            lines += [""] * min(max(element.dots, 0) // LINE_DOTS, 1000)
        elif isinstance(element, Sheet):
            lines += _sheet(element, media)
        else:
            lines += _named(element, media)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n" if lines else ""


def _named(element: Element, media: Media) -> list[str]:
    """An element on lines of its own; none where there is nothing to read."""
    if isinstance(element, TextLine):
        bands = [_picture(inset.picture) for inset in element.insets if not inset.text]
        return [*bands, _placed(element, media)] if element.runs or not bands else bands
    if isinstance(element, Picture):
        return [_picture(element)]
    if isinstance(element, Symbol):
        return [f"[{element.kind} {element.data}]"]
    if isinstance(element, Pulse):
        return [f"[drawer on pin {element.pin}, {element.on_ms} ms]"]
    return []


def _picture(picture: Picture) -> str:
    return f"[picture {picture.width} × {picture.height}]"


def _placed(line: TextLine, media: Media) -> str:
    """The line's text, moved to where its alignment puts it."""
    text = line.text.rstrip()
    used = line.width // 12
    free = max((line.room // 12 or media.columns - line.margin // 12) - used, 0)
    indent = {"left": 0, "center": free // 2, "right": free}[line.align] + line.margin // 12
    return " " * indent + text if text else ""


def _sheet(sheet: Sheet, media: Media) -> list[str]:
    """Page mode, area by area: what stands side by side in a row."""
    rows: list[str] = []
    for area in sheet.areas:
        last = -LINE_DOTS
        for placed in sorted(area.placed, key=lambda p: (p.base, p.left)):
            for text in _named(placed.element, media):
                if placed.base - last < LINE_DOTS // 2 and rows:
                    gap = max((area.left + placed.left) // 12 - columns_of(rows[-1]), 1)
                    rows[-1] += " " * gap + text.strip()
                else:
                    rows.append(" " * ((area.left + placed.left) // 12) + text.strip())
                    last = placed.base
    return rows
