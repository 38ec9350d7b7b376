"""What a station can tell of its past: the files of its log, and whether its journal is as it was written.

The check reads the whole journal in a thread of its own; one at a time, and it ends with the service. Pages and answers
are `web/pages/journal.py` and `logs.py`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from comptoir.core.ports import Clock, Journal
from comptoir.journal.verify import verify
from comptoir.logbook import attached
from comptoir.logfiles import LogFile, LogFiles, days_kept
from comptoir.web.guard import caller_of
from comptoir.web.pages.journal import Proof

log = logging.getLogger("comptoir.books")

#: findings that stand in the log; the page and the command have them all
FOUND: Final = 10
#: ms: one reader is noted once in this time
OFTEN: Final = 60_000
#: readers whose last time is remembered
MOST_READERS: Final = 1_000
#: seconds that a caller waits for the check before the page says that it is under way
PATIENCE: Final = 2.0


class Books:
    """`log_file`: the current file of the log; `journal_file`: what is checked; `network_logs`: as configured now."""

    def __init__(
        self, log_file: Path, journal_file: Path, journal: Journal, clock: Clock, network_logs: Callable[[], bool]
    ) -> None:
        book = attached()
        #: who writes the log, where this process does
        self.book = book if book is not None and book.files.path == log_file else None
        self.files = LogFiles(log_file) if self.book is None else self.book.files
        self.proof = Proof()
        self._journal_file = journal_file
        self._journal = journal
        self._clock = clock
        self._network_logs = network_logs
        #: when each caller was noted last (`guard.caller_of`)
        self._read: dict[str, int] = {}
        self._checking: asyncio.Task[None] | None = None
        self._stopping = False

    def log_is_open(self) -> bool:
        return self._network_logs()

    async def log_files(self) -> Sequence[LogFile]:
        return await asyncio.to_thread(self._written)

    def _written(self) -> list[LogFile]:
        if self.book is not None:
            self.book.flush()
        return self.files.files()

    async def note_reading(self, user: str, host: str) -> None:
        """Somebody reads the log; the journal has it once a minute for one address."""
        now, caller = self._clock.now(), caller_of(host)
        if 0 <= now - self._read.get(caller, now - OFTEN) < OFTEN:
            return
        if len(self._read) >= MOST_READERS:
            self._read.clear()
        self._read[caller] = now
        await self._journal.note("logs-read", {"user": user, "host": host})

    def keep(self, time: int | None) -> None:
        """How long files of earlier days are kept from now on, in ms; None: for ever."""
        self.files.keep = days_kept(time)
        asyncio.get_running_loop().run_in_executor(None, self.files.forget)

    # -- the check ----------------------------------------------------------------------------------------------------

    async def verify(self, user: str, host: str) -> None:
        if self._checking is None or self._checking.done():
            self.proof = Proof(running=0)
            self._checking = asyncio.create_task(self._check(user, host))
        await asyncio.wait([self._checking], timeout=PATIENCE)

    async def _check(self, user: str, host: str) -> None:
        """The result stands in the log, too: a file of its own, in which the last hash is noted apart."""
        try:
            report = await asyncio.to_thread(verify, self._journal_file, self._went_on)
            outcome = {"outcome": "damaged", "findings": len(report.findings)} if report.findings else {}
            said = {"events": report.events, "head": report.head, "user": user, "host": host, **outcome}
            for finding in report.findings[:FOUND]:
                log.error("the journal: %s", finding)
            self.proof = Proof(self._clock.now(), report.events, report.head, tuple(report.findings))
            await self._journal.note("journal-checked", said)
        except _Stopped:
            pass
        except Exception as error:  # whatever it is: the page must not wait for ever
            log.exception("the journal could not be checked")
            self.proof = Proof(self._clock.now(), trouble=str(error))

    def _went_on(self, events: int) -> None:
        """In the thread of the check."""
        if self._stopping:
            raise _Stopped
        self.proof = replace(self.proof, running=events)

    async def stop(self) -> None:
        self._stopping = True
        if self._checking is not None:
            with suppress(asyncio.CancelledError):
                await asyncio.wait([self._checking])


class _Stopped(Exception):
    """The service stops."""
