"""Pages to the bytes of a Star printer. It decides nothing about the content: lines come broken, pictures dithered.

Commands (STAR Line Mode and StarPRNT Command Specifications): ESC @ reset, ESC GS t code page, ESC E / F bold, ESC -
underline, ESC 4 / 5 inverse, ESC i size, ESC 0 / ESC z line spacing, ESC GS a side, ESC GS A position, ESC d cut,
ESC GS EM buzzer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, assert_never

from comptoir.core.page import (
    PLAIN,
    Barcode,
    Buzz,
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
from comptoir.languages import lettering
from comptoir.languages import symbols as drawn
from comptoir.languages.charset import Run, meets, repertoire, settable, settable_row, spell, spell_row
from comptoir.languages.limits import encoded
from comptoir.languages.star import pictures, symbols
from comptoir.languages.star.tables import ALIGN, CODE_PAGES, CUTS, KANJI_ON, LARGEST

#: ESC @; then what it leaves alone or to the memory switches: status by itself off (ESC RS a), font A (ESC RS F), no
#: space between characters (ESC SP), # and @ as they are (ESC R), lines of 4 mm (ESC z).
RESET: Final = b"\x1b@\x1b\x1ea\x00\x1b\x1eF\x00\x1b \x00\x1bR\x00\x1bz\x01"
#: ESC J: 1 mm, between letters of 3 mm in lines of 4 mm
LEADING: Final = b"\x1bJ\x04"
_MOST_BUZZES: Final = 20
_BAND: Final = 24  # rows of ESC k
_ASCII: Final = {0: "ascii"}


def encode(pages: Sequence[Page], media: Media, profile: Profile, *, raster: bool) -> Encoded:
    """The bytes of one job, from reset to reset, and the characters that no font has.

    raster: pictures by ESC GS S, not ESC k. Raises FormatError for a picture that is wider than the paper.
    """
    writer = _Writer(media, profile, raster)
    for page in pages:
        for element in page.elements:
            writer.element(element)
        if page.cut:
            writer.cut()
    # The next user of the printer finds it as after switching on, whatever ours was.
    writer.out.append(RESET)
    return encoded(writer.out, writer.missing)


def recovery(profile: Profile) -> bytes:
    """What ends a job that was cut short wherever it was, with a cut after what has come out of it."""
    row = (profile.media.dots + 7) // 8
    return bytes(max(profile.strip, _BAND) * row) + RESET + CUTS[profile.cut]


class _Writer:
    """What has been written, and the state that it left the printer in."""

    def __init__(self, media: Media, profile: Profile, raster: bool) -> None:
        self.out: list[bytes] = [RESET, KANJI_ON.get(profile.kanji, b"")]
        self.missing: list[str] = []
        self._media = media
        self._profile = profile
        self._raster = raster
        self._pitch = media.dots // max(media.columns, 1)
        self._known = repertoire(_pages(profile), profile.kanji)
        self._style = PLAIN
        # Lines touch, so that the sides of a table are whole.
        self._close = False
        # After ESC @ the page is the one of the memory switches: not known.
        self._slot: int | None = None

    def element(self, element: Element) -> None:
        self._space(_meets(element))
        match element:
            case Line():
                self._line(element)
            case Row():
                self._row(element)
            case Feed():
                self._change_style(PLAIN)
                self.out.append(b"\n" * element.lines)
            case Barcode() | QrCode():
                self._symbol(element)
            case Buzz():
                self._buzz(element)
            case Picture():
                self._picture(element)
            case _:
                assert_never(element)

    def cut(self) -> None:
        self._space(close=False)
        self.out.append(CUTS[self._profile.cut])

    def _line(self, line: Line) -> None:
        spelling = spell(line.text, self._slot, self._known)
        if not settable(line.text, spelling, self._media.columns // max(line.style.width, 1)):
            self._letter(line)
            return
        self._change_style(line.style)
        self._write(spelling.runs)
        self.out.append(b"\n")

    def _row(self, row: Row) -> None:
        spellings = spell_row([cell.text for cell in row.cells], self._slot, self._known)
        if not settable_row(row, spellings, self._media.columns):
            self._letter(row)
            return
        for cell, spelling in zip(row.cells, spellings, strict=True):
            self._change_style(replace(cell.style, align="left"))
            self.out.append(b"\x1b\x1dA" + (cell.column * self._pitch).to_bytes(2, "little"))
            self._write(spelling.runs)
        self.out.append(b"\n")

    def _write(self, runs: Sequence[Run]) -> None:
        for run in runs:
            if run.slot is not None and run.slot != self._slot:
                self.out.append(b"\x1b\x1dt%c" % run.slot)
                self._slot = run.slot
            self.out.append(run.data)

    def _letter(self, line: Line | Row) -> None:
        """Drawn with a font of ours, and moved on by what stands between lines of text."""
        cell = (self._pitch, pictures.BAND)
        if isinstance(line, Line):
            lettered = lettering.draw_line(line, self._media, cell)
        else:
            lettered = lettering.draw_row(line, self._media, cell)
        self.missing.append(lettered.missing)
        white = b"" if self._close else LEADING
        self._picture(lettered.picture)
        self.out.append(white)

    def _symbol(self, symbol: Barcode | QrCode) -> None:
        room = self._media.dots
        if isinstance(symbol, Barcode):
            native = symbols.barcode(symbol, room) if self._profile.barcodes else None
        else:
            native = symbols.qr(symbol, room) if self._profile.qr else None
        if native is not None:
            self._change_style(Style(align=symbol.align))
            self.out.append(native)
        elif isinstance(symbol, Barcode):
            self._picture(drawn.barcode(symbol, room))
        else:
            self._picture(drawn.qr(symbol, room))

    def _picture(self, picture: Picture) -> None:
        self._change_style(PLAIN)
        if self._raster:
            self.out.append(pictures.raster(picture, self._media, self._profile.strip))
        else:
            self.out.append(pictures.bands(picture, self._media))
            self._close = False

    def _space(self, close: bool) -> None:
        if close != self._close:
            self.out.append(pictures.NARROW if close else pictures.WIDE)
            self._close = close

    def _buzz(self, buzz: Buzz) -> None:
        """ESC GS EM DC1: 200 ms on, 200 ms off; ESC GS EM DC2: so many times. The same terminal may drive a drawer,
        which the manual forbids to buzz: only where the profile says that it is a buzzer."""
        if self._profile.buzzer:
            times = min(max(buzz.times, 1), _MOST_BUZZES)
            self.out.append(b"\x1b\x1d\x19\x11\x01\x0a\x0a\x1b\x1d\x19\x12\x01%c\x00" % times)

    def _change_style(self, style: Style) -> None:
        old = self._style
        if style is old or style == old:
            return
        if style.bold != old.bold:
            self.out.append(b"\x1bE" if style.bold else b"\x1bF")
        if style.underline != old.underline:
            self.out.append(b"\x1b-\x01" if style.underline else b"\x1b-\x00")
        if style.inverse != old.inverse:
            self.out.append(b"\x1b4" if style.inverse else b"\x1b5")
        if (style.width, style.height) != (old.width, old.height):
            self.out.append(b"\x1bi%c%c" % (_times(style.height), _times(style.width)))
        if style.align != old.align:
            self.out.append(ALIGN[style.align])
        self._style = style


def _meets(element: Element) -> bool:
    """Whether it is a line that is to touch the line above or below it."""
    match element:
        case Line(text):
            return meets(text)
        case Row(cells):
            return any(meets(cell.text) for cell in cells)
        case _:
            return False


def _pages(profile: Profile) -> Mapping[int, str]:
    """The code pages that may be chosen. A printer that is set to two-byte characters passes over ESC GS t; slot 0 is
    Star's own set, which databases take for page 437: that is slot 1."""
    if profile.kanji:
        return _ASCII
    pages = profile.code_pages or CODE_PAGES
    return {1 if (slot, codec) == (0, "cp437") else slot: codec for slot, codec in pages.items()}


def _times(size: int) -> int:
    """A parameter of ESC i: 0 for once."""
    return min(max(size, 1), LARGEST) - 1
