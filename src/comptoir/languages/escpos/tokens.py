"""Splits an ESC/POS stream into tokens, in whatever pieces it arrives. It gives no token a meaning.

Memory is bounded: a command that claims more than `LIMIT` bytes is skipped as its bytes arrive, and named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from comptoir.languages.escpos.commands import DLE, ESC, FIXED, FS, GS, RULES
from comptoir.languages.escpos.realtime import length_at

#: More than two metres of raster at 576 dots.
LIMIT: Final = 2_000_000

_TEXT: Final = re.compile(rb"[\x20-\x7e\x80-\xff]+")
#: control characters that no receipt printer obeys; NUL comes in thousands, to flush an interrupted command
_IDLE: Final = re.compile(rb"[\x00-\x08\x0b\x0e\x0f\x11-\x17\x19\x1a\x1e\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Token:
    """code: b"" text, one byte a control, two bytes a command. body: the text, or the command's parameters.

    known: False for a command that is in no table or too large; then the body is empty.
    """

    code: bytes
    body: bytes = b""
    known: bool = True


class Tokenizer:
    """Bytes in, tokens out. What is not complete waits for the next bytes."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._skip = 0
        #: bytes of the stream up to the end of the token that was given last
        self.consumed = 0

    def feed(self, data: bytes) -> Iterator[Token]:
        """The tokens that are complete by now. Consume them all before the next call."""
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        self._held += data
        at = 0
        while at < len(self._held):
            idle = _IDLE.match(self._held, at)
            if idle:
                self.consumed += idle.end() - at
                at = idle.end()
                del idle  # a match pins the buffer, which is about to shrink
                continue
            token, length = self._next(at)
            if token is None:
                break
            at += length
            self.consumed += length
            yield token
        self._skip += max(at - len(self._held), 0)
        del self._held[:at]

    def _next(self, at: int) -> tuple[Token | None, int]:
        held = self._held
        text = _TEXT.match(held, at)
        if text:
            return Token(b"", bytes(text.group())), text.end() - at
        first = held[at]
        if first == DLE:
            return self._real_time(at)
        if first not in (ESC, FS, GS):
            return Token(bytes(held[at : at + 1])), 1
        if len(held) < at + 2:
            return None, 0
        code = bytes(held[at : at + 2])
        length = _length(held, at, code)
        if length is None:
            if len(held) - at > LIMIT:
                return Token(code, known=False), 2
            return None, 0
        if length == 0:
            return Token(code, known=False), 2
        if length > LIMIT:
            return Token(code, known=False), length
        if len(held) < at + length:
            return None, 0
        return Token(code, bytes(held[at + 2 : at + length])), length

    def _real_time(self, at: int) -> tuple[Token | None, int]:
        length = length_at(self._held, at)
        if length is None:
            return None, 0
        if length == 0:
            return Token(b"\x10"), 1
        return Token(bytes(self._held[at : at + 2]), bytes(self._held[at + 2 : at + length])), length


def _length(data: bytearray, at: int, code: bytes) -> int | None:
    """All bytes of the command at `at`; None: not known yet; 0: the command is in no table."""
    fixed = FIXED.get(code)
    if fixed is not None:
        return 2 + fixed
    rule = RULES.get(code)
    if rule is None:
        return 0
    return _MEASURES[rule](data, at)


def _block(data: bytearray, at: int) -> int | None:
    """x pL pH, then that many."""
    return None if len(data) < at + 5 else 5 + data[at + 3] + (data[at + 4] << 8)


def _long_block(data: bytearray, at: int) -> int | None:
    """L p1 p2 p3 p4, then that many."""
    return None if len(data) < at + 7 else 7 + int.from_bytes(data[at + 3 : at + 7], "little")


def _columns(data: bytearray, at: int) -> int | None:
    """ESC * m nL nH: n columns of one byte, of three where m is 32 or 33."""
    if len(data) < at + 5:
        return None
    return 5 + (data[at + 3] + (data[at + 4] << 8)) * (3 if data[at + 2] in (32, 33) else 1)


def _raster(data: bytearray, at: int) -> int | None:
    """GS v 0 m xL xH yL yH: x bytes of y rows."""
    if len(data) < at + 8:
        return None
    return 8 + (data[at + 4] + (data[at + 5] << 8)) * (data[at + 6] + (data[at + 7] << 8))


def _download(data: bytearray, at: int) -> int | None:
    """GS * x y: x times y times 8."""
    return None if len(data) < at + 4 else 4 + data[at + 2] * data[at + 3] * 8


def _cut(data: bytearray, at: int) -> int | None:
    """GS V m, and n where m says that the paper is fed first."""
    if len(data) < at + 3:
        return None
    return 4 if data[at + 2] in (65, 66, 97, 98, 103, 104) else 3


def _barcode(data: bytearray, at: int) -> int | None:
    """GS k m: data to NUL for m up to 6, n and n bytes for the others."""
    if len(data) < at + 3:
        return None
    if data[at + 2] <= 6:
        return _ended(data, at, 3, 256)
    return None if len(data) < at + 4 else 4 + data[at + 3]


def _to_nul(data: bytearray, at: int) -> int | None:
    """ESC D: up to 32 columns and NUL."""
    return _ended(data, at, 2, 33)


def _ended(data: bytearray, at: int, head: int, longest: int) -> int | None:
    """The head, then up to and with a NUL. Without one in reach the head is all; the rest is read as text."""
    end = data.find(0, at + head, at + head + longest)
    if end >= 0:
        return end + 1 - at
    return head if len(data) >= at + head + longest else None


def _clone_qr(data: bytearray, at: int) -> int | None:
    """ESC Z m n k dL dH, then that many."""
    return None if len(data) < at + 7 else 7 + data[at + 5] + (data[at + 6] << 8)


def _characters(data: bytearray, at: int) -> int | None:
    """ESC & y c1 c2, then for each character x and y times x bytes."""
    if len(data) < at + 5:
        return None
    end = at + 5
    for _ in range(max(data[at + 4] - data[at + 3] + 1, 0)):
        if len(data) <= end:
            return None
        end += 1 + data[at + 2] * data[end]
    return end - at


def _logos(data: bytearray, at: int) -> int | None:
    """FS q n, then for each logo xL xH yL yH and x times y times 8 bytes."""
    if len(data) < at + 3:
        return None
    end = at + 3
    for _ in range(data[at + 2]):
        if len(data) < end + 4:
            # Once past the limit it is skipped whole; what is behind cannot be known and is read as it comes.
            return end - at if end - at > LIMIT else None
        end += 4 + (data[end] + (data[end + 1] << 8)) * (data[end + 2] + (data[end + 3] << 8)) * 8
    return end - at


_MEASURES: Final[dict[str, Callable[[bytearray, int], int | None]]] = {
    "barcode": _barcode,
    "block": _block,
    "characters": _characters,
    "clone-qr": _clone_qr,
    "columns": _columns,
    "cut": _cut,
    "download": _download,
    "logos": _logos,
    "long-block": _long_block,
    "raster": _raster,
    "to-nul": _to_nul,
}
