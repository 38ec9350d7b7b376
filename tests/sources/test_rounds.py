"""A source that looks again and again: woken before its pause is over, and slower while nothing works."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from tests.peers.clock import FakeClock

from comptoir.core.kept import SourceState
from comptoir.core.retry import Backoff
from comptoir.sources.rounds import Rounds


class Looking(Rounds):
    """It finds one print a round, or nothing at all."""

    def __init__(self) -> None:
        super().__init__(SourceState("nuit", "cups", ()), FakeClock(), Backoff(first=1_000, most=4_000))
        self.looked = asyncio.Event()
        self.broken = False
        self.closed = False

    async def work(self) -> int:
        self._wake.clear()
        self.looked.set()
        if self.broken:
            return self._down("it is broken", "Mend it.")
        self._took()
        self._well()
        return 3_600_000

    def rescan(self) -> None:
        self.looked.clear()
        self._wake.set()

    async def close(self) -> None:
        self.closed = True


async def test_who_wakes_it_does_not_wait_for_the_next_round() -> None:
    source = Looking()
    running = asyncio.get_running_loop().create_task(source.run())
    await source.looked.wait()
    source.rescan()
    await source.looked.wait()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert source.state().taken == 2
    assert source.closed


async def test_trouble_is_told_once_and_its_pause_grows() -> None:
    source, told = Looking(), list[str]()
    source.on_change.append(lambda: told.append(source.state().trouble))
    source.broken = True
    first, second, third = [await source.work() for _ in range(3)]
    assert first < second < third <= 4_000
    assert told == ["it is broken"]
    source.broken = False
    await source.work()
    state = source.state()
    assert (state.trouble, state.hint, state.since, state.taken) == ("", "", None, 1)
