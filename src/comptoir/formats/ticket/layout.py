"""The statements of a ticket on a paper: settings that last, columns, ruled lines, symbols, cuts. It reads no markup.

The states of ruled lines (`border: line`): asked for and none drawn yet (no grid), running (the grid of the
last line of text), and a rule that waits for the next line, with which it is joined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from comptoir.core.errors import FormatError
from comptoir.core.page import Align, Barcode, Buzz, Cell, Element, Feed, Line, Media, Page, Row, Style
from comptoir.formats.text import MOST_LINES
from comptoir.formats.ticket import pictures, properties
from comptoir.formats.ticket.grid import Grid, most_columns, ruled, text_grid, whole_grid
from comptoir.formats.ticket.markup import Column, Cut, Properties, Rule, Text, statement
from comptoir.formats.ticket.properties import Settings
from comptoir.formats.ticket.symbols import symbol
from comptoir.formats.ticket.wrapping import Filled, fill
from comptoir.formats.wrap import lines_of

#: Dots of a line of the normal font, by which pictures and codes are counted as paper.
LINE_DOTS: Final = 24
#: Most of them those of pictures; text is bounded by the paper that it takes.
MOST_CHARACTERS: Final = 8_000_000
MOST_SYMBOLS: Final = 200
#: To arrange a large QR code takes a tenth of a second.
MOST_CODED: Final = 40_000
MOST_FEED: Final = 20
MOST_BUZZES: Final = 9


def lay_out(text: str, media: Media) -> list[Page]:
    """The pages of a ticket. Raises FormatError: “Line 7: …”."""
    if len(text) > MOST_CHARACTERS:
        raise FormatError(
            f"The ticket has more than {MOST_CHARACTERS // 1_000_000} million characters.",
            "Make its pictures smaller: a receipt is a few hundred dots wide.",
        )
    sheet = _Sheet(media)
    for number, line in enumerate(lines_of(text), 1):
        try:
            sheet.put(line)
        except FormatError as error:
            raise FormatError(f"Line {number}: {error.message}", error.hint) from error
    return sheet.finished()


class _Sheet:
    """What has been laid out, and what the lines before have set."""

    def __init__(self, media: Media) -> None:
        self._media = media
        self._settings = Settings()
        self._pages: list[Page] = []
        self._elements: list[Element] = []
        self._lines = self._letters = self._pixels = self._symbols = self._coded = 0
        self._grid: Grid | None = None
        self._divided = False

    def put(self, line: str) -> None:
        """The next line of the markup."""
        said = statement(line)
        if isinstance(said, Text):
            self._letters += len(line)
            self._check_paper()
            self._text(said.columns)
        elif isinstance(said, Rule):
            self._rule()
        elif isinstance(said, Cut):
            self._close_grid()
            self._cut()
        else:
            self._properties(said)

    def finished(self) -> list[Page]:
        """All pages; one without anything on it where there is nothing to print."""
        self._close_grid()
        self._cut()
        return self._pages or [Page(())]

    def _add(self, element: Element, lines: int = 1) -> None:
        self._lines += lines
        self._check_paper()
        self._elements.append(element)

    def _check_paper(self) -> None:
        """Text is counted before it is laid out, which takes time, and again as the lines that it takes."""
        if max(self._lines, self._letters // self._media.columns) > MOST_LINES:
            raise FormatError(
                f"The ticket would take more than {MOST_LINES} lines of paper.", "Print a part of it, or several."
            )

    def _cut(self) -> None:
        """Ends the page. What has nothing on it but empty lines is none."""
        if any(element != _BLANK for element in self._elements):
            self._pages.append(Page(tuple(self._elements)))
        self._elements = []

    # --- text

    def _text(self, columns: Sequence[Column]) -> None:
        shown, widths = self._shown(columns)
        grid = text_grid(widths, self._settings, self._media.columns)
        if self._settings.lines:
            if self._grid is None or self._divided:
                self._add(_ruled_line(self._grid, grid))
            self._grid, self._divided = grid, False
        wrap = self._settings.wrap
        texts = [_wrapped(column, width, wrap) for column, width in zip(shown, grid.widths, strict=True)]
        rows = max(map(len, texts), default=1) if wrap else 1
        for at in range(rows):
            pieces = [text[at] if at < len(text) else Filled() for text in texts]
            self._add(self._row(shown, grid, pieces), max((piece.height for piece in pieces), default=1))

    def _shown(self, columns: Sequence[Column]) -> tuple[list[Column], list[int]]:
        """The columns that are printed, and their widths. What is set to no width is not; nothing else is lost."""
        widths = self._settings.widths or (properties.FREE,) * len(columns)
        columns = (*columns, *(Column(),) * (len(widths) - len(columns)))
        pairs = [(column, width) for column, width in zip(columns, widths, strict=False) if width]
        most = most_columns(self._settings, self._media.columns)
        if any(any(column.lines) for column, _ in pairs[most:]):
            raise FormatError(
                f"{len(pairs)} columns do not fit on {self._media.columns} characters.",
                "Use fewer columns, or write \\| for a | that is to be printed.",
            )
        return [column for column, _ in pairs[:most]], [width for _, width in pairs[:most]]

    def _row(self, columns: Sequence[Column], grid: Grid, pieces: Sequence[Filled]) -> Element:
        if len(columns) == 1 and not self._settings.lines and grid.width == self._media.columns:
            line = _plain_line(columns[0].align, pieces[0])
            if line is not None:
                return line
        cells = [
            cell
            for column, start, width, piece in zip(columns, grid.starts, grid.widths, pieces, strict=True)
            for cell in _cells(piece, start + _margin(column.align, width - piece.width))
        ]
        if self._settings.lines:
            style = Style(height=max((piece.height for piece in pieces), default=1))
            cells = sorted([*cells, *(Cell(bar, "│", style) for bar in grid.bars)], key=lambda cell: cell.column)
        return Row(tuple(cells)) if cells else _BLANK

    # --- ruled lines

    def _rule(self) -> None:
        if not self._settings.lines:
            grid = whole_grid(self._settings, self._media.columns)
            self._add(_at(grid.left, "─" * grid.width))
        elif self._grid is not None:
            self._divided = True

    def _close_grid(self) -> None:
        if self._grid is not None:
            self._add(_ruled_line(self._grid, None))
        self._grid, self._divided = None, False

    # --- properties

    def _properties(self, said: Properties) -> None:
        settings = properties.changed(self._settings, said.members)
        if self._settings.lines and not settings.lines:
            self._close_grid()
        self._settings = settings
        grid = whole_grid(settings, self._media.columns)
        for name, act in _ACTS.items():
            if name in said.members:
                act(self, said.members[name], grid, said.align)

    def _image(self, value: str, grid: Grid, align: Align) -> None:
        data, pixels = pictures.png(value)
        self._pixels += pixels
        if self._pixels > pictures.MOST_PIXELS:
            raise FormatError(
                f"The pictures of this ticket have more than {pictures.MOST_PIXELS // 1_000_000} million pixels.",
                "Make them smaller: a receipt is a few hundred dots wide.",
            )
        drawn = pictures.picture(data, self._media, self._dots(grid), self._side(grid, align))
        self._add(drawn, drawn.height // LINE_DOTS + 1)

    def _code(self, value: str, grid: Grid, align: Align) -> None:
        self._symbols += 1
        self._coded += len(value)
        if self._symbols > MOST_SYMBOLS or self._coded > MOST_CODED:
            raise FormatError(
                f"A ticket holds {MOST_SYMBOLS} barcodes and QR codes, with {MOST_CODED} characters in all.",
                "Print it in parts.",
            )
        made = symbol(value, self._settings.option, self._side(grid, align), self._dots(grid))
        height = made.height if isinstance(made, Barcode) else made.module * 100
        self._add(made, height // LINE_DOTS + 1)

    def _feed(self, value: str, grid: Grid, align: Align) -> None:
        lines = properties.number("feed", value, 1, MOST_FEED)
        self._add(Feed(lines), lines)

    def _buzzer(self, value: str, grid: Grid, align: Align) -> None:
        self._add(Buzz(properties.number("buzzer", value, 1, MOST_BUZZES)))

    def _dots(self, grid: Grid) -> int:
        """The width of the columns in dots."""
        return self._media.dots * grid.width // self._media.columns

    def _side(self, grid: Grid, align: Align) -> Align:
        """Where it stands on the paper: in columns that leave paper free, where the columns stand."""
        return align if grid.width == self._media.columns else self._settings.align


_ACTS: Final[dict[str, Callable[[_Sheet, str, Grid, Align], None]]] = {
    "image": _Sheet._image,
    "code": _Sheet._code,
    "feed": _Sheet._feed,
    "buzzer": _Sheet._buzzer,
}

_BLANK: Final = Line("")


def _wrapped(column: Column, width: int, words: bool) -> list[Filled]:
    return [filled for line in column.lines for filled in fill(line, width, words)]


def _plain_line(align: Align, piece: Filled) -> Line | None:
    """The text as a line that the printer aligns itself, to the dot; None where it has several styles."""
    if len(piece.runs) > 1:
        return None
    if not piece.runs:
        return _BLANK
    return Line(piece.runs[0].text, replace(piece.runs[0].style, align=align))


def _margin(align: Align, free: int) -> int:
    return {"left": 0, "center": (free + 1) // 2, "right": free}[align]


def _cells(piece: Filled, column: int) -> list[Cell]:
    cells: list[Cell] = []
    for run in piece.runs:
        if run.text.strip() or run.style.underline or run.style.inverse:
            cells.append(Cell(column, run.text, run.style))
        column += run.cells
    return cells


def _ruled_line(above: Grid | None, below: Grid | None) -> Element:
    return _at(*ruled(above, below))


def _at(column: int, text: str) -> Element:
    return Row((Cell(column, text),)) if column else Line(text)
