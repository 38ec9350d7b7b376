"""How characters look by the commands so far: size, weight, font, colour. It holds no text.

Source: Epson ESC/POS command reference, ESC !, GS !, ESC E, ESC G, ESC -, GS B, ESC M, ESC V, ESC r, ESC SP,
FS !, FS W, FS -, FS S, GS ( N; ESC 4 and ESC 5: manuals of Chinese printers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from comptoir.core.page import Style
from comptoir.languages.escpos.elements import Look, Run

_SMALL_FONTS: Final = frozenset({1, 2, 3, 4, 49, 50, 51, 52, 98})


class Typeset(NamedTuple):
    """How a character is set. pitch: dots from it to the next."""

    style: Style
    look: Look
    small: bool
    pitch: int


@lru_cache(maxsize=1024)
def _typeset(
    shape: tuple[bool, int, bool, int, int],
    look: tuple[bool, bool, bool, bool, int, int, int],
    small: bool,
) -> Typeset:
    """Receipts change between few styles, and often."""
    bold, underline, inverse, width, height = shape
    style = Style(bold=bold, underline=underline > 0, inverse=inverse, width=width, height=height)
    run = Run("", style, small, 0, Look(*look))
    return Typeset(style, run.look, small, run.pitch)


class TypeStyle:
    """Style, look and font of the next character."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """ESC @."""
        self.small = False
        self.gap = 0
        self._bold = self._struck_twice = self._inverse = False
        self._red = self._italic = self._turned = False
        self._underline = 0
        self._width = self._height = 1
        self._kanji_size = (1, 1)
        self._kanji_underline = 0
        self._kanji_gaps = (0, 0)
        self._found: dict[bool, Typeset] = {}

    def of(self, wide: bool) -> Typeset:
        """For characters of one byte; wide: for two-byte characters, which have sizes of their own."""
        found = self._found.get(wide)
        if found is None:
            found = self._found[wide] = self._made(wide=wide)
        return found

    def _made(self, *, wide: bool) -> Typeset:
        width, height = self._kanji_size if wide else (self._width, self._height)
        underline = self._kanji_underline if wide else self._underline
        before, gap = self._kanji_gaps if wide else (0, self.gap)
        bold = self._bold or self._struck_twice
        key = (bold, underline, self._inverse, width, height)
        return _typeset(key, (wide, self._red, self._italic, self._turned, underline or 2, before, gap), self.small)

    def change(self, code: bytes, body: bytes) -> bool:
        """Obeys a command; False: it is not about characters."""
        change = _CHANGES.get(code)
        if change is None:
            return False
        change(self, body)
        self._found.clear()
        return True

    def _mode(self, body: bytes) -> None:
        mode = body[0]
        self.small = bool(mode & 1)
        self._bold = bool(mode & 0x08)
        self._height, self._width = 1 + (mode >> 4 & 1), 1 + (mode >> 5 & 1)
        self._underline = 1 if mode & 0x80 else 0

    def _size(self, body: bytes) -> None:
        self._width, self._height = (body[0] >> 4 & 7) + 1, (body[0] & 7) + 1
        self._kanji_size = (self._width, self._height)

    def _emphasis(self, body: bytes) -> None:
        self._bold = bool(body[0] & 1)

    def _double_strike(self, body: bytes) -> None:
        self._struck_twice = bool(body[0] & 1)

    def _underlined(self, body: bytes) -> None:
        self._underline = _THICKNESS.get(body[0], self._underline)

    def _reverse(self, body: bytes) -> None:
        self._inverse = bool(body[0] & 1)

    def _font(self, body: bytes) -> None:
        self.small = body[0] in _SMALL_FONTS

    def _quarter_turn(self, body: bytes) -> None:
        self._turned = body[0] in (1, 2, 49, 50)

    def _colour(self, body: bytes) -> None:
        self._red = body[0] in (1, 49)

    def _effect(self, body: bytes) -> None:
        """GS ( N function 48: the colour of characters; 50 is the second."""
        if body[0:1] == b"N" and body[3:4] == b"0" and len(body) > 4:
            self._red = body[4] > 49

    def _italics(self, body: bytes) -> None:
        self._italic = True

    def _upright(self, body: bytes) -> None:
        self._italic = False

    def _right_gap(self, body: bytes) -> None:
        self.gap = body[0]

    def _kanji_mode(self, body: bytes) -> None:
        mode = body[0]
        self._kanji_size = (1 + (mode >> 2 & 1), 1 + (mode >> 3 & 1))
        self._kanji_underline = 1 if mode & 0x80 else 0

    def _kanji_quadruple(self, body: bytes) -> None:
        self._kanji_size = (2, 2) if body[0] & 1 else (1, 1)

    def _kanji_underlined(self, body: bytes) -> None:
        self._kanji_underline = _THICKNESS.get(body[0], self._kanji_underline)

    def _kanji_spaced(self, body: bytes) -> None:
        self._kanji_gaps = (body[0], body[1])


_THICKNESS: Final[dict[int, int]] = {0: 0, 48: 0, 1: 1, 49: 1, 2: 2, 50: 2}

_CHANGES: Final[dict[bytes, Callable[[TypeStyle, bytes], None]]] = {
    b"\x1b!": TypeStyle._mode,
    b"\x1d!": TypeStyle._size,
    b"\x1bE": TypeStyle._emphasis,
    b"\x1bG": TypeStyle._double_strike,
    b"\x1b-": TypeStyle._underlined,
    b"\x1dB": TypeStyle._reverse,
    b"\x1bM": TypeStyle._font,
    b"\x1bV": TypeStyle._quarter_turn,
    b"\x1br": TypeStyle._colour,
    b"\x1b4": TypeStyle._italics,
    b"\x1b5": TypeStyle._upright,
    b"\x1b ": TypeStyle._right_gap,
    b"\x1c!": TypeStyle._kanji_mode,
    b"\x1cW": TypeStyle._kanji_quadruple,
    b"\x1c-": TypeStyle._kanji_underlined,
    b"\x1cS": TypeStyle._kanji_spaced,
    b"\x1d(": TypeStyle._effect,
}
