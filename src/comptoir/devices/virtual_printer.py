"""A receipt printer without metal: bytes in, answers and papers out, with real faults. No I/O.

It behaves as Epson's manuals say: DLE EOT is answered the moment it arrives, even inside a picture;
everything else when its turn comes; nothing is printed or answered in turn while paper is missing, the cover
open, or the printer offline. What waits then is printed when the fault is gone, also after the computer has
hung up: as real printers do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from comptoir.core.errors import RequestError
from comptoir.core.page import Media
from comptoir.languages.escpos.interpret import Interpreter
from comptoir.languages.escpos.paper import Paper, Pulse, Request
from comptoir.languages.escpos.realtime import Watch

FAULTS: Final[dict[str, str]] = {
    "paper": "no paper: says so, prints what it got when paper is back",
    "cover": "the cover is open: says so, prints what it got when it is closed",
    "offline": "switched offline: says so, prints what it got when it is back",
    "low": "little paper left: says so and prints",
    "mute": "prints, and never answers",
    "stall": "takes nothing and says nothing",
    "close": "hangs up in the middle of a job",
    "slow": "takes a few bytes at a time",
    "off": "not there: no connection",
}

_STOPS: Final = frozenset({"paper", "cover", "offline"})

#: The receive buffer. A printer that cannot print takes no more than this; then TCP holds the sender.
BUFFER: Final = 64 * 1024
#: Bytes kept of a paper that is never cut.
LONGEST: Final = 4_000_000
#: With the fault "close", it hangs up after so many bytes of a connection.
CLOSE_AFTER: Final = 64


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper that came out, and the bytes that it came from. partial: no cut ended it."""

    data: bytes
    paper: Paper

    @property
    def partial(self) -> bool:
        return self.paper.partial


class VirtualPrinter:
    """The printer. One computer at a time: `receive` and `hang_up`; what comes of it is fetched by the
    `take_…`."""

    def __init__(self, media: Media | None = None, faults: Iterable[str] = ()) -> None:
        self.media = media or Media()
        self.pulses: deque[Pulse] = deque(maxlen=1000)
        self._watch = Watch()
        self._interpreter = Interpreter(self.media)
        self._held = bytearray()
        self._ended = False
        self._received = 0
        self._since_cut = bytearray()
        self._base = 0
        self._replies = bytearray()
        self._printed: list[Printed] = []
        self._faults: frozenset[str] = frozenset()
        self._watchers: list[Callable[[], None]] = []
        self.set_faults(faults)

    def load(self, media: Media) -> None:
        """Put paper of another width in; before the first job."""
        self.media, self._interpreter = media, Interpreter(media)

    @property
    def faults(self) -> frozenset[str]:
        return self._faults

    def set_faults(self, faults: Iterable[str]) -> None:
        """From now on these faults and no others. Raises RequestError for a word that is not in FAULTS."""
        chosen = frozenset(faults)
        if unknown := chosen - FAULTS.keys():
            raise RequestError(
                f"A virtual printer cannot have the fault {sorted(unknown)[0]!r}.",
                f"Known faults: {', '.join(FAULTS)}.",
            )
        self._faults = chosen
        self._work()
        for watcher in list(self._watchers):
            watcher()

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` after each change of faults."""
        self._watchers.append(watcher)

    @property
    def stopped(self) -> bool:
        """It cannot print now."""
        return bool(self._faults & _STOPS)

    @property
    def takes(self) -> bool:
        """It reads what is sent to it."""
        return "stall" not in self._faults and len(self._held) < BUFFER

    @property
    def hung_up(self) -> bool:
        """By the fault "close": it wants the connection to be cut."""
        return "close" in self._faults and self._received >= CLOSE_AFTER

    def receive(self, data: bytes) -> None:
        """Bytes from the computer, as far as they go: with "close" nothing after the break is taken."""
        if "close" in self._faults:
            data = data[: max(CLOSE_AFTER - self._received, 0)]
        self._received += len(data)
        for request in self._watch.feed(data):
            self._answer_now(request)
        self._held += data
        self._work()

    def hang_up(self) -> None:
        """The connection ended. What is not cut is a paper, too; what waits for paper still waits."""
        self._ended = True
        self._received = 0
        self._watch = Watch()
        self._replies.clear()
        self._work()

    def take_replies(self) -> bytes:
        """What it has to say; nothing where it is mute."""
        replies = b"" if self._faults & {"mute", "stall"} else bytes(self._replies)
        self._replies.clear()
        return replies

    def take_printed(self) -> list[Printed]:
        """The papers that came out since the last call."""
        printed, self._printed = self._printed, []
        return printed

    def _work(self) -> None:
        """Obey what waits, as far as the faults allow."""
        if self.stopped or "stall" in self._faults:
            return
        waiting, self._held = bytes(self._held), bytearray()
        if waiting:
            self._obey(waiting)
        if self._ended:
            self._ended = False
            rest = self._interpreter.finish()
            if rest is not None:
                self._out(rest)
            self._interpreter = Interpreter(self.media)
            self._since_cut.clear()
            self._base = 0

    def _obey(self, data: bytes) -> None:
        self._since_cut += data
        for event in self._interpreter.feed(data):
            if isinstance(event, Paper):
                self._out(event)
            elif isinstance(event, Pulse):
                self.pulses.append(event)
            else:
                self._answer_in_turn(event)
        if len(self._since_cut) > LONGEST:
            # A stream without cuts: its beginning is what a person wants to see, and memory has an end.
            self._base += len(self._since_cut) - LONGEST
            del self._since_cut[LONGEST:]

    def _out(self, paper: Paper) -> None:
        """A paper and the bytes from the cut before to its own."""
        length = paper.end - self._base
        if not paper.blank:
            self._printed.append(Printed(bytes(self._since_cut[:length]), paper))
        del self._since_cut[:length]
        self._base = paper.end

    def _answer_now(self, request: bytes) -> None:
        """DLE EOT n."""
        if request[1] != 0x04:
            return
        state = self._states().get(request[2])
        if state is not None:
            self._replies.append(0x12 | state)

    def _states(self) -> dict[int, int]:
        """The bits of DLE EOT 1 to 4 that are not fixed."""
        faults = self._faults
        stop = 0x20 if "paper" in faults else 0
        cover = 0x04 if "cover" in faults else 0
        low = 0x0C if faults & {"paper", "low"} else 0
        return {
            1: 0x08 if self.stopped else 0,
            2: stop | cover,
            3: 0,
            4: low | (0x60 if "paper" in faults else 0),
        }

    def _answer_in_turn(self, request: Request) -> None:
        command = request.command
        if command[:2] == b"\x1dr" and command[2] in (1, 49):
            self._replies.append(0x03 if "low" in self._faults else 0)
        elif command[:2] == b"\x1dr" and command[2] in (2, 50):
            self._replies.append(0)
        elif command[:2] == b"\x1da" and command[2]:
            self._replies += b"\x10\x00\x00\x00"
        elif command[:2] == b"\x1dI" and command[2] in _NAMES:
            self._replies += b"_" + _NAMES[command[2]] + b"\0"
        elif command[:3] == b"\x1d(H" and command[5:7] == b"00":
            self._replies += b'7"' + command[7:11] + b"\0"


#: GS I n
_NAMES: Final = {65: b"0.1", 66: b"Comptoir", 67: b"Virtual receipt printer"}
