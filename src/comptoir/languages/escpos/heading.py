"""What a receipt says of itself: the line at its head that stands out, which people take for its title."""

from __future__ import annotations

from typing import Final

from comptoir.languages.escpos.elements import TextLine
from comptoir.languages.escpos.interpret import Interpreter
from comptoir.languages.escpos.paper import Paper

#: bytes and lines of the beginning that are looked at; a logo of the shop may stand before them
HEAD: Final = 262_144
LINES: Final = 12
LONGEST: Final = 80


def heading(data: bytes) -> str:
    """The largest of the first lines, the first of them where several are; "" where there is no text."""
    interpreter = Interpreter()
    papers = [event for event in interpreter.feed(data[:HEAD]) if isinstance(event, Paper)]
    rest = interpreter.finish()
    for paper in papers if rest is None else [*papers, rest]:
        lines = [line for line in paper.lines if any(c.isalpha() for c in line.text)][:LINES]
        if lines:
            return " ".join(max(lines, key=_size).text.split())[:LONGEST]
    return ""


def _size(line: TextLine) -> int:
    return max((run.cell[0] * run.cell[1] for run in line.runs), default=0)
