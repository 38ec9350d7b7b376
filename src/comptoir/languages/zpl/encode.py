"""Pages to ZPL labels: lines from the top, each at its height, as on a receipt; a label is as long as it has to be.

The font of the printer is proportional. So that columns stay columns, what stands apart by two spaces or more is set
at its own place, and the last of a line ends where it ends in characters. Text that this font lacks, or that is
underlined or inverse (only the printer knows how wide a text is), is drawn; so are QR codes, for what is below one must
know how high it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, assert_never

from comptoir.core.errors import FormatError
from comptoir.core.page import (
    Align,
    Barcode,
    Buzz,
    Cell,
    Element,
    Encoded,
    Feed,
    Line,
    Media,
    Page,
    Picture,
    QrCode,
    Row,
    Style,
)
from comptoir.core.profile import Profile
from comptoir.languages import lettering, symbols
from comptoir.languages.barcode_data import widest
from comptoir.languages.charset import clean
from comptoir.languages.limits import encoded, refuse_wider
from comptoir.languages.zpl import fields

#: ^LL
LONGEST: Final = 32_000
LARGEST: Final = 8

_STANDING_TOGETHER: Final = re.compile(r"\S+(?: \S+)*")


def encode(pages: Sequence[Page], media: Media, profile: Profile) -> Encoded:
    """The labels of one job, and the characters that no font has. A page without cut goes on the label of the next.

    Whether a label is cut, torn or peeled off is the printer's own setting (^MM): it would stay changed. Raises
    FormatError.
    """
    out: list[bytes] = []
    missing: list[str] = []
    label = _Label(media, profile, missing)
    for page in pages:
        for element in page.elements:
            label.element(element)
        if page.cut:
            out.append(label.end())
            label = _Label(media, profile, missing)
    out.append(label.end())
    return encoded(out, missing)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words that stand together, and where they begin and end in dots."""

    start: int
    end: int
    text: str
    style: Style


class _Label:
    """One label: its fields, and how far down it is filled."""

    def __init__(self, media: Media, profile: Profile, missing: list[str]) -> None:
        self._media = media
        self._profile = profile
        self._missing = missing
        self._fields: list[bytes] = []
        self._pitch = media.dots // max(media.columns, 1)
        #: the accent of a capital stands above its line
        self._y = self._pitch
        #: a character is twice as high as wide, and a quarter of that is between lines
        self._high = 2 * self._pitch
        self._spacing = self._high * 5 // 4

    def end(self) -> bytes:
        """The whole format; nothing where nothing is on it. ^CI28 UTF-8, ^MU dots, ^PW width, ^LL length, ^LH origin,
        ^FW upright."""
        if not self._fields:
            return b""
        if self._y > LONGEST:
            raise FormatError(
                f"The label would be {self._y} dots long; ZPL ends at {LONGEST}.", "Send it in several parts."
            )
        settings = b"^XA^CI28^MUD^PW%d^LL%d^LH0,0^FWN\n" % (self._media.dots, self._y)
        return settings + b"\n".join(self._fields) + b"\n^XZ\n"

    def element(self, element: Element) -> None:
        match element:
            case Line() | Row():
                self._text(element)
            case Feed():
                self._y += element.lines * self._spacing
            case Barcode() | QrCode():
                self._symbol(element)
            case Picture():
                self._picture(element)
            case Buzz():
                pass
            case _:
                assert_never(element)

    def _text(self, line: Line | Row) -> None:
        cells = (Cell(0, line.text, line.style),) if isinstance(line, Line) else line.cells
        if not all(_in_font(cell) for cell in cells):
            self._letter(line)
            return
        if isinstance(line, Line) and line.style.align != "left":
            whole = _Piece(0, self._media.dots, clean(line.text).strip(), line.style)
            self._set(whole, whole.start, whole.end, fields.JUSTIFIED[line.style.align])
        else:
            self._columns([piece for cell in cells for piece in self._pieces(cell)])
        self._y += self._spacing * max((_times(cell.style.height) for cell in cells), default=1)

    def _columns(self, pieces: Sequence[_Piece]) -> None:
        """Each from where it begins; the last of several up to where it ends: there stand the prices."""
        for piece, following in pairwise(pieces):
            self._set(piece, piece.start, following.start, "L")
        if len(pieces) > 1:
            self._set(pieces[-1], pieces[-2].end + self._pitch, pieces[-1].end, "R")
        elif pieces:
            self._set(pieces[0], pieces[0].start, self._media.dots, "L")

    def _set(self, piece: _Piece, start: int, end: int, justified: fields.Justification) -> None:
        if not piece.text or end <= start:
            return
        height, width = (self._high * _times(size) for size in (piece.style.height, piece.style.width))
        for bolder in (0, 1) if piece.style.bold else (0,):
            x = start + bolder
            self._fields.append(fields.text(x, self._y, piece.text, height, width, end - start, justified))

    def _pieces(self, cell: Cell) -> Iterator[_Piece]:
        left, wide = cell.column * self._pitch, self._pitch * _times(cell.style.width)
        for words in _STANDING_TOGETHER.finditer(clean(cell.text)):
            yield _Piece(left + words.start() * wide, left + words.end() * wide, words[0], cell.style)

    def _letter(self, line: Line | Row) -> None:
        """Drawn with a font of ours."""
        cell = (self._pitch, self._high)
        if isinstance(line, Line):
            drawn = lettering.draw_line(line, self._media, cell)
        else:
            drawn = lettering.draw_row(line, self._media, cell)
        self._missing.append(drawn.missing)
        self._picture(drawn.picture)
        self._y += self._spacing - self._high

    def _symbol(self, symbol: Barcode | QrCode) -> None:
        if isinstance(symbol, QrCode):
            self._picture(symbols.qr(symbol, self._media.dots))
        elif not self._profile.barcodes or not self._barcode(symbol):
            self._picture(symbols.barcode(symbol, self._media.dots))

    def _barcode(self, barcode: Barcode) -> bool:
        """Let the printer draw it; False where it cannot, or where nobody knows how to put it in its place."""
        modules = fields.modules(barcode)
        if modules is None and barcode.align != "left":
            return False
        field = fields.barcode(self._aside((modules or 0) * barcode.module, barcode.align), self._y, barcode)
        if field is None or widest(barcode) > self._media.dots:
            return False
        self._fields.append(field)
        below = 12 * barcode.module + self._pitch // 2 if barcode.text else 0
        self._y += barcode.height + below + self._pitch // 2
        return True

    def _picture(self, picture: Picture) -> None:
        refuse_wider(picture, self._media)
        if picture.bits:
            self._fields.append(fields.picture(self._aside(picture.width, picture.align), self._y, picture))
            self._y += picture.height

    def _aside(self, width: int, align: Align) -> int:
        """Where something so wide begins."""
        spare = max(self._media.dots - width, 0)
        return {"left": 0, "center": spare // 2, "right": spare}[align]


def _in_font(cell: Cell) -> bool:
    """Font 0 has the characters of Windows 1252 on every printer; more only on newer ones. A backslash is not only a
    character: what it begins in a block, and where else, is not the same everywhere."""
    if cell.style.underline or cell.style.inverse or "\\" in cell.text:
        return False
    try:
        clean(cell.text).encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _times(size: int) -> int:
    return min(max(size, 1), LARGEST)
