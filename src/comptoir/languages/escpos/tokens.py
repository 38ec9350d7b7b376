"""Splits an ESC/POS stream into tokens, in whatever pieces it arrives. It gives no token a meaning.

Memory is bounded: a command that claims more than `LIMIT` bytes is skipped as its bytes arrive, and named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from comptoir.languages.escpos.commands import DLE, FIXED, RULES
from comptoir.languages.escpos.realtime import length_at

#: More than two metres of raster at 576 dots.
LIMIT: Final = 2_000_000


class Token(NamedTuple):
    """code: b"" text, one byte a control, two bytes a command. body: the text, or the command's parameters.

    known: False for a command that is in no table or too large; then the body is empty. A tuple, not a
    dataclass: a receipt has hundreds, and this is four times as fast to make.
    """

    code: bytes
    body: bytes = b""
    known: bool = True


def _fixed() -> bytes:
    """A pattern for all commands of fixed length, so that most of a receipt is split by one match each."""
    heads: dict[tuple[int, int], bytes] = {}
    for code, count in FIXED.items():
        heads[code[0], count] = heads.get((code[0], count), b"") + re.escape(code[1:])
    return b"|".join(b"\\x%02x[%b][\\s\\S]{%d}" % (first, seconds, n) for (first, n), seconds in heads.items())


#: the groups of `_NEXT`; 3 is a control character
_TEXT: Final = 1
_COMMAND: Final = 2
#: as Token(…), without the detour of its keywords: it is what most of the time goes into
_new: Final = tuple.__new__

#: 1: text, 2: a command of fixed length, 3: a control; without a group: control characters that no receipt
#: printer obeys; NUL comes in thousands, to flush an interrupted command
_NEXT: Final = re.compile(
    rb"([\x20-\x7e\x80-\xff]+)|(" + _fixed() + rb")|([\t\n\x0c\r\x18])"
    rb"|[\x00-\x08\x0b\x0e\x0f\x11-\x17\x19\x1a\x1e\x1f\x7f]+"
)


class Tokenizer:
    """Bytes in, tokens out. What is not complete waits for the next bytes."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._need = 0
        self._skip = 0
        #: bytes of the stream up to the end of the token that was given last
        self.consumed = 0

    @property
    def unfinished(self) -> bytes:
        """The beginning of a command whose end has not come: its first two bytes at most."""
        return bytes(self._held[:2])

    def feed(self, data: bytes) -> Iterator[Token]:
        """The tokens that are complete by now. Consume them all before the next call."""
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        if self._held:
            self._held += data
            if len(self._held) < self._need:
                return
            data = bytes(self._held)
            self._held.clear()
        at, before = 0, self.consumed
        while at < len(data):
            match = _NEXT.match(data, at)
            if match is None:
                token, length = self._measured(data, at)
                if token is None:
                    break
                at += length
            else:
                at = match.end()
                found, group = match.group(), match.lastindex
                if group == _TEXT:
                    token = _new(Token, (b"", found, True))
                elif group == _COMMAND:
                    token = _new(Token, (found[:2], found[2:], True))
                else:
                    token = Token(found) if group else None
            self.consumed = before + at
            if token is not None:
                yield token
        self._skip += max(at - len(data), 0)
        self._held += data[at:]

    def _measured(self, data: bytes, at: int) -> tuple[Token | None, int]:
        """A command that is not of fixed length or not complete, and how long it is; None: it is not here yet."""
        self._need = 0
        if data[at] == DLE:
            return _real_time(data, at)
        code = data[at : at + 2]
        if len(code) < 2 or code in FIXED:
            return None, 0
        rule = RULES.get(code)
        if rule is None:
            return Token(code, known=False), 2
        length = _MEASURES[rule](data, at)
        if length > LIMIT:
            return Token(code, known=False), length
        if length < 0 or len(data) < at + length:
            self._need = abs(length)
            return None, 0
        return Token(code, data[at + 2 : at + length]), length


def _real_time(data: bytes, at: int) -> tuple[Token | None, int]:
    length = length_at(data, at)
    if length is None:
        return None, 0
    if length == 0:
        return Token(b"\x10"), 1
    return Token(data[at : at + 2], data[at + 2 : at + length]), length


# Each measure gives all bytes of the command at `at`; negative: so many (without the sign) are needed to know.


def _block(data: bytes, at: int) -> int:
    """x pL pH, then that many."""
    return -5 if len(data) < at + 5 else 5 + data[at + 3] + (data[at + 4] << 8)


def _long_block(data: bytes, at: int) -> int:
    """L p1 p2 p3 p4, then that many."""
    return -7 if len(data) < at + 7 else 7 + int.from_bytes(data[at + 3 : at + 7], "little")


def _columns(data: bytes, at: int) -> int:
    """ESC * m nL nH: n columns of one byte, of three where m is 32 or 33."""
    if len(data) < at + 5:
        return -5
    return 5 + (data[at + 3] + (data[at + 4] << 8)) * (3 if data[at + 2] in (32, 33) else 1)


def _raster(data: bytes, at: int) -> int:
    """GS v 0 m xL xH yL yH: x bytes of y rows. GS Q 0 the same in columns."""
    if len(data) < at + 8:
        return -8
    return 8 + (data[at + 4] + (data[at + 5] << 8)) * (data[at + 6] + (data[at + 7] << 8))


def _download(data: bytes, at: int) -> int:
    """GS * x y: x times y times 8."""
    return -4 if len(data) < at + 4 else 4 + data[at + 2] * data[at + 3] * 8


def _cut(data: bytes, at: int) -> int:
    """GS V m, and n where m says that the paper is fed first."""
    if len(data) < at + 3:
        return -3
    return 4 if data[at + 2] in (65, 66, 97, 98, 103, 104) else 3


def _barcode(data: bytes, at: int) -> int:
    """GS k m: data to NUL for m up to 6, n and n bytes for the others."""
    if len(data) < at + 3:
        return -3
    if data[at + 2] <= 6:
        return _ended(data, at, 3, 256)
    return -4 if len(data) < at + 4 else 4 + data[at + 3]


def _to_nul(data: bytes, at: int) -> int:
    """ESC D: up to 32 columns and NUL."""
    return _ended(data, at, 2, 33)


def _ended(data: bytes, at: int, head: int, longest: int) -> int:
    """The head, then up to and with a NUL. Without one in reach the head is all; the rest is read as text."""
    end = data.find(0, at + head, at + head + longest)
    if end >= 0:
        return end + 1 - at
    return head if len(data) >= at + head + longest else at - len(data) - 1


def _clone_qr(data: bytes, at: int) -> int:
    """ESC Z m n k dL dH, then that many."""
    return -7 if len(data) < at + 7 else 7 + data[at + 5] + (data[at + 6] << 8)


def _counter(data: bytes, at: int) -> int:
    """GS C 0 n m, GS C 1 with six, GS C 2 with two; GS C ; with five numbers, each to its semicolon."""
    if len(data) < at + 3:
        return -3
    if data[at + 2] != 0x3B:
        return {0x30: 5, 0: 5, 0x31: 9, 1: 9, 0x32: 5, 2: 5}.get(data[at + 2], 3)
    end = at + 2
    for _ in range(5):
        end = data.find(b";", end + 1, at + 40)
        if end < 0:
            return 3 if len(data) >= at + 40 else at - len(data) - 1
    return end + 1 - at


def _user_memory(data: bytes, at: int) -> int:
    """FS g 1 m a1 a2 a3 a4 nL nH and n bytes; FS g 2 the same without them."""
    if len(data) < at + 3:
        return -3
    if data[at + 2] not in (0x31, 1):
        return 10
    return -10 if len(data) < at + 10 else 10 + data[at + 8] + (data[at + 9] << 8)


def _characters(data: bytes, at: int) -> int:
    """ESC & y c1 c2, then for each character x and y times x bytes."""
    if len(data) < at + 5:
        return -5
    end = at + 5
    for _ in range(max(data[at + 4] - data[at + 3] + 1, 0)):
        if len(data) <= end:
            return end - at if end - at > LIMIT else at - end - 1
        end += 1 + data[at + 2] * data[end]
    return end - at


def _logos(data: bytes, at: int) -> int:
    """FS q n, then for each logo xL xH yL yH and x times y times 8 bytes."""
    if len(data) < at + 3:
        return -3
    end = at + 3
    for _ in range(data[at + 2]):
        if len(data) < end + 4:
            # Once past the limit it is skipped whole; what is behind cannot be known and is read as it comes.
            return end - at if end - at > LIMIT else at - end - 4
        end += 4 + (data[end] + (data[end + 1] << 8)) * (data[end + 2] + (data[end + 3] << 8)) * 8
    return end - at


_MEASURES: Final[dict[str, Callable[[bytes, int], int]]] = {
    "barcode": _barcode,
    "block": _block,
    "characters": _characters,
    "clone-qr": _clone_qr,
    "columns": _columns,
    "counter": _counter,
    "cut": _cut,
    "download": _download,
    "logos": _logos,
    "long-block": _long_block,
    "raster": _raster,
    "to-nul": _to_nul,
    "user-memory": _user_memory,
}
