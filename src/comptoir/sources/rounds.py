"""What sources have in common that look again and again: their rounds, how they fare, the pause after a failure.

Where they look, and what they take, they know.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from comptoir.core.kept import SourceState
from comptoir.core.ports import Clock
from comptoir.core.retry import Backoff

log = logging.getLogger("comptoir.capture")


class Rounds:
    """`run` it for ever, or let it `work` once, as tests do."""

    def __init__(self, state: SourceState, clock: Clock, backoff: Backoff) -> None:
        self.name = state.name
        self.on_change: list[Callable[[], None]] = []
        self._clock = clock
        self._backoff = backoff
        self._wake = asyncio.Event()
        self._failures = 0
        self._state = state

    def state(self) -> SourceState:
        """How it fares."""
        return self._state

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                delay = await self.work()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(delay / 1000):
                        await self._wake.wait()
        finally:
            await self.close()

    @abstractmethod
    async def work(self) -> int:
        """Take what can be taken now; for how long there is nothing to do then, in ms. It clears `_wake` first."""

    async def close(self) -> None:
        """It looks no more."""

    # -- how it fares -------------------------------------------------------------------------------------------------

    def _well(self, **changes: Any) -> None:
        """A round was as it should be."""
        self._failures = 0
        self._told(trouble="", hint="", since=None, busy=0, **changes)

    def _down(self, trouble: str, hint: str) -> int:
        """Nothing can be taken at present; for how long it is not tried again, in ms."""
        self._failures += 1
        if self._state.trouble != trouble:
            log.error("%s takes nothing: %s", self.name, trouble)
        self._told(trouble=trouble, hint=hint, since=self._state.since or self._clock.now(), busy=0)
        return self._backoff.delay(self._failures)

    def _took(self) -> None:
        """One print is on disk."""
        self._told(taken=self._state.taken + 1, last_at=self._clock.now())

    def _told(self, **changes: Any) -> None:
        state = replace(self._state, **changes)
        if state != self._state:
            self._state = state
            for listener in tuple(self.on_change):
                listener()
