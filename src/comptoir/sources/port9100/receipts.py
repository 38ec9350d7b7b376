"""The stream of a till: ESC/POS or plain text, receipt by receipt. A cut ends a document, and belongs to it.

A document is what leaves something on paper. What stands between two receipts and prints nothing (a reset, a code
page) belongs to the one that follows; behind the last it belongs to that. Questions and pulses for a drawer are no part
of any: a question waits for an answer, and a drawer that opened when a queue moves on would open late.
"""

from __future__ import annotations

from typing import Final

from comptoir.languages.escpos.tokens import Token, Tokenizer
from comptoir.sources.port9100.pieces import END, Piece

#: bytes of commands that print nothing; more of them are taken for a document
MOST_BETWEEN: Final = 65_536

_CUTS: Final = frozenset({b"\x1dV", b"\x1bi", b"\x1bm"})
#: what puts dots on paper, besides text and what is not known here
_PRINTS: Final = frozenset(
    {b"\x1dv", b"\x1d8", b"\x1dk", b"\x1dQ", b"\x1d/", b"\x1d^", b"\x1b*", b"\x1bZ", b"\x1b\x0c", b"\x1cp"}
)
#: GS ( and a letter: graphics, symbols, a test print
_PRINTING_BLOCKS: Final = b"LkA"
#: answered in their turn; GS a n asks where n is not 0, and switches the answers off else
_QUESTIONS: Final = frozenset({b"\x1dr", b"\x1dI", b"\x1bu", b"\x1bv"})
_DLE_EOT: Final = b"\x10\x04"
_DLE_DC4: Final = b"\x10\x14"
_DLE: Final = frozenset({_DLE_EOT, _DLE_DC4, b"\x10\x05"})
_AUTOMATIC: Final = b"\x1da"
_DRAWER: Final = b"\x1bp"
#: how Star's printers are spoken to: commands that mean something else here, pictures that would be taken for commands
_STAR: Final = frozenset({b"\x1b\x1d", b"\x1b\x1e", b"\x1b\x06"})


class Receipts:
    """Implements `pieces.Reader`."""

    rest: bytes | None = None

    def __init__(self) -> None:
        self._tokens = Tokenizer()
        self._raw = bytearray()
        self._base = 0
        #: bytes of a command that is too large to be read, which are still to come
        self._owed = 0
        self._between = bytearray()
        self._body = bytearray()
        self._pieces: list[Piece] = []
        self._printing = False
        #: bytes that are no ESC/POS: only silence or the end of the connection ends the document
        self._opaque = False
        #: a cut came last
        self._was_cut = False

    @property
    def settled(self) -> bool:
        return self._was_cut and not self.cut_short

    def feed(self, data: bytes) -> list[Piece]:
        if self._opaque:
            return [Piece("body", data)] if data else []
        owed = data[: self._owed]
        self._owed -= len(owed)
        self._body += owed
        self._raw += data[len(owed) :]
        for token in self._tokens.feed(data):
            if not self._obey(token, self._segment()):
                self._opaque = True
                self._print(bytes(self._raw))
                self._raw.clear()
                break
        return self._given()

    def finish(self) -> list[Piece]:
        # A command whose end never came is a part of what was to be printed; a question that is not whole is nothing.
        if len(self._raw) > 2 and self._raw[0] != _DLE_EOT[0]:
            self._print(bytes(self._raw))
        elif self._printing:
            self._body += self._between + self._raw
        if self._printing:
            self._flush()
            self._pieces.append(END)
        return self._given()

    @property
    def cut_short(self) -> bool:
        return bool(self._tokens.unfinished) or self._owed > 0

    def _segment(self) -> bytes:
        """The bytes up to the end of the token that came last, with what stands before it and means nothing."""
        length = self._tokens.consumed - self._base
        self._base = self._tokens.consumed
        segment = bytes(self._raw[:length])
        del self._raw[:length]
        self._owed = length - len(segment)
        return segment

    def _obey(self, token: Token, segment: bytes) -> bool:
        """False: this is no ESC/POS."""
        code, body, known = token
        if code in _DLE:
            self._at_once(code + body)
        elif known and (code in _QUESTIONS or (code == _AUTOMATIC and body != b"\0")):
            self._pieces.append(Piece("ask", code + body))
        elif known and code == _DRAWER:
            self._pieces.append(Piece("pulse", code + body))
        elif code in _CUTS:
            self._cut(segment)
        elif code in _STAR or (code == b"\x1b*" and body[:1] == b"r"):
            self._print(segment)
            return False
        elif not known or not code or code in _PRINTS or (code == b"\x1d(" and body[:1] in _PRINTING_BLOCKS):
            self._print(segment)
        else:
            self._between += segment
            if self._printing and not self._was_cut:
                self._join()
            elif len(self._between) > MOST_BETWEEN:
                self._print(b"")
        return True

    def _at_once(self, command: bytes) -> None:
        """What a printer obeys before its turn. What clears or switches it off is not for one who shares it."""
        if command[:2] == _DLE_EOT:
            self._pieces.append(Piece("ask", command))
        elif command[:3] == _DLE_DC4 + b"\x01":
            self._pieces.append(Piece("pulse", command))

    def _print(self, segment: bytes) -> None:
        if self._was_cut:
            self._flush()
            self._pieces.append(END)
            self._was_cut = False
        self._printing = True
        self._join()
        self._body += segment

    def _cut(self, segment: bytes) -> None:
        """The paper is cut: also where nothing was printed since the last cut, or at all."""
        self._printing = True
        self._join()
        self._body += segment
        self._was_cut = True

    def _join(self) -> None:
        self._body += self._between
        self._between.clear()

    def _flush(self) -> None:
        if self._body:
            self._pieces.append(Piece("body", bytes(self._body)))
            self._body.clear()

    def _given(self) -> list[Piece]:
        self._flush()
        pieces, self._pieces = self._pieces, []
        return pieces
