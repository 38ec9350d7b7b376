"""The line that a printer is building: characters and bands of dots at their places; full lines come out.

It knows no cuts, no symbols, and pictures only where they stand in a line (ESC *). Measures are dots.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from comptoir.core.page import Align, Media, Picture
from comptoir.languages.escpos.decoding import Decoder, Piece
from comptoir.languages.escpos.elements import (
    FONT_A,
    LINE_DOTS,
    Element,
    Feed,
    Inset,
    Run,
    TextLine,
    is_mark,
)
from comptoir.languages.escpos.graphics import enlarged
from comptoir.languages.escpos.print_area import PrintArea
from comptoir.languages.escpos.type_style import Typeset, TypeStyle

#: A line of more pieces than this is taken as full: overprinting need not take memory without end.
_MOST: Final = 1000

_ALIGN: Final[dict[int, Align]] = {0: "left", 1: "center", 2: "right", 48: "left", 49: "center", 50: "right"}


class Composer:
    """State of the printer between two lines, and what stands in the line that is not printed yet."""

    def __init__(self, media: Media, decoder: Decoder | None = None) -> None:
        self._decoder = decoder or Decoder()
        self._type = TypeStyle()
        self.area = PrintArea(media)
        self.reset()

    def reset(self) -> None:
        """ESC @: what is not printed yet is gone, everything is as after switching on."""
        self._decoder.reset()
        self._type.reset()
        self.area.reset()
        self._clear()
        self._spacing = LINE_DOTS
        self._stops: tuple[int, ...] = ()
        self._flipped = False
        self.align: Align = "left"

    def _clear(self) -> None:
        self._runs: list[Run] = []
        self._insets: list[Inset] = []
        self._open: Typeset | None = None
        self._at = 0
        self._text: list[str] = []
        self._cells = 0
        self._x = 0

    @property
    def x(self) -> int:
        """Where the next character stands, from the left of the print area."""
        return self._x

    def text(self, data: bytes) -> list[Element]:
        """Characters; a line that is full comes out, as on paper."""
        # Decoded with the style that they were sent in, and before they grow without bound.
        return self._decode(final=False) if self._decoder.put(data) else []

    def command(self, code: bytes, body: bytes) -> list[Element]:
        """A control character or a command for text. Others are skipped: their length was known."""
        if code == b"\n":
            return self._line_feed(self._spacing)
        lines = self._decode()
        if code == b"\t":
            self._tab()
            return lines
        if self._type.change(code, body):
            return lines
        feed = _FEEDS.get(code)
        if feed is not None:
            count = body[0]
            return [*lines, *self._feed(feed * (count * self._spacing if code[1] in b"de" else self.area.down(count)))]
        change = _CHANGES.get(code)
        if change is not None:
            change(self, body)
        return lines

    def band(self, picture: Picture) -> list[Element]:
        """ESC *: a picture in the line; text stands beside it."""
        lines = self._decode()
        if self._x and self._x + picture.width > self.area.room:
            lines += self._end_line(self._spacing)
        self._inset(Inset(picture, self._x), picture.width)
        return lines

    def step(self, width: int) -> None:
        """Something stands beside the text: the next character is to its right."""
        self._close()
        self._x += width

    def flush(self, *, keep: bool = False) -> list[Element]:
        """The line as it stands; nothing where it is empty. keep: the position stays, the paper does not move."""
        lines = self._decode()
        x = self._x
        if self._open or self._runs or self._insets:
            lines += self._end_line(0 if keep else self._spacing)
        self._x = x if keep else 0
        return lines

    def drop(self) -> None:
        """The line is not printed."""
        self._decoder.take()
        self._clear()

    # -- lines

    def _line_feed(self, spacing: int) -> list[Element]:
        lines = self._decode()
        return [*lines, *self._end_line(spacing)]

    def _end_line(self, spacing: int) -> list[Element]:
        self._close()
        runs, insets = self._runs, self._insets
        self._clear()
        if len(insets) == 1 and not runs and self.area.full_width and not insets[0].at and not insets[0].text:
            picture = insets[0].picture
            band = Picture(picture.width, picture.height, picture.bits, self.align)
            return [band, Feed(spacing - band.height)] if spacing > band.height else [band]
        room = 0 if self.area.full_width else self.area.room
        return [TextLine(tuple(runs), self.align, self.area.margin, spacing, room, tuple(insets), self._flipped)]

    def _feed(self, dots: int) -> list[Element]:
        """ESC d, ESC J: print the line and move the paper; ESC e, ESC K: back."""
        if not self._open and not self._runs and not self._insets:
            return [Feed(dots)]
        if dots < 0:
            return [*self._end_line(self._spacing), Feed(dots)]
        # The line's own height is part of the feed, as on paper.
        return [*self._end_line(min(self._spacing, dots)), Feed(max(dots - self._spacing, 0))]

    def _decode(self, *, final: bool = True) -> list[Element]:
        """The bytes so far as characters of the present style, broken where the line is full."""
        self._decoder.small = self._type.small
        pieces = self._decoder.take(final=final)
        if not pieces:
            return []
        lines: list[Element] = []
        for piece in pieces:
            if piece.glyph is not None:
                lines += self._put_glyph(piece.glyph, piece)
            elif len(piece.text) == 1 and not piece.text.isascii() and is_mark(piece.text):
                self._put_mark(piece.text)
            else:
                lines += self._put(piece.text, wide=piece.wide)
        return lines

    def _put(self, text: str, *, wide: bool) -> list[Element]:
        typeset = self._type.of(wide)
        lines: list[Element] = []
        while text:
            fit = (self.area.room - self._x) // typeset.pitch
            if fit <= 0:
                if self._x:
                    lines += self._end_line(self._spacing)
                    continue
                fit = 1
            piece, text = text[:fit], text[fit:]
            if self._open is not typeset:
                self._close()
                self._open, self._at = typeset, self._x
            self._text.append(piece)
            self._cells += len(piece)
            self._x += len(piece) * typeset.pitch
        return lines

    def _put_mark(self, text: str) -> None:
        """An accent that belongs to the character before it takes no room."""
        if self._open is not None and len(self._text) < _MOST:
            self._text.append(text)

    def _put_glyph(self, glyph: Picture, piece: Piece) -> list[Element]:
        style, look, _, pitch = self._type.of(piece.wide)
        picture = enlarged(glyph, style.width, style.height)
        width = max(picture.width + look.gap * style.width, pitch)
        lines = self._end_line(self._spacing) if self._x and self._x + width > self.area.room else []
        self._inset(Inset(picture, self._x, piece.text), width)
        return lines

    def _inset(self, inset: Inset, width: int) -> None:
        self._close()
        if len(self._insets) < _MOST:
            self._insets.append(inset)
        self._x += width

    def _close(self) -> None:
        """The characters that stand together, as a run."""
        if self._open is None:
            return
        style, look, small, _ = self._open
        text = "".join(self._text)
        if len(self._runs) < _MOST:
            cells = 0 if self._cells == len(text) else self._cells
            self._runs.append(Run(text, style, small, self._at, look, cells))
        self._open, self._cells = None, 0
        self._text.clear()

    # -- positions

    def _tab(self) -> None:
        """HT: to the next stop; every eighth column where none are set; to the edge where it is beyond."""
        stops = self._stops or tuple(range(8 * FONT_A[0], self.area.room + 8 * FONT_A[0], 8 * FONT_A[0]))
        stop = next((stop for stop in stops if stop > self._x), None)
        if stop is not None:
            self._move(min(stop, self.area.room))

    def _move(self, x: int) -> None:
        """To a place in the print area; one outside it is ignored, as the manual says."""
        if 0 <= x <= self.area.room and x != self._x:
            self._close()
            self._x = x

    def _position(self, body: bytes) -> None:
        self._move(self.area.across(body[0] + (body[1] << 8)))

    def _relative(self, body: bytes) -> None:
        self._move(self._x + self.area.across(int.from_bytes(body, "little", signed=True)))

    def _set_stops(self, body: bytes) -> None:
        pitch = self._type.of(wide=False).pitch
        self._stops = tuple(column * pitch for column in body.rstrip(b"\0"))

    def _set_align(self, body: bytes) -> None:
        if not (self._x or self._open):
            self.align = _ALIGN.get(body[0], self.align)

    def _set_flipped(self, body: bytes) -> None:
        if not (self._x or self._open):
            self._flipped = bool(body[0] & 1)

    def _set_spacing(self, body: bytes) -> None:
        self._spacing = self.area.down(body[0]) if body else LINE_DOTS

    def _define(self, body: bytes) -> None:
        self._decoder.glyphs.define(body, small=self._type.small)

    def _forget(self, body: bytes) -> None:
        self._decoder.glyphs.forget(body[0], small=self._type.small)

    def _block(self, body: bytes) -> None:
        if body[:1] == b"C":
            self._decoder.encoding(body)


#: ESC d and ESC e count lines, ESC J and ESC K dots; back is negative
_FEEDS: Final[dict[bytes, int]] = {b"\x1bd": 1, b"\x1bJ": 1, b"\x1be": -1, b"\x1bK": -1}

_CHANGES: Final[dict[bytes, Callable[[Composer, bytes], None]]] = {
    b"\x1ba": Composer._set_align,
    b"\x1b{": Composer._set_flipped,
    b"\x1b$": Composer._position,
    b"\x1b\\": Composer._relative,
    b"\x1b2": Composer._set_spacing,
    b"\x1b3": Composer._set_spacing,
    b"\x1dL": lambda composer, body: composer.area.set_margin(body),
    b"\x1dW": lambda composer, body: composer.area.set_width(body),
    b"\x1dP": lambda composer, body: composer.area.set_units(body),
    b"\x1bD": Composer._set_stops,
    b"\x1b&": Composer._define,
    b"\x1b?": Composer._forget,
    b"\x1c(": Composer._block,
    b"\x1bt": lambda composer, body: composer._decoder.page(body),
    b"\x1bR": lambda composer, body: composer._decoder.country(body),
    b"\x1b%": lambda composer, body: composer._decoder.user_defined(body),
    b"\x1c&": lambda composer, body: composer._decoder.kanji_on(body),
    b"\x1c.": lambda composer, body: composer._decoder.kanji_off(body),
    b"\x1cC": lambda composer, body: composer._decoder.kanji_system(body),
    b"\x1c2": lambda composer, body: composer._decoder.glyphs.define_double(body),
    b"\x1c?": lambda composer, body: composer._decoder.glyphs.forget_double(body),
}
