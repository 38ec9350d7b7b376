"""A receipt printer without metal: bytes in, answers and papers out, with real faults. No I/O.

It behaves as Epson's manuals say: DLE EOT, DLE ENQ and DLE DC4 are obeyed the moment they arrive, even inside a
picture; everything else when its turn comes; nothing is printed or answered in turn while paper is missing, the cover
open, the cutter jammed or the printer offline. What waits then is printed when the fault is gone, also after the
computer has hung up, and answered to whoever is connected then: as real printers do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from comptoir.core.page import Media
from comptoir.core.profile import DEFAULT, Profile
from comptoir.devices.virtual_buffer import ReceiveBuffer
from comptoir.devices.virtual_commands import Commands
from comptoir.devices.virtual_drawer import VirtualDrawer
from comptoir.devices.virtual_faults import DEAF, FAULTS, STOPS, Faults
from comptoir.devices.virtual_head import Head, Printed
from comptoir.devices.virtual_model import Condition, Model
from comptoir.languages.escpos.paper import Pulse
from comptoir.languages.escpos.realtime import Watch

__all__ = ["CLOSE_AFTER", "FAULTS", "Printed", "Snapshot", "VirtualPrinter"]

#: With the fault "close", it hangs up after so many bytes of a connection.
CLOSE_AFTER: Final = 64
#: with these it prints nothing of what it has
_RESTS: Final = STOPS | {"stall", "off"}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How it stands. faults: as they can be set. lines: printed in all. waiting: bytes received and not printed."""

    faults: frozenset[str]
    lines: int
    waiting: int
    drawer_open: bool
    pulses: int


class VirtualPrinter:
    """The printer. One computer at a time: `connect`, `receive` and `hang_up`; what comes of it is fetched by the
    `take_…`."""

    def __init__(
        self,
        media: Media | None = None,
        faults: Iterable[str] = (),
        *,
        model: Model | None = None,
        drawer: VirtualDrawer | None = None,
    ) -> None:
        """Raises RequestError for an unknown fault."""
        self.model = model or Model()
        self.drawer = drawer or VirtualDrawer()
        self.pulses: deque[Pulse] = deque(maxlen=1000)
        #: how often it was switched off: a connection does not survive it
        self.power_cuts = 0
        self._pulses = 0
        self._watchers: list[Callable[[], None]] = []
        self._faults = Faults()
        self._buffer = ReceiveBuffer()
        self._replies = bytearray()
        self._kept_back = bytearray()
        self._working = False
        self._connected = True
        self._received = 0
        self.load(media or Media())
        self._watch = Watch()
        self._commands = Commands(self)
        self.set_faults(faults)
        self.drawer.listeners.append(self._changed)

    def load(self, media: Media, profile: Profile = DEFAULT) -> None:
        """Be another model, with paper of this width; before the first job."""
        self.media, self._head = media, Head(media, profile)

    # -- faults -------------------------------------------------------------------------------------------------------

    @property
    def faults(self) -> frozenset[str]:
        """Those that are, without those that are to come."""
        return self._faults.active

    def set_faults(self, faults: Iterable[str]) -> None:
        """From now on these faults and no others; `paper=20` begins after 20 more lines. Raises RequestError for a word
        that is not in FAULTS."""
        before = self.faults
        self._faults.set(faults)
        self._after_faults(before)
        self._changed()

    def load_paper(self, lines: int | None = None) -> None:
        """A new roll, with so many lines on it; None: it never ends."""
        others = {word for word in self._faults.words if word.partition("=")[0] != "paper"}
        self.set_faults(others if lines is None else others | {f"paper={lines}"})

    def power_cycle(self) -> None:
        """Off and on again: everything it was told is forgotten, connections break."""
        self._cut_power()
        self._changed()

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` after each change of its faults or its drawer, and when it has something to say by itself."""
        self._watchers.append(watcher)

    def snapshot(self) -> Snapshot:
        return Snapshot(self._faults.words, self._head.lines, len(self._buffer), self.drawer.open, self._pulses)

    @property
    def stopped(self) -> bool:
        """It cannot print now."""
        return bool(self.faults & STOPS)

    @property
    def room(self) -> int:
        """So many bytes it takes now."""
        return 0 if self.faults & DEAF else max(self.model.buffer - len(self._buffer), 0)

    @property
    def takes(self) -> bool:
        """It reads what is sent to it."""
        return self.room > 0

    @property
    def hung_up(self) -> bool:
        """By the fault "close": it wants the connection to be cut."""
        return "close" in self.faults and self._received >= CLOSE_AFTER

    def _after_faults(self, before: frozenset[str]) -> None:
        """What faults that came or went mean besides not printing."""
        self.drawer.locked = "locked" in self.faults
        if "late" not in self.faults:
            self._release()
        if "off" in self.faults - before:
            self._cut_power()
        if self.stopped and not before & STOPS:
            self._commands.stopped()

    def _cut_power(self) -> None:
        """What is half printed stays as it is; all else is gone."""
        self.power_cuts += 1
        self._buffer.clear()
        self._head.tear()
        self.drop_replies()
        self._received = 0
        self._watch, self._commands = Watch(), Commands(self)

    def _changed(self) -> None:
        """Something may be different: go on, and tell who wants to know."""
        self._work()
        self._commands.tell()
        self._call_watchers()

    def _call_watchers(self) -> None:
        for watcher in list(self._watchers):
            watcher()

    # -- one connection -----------------------------------------------------------------------------------------------

    def connect(self) -> None:
        """A computer is there, and gets what is said from now on."""
        self._connected = True

    def receive(self, data: bytes) -> None:
        """Bytes from the computer, as far as they go: with "close" nothing after the break is taken."""
        if "close" in self.faults:
            data = data[: max(CLOSE_AFTER - self._received, 0)]
        self._received += len(data)
        self._connected = True
        self._release()
        start = 0
        while start < len(data):
            # Whatever comes before a real-time request has been printed by then, if it can be.
            end = data.find(b"\x10", start + 1)
            piece = data[start : end if end >= 0 else len(data)]
            start += len(piece)
            for request in self._watch.feed(piece):
                self._work()
                self._commands.obey_now(request)
            if "off" in self.faults:
                return
            self._buffer.put(piece)
        self._work()
        self._commands.tell()

    def hang_up(self) -> None:
        """The connection ended. What is not cut is a paper, too; what waits for paper still waits."""
        self._buffer.end()
        self._connected = False
        self._received = 0
        self._watch = Watch()
        self.drop_replies()
        self._work()

    def take_replies(self) -> bytes:
        """What it has to say."""
        if "cable" in self.faults:
            return b""
        said = bytes(self._replies)
        self._replies.clear()
        return said

    def drop_replies(self) -> None:
        """What it would say now is not said."""
        self._replies.clear()
        self._kept_back.clear()

    def take_printed(self) -> list[Printed]:
        """The papers that came out since the last call."""
        return self._head.take_printed()

    def _release(self) -> None:
        """With the fault "late": what was kept back is said now."""
        self._replies += self._kept_back
        self._kept_back.clear()

    # -- printing -----------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        """Obey what waits, as far as the faults allow."""
        if self._working:
            return  # a command has opened the drawer, which tells
        self._working, before = True, self.faults
        while self._buffer.waiting and not self.faults & _RESTS:
            data = self._buffer.take(fine=self._faults.coming)
            if data is None:
                self._head.tear()
            else:
                self._print(data)
        self._commands.printed()
        self._working = False
        if self.faults != before:
            self._call_watchers()

    def _print(self, data: bytes) -> None:
        lines, before = self._head.lines, self.faults
        for token in self._head.print(data):
            self._commands.obey(token)
        self._faults.printed(self._head.lines - lines)
        if self.faults != before:
            self._after_faults(before)

    # -- what commands do (virtual_commands.Machine) ------------------------------------------------------------------

    @property
    def condition(self) -> Condition:
        """How it is at the moment."""
        faults = self.faults
        return Condition(
            offline=self.stopped,
            paper_end="paper" in faults,
            paper_low="low" in faults,
            cover="cover" in faults,
            cutter="cutter" in faults,
            drawer_high=self.drawer.high,
        )

    def say(self, answer: bytes) -> None:
        """Nobody hears it where nobody is connected or it is mute."""
        if self._connected and "mute" not in self.faults:
            (self._kept_back if "late" in self.faults else self._replies).extend(answer)

    def pulse(self, pulse: Pulse) -> None:
        self.pulses.append(pulse)
        self._pulses += 1
        self.drawer.pulse(pulse)

    def clear(self) -> None:
        self._buffer.clear()
        self._head.tear()

    def switch_off(self) -> None:
        """Somebody must switch it on again."""
        before = self.faults
        self._faults.add("off")
        self._after_faults(before)
