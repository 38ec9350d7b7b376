"""The pages of a pack that are its own: the first one with its lists, pictures on A4, and what stands for a document
that cannot be shown. Drawn by reportlab; the letters are Noto's, so that they are real text.

Sizes are in points, 72 to an inch; heights count from the foot of the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from comptoir.archive.leaves import Cover, Leaf, Line, Tone

SIDE: Final = 48.0
TOP: Final = A4[1] - 56
FOOT: Final = 56.0
FONT: Final = "Noto Sans"
INK: Final = (0.11, 0.11, 0.10)
SOFT: Final = (0.37, 0.35, 0.33)
LINE: Final = (0.86, 0.85, 0.81)
TONES: Final[dict[Tone, tuple[float, float, float]]] = {
    "good": (0.09, 0.39, 0.22), "bad": (0.64, 0.13, 0.11), "warn": (0.48, 0.29, 0.0), "plain": SOFT,
}  # fmt: skip
#: where the columns of the list of documents begin: time, title, by; and where pages and page end
COLUMNS: Final = (SIDE, SIDE + 44, 370.0, 488.0, A4[0] - SIDE)
#: of the first column, for a day and a time
WIDEST: Final = 96.0
#: a receipt is this wide, 80 mm, and stands in columns; what is wider fills the page
RECEIPT: Final = 226.8
#: pictures that are this many times as high as wide are receipts
STRIP: Final = 1.6
#: between the parts of a strip, and around a picture
GUTTER: Final = 24.0
MARGIN: Final = 28.0


def cover(cover: Cover, leaves: Sequence[Leaf], counts: Sequence[int], troubles: Sequence[str], file: Path) -> int:
    """Draw the first page, and as many as its lists need; how many. counts: pages of each document."""
    # How long it is must be known before it can say on which page each document begins.
    made = _drawn(cover, leaves, counts, troubles, 0, BytesIO())
    return _drawn(cover, leaves, counts, troubles, made, file.open("wb"))


def apology(cover: Cover, leaf: Leaf, trouble: str, file: Path) -> None:
    """One page that says what belongs here, and why it cannot be shown."""
    with file.open("wb") as out:
        sheet = _Sheet(out, cover)
        sheet.text(cover.heading, 10, SOFT)
        sheet.text(leaf.title, 18, bold=True)
        sheet.text(" · ".join(filter(None, (leaf.at, leaf.by))), 11, SOFT)
        sheet.gap(12)
        sheet.text(cover.troubles.get(trouble, ""), 12, TONES["bad"])
        sheet.text(leaf.small, 8, SOFT)
        sheet.end()


def pictures(names: Sequence[str], file: Path, *, narrow: bool = False) -> None:
    """Pictures, a page each; strips, and narrow ones, in columns of 80 mm, from one page to the next."""
    with file.open("wb") as out:
        canvas = Canvas(out, pagesize=A4)
        for name in names:
            picture = ImageReader(name)
            width, height = picture.getSize()
            if narrow or height > STRIP * width:
                _strip(canvas, picture, width, height)
            else:
                _whole(canvas, picture, width, height)
        canvas.save()


def _whole(canvas: Any, picture: Any, width: int, height: int) -> None:
    # What is as high as A4 is a page already.
    margin = 0 if abs(height / width - A4[1] / A4[0]) < 0.02 else MARGIN
    scale = min((A4[0] - 2 * margin) / width, (A4[1] - 2 * margin) / height)
    left, below = (A4[0] - width * scale) / 2, A4[1] - margin - height * scale
    canvas.drawImage(picture, left, below, width * scale, height * scale)
    canvas.showPage()


def _strip(canvas: Any, picture: Any, width: int, height: int) -> None:
    scale, room = RECEIPT / width, A4[1] - 2 * MARGIN
    columns = int((A4[0] - 2 * MARGIN + GUTTER) // (RECEIPT + GUTTER))
    parts = -(-round(height * scale) // round(room))
    for part in range(parts):
        left = MARGIN + part % columns * (RECEIPT + GUTTER)
        canvas.saveState()
        window = canvas.beginPath()
        window.rect(left, MARGIN, RECEIPT, room)
        canvas.clipPath(window, stroke=0)
        canvas.drawImage(picture, left, MARGIN + room - height * scale + part * room, RECEIPT, height * scale)
        canvas.restoreState()
        if part % columns == columns - 1 or part == parts - 1:
            canvas.showPage()


def _drawn(
    cover: Cover, leaves: Sequence[Leaf], counts: Sequence[int], troubles: Sequence[str], made: int, out: Any
) -> int:
    with out:
        sheet = _Sheet(out, cover)
        sheet.text(cover.house, 10, SOFT)
        sheet.text(cover.heading, 20, bold=True)
        sheet.gap(6)
        for what, value in cover.facts:
            sheet.fact(what, value)
        if cover.note:
            sheet.heading(cover.note_heading)
            for paragraph in cover.note.splitlines():
                sheet.text(paragraph, 10)
        if cover.checks:
            sheet.heading(cover.checks_heading)
            for line in cover.checks:
                sheet.check(line)
        sheet.heading(cover.documents_heading)
        sheet.columns(leaf.at for leaf in leaves)
        first = made + 1
        for leaf, count, trouble in zip(leaves, counts, troubles, strict=True):
            sheet.document(leaf, count, first, cover.troubles.get(trouble, ""))
            first += count
        return sheet.end()


class _Sheet:
    """Writes from the top of a page down, and goes on with the next one."""

    def __init__(self, out: Any, cover: Cover) -> None:
        self._canvas = Canvas(out, pagesize=A4, lang=cover.language)
        self._cover = cover
        self._y = TOP
        self._pages = 1
        #: where titles begin
        self._titles = COLUMNS[1]

    def end(self) -> int:
        self._close()
        self._canvas.save()
        return self._pages

    def gap(self, height: float) -> None:
        self._y -= height

    def text(self, text: str, size: float, ink: tuple[float, float, float] = INK, *, bold: bool = False) -> None:
        for line in simpleSplit(_known(text), _font(), size, A4[0] - 2 * SIDE):
            self._room(size * 1.5)
            self._put(SIDE, line, size, ink, bold=bold)
            self._y -= size * 0.35

    def heading(self, text: str) -> None:
        self.gap(14)
        self._room(64)  # never the last line of a page
        self._y += 44
        self._put(SIDE, text, 12, INK, bold=True)
        self.gap(10)

    def fact(self, what: str, value: str) -> None:
        for place, line in enumerate(simpleSplit(_known(value), _font(), 10, A4[0] - 2 * SIDE - 130)):
            self._room(15)
            if not place:
                self._put(SIDE, what, 10, SOFT)
            self._put(SIDE + 130, line, 10)

    def check(self, line: Line) -> None:
        self._room(16)
        self._put(SIDE, line.mark, 9, TONES[line.tone], bold=True)
        self._put(SIDE + 108, _cut(line.name, 10, 236), 10)
        self._put(COLUMNS[2] + 28, _cut(line.said, 9, A4[0] - SIDE - COLUMNS[2] - 28), 9, SOFT)

    def columns(self, times: Iterable[str]) -> None:
        """The head of the list of documents; `times`: what its first column is to have room for."""
        widest = max((pdfmetrics.stringWidth(_known(time), _font(), 10) for time in times), default=0.0)
        self._titles = max(COLUMNS[1], SIDE + min(widest, WIDEST) + 12)
        self._room(16)
        for at, word in zip((SIDE, self._titles, COLUMNS[2]), self._cover.columns[:3], strict=True):
            self._put(at, word, 8, SOFT)
        for at, word in zip(COLUMNS[3:], self._cover.columns[3:], strict=True):
            self._put_right(at, word, 8, SOFT)
        self._rule()

    def document(self, leaf: Leaf, count: int, first: int, trouble: str) -> None:
        lines = simpleSplit(_known(leaf.title), _font(), 10, COLUMNS[2] - self._titles - 12)[:2] or [""]
        height = 12.0 * len(lines) + 20
        self._room(height)
        self._y += height - 4  # what follows goes down by itself
        for place, line in enumerate(lines):
            self._y -= 12
            if not place:
                self._put(COLUMNS[0], leaf.at, 10)
                self._put(COLUMNS[2], _cut(leaf.by, 9, 84), 9)
                self._put_right(COLUMNS[3], "" if trouble else str(count), 10)
                self._put_right(COLUMNS[4], str(first), 10)
            self._put(self._titles, line, 10)
        self._y -= 10
        if trouble:
            self._put(self._titles, _cut(trouble, 8, A4[0] - SIDE - self._titles), 8, TONES["bad"])
        else:
            self._put(self._titles, leaf.small, 6.5, SOFT)
        self._rule()

    def _rule(self) -> None:
        self._canvas.setStrokeColorRGB(*LINE)
        self._canvas.line(SIDE, self._y - 5, A4[0] - SIDE, self._y - 5)
        self._y -= 5

    def _room(self, height: float) -> None:
        """Go down so far; to the next page where there is no room."""
        if self._y - height < FOOT:
            self._close()
            self._pages += 1
            self._y = TOP
        self._y -= height

    def _close(self) -> None:
        number = self._pages
        self._canvas.setFillColorRGB(*SOFT)
        self._canvas.setFont(_font(), 8)
        self._canvas.drawString(SIDE, 32, _known(self._cover.foot))
        self._canvas.drawRightString(A4[0] - SIDE, 32, str(number))
        self._canvas.showPage()

    def _put(
        self, x: float, text: str, size: float, ink: tuple[float, float, float] = INK, *, bold: bool = False
    ) -> None:
        self._canvas.setFillColorRGB(*ink)
        self._canvas.setStrokeColorRGB(*ink)
        self._canvas.setLineWidth(size / 36)
        self._canvas.setFont(_font(), size)
        self._canvas.drawString(x, self._y, _known(text), mode=2 if bold else 0)
        self._canvas.setLineWidth(0.5)

    def _put_right(self, x: float, text: str, size: float, ink: tuple[float, float, float] = INK) -> None:
        self._put(x - pdfmetrics.stringWidth(_known(text), _font(), size), text, size, ink)


def _cut(text: str, size: float, width: float) -> str:
    """The text, or its beginning and three points where it is wider."""
    known = _known(text)
    if pdfmetrics.stringWidth(known, _font(), size) <= width:
        return known
    while known and pdfmetrics.stringWidth(known + "…", _font(), size) > width:
        known = known[:-1]
    return known.rstrip() + "…"


def _known(text: str) -> str:
    """The text with a question mark for each letter that the font does not have; bookmarks have them all."""
    glyphs = _face().charToGlyph
    return "".join(one if ord(one) in glyphs else "?" if one.isprintable() else " " for one in text)


@cache
def _face() -> Any:
    with as_file(files("manimgx_fonts") / "NotoSans[wght].ttf") as path:
        font = TTFont(FONT, str(path))
    pdfmetrics.registerFont(font)
    return font.face


def _font() -> str:
    _face()
    return FONT
