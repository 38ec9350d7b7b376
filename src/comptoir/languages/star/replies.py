"""What a Star printer answers: automatic status (ASB) and print-end counters. It sends nothing.

Source: STAR Line Mode Command Specifications, ESC GS ETX, ETB, appendix "Status Specifications"; the same in StarPRNT.

    0xx0xxx1 + bytes 0xx0xxx0     status: length and version, then the state, the 8th byte the counter of ETB
    1B 1D 03 s n1 n2 counter 00   the end of a document has been printed; n1 and n2 are those that were sent

XON and XOFF may stand between the bytes of a status.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from comptoir.core.profile import Confirm, PrinterState

ASK_STATUS: Final = b"\x1b\x06\x01"
WATCH: Final = b"\x1b\x1ea\x01"

_XON_XOFF: Final = (0x11, 0x13)
_PRINT_END: Final = b"\x1b\x1d\x03"
_PRINT_END_LENGTH: Final = 8
_LONGEST_STATUS: Final = 64  # 33 bytes, and some XON and XOFF between them
_COUNTS: Final = 32  # the counter of ETB has 5 bits
#: Above the control characters: CAN or ENQ would be obeyed as it arrives. 0 is two spaces: nothing is seen of it on a
#: printer that does not know the command.
_DIGIT: Final = 0x20


def print_end(number: int) -> bytes:
    """ESC GS ETX 1 n1 n2: answered when all before it is on paper and the motor stands. 0 to 9999."""
    high, low = divmod(number, 100)
    return _PRINT_END + b"\x01%c%c" % (_DIGIT + low, _DIGIT + high)


class Hearing:
    """`core.ports.Hearing`: what one connection says.

    ETB counts all hosts: the answer to another one's mark looks like ours. A mark is taken for ours when the status
    says that an ETB was executed and the counter went on by no more than the marks that we wait for; a counter that
    starts anew (the printer was switched off) is not one. Where the printer knows print-end numbers, prefer them.
    """

    def __init__(self) -> None:
        self._held = bytearray()
        self._heard = False
        self._state = PrinterState()
        self._asked = self._answers = 0
        self._ends: dict[int, bool] = {}
        self._counter: int | None = None
        self._due = self._counted = 0
        self._marks: dict[int, int] = {}

    def asking(self) -> None:
        """ask_status is about to be sent: the next status answers it."""
        self._asked += 1

    def fencing(self, confirm: Confirm, number: int) -> None:
        """A fence is about to be sent: what was heard until now is not its answer."""
        if confirm == "process-id":
            self._ends[number] = False
        elif confirm == "counter":
            self._due = max(self._due, self._counted) + 1
            self._marks[number] = self._due

    def feed(self, data: bytes) -> None:
        self._heard = self._heard or bool(data)
        self._held += data
        at = 0
        while at < len(self._held):
            taken = self._take(at)
            if taken == 0:
                break
            at += taken
        del self._held[:at]

    @property
    def state(self) -> PrinterState:
        return replace(self._state, heard=self._heard)

    @property
    def answers(self) -> int:
        return self._answers

    @property
    def identity(self) -> tuple[str, ...]:
        """Nothing: neither manual has a question for it that older models pass over in silence."""
        return ()

    def passed(self, confirm: Confirm, number: int) -> bool:
        if confirm == "process-id":
            return self._ends.get(number, False)
        return confirm == "counter" and self._counted >= self._marks.get(number, self._counted + 1)

    def _take(self, at: int) -> int:
        """Read one answer; how many bytes it had. 0: it is not complete yet. What is none is one byte of noise."""
        first = self._held[at]
        if first & 0x91 == 0x01:
            return self._take_status(at)
        if first == _PRINT_END[0]:
            return self._take_print_end(at)
        return 1

    def _take_print_end(self, at: int) -> int:
        block = self._held[at : at + _PRINT_END_LENGTH]
        if not block.startswith(_PRINT_END[: len(block)]):
            return 1
        if len(block) < _PRINT_END_LENGTH:
            return 0
        _, _, _, step, low, high, _, end = block
        if end != 0:
            return 1
        number = (high - _DIGIT) * 100 + low - _DIGIT if _DIGIT <= low < _DIGIT + 100 else -1
        if step == 1 and number in self._ends:
            self._ends[number] = True
        return _PRINT_END_LENGTH

    def _take_status(self, at: int) -> int:
        status = bytearray()
        for end in range(at, min(len(self._held), at + _LONGEST_STATUS)):
            byte = self._held[end]
            if byte in _XON_XOFF:
                continue
            if status and byte & 0x11:
                return 1
            status.append(byte)
            if len(status) >= 2 and len(status) >= (length := _length(status)):
                if length < 3:
                    return 1
                self._hear(bytes(status).ljust(8, b"\0"), counts=length >= 8)
                return end + 1 - at
        return 0 if len(self._held) - at < _LONGEST_STATUS else 1

    def _hear(self, status: bytes, *, counts: bool) -> None:
        self._state = _read(status)
        if self._asked:
            self._asked -= 1
            self._answers += 1
        if not counts:
            return
        counter = status[7] >> 2 & 0x18 | status[7] >> 1 & 0x07
        if self._counter is not None and status[2] & 0x02:
            steps = (counter - self._counter) % _COUNTS
            if steps <= self._due - self._counted:
                self._counted += steps
        self._counter = counter


def _length(status: bytearray) -> int:
    """Bits 1 to 3, 5 and 6 of the first byte; the top bit of the second stands for two more."""
    return (status[0] >> 2 & 0x18 | status[0] >> 1 & 0x07) + (status[1] >> 6 & 0x02)


def _read(status: bytes) -> PrinterState:
    """The whole state, from the 3rd to the 6th byte. Being offline is said only where nothing else explains it."""
    told = {
        "media-empty-error": status[5] & 0x08,
        "cover-open-error": status[2] & 0x20,
        "media-jam-error": status[3] & 0x08 or status[4] & 0x04,  # the cutter; the presenter
        "other-error": status[3] & 0x64 or status[4] & 0x4A,  # mechanics, hot head …; head up, black mark, overflow
    }
    words = tuple(word for word, true in told.items() if true)
    offline = ("offline-report",) if status[2] & 0x08 else ()
    low = status[5] & 0x06 and not status[5] & 0x08
    notices = ("media-low-report",) if low else ()
    return PrinterState(problems=words or offline, notices=notices, drawer_high=bool(status[2] & 0x04))
