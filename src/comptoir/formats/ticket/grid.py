"""Where the columns of a line stand on the paper, and the ruled lines around them. It knows no text.

All measures are in characters of the normal font.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from comptoir.core.page import Align
from comptoir.formats.ticket.properties import FREE, Settings


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns on the paper: where each begins, and how wide it is. `left` and `width` are those of them all."""

    left: int
    width: int
    starts: tuple[int, ...]
    widths: tuple[int, ...]

    @property
    def bars(self) -> tuple[int, ...]:
        """Where the vertical lines stand, if there are any."""
        return (self.left, *(start + width for start, width in zip(self.starts, self.widths, strict=True)))


def most_columns(settings: Settings, paper: int) -> int:
    """How many columns of one character there is room for."""
    return (paper - 1) // 2 if settings.lines else (paper + settings.border) // (settings.border + 1)


def text_grid(widths: Sequence[int], settings: Settings, paper: int) -> Grid:
    """The columns of a line of text; `widths` as in the settings, none of them 0, no more than most_columns."""
    edge = 1 if settings.lines else 0
    between = settings.border * max(len(widths) - 1, 0) + 2 * edge
    allotted = _allotted(widths, paper - between)
    width = sum(allotted) + between
    left = _offset(settings.align, paper - width)
    starts = accumulate((one + settings.border for one in allotted[:-1]), initial=left + edge)
    return Grid(left, width, tuple(starts) if allotted else (), tuple(allotted))


def whole_grid(settings: Settings, paper: int) -> Grid:
    """The one column in which a rule, a picture or a code stands: as wide as the columns of text together."""
    fixed = [width for width in settings.widths if width > 0]
    if not settings.widths or FREE in settings.widths:
        width = paper
    else:
        border = len(fixed) + 1 if settings.lines else max(len(fixed) - 1, 0) * settings.border
        width = min(sum(fixed) + border, paper) if fixed else 0
    left = _offset(settings.align, paper - width)
    return Grid(left, width, (left,), (width,))


def _offset(align: Align, free: int) -> int:
    return {"left": 0, "center": free // 2, "right": free}[align]


def _allotted(widths: Sequence[int], free: int) -> list[int]:
    """The widths with what is free shared out; the widest give way where there is too little for all."""
    fixed = {index: min(width, free) for index, width in enumerate(widths) if width != FREE}
    shares = len(widths) - len(fixed)
    while fixed and sum(fixed.values()) > free - shares:
        widest = max(fixed, key=lambda index: (fixed[index], index))
        fixed[widest] -= 1
    rest = iter((free - sum(fixed.values()) + share) // shares for share in range(shares))
    return [fixed[index] if index in fixed else next(rest) for index in range(len(widths))]


#: The character with arms (up, down, left, right).
_JOINTS: Final[dict[tuple[bool, bool, bool, bool], str]] = {
    (False, False, False, False): " ",
    (False, False, True, False): "─",
    (False, False, False, True): "─",
    (False, False, True, True): "─",
    (True, True, False, False): "│",
    (False, True, False, True): "┌",
    (False, True, True, False): "┐",
    (True, False, False, True): "└",
    (True, False, True, False): "┘",
    (True, True, False, True): "├",
    (True, True, True, False): "┤",
    (False, True, True, True): "┬",
    (True, False, True, True): "┴",
    (True, True, True, True): "┼",
}


def ruled(above: Grid | None, below: Grid | None) -> tuple[int, str]:
    """A horizontal line with its joints between the columns above and below it: where it begins, and its text."""
    grids = [grid for grid in (above, below) if grid is not None]
    left = min(grid.left for grid in grids)
    right = max(grid.left + grid.width for grid in grids) - 1
    up, down = above.bars if above else (), below.bars if below else ()
    text = "".join(
        _JOINTS[(x in up, x in down, _runs(grids, x - 1), _runs(grids, x))]  # arms to the left and to the right
        for x in range(left, right + 1)
    )
    return left, text


def _runs(grids: Sequence[Grid], x: int) -> bool:
    """Whether a line runs from the middle of character x to the middle of the next."""
    return any(grid.left <= x < grid.left + grid.width - 1 for grid in grids)
