"""What an ESC/POS printer says: a stream of unmarked bytes, told apart by their fixed bits. It sends nothing.

Source: Epson ESC/POS reference, "Transmission status" and the commands DLE EOT, GS r, GS a, GS I, GS ( H. The
patterns never overlap, so one parser reads them in any order and any split:

    0xx1xx10  DLE EOT        0xx1xx00 + 3 bytes 0xx0xxxx  automatic status (ASB)        0xx0xxxx  GS r, GS I 1-3
    11, 13    XON, XOFF      35 37 3B 3D 5F … 00          a block that ends with NUL

Which question an answer belongs to is not in the bytes: it is told by order and number (`questions`, `_Fences`).
"""

from __future__ import annotations

from typing import Final, TypeVar

from comptoir.core.profile import Confirm, PrinterState
from comptoir.languages.escpos.questions import ASK_STATUS, Questions

__all__ = ["ASK_IDENTITY", "ASK_STATUS", "WATCH", "Hearing", "fence"]

#: GS a: drawer, online, error and paper; it tells its state at once and at every change
WATCH: Final = b"\x1da\x0f"
#: GS I 66, 67, 65: maker, model, firmware
ASK_IDENTITY: Final = b"\x1dI\x42\x1dI\x43\x1dI\x41"

_FLOW_CONTROL: Final = b"\x11\x13"
_LONGEST_BLOCK: Final = 128
_BLOCK_HEADERS: Final = frozenset({0x35, 0x37, 0x3B, 0x3D, 0x5F})
_IDENTITIES: Final = 3
#: fences that are remembered: a job has one
_FENCES: Final = 64

_Value = TypeVar("_Value", bool, int)


def fence(confirm: Confirm, number: int) -> bytes:
    """GS ( H fn 48 with four digits, or GS r 1. Raises ValueError where ESC/POS has none."""
    if confirm == "process-id":
        return b"\x1d(H\x06\x0000%04d" % (number % 10_000)
    if confirm == "in-order":
        return b"\x1dr\x01"
    raise ValueError(f"ESC/POS has no {confirm}")


class Hearing:
    """`core.ports.Hearing`: one connection's answers. It keeps the latest of each fact and no more."""

    def __init__(self) -> None:
        self._held = b""
        self._heard = False
        self._questions = Questions()
        self._fences = _Fences()
        self._identity: tuple[str, ...] = ()
        self._facts = _Facts()

    def feed(self, data: bytes) -> None:
        self._heard = self._heard or bool(data)
        data = self._held + data.translate(None, _FLOW_CONTROL)
        at = 0
        while at < len(data):
            taken = self._take(data, at)
            if not taken:
                break
            at += taken
        self._held = data[at:]

    @property
    def state(self) -> PrinterState:
        facts = self._facts
        low = ("media-low-report",) if facts.paper_low and not facts.paper_end else ()
        return PrinterState(self._heard, facts.problems(), low, facts.drawer_high)

    @property
    def answers(self) -> int:
        return self._questions.answered

    @property
    def identity(self) -> tuple[str, ...]:
        return self._identity

    def asking(self) -> None:
        self._questions.ask()

    def fencing(self, confirm: Confirm, number: int) -> None:
        self._fences.send(confirm, number)

    def passed(self, confirm: Confirm, number: int) -> bool:
        return self._fences.passed(confirm, number)

    def _take(self, data: bytes, at: int) -> int:
        """Read one reply; how many bytes it had. 0: it is not complete yet."""
        byte = data[at]
        if byte & 0x90 == 0:
            if self._fences.in_order():
                self._facts.paper(byte)
        elif byte & 0x93 == 0x12:
            for question, answer in self._questions.answer(byte):
                self._facts.real_time(question, answer)
        elif byte & 0x93 == 0x10:
            return self._take_automatic(byte, data[at + 1 : at + 4])
        elif byte in _BLOCK_HEADERS:
            return self._take_block(data, at)
        return 1

    def _take_automatic(self, first: int, rest: bytes) -> int:
        if any(byte & 0x90 for byte in rest):
            return 1  # not followed by what belongs to it: noise, and what follows speaks for itself
        if len(rest) < 3:
            return 0
        self._facts.automatic(first, rest)
        return 4

    def _take_block(self, data: bytes, at: int) -> int:
        """A header, printable characters, NUL. A header that is not followed by that was noise."""
        for end in range(at + 1, min(len(data), at + _LONGEST_BLOCK)):
            if data[end] == 0:
                return self._block(data[at:end]) + 1
            if data[end] < 0x20:
                return 1
        return 0 if len(data) - at < _LONGEST_BLOCK else 1

    def _block(self, block: bytes) -> int:
        """One without its NUL; how much of it was one. Those that nobody asked for are skipped."""
        if block[:1] == b"_" and len(self._identity) < _IDENTITIES:
            self._identity = (*self._identity, block[1:].decode("utf-8", "replace"))
        elif block[:2] == b'7"':
            self._fences.process_id(block[2:])
        elif len(block) == 1:
            return 0  # a lone header is noise, and the NUL is an answer of its own
        return len(block)


class _Fences:
    """What was sent to be answered at the end of a job, and what of it was.

    The answers to GS r bear no number, they come in the order of the requests: one that is missing is missing
    for all that follow on this connection, so a late answer never confirms a later job. Answers that nothing was
    sent for are another program's and confirm nothing.
    """

    def __init__(self) -> None:
        self._ids: dict[int, bool] = {}
        self._places: dict[int, int] = {}
        self._sent = self._came = 0

    def send(self, confirm: Confirm, number: int) -> None:
        if confirm == "process-id":
            _renew(self._ids, number, False)
        elif confirm == "in-order":
            self._sent += 1
            _renew(self._places, number, self._sent)

    def passed(self, confirm: Confirm, number: int) -> bool:
        if confirm == "process-id":
            return self._ids.get(number, False)
        return confirm == "in-order" and self._places.get(number, self._came + 1) <= self._came

    def process_id(self, text: bytes) -> None:
        if len(text) == 4 and text.isdigit() and int(text) in self._ids:
            self._ids[int(text)] = True

    def in_order(self) -> bool:
        """An answer to GS r came; whether one was due."""
        due = self._came < self._sent
        self._came += due
        return due


def _renew(table: dict[int, _Value], number: int, value: _Value) -> None:
    """Put it in as the newest, and let the oldest go."""
    table.pop(number, None)
    table[number] = value
    if len(table) > _FENCES:
        del table[next(iter(table))]


class _Facts:
    """The latest that is known, from whichever kind of reply told it."""

    def __init__(self) -> None:
        self.drawer_high: bool | None = None
        self.offline = self.cover = False
        self.paper_low = self.paper_end = self._paper_stop = False
        self._error = False
        self._kinds = 0

    def real_time(self, question: int, byte: int) -> None:
        """The answer to DLE EOT 1, 2, 3 or 4."""
        if question == 1:
            self.drawer_high = bool(byte & 0x04)
            self.offline = bool(byte & 0x08)
        elif question == 2:
            self.cover = bool(byte & 0x04)
            self._paper_stop = bool(byte & 0x20)
            self._error = bool(byte & 0x40)
        elif question == 3:
            self._kinds = byte & 0x6C
        else:
            self.paper_low = bool(byte & 0x0C)
            self.paper_end = bool(byte & 0x60)

    def automatic(self, first: int, rest: bytes) -> None:
        """ASB: the whole state in four bytes."""
        self.drawer_high = bool(first & 0x04)
        self.offline = bool(first & 0x08)
        self.cover = bool(first & 0x20)
        self._error = False
        self._kinds = rest[0] & 0x6C
        self.paper(rest[1])

    def paper(self, byte: int) -> None:
        """The paper sensors, as GS r 1 and ASB tell them."""
        self._paper_stop = False
        self.paper_low = bool(byte & 0x03)
        self.paper_end = bool(byte & 0x0C)

    def problems(self) -> tuple[str, ...]:
        """What keeps the printer from printing. Being offline is said only where nothing else explains it."""
        cutter = bool(self._kinds & 0x08)
        # A cutter's error is a recoverable one (0x04) too, on some models.
        other = bool(self._kinds & 0x60) or (not cutter and (self._error or bool(self._kinds & 0x04)))
        told = {
            "media-empty-error": self.paper_end or self._paper_stop,
            "cover-open-error": self.cover,
            "media-jam-error": cutter,
            "other-error": other,
        }
        words = tuple(word for word, true in told.items() if true)
        return words or (("offline-report",) if self.offline else ())
