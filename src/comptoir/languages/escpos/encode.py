"""Pages to ESC/POS bytes. It decides nothing about the content: lines come broken, pictures come dithered.

Commands (Epson ESC/POS reference): ESC @ reset, ESC R international set, ESC t code page, ESC E bold,
ESC - underline, GS B inverse, GS ! size, ESC a side, GS v 0 raster picture, GS V 66 feed and partial cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from comptoir.core.errors import FormatError
from comptoir.core.page import PLAIN, Align, Encoded, Line, Media, Page, Picture, Style
from comptoir.languages.escpos.charset import spell
from comptoir.languages.escpos.codepages import PREFERENCE
from comptoir.languages.escpos.realtime import disarm

#: ESC R 0 besides ESC @: a French memory switch turns # @ [ ] into £ à ° §
RESET = b"\x1b@\x1bR\x00"
CUT = b"\x1dVB\x00"
ALIGN: dict[Align, bytes] = {"left": b"\x1ba\x00", "center": b"\x1ba\x01", "right": b"\x1ba\x02"}

#: Rows of a picture sent in one command: small printers hold one command in their buffer, and yH stays 0.
STRIP_ROWS = 128
MOST_MISSING = 200  # different characters that are named in the evidence


def encode(pages: Sequence[Page], media: Media, slots: Sequence[int] = PREFERENCE) -> Encoded:
    """The bytes of one job, from reset to reset, a cut after each page, and the characters that no code page
    has.

    Raises FormatError for a picture that is wider than the paper.
    """
    writer = _Writer(media, slots)
    for page in pages:
        for element in page.elements:
            if isinstance(element, Line):
                writer.line(element)
            else:
                writer.picture(element)
        writer.out.append(CUT)
    # The next user of the printer finds it as after switching on, whatever ours was.
    writer.out.append(RESET)
    missing = islice(dict.fromkeys("".join(writer.missing)), MOST_MISSING)
    return Encoded(b"".join(writer.out), "".join(missing))


class _Writer:
    """What has been written, and the state that it left the printer in."""

    def __init__(self, media: Media, slots: Sequence[int]) -> None:
        self.out: list[bytes] = [RESET]
        self.missing: list[str] = []
        self._media = media
        self._slots = slots
        self._style = PLAIN
        # After ESC @ the page is the one of the memory switches: not known.
        self._slot: int | None = None

    def line(self, line: Line) -> None:
        if line.style is not self._style and line.style != self._style:
            self._change_style(line.style)
        spelling = spell(line.text, self._slot, self._slots)
        for run in spelling.runs:
            if run.slot is not None and run.slot != self._slot:
                self.out.append(b"\x1bt%c" % run.slot)
                self._slot = run.slot
            self.out.append(run.data)
        self.out.append(b"\n")
        if spelling.unprintable:
            self.missing.append(spelling.unprintable)

    def picture(self, picture: Picture) -> None:
        if picture.width > self._media.dots:
            raise FormatError(
                f"The picture is {picture.width} dots wide; this paper has {self._media.dots}.",
                "Print it as an image, which is scaled to the paper, or correct the printer's width.",
            )
        self._change_style(Style(align=picture.align))
        across = (picture.width + 7) // 8
        bits = disarm(picture.bits)
        for top in range(0, picture.height, STRIP_ROWS):
            rows = min(STRIP_ROWS, picture.height - top)
            self.out.append(b"\x1dv0\x00%c%c%c%c" % (across & 0xFF, across >> 8, rows, 0))
            self.out.append(bits[top * across : (top + rows) * across])

    def _change_style(self, style: Style) -> None:
        old = self._style
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


def _size(style: Style) -> int:
    """The parameter of GS !: width and height, 1 to 8 each, in the two halves of a byte."""
    width, height = min(max(style.width, 1), 8), min(max(style.height, 1), 8)
    return (width - 1) << 4 | (height - 1)
