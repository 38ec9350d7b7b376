"""Reads an ESC/POS stream as a printer does: bytes in any split to paper, cut by cut. It answers nothing.

Any bytes are accepted; what is not understood is an `Unknown` on the paper. Memory is bounded: by the tokens'
`LIMIT`, the roll's `PAPER_LIMIT`, and the limits of page mode, of stored graphics and of the macro.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from comptoir.core.page import Media, Picture
from comptoir.languages.escpos import graphics
from comptoir.languages.escpos.commands import FIXED, RULES
from comptoir.languages.escpos.composer import Composer
from comptoir.languages.escpos.decoding import Decoder
from comptoir.languages.escpos.elements import (
    Element,
    Inset,
    Notice,
    Pulse,
    Request,
    Symbol,
    TextLine,
    Unknown,
)
from comptoir.languages.escpos.graphics_memory import ASKS, GraphicsMemory
from comptoir.languages.escpos.macros import Macros
from comptoir.languages.escpos.page_mode import PageMode
from comptoir.languages.escpos.paper import Paper
from comptoir.languages.escpos.roll import Roll
from comptoir.languages.escpos.symbols import Symbols
from comptoir.languages.escpos.tokens import Token, Tokenizer

Event = Paper | Request | Pulse

#: obeyed even while another device is selected (ESC =)
_ALWAYS: Final = frozenset({b"\x1b=", b"\x10\x04", b"\x10\x05", b"\x10\x14"})
#: GS ( letter -> functions that are answered
_ASKING: Final[dict[int, frozenset[int]]] = {
    0x43: frozenset({2, 3, 4, 50, 51, 52}),
    0x45: frozenset({1, 4, 6, 12, 14, 16, 50, 52}),
    0x48: frozenset({48, 49}),
}
_BLOCKS: Final[dict[int, str]] = {
    0x41: "test print",
    0x43: "user memory",
    0x44: "real-time commands",
    0x45: "setup",
    0x4B: "print control",
    0x4D: "stored settings",
}


class Interpreter:
    """The printer's head. `feed` gives what happened; `finish` the paper that was not cut.

    slots: code page slot of `ESC t` -> Python codec, as the model has them. kanji: codec of two-byte characters
    (gb18030, cp932, big5, cp949, euc_kr); auto_kanji: they are on from the start, as on printers made for China.
    """

    def __init__(
        self,
        media: Media | None = None,
        *,
        kanji: str = "gb18030",
        auto_kanji: bool = False,
        slots: Mapping[int, str] | None = None,
    ) -> None:
        media = media or Media()
        self._tokens = Tokenizer()
        self._composer = Composer(media, Decoder(slots, kanji, auto_kanji=auto_kanji))
        self._page = PageMode(media)
        self._memory = GraphicsMemory()
        self._symbols = Symbols()
        self._macros = Macros()
        self._selected = True
        self._events: list[Event] = []
        self._roll = Roll()
        self._add = self._roll.add

    def feed(self, data: bytes) -> list[Event]:
        """Papers that were cut, drawer pulses and requests, in order."""
        for token in self._tokens.feed(data):
            self._obey(token)
        events, self._events = self._events, []
        return events

    def finish(self) -> Paper | None:
        """What was printed after the last cut, at the end of the connection; None where there is nothing."""
        self._break()
        if self._tokens.unfinished:
            self._report(self._tokens.unfinished, "cut short")
        if self._page.on and not self._page.empty:
            self._report(b"\x1bL", "page not printed")
        paper = self._roll.take(self._tokens.consumed, partial=True)
        return None if paper.blank else paper

    # -- one token

    def _obey(self, token: Token) -> None:
        code, body, known = token
        if self._macros.recording is not None and code not in (b"\x1d:", b"\x1d^"):
            self._macros.record(token)
        if not self._selected and code not in _ALWAYS:
            return
        if not code:
            lines = self._composer.text(body)
            if lines:
                self._print(lines)
        elif not known:
            self._report(code, "too long" if code in FIXED or code in RULES else "not known")
        elif (handler := _HANDLERS.get(code)) is not None:
            handler(self, code, body)
        else:
            self._print(self._composer.command(code, body))

    def _nothing(self, code: bytes, body: bytes) -> None:
        """Obeyed without a trace: the sensors' switches, the direction of printing, smoothing …"""

    def _reset(self, code: bytes, body: bytes) -> None:
        self._leave_page()
        self._composer.reset()
        self._symbols.reset()
        self._memory.reset()

    def _select(self, code: bytes, body: bytes) -> None:
        """ESC =: what follows may be for a customer display."""
        self._selected = bool(body[0] & 1)

    # -- what is asked, and the drawer

    def _ask(self, code: bytes, body: bytes) -> None:
        request = Request(code + body)
        self._add(request)
        self._events.append(request)

    def _real_time(self, code: bytes, body: bytes) -> None:
        """DLE DC4: a request, and the drawer where function 1 opens it."""
        if body[:1] == b"\x01":
            self._pulse(Pulse(5 if body[1] & 1 else 2, body[2] * 100, body[2] * 100))
        self._ask(code, body)

    def _drawer(self, code: bytes, body: bytes) -> None:
        self._pulse(Pulse(5 if body[0] & 1 else 2, body[1] * 2, max(body[1], body[2]) * 2))

    def _pulse(self, pulse: Pulse) -> None:
        self._add(pulse)
        self._events.append(pulse)

    def _counter(self, code: bytes, body: bytes) -> None:
        """GS g 0 sets a maintenance counter to zero, GS g 2 asks for it; FS g 1 and 2 write and read memory."""
        if body[0] in (2, 50):
            self._ask(code, body)
        else:
            self._add(Notice("user memory" if code == b"\x1cg" else "counter", code + body[:8]))

    def _sound(self, code: bytes, body: bytes) -> None:
        """ESC ( A, ESC B, ESC BEL."""
        if code == b"\x1b(" and body[:1] != b"A":
            self._report(code + body[:1], "not known")
            return
        self._add(Notice("buzzer", code + body[:16]))

    # -- blocks: GS ( x, GS 8 x, FS ( x, ESC ( x

    def _block(self, code: bytes, body: bytes) -> None:
        letter, block = body[0], body[3:]
        if letter == 0x4C:
            self._graphics(code, body, block)
        elif letter == 0x6B:
            self._matrix(code, body, block)
        elif block and block[0] in _ASKING.get(letter, ()):
            self._ask(code, body)
        elif letter == 0x4E:
            self._print(self._composer.command(code, body))
        elif letter in _BLOCKS:
            self._add(Notice(_BLOCKS[letter], code + body[:16]))
        else:
            self._report(code + body[:1], "not known")

    def _long_block(self, code: bytes, body: bytes) -> None:
        if body[:1] == b"L":
            self._graphics(code, body, body[5:])
        else:
            self._report(code + body[:1], "not known")

    def _graphics(self, code: bytes, body: bytes, block: bytes) -> None:
        if len(block) > 1 and block[1] in ASKS:
            self._ask(code, body[:16])
            return
        done = self._memory.obey(block, self._composer.align)
        if isinstance(done, Picture):
            self._place(done)
        elif not done:
            self._report(code + body[:1], "not understood")

    def _matrix(self, code: bytes, body: bytes, block: bytes) -> None:
        done = self._symbols.matrix(block, self._composer.align) if len(block) >= 2 else "bad"
        if isinstance(done, Symbol):
            self._place(done)
        elif done == "ask":
            self._ask(code, body)
        elif done == "bad":
            self._report(code + body[:1] + block[:2], "not understood")

    def _kanji_block(self, code: bytes, body: bytes) -> None:
        """FS (: A and C are about text, e asks, the rest is setup."""
        if body[:1] == b"e":
            self._ask(code, body)
        elif body[:1] in (b"A", b"C"):
            self._print(self._composer.command(code, body))
        else:
            self._add(Notice("setup", code + body[:16]))

    # -- pictures and symbols

    def _raster(self, code: bytes, body: bytes) -> None:
        if body[0] not in (0, 48):
            self._report(code + body[:1], "not understood")
            return
        make = graphics.raster if code == b"\x1dv" else graphics.tall_columns
        self._place(make(body, self._composer.align))

    def _columns(self, code: bytes, body: bytes) -> None:
        picture = graphics.columns(body, self._composer.align)
        if picture is not None:
            self._print(self._composer.band(picture))

    def _define_logos(self, code: bytes, body: bytes) -> None:
        if not self._memory.define_logos(body):
            self._report(code, "memory full")

    def _logo(self, code: bytes, body: bytes) -> None:
        self._place(self._memory.logo(body[0], body[1], self._composer.align))

    def _define_bit_image(self, code: bytes, body: bytes) -> None:
        self._memory.define_bit_image(body)

    def _bit_image(self, code: bytes, body: bytes) -> None:
        self._place(self._memory.bit_image(body[0], self._composer.align))

    def _barcode(self, code: bytes, body: bytes) -> None:
        symbol = self._symbols.barcode(body, self._composer.align)
        if symbol is None:
            self._report(code + body[:1], "not known")
        self._place(symbol)

    def _clone_qr(self, code: bytes, body: bytes) -> None:
        self._place(self._symbols.clone_qr(body, self._composer.align))

    def _bars(self, code: bytes, body: bytes) -> None:
        """GS h, GS w, GS H, GS f."""
        number = body[0]
        if code == b"\x1dh":
            self._symbols.height = number or 1
        elif code == b"\x1dw":
            self._symbols.module = min(number, 6) if number > 0 else 1
        elif code == b"\x1dH":
            self._symbols.hri = number
        else:
            self._symbols.hri_small = number in (1, 49)

    def _place(self, element: Picture | Symbol | None) -> None:
        """Something of its own on the paper: the line before it ends. In page mode it stands in the line."""
        if element is None:
            return
        composer = self._composer
        if self._page.on:
            self._print(composer.flush(keep=True))
            self._roll.truncated |= not self._page.place(element, composer.x)
            composer.step(element.width if isinstance(element, Picture) else 0)
            return
        self._break()
        if composer.full_width:
            self._add(element)
        elif isinstance(element, Picture):
            inset = (Inset(element),)
            self._add(TextLine((), composer.align, composer.margin, 0, composer.room, inset))
        else:
            self._add(replace(element, margin=composer.margin, room=composer.room))

    # -- page mode

    def _enter_page(self, code: bytes, body: bytes) -> None:
        if not self._page.on:
            self._break()
            self._page.start()
            self._composer.set_area(self._page.across)

    def _leave_page(self, code: bytes = b"", body: bytes = b"") -> None:
        """ESC S: without printing."""
        if self._page.on:
            self._composer.drop()
            self._page.on = False
            self._composer.set_area(0)

    def _print_page(self, code: bytes, body: bytes) -> None:
        """FF, and ESC FF, after which the page is still there."""
        if not self._page.on:
            self._break()
            return
        self._print(self._composer.flush(keep=True))
        sheet = self._page.print()
        if code == b"\x0c":
            self._leave_page()
        if sheet is not None:
            self._add(sheet, self._page.weight)

    def _page_setting(self, code: bytes, body: bytes) -> None:
        """ESC W, ESC T, GS $, GS \\, CAN: nothing in standard mode."""
        page, composer = self._page, self._composer
        if not page.on:
            return
        if code == b"\x18":
            composer.drop()
            page.cancel()
            return
        across = code in (b"\x1d$", b"\x1d\\")
        self._print(composer.flush(keep=across))
        if code == b"\x1bW":
            left, top, width, height = (int.from_bytes(body[at : at + 2], "little") for at in (0, 2, 4, 6))
            page.set_area(left, top, width, height)
        elif code == b"\x1bT":
            page.set_direction(body[0])
        else:
            relative = code == b"\x1d\\"
            number = int.from_bytes(body, "little", signed=relative)
            page.set_height(composer.vertical(number), relative=relative)
        composer.set_area(page.across)

    # -- macros, cuts

    def _define_macro(self, code: bytes, body: bytes) -> None:
        self._macros.switch()

    def _run_macro(self, code: bytes, body: bytes) -> None:
        self._add(Notice("macro", code + body))
        for token in self._macros.repeat(body[0], self._tokens.consumed):
            self._obey(token)

    def _to_beginning(self, code: bytes, body: bytes) -> None:
        """GS T: the line so far is printed with 1, gone with 0."""
        if body[0] in (1, 49):
            self._break()
        else:
            self._composer.drop()

    def _cut(self, code: bytes, body: bytes) -> None:
        self._break()
        self._events.append(self._roll.take(self._tokens.consumed, code + body))

    # -- the paper

    def _report(self, code: bytes, why: str) -> None:
        self._add(Unknown(code, self._tokens.consumed, why))

    def _break(self) -> None:
        self._print(self._composer.flush())

    def _print(self, elements: Iterable[Element]) -> None:
        """What the composer has finished: onto the page in page mode, else onto the paper."""
        for element in elements:
            if self._page.on:
                self._roll.truncated |= not self._page.place(element, 0)
            elif isinstance(element, Picture):
                self._roll.add_band(element)
            else:
                self._add(element)


_HANDLERS: Final[dict[bytes, Callable[[Interpreter, bytes, bytes], None]]] = {
    b"\r": Interpreter._nothing,
    b"\x10": Interpreter._nothing,
    b"\x0c": Interpreter._print_page,
    b"\x18": Interpreter._page_setting,
    b"\x1b\x0c": Interpreter._print_page,
    b"\x1b@": Interpreter._reset,
    b"\x1b=": Interpreter._select,
    b"\x1b*": Interpreter._columns,
    b"\x1b(": Interpreter._sound,
    b"\x1bB": Interpreter._sound,
    b"\x1b\x07": Interpreter._sound,
    b"\x1bL": Interpreter._enter_page,
    b"\x1bS": Interpreter._leave_page,
    b"\x1bT": Interpreter._page_setting,
    b"\x1bW": Interpreter._page_setting,
    b"\x1bU": Interpreter._nothing,
    b"\x1bZ": Interpreter._clone_qr,
    b"\x1bc": Interpreter._nothing,
    b"\x1b<": Interpreter._nothing,
    b"\x1bi": Interpreter._cut,
    b"\x1bm": Interpreter._cut,
    b"\x1bp": Interpreter._drawer,
    b"\x1bu": Interpreter._ask,
    b"\x1bv": Interpreter._ask,
    b"\x1cg": Interpreter._counter,
    b"\x1c(": Interpreter._kanji_block,
    b"\x1cp": Interpreter._logo,
    b"\x1cq": Interpreter._define_logos,
    b"\x1d$": Interpreter._page_setting,
    b"\x1d\\": Interpreter._page_setting,
    b"\x1d(": Interpreter._block,
    b"\x1d*": Interpreter._define_bit_image,
    b"\x1d/": Interpreter._bit_image,
    b"\x1d8": Interpreter._long_block,
    b"\x1d:": Interpreter._define_macro,
    b"\x1d^": Interpreter._run_macro,
    b"\x1dH": Interpreter._bars,
    b"\x1dI": Interpreter._ask,
    b"\x1dQ": Interpreter._raster,
    b"\x1dT": Interpreter._to_beginning,
    b"\x1dV": Interpreter._cut,
    b"\x1da": Interpreter._ask,
    b"\x1db": Interpreter._nothing,
    b"\x1df": Interpreter._bars,
    b"\x1dg": Interpreter._counter,
    b"\x1dh": Interpreter._bars,
    b"\x1dj": Interpreter._ask,
    b"\x1dk": Interpreter._barcode,
    b"\x1dr": Interpreter._ask,
    b"\x1dv": Interpreter._raster,
    b"\x1dw": Interpreter._bars,
    b"\x10\x04": Interpreter._ask,
    b"\x10\x05": Interpreter._ask,
    b"\x10\x14": Interpreter._real_time,
}
