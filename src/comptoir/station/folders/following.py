"""Follows what was taken from folders to its end: when its jobs have ended, and when the original's step is due.

It hears of jobs by the journal's events and asks the ledger what that means, many at a time; what a step does to a file
is `station/originals.py`'s business. What ended while nobody listened is found at the start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final, Protocol

from comptoir.core.errors import JournalError
from comptoir.core.intake import Original, OriginalQuery
from comptoir.core.ports import Clock, Journal
from comptoir.core.record import Event

log = logging.getLogger("comptoir.folder")

#: events after which a job may be the last one of its unit; a held one waits for a person
_ENDS: Final = frozenset({"job-completed", "job-aborted", "job-canceled"})
#: events after which a step may be due at once: nothing of these was to be delivered
_TAKEN: Final = frozenset({"file-taken", "lot-taken", "file-returned"})
#: jobs, originals, steps in one go
TOGETHER: Final = 500
JOURNAL_RETRY: Final = 1.0  # seconds between attempts to read or write what has happened
OFTEN: Final = 60.0  # seconds: clocks are set, so what waits for a moment is looked at this often at least


class Steps(Protocol):
    """What carries out the steps of originals and writes to the ledger what became of each."""

    async def carry_out(self, due: Sequence[Original]) -> None: ...


class Following:
    """For all folders of a station. `changed`: is told the names of sources of which something has changed."""

    def __init__(self, journal: Journal, steps: Steps, clock: Clock, changed: Callable[[str], None]) -> None:
        self._journal = journal
        self._ledger = journal.ledger
        self._steps = steps
        self._clock = clock
        self._changed = changed
        #: jobs that have ended, in their order
        self._ended: dict[int, None] = {}
        self._news = asyncio.Event()
        self._stepping = asyncio.Lock()

    async def run(self) -> None:
        """Until cancelled."""
        forget = self._journal.subscribe(self._hear)
        try:
            await self._retried(self._catch_up)
            while True:
                self._news.clear()
                await self._retried(self._settle)
                await self._retried(self._do_steps)
                await self._wait()
        finally:
            forget()

    async def remove_delivered(self, source: str) -> int:
        """Remove now what is printed, whatever its route says; how many have gone. Raises JournalError.

        What another destination has still to get stays, and what is only for such; and what is not as it was when it
        was taken, as ever.
        """
        await self._settle()
        before = (await self._ledger.tally(source)).get("deleted", 0)
        if await self._ledger.release(source):
            await self._do_steps()
        return (await self._ledger.tally(source)).get("deleted", 0) - before

    def look(self) -> None:
        """Something may be due: a person has acted, or a folder is back."""
        self._news.set()

    def _hear(self, events: Sequence[Event]) -> None:
        for event in events:
            if event.job_id is not None and event.kind in _ENDS:
                self._ended[event.job_id] = None
        if self._ended or any(event.kind in _TAKEN for event in events):
            self._news.set()

    async def _retried(self, work: Callable[[], Awaitable[None]]) -> None:
        """Where the disk refuses, again until it does not."""
        while True:
            try:
                await work()
            except JournalError as error:
                log.error("%s", error.sentences)
                await asyncio.sleep(JOURNAL_RETRY)
            else:
                return

    async def _catch_up(self) -> None:
        """What ended while nobody listened."""
        below: int | None = None
        while found := await self._ledger.originals(
            OriginalQuery(states=("waiting", "failed"), below=below, limit=TOGETHER)
        ):
            # A lot once, and not for each of its files.
            await asyncio.gather(*(self._ledger.settle(unit) for unit in {one.lot or one.id for one in found}))
            below = found[-1].id

    async def _settle(self) -> None:
        while self._ended:
            jobs = list(self._ended)[:TOGETHER]
            for job in jobs:
                del self._ended[job]
            try:
                settled = await self._ledger.settle_jobs(jobs)
            except JournalError:
                self._ended = dict.fromkeys(jobs) | self._ended
                raise
            for source in {one.source for one in settled}:
                self._changed(source)

    async def _do_steps(self) -> None:
        """One at a time: who asks meanwhile finds the rest."""
        async with self._stepping:
            while due := await self._ledger.due(self._clock.now(), TOGETHER):
                await self._steps.carry_out(due)
                for source in {one.source for one in due}:
                    self._changed(source)
                if len(due) < TOGETHER:
                    return

    async def _wait(self) -> None:
        """For news, or for the next step."""
        at = await self._next()
        patience = OFTEN if at is None else min(OFTEN, max(0, at - self._clock.now()) / 1000)
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._news.wait()

    async def _next(self) -> int | None:
        try:
            return await self._ledger.next_due()
        except JournalError:
            return None
