"""What an ESC/POS printer answers: a stream of unmarked bytes, told apart by their fixed bits. It sends
nothing.

Source: Epson ESC/POS reference, "Transmission status" and the commands DLE EOT, GS r, GS a, GS ( H. The
patterns never overlap, so one parser reads them in any order and any split:

    0xx1xx10  DLE EOT        0xx1xx00 + 3 bytes 0xx0xxxx  automatic status (ASB)        0xx0xxxx  GS r
    11, 13    XON, XOFF      35 37 3B 3D 5F … 00          a block that ends with NUL

The replies to DLE EOT 1, 2 and 4 look alike: they are told apart by the order in which they were asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

ASK_STATUS: Final = b"\x10\x04\x01\x10\x04\x02\x10\x04\x04"
ASK_FENCE: Final = b"\x1dr\x01"

#: the n of DLE EOT n, in the order of ASK_STATUS
_ASKED: Final = (1, 2, 4)
_XON_XOFF: Final = frozenset({0x11, 0x13})
_LONGEST_BLOCK: Final = 128
_BLOCK_HEADERS: Final = frozenset({0x35, 0x37, 0x3B, 0x3D, 0x5F})


@dataclass(frozen=True, slots=True)
class EscposReplies:
    """What the printer has said so far. The words are printer-state-reasons of RFC 8011 §5.4.12.

    statuses: how many replies to DLE EOT came (3 a question). fences: how many to GS r. blocks: replies with
    a header, without their NUL. drawer_high: the drawer's sensor pin, None where never told; open or closed
    is the wiring's.
    """

    statuses: int = 0
    fences: int = 0
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    drawer_high: bool | None = None
    blocks: tuple[bytes, ...] = ()
    waiting: bool = False

    @property
    def answered(self) -> bool:
        """All three bytes of the first question have come: one alone tells too little."""
        return self.statuses >= len(_ASKED)

    @property
    def fenced(self) -> bool:
        """The printer has processed all that was sent before the fence."""
        return self.fences > 0


@dataclass(slots=True)
class _State:
    """The latest that is known, from whichever kind of reply told it."""

    offline: bool = False
    cover: bool = False
    paper_end: bool = False
    paper_stop: bool = False
    paper_low: bool = False
    error: bool = False
    drawer_high: bool | None = None
    statuses: int = 0
    fences: int = 0
    blocks: list[bytes] = field(default_factory=list)


def read(data: bytes) -> EscposReplies:
    """All bytes received since the connection was opened, as facts. Any bytes are accepted; the last word
    counts."""
    state = _State()
    at = 0
    while at < len(data):
        taken = _take(data, at, state)
        if taken == 0:
            break
        at += taken
    return EscposReplies(
        statuses=state.statuses,
        fences=state.fences,
        problems=_problems(state),
        notices=("media-low-report",) if state.paper_low and not state.paper_end else (),
        drawer_high=state.drawer_high,
        blocks=tuple(state.blocks),
        waiting=at < len(data),
    )


def _take(data: bytes, at: int, state: _State) -> int:
    """Read one reply; how many bytes it had. 0: it is not complete yet."""
    byte = data[at]
    if byte in _XON_XOFF:
        return 1
    if byte in _BLOCK_HEADERS:
        return _take_block(data, at, state)
    if byte & 0x93 == 0x12:
        _take_status(byte, state)
        return 1
    if byte & 0x93 == 0x10:
        rest = data[at + 1 : at + 4]
        if any(b & 0x90 for b in rest):
            return 1  # not followed by what belongs to it: noise, and what follows speaks for itself
        if len(rest) < 3:
            return 0
        _take_automatic(byte, rest, state)
        return 4
    if byte & 0x90 == 0:
        _take_fence(byte, state)
    return 1


def _take_block(data: bytes, at: int, state: _State) -> int:
    """A header, printable characters, NUL. A header that is not followed by that was noise."""
    for end in range(at + 1, min(len(data), at + _LONGEST_BLOCK)):
        if data[end] == 0:
            state.blocks.append(data[at:end])
            return end + 1 - at
        if data[end] < 0x20:
            return 1
    return 0 if len(data) - at < _LONGEST_BLOCK else 1


def _take_status(byte: int, state: _State) -> None:
    """DLE EOT: which of the three it answers is told by its place."""
    asked = _ASKED[state.statuses % len(_ASKED)]
    state.statuses += 1
    if asked == 1:
        state.drawer_high = bool(byte & 0x04)
        state.offline = bool(byte & 0x08)
    elif asked == 2:
        state.cover = bool(byte & 0x04)
        state.paper_stop = bool(byte & 0x20)
        state.error = bool(byte & 0x40)
    else:
        state.paper_low = bool(byte & 0x0C)
        state.paper_end = bool(byte & 0x60)


def _take_automatic(first: int, rest: bytes, state: _State) -> None:
    """ASB: the whole state in four bytes."""
    state.drawer_high = bool(first & 0x04)
    state.offline = bool(first & 0x08)
    state.cover = bool(first & 0x20)
    state.error = bool(rest[0] & 0x6C)
    state.paper_low = bool(rest[1] & 0x03)
    state.paper_end = state.paper_stop = bool(rest[1] & 0x0C)


def _take_fence(byte: int, state: _State) -> None:
    """GS r 1: the paper sensors, sent when all before it was processed."""
    state.fences += 1
    state.paper_low = bool(byte & 0x03)
    state.paper_end = bool(byte & 0x0C)


def _problems(state: _State) -> tuple[str, ...]:
    """What keeps the printer from printing. Being offline is said only where nothing else explains it."""
    words: list[str] = []
    if state.paper_end or state.paper_stop:
        words.append("media-empty-error")
    if state.cover:
        words.append("cover-open-error")
    if state.error:
        words.append("other-error")
    if state.offline and not words:
        words.append("offline-report")
    return tuple(words)
