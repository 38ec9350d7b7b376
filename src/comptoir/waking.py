"""Notices that this service was away: the computer slept, the process was held up, or the clock was set ahead.

Nothing tells a process for certain that it has slept, and not every system tells it at all: what every clock of the
system shows is enough. Who listens believes nothing that may have stood in a buffer meanwhile, and looks at once at
what waits for time. It stands beside the layers, and mends nothing itself.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from comptoir.clock import heed_time_zone, steady
from comptoir.core.ports import Clock
from comptoir.windows.power import PowerEvent, hear_power, this_computer

log = logging.getLogger("comptoir.waking")

TICK: Final = 1.0  # seconds between looks at the clocks
#: seconds without a look after which a call that comes now may have been made before
HELD_UP: Final = 5.0
#: seconds without a look after which connections may be half dead; no busy moment takes that long
AWAY: Final = 15.0
#: seconds after it for which a call may have been made before
JUST: Final = 2.0
#: seconds after which a computer that was to sleep has not
STAYED: Final = 30.0
ZONE: Final = 60  # looks after which the time zone is looked at, too: somebody may have set it right


@dataclass(frozen=True, slots=True)
class Absence:
    """For how long this service was away, in seconds. `certain`: else the wall clock alone says so, which is set."""

    seconds: float
    certain: bool


class Waking:
    """Looks at the clocks while it runs, and whenever it is asked. `steady`: goes on in sleep, and is never set."""

    def __init__(self, clock: Clock, steady: Callable[[], float] = steady) -> None:
        self._clock = clock
        self._steady = steady
        #: called on the event loop, after AWAY or more
        self.on_wake: list[Callable[[Absence], None]] = []
        self._looked = self._both()
        self._woke = self._leaves = float("-inf")

    async def run(self) -> None:
        """Until cancelled."""
        self._looked = self._both()
        with self._told_by_system():
            for tick in itertools.count():
                if tick % ZONE == 0:
                    heed_time_zone()
                await asyncio.sleep(TICK)
                self.look()

    @contextmanager
    def _told_by_system(self) -> Iterator[None]:
        """Also Windows says when it sleeps and wakes: sooner than the clocks show it."""
        loop, library = asyncio.get_running_loop(), this_computer()
        end = None
        if library is not None:
            with suppress(OSError):
                end = hear_power(library, lambda event: loop.call_soon_threadsafe(self.heard, event))
        try:
            yield
        finally:
            if end is not None:
                end()

    def heard(self, event: PowerEvent) -> None:
        """The system says that it is about to sleep, or awake again."""
        self._leaves = self._steady() if event == "suspend" else float("-inf")
        self.look()

    def look(self) -> None:
        """Was it away since the last look? Then those who listen are told."""
        now, before = self._both(), self._looked
        self._looked = now
        certain, shown = now[0] - before[0], now[1] - before[1]
        # A clock that is set keeps no call waiting.
        if certain >= HELD_UP:
            self._woke = now[0]
        if max(certain, shown) >= AWAY:
            self._tell(Absence(max(certain, shown), certain >= AWAY))

    def just_woke(self) -> bool:
        """Whether a call that comes now may have been made before this service was away, or be carried out after."""
        self.look()
        now = self._steady()
        return now - self._woke < JUST or now - self._leaves < STAYED

    def _both(self) -> tuple[float, float]:
        return self._steady(), self._clock.now() / 1000

    def _tell(self, absence: Absence) -> None:
        why = "slept or was held up" if absence.certain else "was away, or its clock was set ahead"
        log.warning("this computer %s for %d s; everything is looked at anew", why, absence.seconds)
        for listener in tuple(self.on_wake):
            try:
                listener(absence)
            except Exception:
                log.exception("an error of ours after this computer had slept")
