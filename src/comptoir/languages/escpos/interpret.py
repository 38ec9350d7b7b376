"""Reads an ESC/POS stream as a printer does: bytes in any split to paper, cut by cut. It answers nothing.

Any bytes are accepted; what is not understood is an `Unknown` on the paper. Memory is bounded: by the tokens'
`LIMIT`, the roll's `PAPER_LIMIT`, and the limits of page mode, of stored graphics and of the macro.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from comptoir.core.page import Media
from comptoir.languages.escpos import graphics_commands, page_commands
from comptoir.languages.escpos.commands import FIXED, RULES
from comptoir.languages.escpos.decoding import Decoder
from comptoir.languages.escpos.elements import Notice, Pulse
from comptoir.languages.escpos.head import Event, Head
from comptoir.languages.escpos.macros import Macros
from comptoir.languages.escpos.paper import Paper
from comptoir.languages.escpos.tokens import Token, Tokenizer

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
    """A printer that reads. `feed` gives what happened; `finish` the paper that was not cut.

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
        self._tokens = Tokenizer()
        self._head = Head(media or Media(), Decoder(slots, kanji, auto_kanji=auto_kanji), self._tokens)
        self._macros = Macros()
        self._selected = True

    def feed(self, data: bytes) -> list[Event]:
        """Papers that were cut, drawer pulses and requests, in order."""
        for token in self._tokens.feed(data):
            self._obey(token)
        events, self._head.events = self._head.events, []
        return events

    def finish(self) -> Paper | None:
        """What was printed after the last cut, at the end of the connection; None where there is nothing."""
        head = self._head
        head.end_line()
        if self._tokens.unfinished:
            head.report(self._tokens.unfinished, "cut short")
        if head.page.on and not head.page.empty:
            head.report(b"\x1bL", "page not printed")
        paper = head.roll.take(self._tokens.consumed, partial=True)
        return None if paper.blank else paper

    def _obey(self, token: Token) -> None:
        code, body, known = token
        head = self._head
        if self._macros.recording is not None and code not in (b"\x1d:", b"\x1d^"):
            self._macros.record(token)
        if not self._selected and code not in _ALWAYS:
            return
        if not code:
            lines = head.composer.text(body)
            if lines:
                head.print(lines)
        elif not known:
            head.report(code, "too long" if code in FIXED or code in RULES else "not known")
        elif (handler := _HANDLERS.get(code)) is not None:
            handler(head, code, body)
        elif (switch := _SWITCHES.get(code)) is not None:
            switch(self, code, body)
        else:
            head.print(head.composer.command(code, body))

    def _select(self, code: bytes, body: bytes) -> None:
        """ESC =: what follows may be for a customer display."""
        self._selected = bool(body[0] & 1)

    def _define_macro(self, code: bytes, body: bytes) -> None:
        self._macros.switch()

    def _run_macro(self, code: bytes, body: bytes) -> None:
        self._head.add(Notice("macro", code + body))
        for token in self._macros.repeat(body[0], self._tokens.consumed):
            self._obey(token)


#: what decides about the commands that follow
_SWITCHES: Final[dict[bytes, Callable[[Interpreter, bytes, bytes], None]]] = {
    b"\x1b=": Interpreter._select,
    b"\x1d:": Interpreter._define_macro,
    b"\x1d^": Interpreter._run_macro,
}


def _nothing(head: Head, code: bytes, body: bytes) -> None:
    """Obeyed without a trace: the sensors' switches, the direction of printing, smoothing …"""


def _reset(head: Head, code: bytes, body: bytes) -> None:
    head.reset()


def _to_beginning(head: Head, code: bytes, body: bytes) -> None:
    """GS T: the line so far is printed with 1, gone with 0."""
    if body[0] in (1, 49):
        head.end_line()
    else:
        head.composer.drop()


def _cut(head: Head, code: bytes, body: bytes) -> None:
    head.cut(code + body)


# -- what is asked, the drawer and the buzzer


def _real_time(head: Head, code: bytes, body: bytes) -> None:
    """DLE DC4: a request, and the drawer where function 1 opens it."""
    if body[:1] == b"\x01":
        head.pulse(Pulse(5 if body[1] & 1 else 2, body[2] * 100, body[2] * 100))
    head.ask(code, body)


def _drawer(head: Head, code: bytes, body: bytes) -> None:
    head.pulse(Pulse(5 if body[0] & 1 else 2, body[1] * 2, max(body[1], body[2]) * 2))


def _counter(head: Head, code: bytes, body: bytes) -> None:
    """GS g 0 sets a maintenance counter to zero, GS g 2 asks for it; FS g 1 and 2 write and read memory."""
    if body[0] in (2, 50):
        head.ask(code, body)
    else:
        head.add(Notice("user memory" if code == b"\x1cg" else "counter", code + body[:8]))


def _sound(head: Head, code: bytes, body: bytes) -> None:
    """ESC ( A, ESC B, ESC BEL."""
    if code == b"\x1b(" and body[:1] != b"A":
        head.report(code + body[:1], "not known")
        return
    head.add(Notice("buzzer", code + body[:16]))


# -- blocks


def _block(head: Head, code: bytes, body: bytes) -> None:
    """GS ( and a letter."""
    letter, block = body[0], body[3:]
    if letter == 0x4C:
        graphics_commands.stored(head, code, body, block)
    elif letter == 0x6B:
        graphics_commands.matrix(head, code, body, block)
    elif block and block[0] in _ASKING.get(letter, ()):
        head.ask(code, body)
    elif letter == 0x4E:
        head.print(head.composer.command(code, body))
    elif letter in _BLOCKS:
        head.add(Notice(_BLOCKS[letter], code + body[:16]))
    else:
        head.report(code + body[:1], "not known")


def _kanji_block(head: Head, code: bytes, body: bytes) -> None:
    """FS (: A and C are about text, e asks, the rest is setup."""
    if body[:1] == b"e":
        head.ask(code, body)
    elif body[:1] in (b"A", b"C"):
        head.print(head.composer.command(code, body))
    else:
        head.add(Notice("setup", code + body[:16]))


#: What is not here either is for the line: `composer`.
_HANDLERS: Final[dict[bytes, Callable[[Head, bytes, bytes], None]]] = {
    b"\r": _nothing,
    b"\x10": _nothing,
    b"\x1b@": _reset,
    b"\x1b(": _sound,
    b"\x1bB": _sound,
    b"\x1b\x07": _sound,
    b"\x1bU": _nothing,
    b"\x1bc": _nothing,
    b"\x1b<": _nothing,
    b"\x1bi": _cut,
    b"\x1bm": _cut,
    b"\x1bp": _drawer,
    b"\x1bu": Head.ask,
    b"\x1bv": Head.ask,
    b"\x1cg": _counter,
    b"\x1c(": _kanji_block,
    b"\x1d(": _block,
    b"\x1dI": Head.ask,
    b"\x1dT": _to_beginning,
    b"\x1dV": _cut,
    b"\x1da": Head.ask,
    b"\x1db": _nothing,
    b"\x1dg": _counter,
    b"\x1dj": Head.ask,
    b"\x1dr": Head.ask,
    b"\x10\x04": Head.ask,
    b"\x10\x05": Head.ask,
    b"\x10\x14": _real_time,
    **graphics_commands.HANDLERS,
    **page_commands.HANDLERS,
}
