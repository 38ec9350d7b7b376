"""Runs of text in lines of a column, broken between words. It knows one column and no paper.

ReceiptLine breaks at the character that does not fit; here a word is broken only where it is longer than the column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from comptoir.core.cells import cells, cluster_cells, clusters
from comptoir.core.errors import FormatError
from comptoir.core.page import Style
from comptoir.formats.ticket.markup import HARD_SPACE, Run, shown


@dataclass(frozen=True, slots=True)
class Filled:
    """One line of a column: its runs, the characters of the normal font that it takes, and its height in lines."""

    runs: tuple[Run, ...] = ()
    width: int = 0
    height: int = 1


@dataclass(slots=True)
class _Glyph:
    """What a reader takes for one character, the cells that it takes, and whether it is a wide one."""

    text: str
    style: Style
    cells: int
    wide: bool

    @property
    def space(self) -> bool:
        return self.text == " "


def fill(runs: Sequence[Run], columns: int, words: bool = True) -> list[Filled]:
    """The runs in lines of at most `columns` cells; no runs are one empty line. `words`: broken between them.

    Raises FormatError where not even one character fits. Letters that are too large for the column are made smaller.
    """
    runs = _fitting(runs, columns)
    if sum(run.cells for run in runs) <= columns:
        return [_filled(runs)]
    return [
        _filled(_joined((glyph.text, glyph.style) for glyph in glyphs))
        for glyphs in _broken(_glyphs(runs, columns), columns, words)
    ]


def _fitting(runs: Sequence[Run], columns: int) -> list[Run]:
    """The runs, none with letters that are wider than the column."""
    if all(2 * run.style.width <= columns for run in runs):
        return _joined((run.text, run.style) for run in runs)
    text = "".join(run.text for run in runs)
    # A cluster of letters may be wider than 2; it is broken where it must be.
    widest = min(max(map(cluster_cells, clusters(text)), default=1), 2)
    most = columns // max(widest, 1)
    if most < 1:
        raise FormatError(
            f"A column is too narrow for “{shown(text)}”: it has {columns} character.",
            "Make it wider with {width: …}, or use fewer columns.",
        )
    return _joined((run.text, _limited(run.style, most)) for run in runs)


def _limited(style: Style, most: int) -> Style:
    return style if style.width <= most else replace(style, width=most, height=min(style.height, most))


def _glyphs(runs: Sequence[Run], columns: int) -> list[_Glyph]:
    glyphs: list[_Glyph] = []
    for run in runs:
        for cluster in clusters(run.text):
            taken = cluster_cells(cluster) * run.style.width
            parts = [cluster] if taken <= columns else list(cluster)
            for part in parts:
                own = taken if len(parts) == 1 else cells(part) * run.style.width
                glyphs.append(_Glyph(part, run.style, own, cells(part[0]) == 2))
    return glyphs


def _broken(glyphs: Sequence[_Glyph], columns: int, words: bool) -> Iterator[Sequence[_Glyph]]:
    start = 0
    while start < len(glyphs):
        end, used = start, 0
        while end < len(glyphs) and used + glyphs[end].cells <= columns:
            used += glyphs[end].cells
            end += 1
        if words and end < len(glyphs):
            end = _break(glyphs, start, end)
        line = glyphs[start:end] if end == len(glyphs) else _shed(glyphs[start:end])
        if line:
            yield line
        start = end
        while start < len(glyphs) and glyphs[start].space:
            start += 1


def _break(glyphs: Sequence[_Glyph], start: int, end: int) -> int:
    """Where the line from `start` is best broken, at `end` at the latest. Wide characters need no space between."""
    first = next((at for at in range(start, end) if not glyphs[at].space), end)
    for at in range(end, first, -1):
        before, after = glyphs[at - 1], glyphs[at]
        if before.space or after.space or before.wide or after.wide:
            return at
    return end


def _shed(glyphs: Sequence[_Glyph]) -> Sequence[_Glyph]:
    end = len(glyphs)
    while end and glyphs[end - 1].space:
        end -= 1
    return glyphs[:end]


def _joined(parts: Iterable[tuple[str, Style]]) -> list[Run]:
    """Text in runs, neighbours of one style being one run: a mark must find the letter before it."""
    runs: list[tuple[list[str], Style]] = []
    for text, style in parts:
        if runs and runs[-1][1] == style:
            runs[-1][0].append(text)
        else:
            runs.append(([text], style))
    return [Run("".join(texts), style) for texts, style in runs]


def _filled(runs: Sequence[Run]) -> Filled:
    spaced = tuple(Run(run.text.replace(HARD_SPACE, " "), run.style) for run in runs)
    return Filled(
        spaced,
        sum(run.cells for run in spaced),
        max((run.style.height for run in spaced), default=1),
    )
