"""The line that a printer is building: style, code page, position; full lines come out.

It knows no cuts, and no pictures but dots that stand in a line (ESC *).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from comptoir.core.page import PLAIN, Align, Media, Picture
from comptoir.languages.escpos.codepages import CODECS
from comptoir.languages.escpos.paper import LINE_DOTS, Element, Feed, Run, TextLine
from comptoir.languages.escpos.tokens import Token

FONT_A: Final = 12
FONT_B: Final = 9

_ALIGN: Final[dict[int, Align]] = {0: "left", 1: "center", 2: "right", 48: "left", 49: "center", 50: "right"}


class Composer:
    """State of the printer between two lines, and the characters of the line that is not printed yet."""

    def __init__(self, media: Media) -> None:
        self._media = media
        self._runs: list[Run] = []
        self._bytes = bytearray()
        self._used = 0
        self._picture: Picture | None = None
        self.reset()

    def reset(self) -> None:
        """ESC @: what is not printed yet is gone, everything is as after switching on."""
        self._runs, self._used, self._picture = [], 0, None
        self._bytes.clear()
        self._style = PLAIN
        self._small = False
        self._slot = 0
        self._kanji = False
        self._spacing = LINE_DOTS
        self._margin = 0
        self._width = self._media.dots
        self._stops: tuple[int, ...] = ()
        self.align: Align = "left"

    def text(self, data: bytes) -> list[Element]:
        """Characters; a line that is full comes out, as on paper."""
        self._bytes += data
        # Decoded with the style that they were sent in, and before they grow without bound.
        return self._decode() if len(self._bytes) > 1024 else []

    def command(self, token: Token) -> list[Element]:
        """A control character or a command for text. Others are skipped: their length was known."""
        if token.code == b"\n":
            return self._line_feed(self._spacing)
        if token.code == b"\t":
            return [*self._decode(), *self._tab()]
        feed = _FEEDS.get(token.code)
        if feed is not None:
            return self._feed(token.body[0] * (self._spacing if feed else 1))
        change = _CHANGES.get(token.code)
        if change is None:
            return []
        lines = self._decode()
        change(self, token.body)
        return lines

    def dots(self, picture: Picture) -> list[Element]:
        """ESC *: a picture in the line. A second one in the same line is drawn below the first."""
        before: list[Element] = [self._picture] if self._picture is not None else []
        self._picture = picture
        return before

    def flush(self) -> list[Element]:
        """The line as it stands; nothing where it is empty."""
        lines = self._decode()
        if self._runs or self._picture is not None:
            lines += self._line_feed(self._spacing)
        return lines

    def _line_feed(self, spacing: int) -> list[Element]:
        lines = self._decode()
        if self._picture is not None:
            lines.append(self._picture)
            gap = spacing - self._picture.height
            self._picture = None
            if not self._runs:
                return [*lines, Feed(gap)] if gap > 0 else lines
        lines.append(self._end_line(spacing))
        return lines

    def _end_line(self, spacing: int) -> TextLine:
        line = TextLine(tuple(self._runs), self.align, self._margin, spacing)
        self._runs, self._used = [], 0
        return line

    def _feed(self, dots: int) -> list[Element]:
        """ESC d, ESC J: print the line and move the paper."""
        lines = self._decode()
        if not self._runs and self._picture is None:
            return [*lines, Feed(dots)]
        # The line's own height is part of the feed, as on paper.
        return [*lines, *self._line_feed(min(self._spacing, dots)), Feed(max(dots - self._spacing, 0))]

    def _decode(self) -> list[Element]:
        """The bytes so far as characters of the present style, broken where the line is full."""
        if not self._bytes:
            return []
        codec = "gb18030" if self._kanji else CODECS.get(self._slot, "ascii")
        text = self._bytes.decode(codec, "replace")
        self._bytes.clear()
        return self._put(text)

    def _put(self, text: str) -> list[Element]:
        cell = (FONT_B if self._small else FONT_A) * self._style.width
        room = max((self._width - self._margin) // cell, 1) * cell
        lines: list[Element] = []
        while text:
            fit = (room - self._used) // cell
            if fit <= 0:
                lines.append(self._end_line(self._spacing))
                continue
            piece, text = text[:fit], text[fit:]
            self._runs.append(Run(piece, self._style, self._small))
            self._used += len(piece) * cell
        return lines

    def _tab(self) -> list[Element]:
        """HT: to the next stop; every eighth column where none are set."""
        column = self._used // FONT_A
        stop = next((stop for stop in self._stops if stop > column), None)
        if stop is None:
            stop = (column // 8 + 1) * 8 if not self._stops else column
        return self._move_to(stop * FONT_A)

    def _move_to(self, dots: int) -> list[Element]:
        """A position to the right as spaces; one to the left cannot be shown in lines of text, and is left
        out."""
        cell = (FONT_B if self._small else FONT_A) * self._style.width
        gap = round((min(dots, self._width) - self._used) / cell)
        return self._put(" " * gap) if gap > 0 else []

    def _set_mode(self, body: bytes) -> None:
        mode = body[0]
        self._small = bool(mode & 1)
        self._style = replace(
            self._style,
            bold=bool(mode & 0x08),
            height=2 if mode & 0x10 else 1,
            width=2 if mode & 0x20 else 1,
            underline=bool(mode & 0x80),
        )

    def _set_size(self, body: bytes) -> None:
        self._style = replace(self._style, width=(body[0] >> 4 & 7) + 1, height=(body[0] & 7) + 1)

    def _set_bold(self, body: bytes) -> None:
        self._style = replace(self._style, bold=bool(body[0] & 1))

    def _set_underline(self, body: bytes) -> None:
        self._style = replace(self._style, underline=body[0] in (1, 2, 49, 50))

    def _set_inverse(self, body: bytes) -> None:
        self._style = replace(self._style, inverse=bool(body[0] & 1))

    def _set_font(self, body: bytes) -> None:
        self._small = body[0] in (1, 49)

    def _set_align(self, body: bytes) -> None:
        self.align = _ALIGN.get(body[0], self.align)

    def _set_page(self, body: bytes) -> None:
        self._slot = body[0]

    def _set_kanji(self, body: bytes) -> None:
        self._kanji = True

    def _unset_kanji(self, body: bytes) -> None:
        self._kanji = False

    def _set_spacing(self, body: bytes) -> None:
        self._spacing = body[0] if body else LINE_DOTS

    def _set_margin(self, body: bytes) -> None:
        self._margin = min(body[0] + (body[1] << 8), max(self._media.dots - FONT_A, 0))

    def _set_width(self, body: bytes) -> None:
        self._width = min(max(self._margin + body[0] + (body[1] << 8), FONT_A), self._media.dots)

    def _set_stops(self, body: bytes) -> None:
        self._stops = tuple(body.rstrip(b"\0"))


#: True: in lines, False: in dots
_FEEDS: Final[dict[bytes, bool]] = {b"\x1bd": True, b"\x1bJ": False}

_CHANGES: Final[dict[bytes, Callable[[Composer, bytes], None]]] = {
    b"\x1b!": Composer._set_mode,
    b"\x1d!": Composer._set_size,
    b"\x1bE": Composer._set_bold,
    b"\x1bG": Composer._set_bold,
    b"\x1b-": Composer._set_underline,
    b"\x1dB": Composer._set_inverse,
    b"\x1bM": Composer._set_font,
    b"\x1ba": Composer._set_align,
    b"\x1bt": Composer._set_page,
    b"\x1c&": Composer._set_kanji,
    b"\x1c.": Composer._unset_kanji,
    b"\x1b2": Composer._set_spacing,
    b"\x1b3": Composer._set_spacing,
    b"\x1dL": Composer._set_margin,
    b"\x1dW": Composer._set_width,
    b"\x1bD": Composer._set_stops,
}
