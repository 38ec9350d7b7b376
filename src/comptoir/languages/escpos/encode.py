"""Pages to ESC/POS bytes. It decides nothing about the content: lines come broken, pictures come dithered.

Commands (Epson ESC/POS reference): ESC @ reset, ESC R international set, ESC t code page, FS & and FS . two-byte
characters, FS C their code, FS - their underline, ESC E bold, ESC - underline, GS B inverse, GS ! size, ESC a side,
ESC $ position, ESC 3 and ESC 2 line spacing, ESC d and ESC J feed, GS V feed and cut, ESC B buzzer (clones), ESC p
drawer. Pictures and symbols: `pictures`, `symbology`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from comptoir.core.page import (
    PLAIN,
    Align,
    Barcode,
    Buzz,
    Cell,
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
from comptoir.core.profile import DEFAULT, Cut, DrawerPulse, Profile
from comptoir.languages.charset import Run, meets, repertoire, settable, settable_row, spell, spell_row, visible
from comptoir.languages.escpos import pictures, symbology
from comptoir.languages.escpos.codepages import EPSON
from comptoir.languages.escpos.realtime import harmless
from comptoir.languages.limits import encoded, refuse_wider

if TYPE_CHECKING:
    from comptoir.languages.lettering import Lettered

#: ESC R 0 besides ESC @: a French memory switch turns # @ [ ] into £ à ° §
RESET: Final = b"\x1b@\x1bR\x00"
#: GS V 65, 66: feed to the cutter and cut. Without a cutter: feed to where it is torn off (18 mm).
CUTS: Final[dict[Cut, bytes]] = {"full": b"\x1dVA\x00", "partial": b"\x1dVB\x00", "none": b"\x1bd\x05"}
#: bytes: longer than any symbol's command; pictures of other programs have often this size, too
_LONGEST_SYMBOL: Final = 8192
ALIGN: Final[dict[Align, bytes]] = {"left": b"\x1ba\x00", "center": b"\x1ba\x01", "right": b"\x1ba\x02"}

_KANJI_ON: Final = b"\x1c&"
_KANJI_OFF: Final = b"\x1c."
#: FS C 1, 0: Shift JIS around its characters only, since in it é of page 858 begins a character of two bytes
_SHIFT_JIS: Final = (b"\x1c&\x1cC\x01", b"\x1c.\x1cC\x00")

FONT_HEIGHT: Final = 24  # Font A
#: What a printer moves on by after a line, in dots: 3.75 mm.
LINE_SPACING: Final = 30
#: ESC 3: no white between lines. A smaller unit than a dot does no harm, a line is never lower than its letters.
CLOSE: Final = b"\x1b3%c" % FONT_HEIGHT
USUAL: Final = b"\x1b2"
#: An OFF time that lets the solenoid cool: 4 times the ON time, at least (TM-T60 p. 72, Citizen iDP-3551 p. 114).
_COOLING: Final = 4


def encode(pages: Sequence[Page], media: Media, profile: Profile = DEFAULT) -> Encoded:
    """The bytes of one job, from reset to reset, and the characters that nothing could print.

    Raises FormatError for a picture or symbol that is wider than the paper, and for data that a symbol cannot hold.
    """
    writer = _Writer(media, profile)
    for page in pages:
        for element in page.elements:
            _WRITERS[type(element)](writer, element)
        if page.cut:
            writer.cut()
    # The next user of the printer finds it as after switching on, whatever ours was.
    writer.out.append(RESET)
    return encoded(writer.out, writer.missing)


def pulse(wanted: DrawerPulse) -> bytes:
    """ESC p: ON of 2 to 126 ms, OFF of four times that or more, in steps of 2 ms; or the configuration's bytes."""
    if wanted.command:
        return wanted.command
    on = min(max(wanted.on_ms // 2, 1), 255 // _COOLING)
    off = min(max(wanted.off_ms // 2, on * _COOLING), 255)
    return b"\x1bp%c%c%c" % (1 if wanted.pin == 5 else 0, on, off)


def recovery(profile: Profile) -> bytes:
    """What ends a job that was cut short wherever it was, with a cut after what has come out of it."""
    row = (profile.media.dots + 7) // 8
    longest = max(profile.strip * row, 3 * profile.media.dots, _LONGEST_SYMBOL)
    return bytes(longest) + RESET + CUTS[profile.cut]


class _Writer:
    """What has been written, and the state that it left the printer in."""

    def __init__(self, media: Media, profile: Profile) -> None:
        self.out: list[bytes] = [RESET]
        self.missing: list[str] = []
        self._media = media
        self._cell = media.dots // max(media.columns, 1)
        self._profile = profile
        self._known = repertoire(profile.code_pages or EPSON, profile.kanji)
        self._kanji = _SHIFT_JIS if profile.kanji == "cp932" else (_KANJI_ON, _KANJI_OFF)
        self._style = PLAIN
        # After ESC @ the page is the one of the memory switches: not known.
        self._slot: int | None = None
        # Lines touch, so that the sides of a table are whole.
        self._close = False
        # Needles are as far apart as three dots: what they set as a picture is higher than their lines.
        self._needles = profile.columns_only and profile.strip < FONT_HEIGHT
        # Models with Chinese or Korean characters begin with them: é would be half of one.
        self._two_bytes = True

    def line(self, line: Line) -> None:
        text, style = line.text, line.style
        if text.isascii() and text.isprintable():
            if self._close:
                self._space(close=False)
            if style is not self._style:
                self._change_style(style)
            self.out.append(text.encode() + b"\n")
            return
        self._space(meets(text))
        spelling = spell(text, self._slot, self._known)
        if not settable(text, spelling, self._media.columns // max(style.width, 1)):
            self._draw_line(line)
            return
        self._change_style(style)
        for run in spelling.runs:
            self._run(run)
        self.out.append(b"\n")

    def row(self, row: Row) -> None:
        self._space(any(meets(cell.text) for cell in row.cells))
        spellings = spell_row([cell.text for cell in row.cells], self._slot, self._known)
        if not settable_row(row, spellings, self._media.columns):
            self._draw_row(row)
            return
        for cell, spelling in zip(row.cells, spellings, strict=True):
            self._cell_of(cell, spelling.runs)
        self.out.append(b"\n")

    def _cell_of(self, cell: Cell, runs: Sequence[Run]) -> None:
        style = cell.style
        if style.align != "left":
            style = Style(style.bold, style.underline, style.inverse, style.width, style.height)
        self._change_style(style)
        if cell.column:
            self.out.append(_position(cell.column * self._cell))
        for run in runs:
            self._run(run)

    def feed(self, feed: Feed) -> None:
        self._space(close=False)
        for lines in range(feed.lines, 0, -255):
            self.out.append(b"\x1bd%c" % min(lines, 255))

    def barcode(self, barcode: Barcode) -> None:
        command = symbology.barcode(barcode, self._media.dots)
        if command is None or not self._profile.barcodes:
            from comptoir.languages.symbols import barcode as drawn  # noqa: PLC0415 - with Pillow, 25 MB

            self.picture(drawn(barcode, self._media.dots))
        else:
            self._symbol(barcode.align, command)

    def qr(self, qr: QrCode) -> None:
        command = symbology.qr(qr, self._media.dots)
        if command is None or not self._profile.qr:
            from comptoir.languages.symbols import qr as drawn  # noqa: PLC0415 - with Pillow, 25 MB

            self.picture(drawn(qr, self._media.dots))
        else:
            self._symbol(qr.align, command)

    def buzz(self, buzz: Buzz) -> None:
        if self._profile.buzzer:
            self.out.append(b"\x1bB%c\x02" % min(max(buzz.times, 1), 9))

    def picture(self, picture: Picture) -> None:
        refuse_wider(picture, self._media)
        if not picture.width:
            return
        self._space(close=False)
        self._set(picture)

    def _set(self, picture: Picture) -> None:
        self._align(picture.align)
        as_commands = pictures.columns if self._profile.columns_only else pictures.rows
        self.out += as_commands(picture, self._profile.strip)
        self._close = self._close and not self._profile.columns_only
        self._slot = None

    def cut(self) -> None:
        self._space(close=False)
        self.out.append(CUTS[self._profile.cut])
        self._slot = None

    def _symbol(self, align: Align, command: bytes) -> None:
        self._space(close=False)
        self._align(align)
        self.out.append(command)

    def _draw_line(self, line: Line) -> None:
        from comptoir.languages.lettering import draw_line  # noqa: PLC0415 - fonts, only where they are needed

        lettered = draw_line(Line(visible(line.text), line.style), self._media, (self._cell, FONT_HEIGHT))
        self._letter(lettered)

    def _draw_row(self, row: Row) -> None:
        from comptoir.languages.lettering import draw_row  # noqa: PLC0415 - fonts, only where they are needed

        clean = Row(tuple(Cell(cell.column, visible(cell.text), cell.style) for cell in row.cells))
        lettered = draw_row(clean, self._media, (self._cell, FONT_HEIGHT))
        self._letter(lettered)

    def _letter(self, lettered: Lettered) -> None:
        """A line as a picture, and on by as much as after a line of text."""
        self.missing.append(lettered.missing)
        white = 0 if self._close or self._needles else LINE_SPACING - lettered.picture.height
        self._set(lettered.picture)
        if white > 0:
            self.out.append(b"\x1bJ%c" % white)

    def _space(self, close: bool) -> None:
        if close != self._close and not self._needles:
            self.out.append(CLOSE if close else USUAL)
            self._close = close

    def _run(self, run: Run) -> None:
        if run.kanji:
            before, after = self._kanji
            data = b"\x1c-\x01%b\x1c-\x00" % run.data if self._style.underline else run.data
            self.out.append(before + data + after)
            self._two_bytes = False
            return
        if run.slot is not None:
            self._select(run.slot)
        self.out.append(run.data)

    def _select(self, slot: int) -> None:
        if self._two_bytes:
            self.out.append(_KANJI_OFF)
            self._two_bytes = False
        if slot != self._slot:
            self.out.append(b"\x1bt%c" % slot)
            self._slot = slot

    def _align(self, align: Align) -> None:
        old = self._style
        if align != old.align:
            self._change_style(Style(old.bold, old.underline, old.inverse, old.width, old.height, align))

    def _change_style(self, style: Style) -> None:
        old = self._style
        if style is old:
            return
        if style.bold != old.bold:
            self.out.append(b"\x1bE\x01" if style.bold else b"\x1bE\x00")
        if style.underline != old.underline:
            self.out.append(b"\x1b-\x01" if style.underline else b"\x1b-\x00")
        if style.inverse != old.inverse:
            self.out.append(b"\x1dB\x01" if style.inverse else b"\x1dB\x00")
        if (style.width, style.height) != (old.width, old.height):
            self.out.append(b"\x1d!%c" % _size(style))
        if style.align != old.align:
            self.out.append(ALIGN[style.align])
        self._style = style


@lru_cache(maxsize=256)
def _position(dots: int) -> bytes:
    """ESC $, one dot further where the number would be read as a request."""
    dots += not harmless(dots)
    return b"\x1b$%c%c" % (dots & 0xFF, dots >> 8 & 0xFF)


def _size(style: Style) -> int:
    """The parameter of GS !: width and height, 1 to 8 each, in the two halves of a byte."""
    width, height = min(max(style.width, 1), 8), min(max(style.height, 1), 8)
    return (width - 1) << 4 | (height - 1)


_WRITERS: Final[dict[type, Callable[[_Writer, Any], None]]] = {
    Line: _Writer.line,
    Row: _Writer.row,
    Feed: _Writer.feed,
    Barcode: _Writer.barcode,
    QrCode: _Writer.qr,
    Buzz: _Writer.buzz,
    Picture: _Writer.picture,
}
