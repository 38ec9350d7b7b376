"""The line of text that is being written: pieces in different styles, broken where the paper ends. Pure.

A printer breaks a line at its last column, not between words: programs that send text count on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from comptoir.core.cells import cluster_cells, clusters, width
from comptoir.core.page import Cell, Line, Row, Style
from comptoir.formats.wrap import clean

_SHARES: Final = {"left": 0, "center": 1, "right": 2}


class LineBuffer:
    """What stands on the line so far. `columns`: cells of the normal font that the paper has."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._cells: list[Cell] = []
        self._end = 0
        self._moved = False

    @property
    def empty(self) -> bool:
        return not self._cells

    def move_to(self, column: int) -> None:
        """Write on from this column; never over what stands there already."""
        self._end = max(self._end, min(column, self._columns - 1))
        self._moved = True

    def write(self, text: str, style: Style) -> Iterator[Line | Row]:
        """Add a text without ends of lines; gives the lines that are full."""
        rest = clean(text)
        if width(rest) * style.width <= self._columns - self._end:
            self._add(rest, style)
            return
        piece, used = "", self._end
        for cluster in clusters(rest):
            wide = cluster_cells(cluster) * style.width
            if used + wide > self._columns and used:
                self._add(piece, style)
                yield self.end()
                piece, used = "", 0
            piece, used = piece + cluster, used + wide
        self._add(piece, style)

    def end(self) -> Line | Row:
        """The line, which begins anew."""
        cells, moved, end = self._cells, self._moved, self._end
        self._cells, self._moved, self._end = [], False, 0
        if not cells:
            return Line("")
        first = cells[0]
        if len(cells) == 1 and not moved:
            return Line(first.text, first.style)
        free = 0 if moved else self._columns - end
        shift = free * _SHARES[first.style.align] // 2
        return Row(tuple(Cell(cell.column + shift, cell.text, cell.style) for cell in cells))

    def _add(self, text: str, style: Style) -> None:
        if not text:
            return
        last = self._cells[-1] if self._cells else None
        if last is not None and last.style is style and last.column + width(last.text) * style.width == self._end:
            self._cells[-1] = Cell(last.column, last.text + text, style)
        else:
            self._cells.append(Cell(self._end, text, style))
        self._end += width(text) * style.width
