"""Reads an ESC/POS stream as a printer does: bytes in any split to paper, cut by cut. It answers nothing.

Covered: text, styles, positions, code pages, pictures, symbols (named, not encoded), drawer pulses, cuts,
requests. Not covered: page mode's placement, user-defined characters, NV logos, macros: skipped by their
length. Any bytes are accepted; what is not understood is an `Unknown` on the paper. A paper keeps
`PAPER_LIMIT` bytes at most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from comptoir.core.page import Media, Picture
from comptoir.languages.escpos import graphics
from comptoir.languages.escpos.commands import BARCODES, SYMBOLS
from comptoir.languages.escpos.composer import Composer
from comptoir.languages.escpos.paper import Element, Feed, Paper, Pulse, Request, Symbol, Unknown
from comptoir.languages.escpos.tokens import Token, Tokenizer

Event = Paper | Request | Pulse

PAPER_LIMIT: Final = 8_000_000

_REQUESTS: Final = frozenset(
    {b"\x1dr", b"\x1dI", b"\x1da", b"\x1dj", b"\x1bu", b"\x1bv", b"\x10\x04", b"\x10\x05", b"\x10\x14"}
)


class Interpreter:
    """The printer's head. `feed` gives what happened; `finish` the paper that was not cut."""

    def __init__(self, media: Media | None = None) -> None:
        self._tokens = Tokenizer()
        self._composer = Composer(media or Media())
        self._elements: list[Element] = []
        self._weight = 0
        self._truncated = False
        self._stored: Picture | None = None
        self._symbol: dict[int, bytes] = {}

    def feed(self, data: bytes) -> list[Event]:
        """Papers that were cut, drawer pulses and requests, in order."""
        events: list[Event] = []
        for token in self._tokens.feed(data):
            events.extend(self._obey(token))
        return events

    def finish(self) -> Paper | None:
        """What was printed after the last cut, at the end of the connection; None where there is nothing."""
        self._break()
        paper = self._take(partial=True)
        return None if paper.blank else paper

    def _obey(self, token: Token) -> Iterator[Event]:
        if not token.code:
            self._add(*self._composer.text(token.body))
            return
        if not token.known:
            self._add(Unknown(token.code))
            return
        if token.code in _REQUESTS:
            yield from self._asked(token)
        elif token.code in (b"\x1dV", b"\x1bi", b"\x1bm"):
            self._break()
            yield self._take()
        elif token.code == b"\x1bp":
            pulse = Pulse(5 if token.body[0] & 1 else 2, token.body[1] * 2, max(token.body[1], token.body[2]) * 2)
            self._add(pulse)
            yield pulse
        elif token.code == b"\x1d(" and token.body[:1] == b"H":
            yield Request(token.code + token.body)
        else:
            self._print(token)

    def _asked(self, token: Token) -> Iterator[Event]:
        """A request, and the drawer where DLE DC4 1 opens it."""
        if token.code == b"\x10\x14" and token.body[:1] == b"\x01":
            pulse = Pulse(5 if token.body[1] & 1 else 2, token.body[2] * 100, token.body[2] * 100)
            self._add(pulse)
            yield pulse
        yield Request(token.code + token.body)

    def _print(self, token: Token) -> None:
        """Whatever leaves a trace on this paper, or changes how the rest looks."""
        drawer = _DRAWERS.get(token.code)
        if drawer is not None:
            drawer(self, token.body)
        else:
            self._add(*self._composer.command(token))

    def _reset(self, body: bytes) -> None:
        self._composer.reset()

    def _raster(self, body: bytes) -> None:
        self._place(graphics.raster(body, self._composer.align) if body[0] == 0x30 else None)

    def _columns(self, body: bytes) -> None:
        picture = graphics.columns(body, self._composer.align)
        if picture is not None:
            self._add(*self._composer.dots(picture))

    def _block(self, body: bytes) -> None:
        """GS ( : pictures and symbols are drawn, settings skipped."""
        if body[:1] == b"L":
            self._graphics(body[3:])
        elif body[:1] == b"k" and len(body) >= 5:
            self._matrix(body[3], body[4], body[5:])

    def _long_block(self, body: bytes) -> None:
        if body[:1] == b"L":
            self._graphics(body[5:])

    def _graphics(self, block: bytes) -> None:
        function = block[1] if len(block) > 1 else 0
        if function in (48 + 64, 49 + 64):
            self._stored = graphics.stored(block, self._composer.align)
        elif function in (2, 50):
            self._place(self._stored)
            self._stored = None

    def _matrix(self, kind: int, function: int, data: bytes) -> None:
        if function == 80 and kind in SYMBOLS:
            self._symbol[kind] = data[1:]
        elif function == 81 and kind in self._symbol:
            text = self._symbol[kind].decode("utf-8", "replace")
            self._place(Symbol(SYMBOLS[kind], text, self._composer.align))

    def _barcode(self, body: bytes) -> None:
        data = body[1:-1] if body[0] <= 6 else body[2:]
        kind = BARCODES.get(body[0], "Barcode")
        if kind == "CODE128" and data[:1] == b"{":
            data = data[2:]
        self._place(Symbol(kind, data.decode("ascii", "replace"), self._composer.align))

    def _place(self, element: Picture | Symbol | None) -> None:
        """Something of its own on the paper: the line before it ends."""
        if element is not None:
            self._break()
            self._add(element)

    def _break(self) -> None:
        self._add(*self._composer.flush())

    def _add(self, *elements: Element) -> None:
        for element in elements:
            weight = len(element.bits) if isinstance(element, Picture) else 200
            if self._weight + weight > PAPER_LIMIT:
                self._truncated = True
                continue
            if isinstance(element, Feed) and self._elements and isinstance(self._elements[-1], Feed):
                self._elements[-1] = Feed(self._elements[-1].dots + element.dots)
                continue
            self._weight += weight
            self._elements.append(element)

    def _take(self, *, partial: bool = False) -> Paper:
        paper = Paper(tuple(self._elements), partial, self._truncated, self._tokens.consumed)
        self._elements, self._weight, self._truncated = [], 0, False
        return paper


_DRAWERS: Final[dict[bytes, Callable[[Interpreter, bytes], None]]] = {
    b"\x1b@": Interpreter._reset,
    b"\x1dv": Interpreter._raster,
    b"\x1b*": Interpreter._columns,
    b"\x1d(": Interpreter._block,
    b"\x1d8": Interpreter._long_block,
    b"\x1dk": Interpreter._barcode,
}
