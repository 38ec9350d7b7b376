"""A virtual printer's head and paper: bytes in, commands and papers out, the lines counted. It answers nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from comptoir.core.page import Media
from comptoir.core.profile import DEFAULT, Profile
from comptoir.languages.escpos.interpret import Interpreter
from comptoir.languages.escpos.paper import LINE_DOTS, Paper
from comptoir.languages.escpos.render import characters_of
from comptoir.languages.escpos.tokens import Token, Tokenizer

#: Bytes kept of a paper that is never cut.
LONGEST: Final = 4_000_000
#: Dots of paper that a barcode or matrix symbol takes, about.
_SYMBOL: Final = 5 * LINE_DOTS


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper that came out, and the bytes that it came from. partial: no cut ended it."""

    data: bytes
    paper: Paper

    @property
    def partial(self) -> bool:
        return self.paper.partial


class Head:
    """Prints on paper of this width, with the characters that this profile says the model has."""

    def __init__(self, media: Media, profile: Profile = DEFAULT) -> None:
        self._media = media
        self._profile = profile
        self._interpreter = self._fresh()
        self._tokens = Tokenizer()
        self._gauge = Gauge()
        self._since_cut = bytearray()
        self._base = 0
        self._printed: list[Printed] = []

    @property
    def lines(self) -> int:
        """Lines of paper that were printed, in all."""
        return self._gauge.dots // LINE_DOTS

    @property
    def kept(self) -> int:
        """Bytes since the last cut that are kept."""
        return len(self._since_cut)

    def print(self, data: bytes) -> list[Token]:
        """Obey, and give the commands that were complete."""
        self._since_cut += data
        tokens = list(self._tokens.feed(data))
        for token in tokens:
            self._gauge.measure(token)
        for event in self._interpreter.feed(data):
            if isinstance(event, Paper):
                self._out(event)
        if len(self._since_cut) > LONGEST:
            # A stream without cuts: its beginning is what a person wants to see, and memory has an end.
            self._base += len(self._since_cut) - LONGEST
            del self._since_cut[LONGEST:]
        return tokens

    def tear(self) -> None:
        """What was not cut is a paper, too; what comes is read anew."""
        rest = self._interpreter.finish()
        if rest is not None:
            self._out(rest)
        self._interpreter, self._tokens = self._fresh(), Tokenizer()
        self._since_cut.clear()
        self._base = 0

    def _fresh(self) -> Interpreter:
        return Interpreter(self._media, **characters_of(self._profile))

    def take_printed(self) -> list[Printed]:
        """The papers that came out since the last call."""
        printed, self._printed = self._printed, []
        return printed

    def _out(self, paper: Paper) -> None:
        """A paper and the bytes from the cut before to its own."""
        length = paper.end - self._base
        if not paper.blank:
            self._printed.append(Printed(bytes(self._since_cut[:length]), paper))
        del self._since_cut[:length]
        self._base = paper.end


class Gauge:
    """How much paper commands take, about: a line is a line, whatever its height."""

    def __init__(self) -> None:
        self.dots = 0
        self._stored = 0

    def measure(self, token: Token) -> None:
        code, body = token.code, token.body
        if code == b"\n":
            self.dots += LINE_DOTS
        elif code == b"\x1bd":
            self.dots += body[0] * LINE_DOTS
        elif code == b"\x1bJ":
            self.dots += body[0]
        elif code == b"\x1dv" and len(body) >= 6:
            self.dots += int.from_bytes(body[4:6], "little") * (2 if body[1] & 2 else 1)
        elif code == b"\x1dk":
            self.dots += _SYMBOL
        elif code == b"\x1d(" and body[:1] == b"L":
            self._graphics(body[3:])
        elif code == b"\x1d8" and body[:1] == b"L":
            self._graphics(body[5:])
        elif code == b"\x1d(" and body[:1] == b"k" and body[4:5] == b"Q":
            self.dots += _SYMBOL

    def _graphics(self, block: bytes) -> None:
        """Stored by one function, printed by another."""
        function = block[1] if len(block) > 1 else 0
        if function in (112, 113) and len(block) >= 10:
            self._stored = int.from_bytes(block[8:10], "little") * max(block[4], 1)
        elif function in (2, 50):
            self.dots, self._stored = self.dots + self._stored, 0
