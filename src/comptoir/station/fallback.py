"""Hands what a printer has certainly not printed to the printer that a route names for that case.

A job moves only while it waits: one that has begun, or whose outcome is not known, stays where it is. Its end and the
new job are one commit, so that a crash leaves it at one of the two printers, and never at both.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from comptoir.core.document import Submission
from comptoir.core.errors import JournalError
from comptoir.core.job import REDIRECTED, Change, Job
from comptoir.core.ports import Clock, Journal
from comptoir.core.spool import Lane
from comptoir.station.spooler import Spooler

log = logging.getLogger("comptoir.delivery")

#: seconds between two looks at a printer that has trouble: what comes meanwhile waits there, too
OFTEN: Final = 5.0
JOURNAL_RETRY: Final = 1.0  # seconds
#: who ends a job that moves
WHO: Final = "fallback"
#: the attribute that says which printer a job was meant for
INSTEAD_OF: Final = "instead-of"
#: sources, besides folders and what is captured, whose senders see where their job has gone; a till and a hub follow
#: the one that they know
SENDERS: Final = frozenset({"api", "web", "console"})

Rule = Callable[[Job], tuple[str, int] | None]


class Fallback:
    """For all printers of a station. `rule`: the printer that takes over, and after how many ms; None: none does."""

    def __init__(self, spooler: Spooler, journal: Journal, clock: Clock, rule: Rule) -> None:
        self._spooler = spooler
        self._journal = journal
        self._clock = clock
        self._rule = rule
        #: printer → since when it has had trouble, ms
        self._since: dict[str, int] = {}
        #: ms until the next of those that wait has waited long enough
        self._soon = 0.0
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        self._spooler.on_trouble.append(self._news.set)
        try:
            while True:
                self._news.clear()
                await self.look()
                await self._wait()
        finally:
            self._spooler.on_trouble.remove(self._news.set)

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(min(OFTEN, self._soon / 1000) if self._since else None):
                await self._news.wait()

    async def look(self) -> None:
        """Move what has waited long enough."""
        now, self._soon = self._clock.now(), OFTEN * 1000
        troubled = {name: lane for name, lane in self._spooler.lanes.items() if lane.trouble is not None}
        self._since = {name: min(now, self._since.get(name, now)) for name in troubled}
        for name, lane in troubled.items():
            for job in _not_begun(lane):
                if self._spooler.may_have_arrived(job):
                    continue
                if (other := self._other(job, now - max(self._since[name], job.created_at))) is not None:
                    await self._move(job, other)

    def _other(self, job: Job, waited: int) -> str | None:
        """The printer that is to have this job now."""
        if job.original is None and "source" not in job.attributes and job.origin.source not in SENDERS:
            return None
        rule = self._rule(job)
        if rule is None or rule[0] == job.attributes.get(INSTEAD_OF):
            return None
        if waited < rule[1]:
            self._soon = min(self._soon, rule[1] - waited)
            return None
        lane = self._spooler.lanes.get(rule[0])
        # Where the other one cannot print either, the job keeps its place.
        return rule[0] if lane is not None and lane.trouble is None else None

    async def _move(self, job: Job, other: str) -> None:
        withdrawn = self._spooler.withdraw(job, WHO)
        if withdrawn is None:
            return
        message = f"{other} has it instead of {job.destination}, which did not take it."
        new = await self._exchange(replace(withdrawn, reason=REDIRECTED, message=message), _for(job, other))
        if new is not None:
            log.warning("job %d: %s has it instead of %s, as job %d", job.id, other, job.destination, new.id)
            self._spooler.submit(new)

    async def _exchange(self, change: Change, submission: Submission) -> Job | None:
        """Where the disk refuses, it is tried until it does not; a restart finds the job where it was."""
        while True:
            try:
                return await self._journal.exchange(change, submission)
            except JournalError as error:
                log.error("%s", error.sentences)
                await asyncio.sleep(JOURNAL_RETRY)


def _not_begun(lane: Lane) -> list[Job]:
    """In the order in which they came."""
    return [*(active.job for active in lane.active.values() if not active.started), *lane.waiting.values()]


def _for(job: Job, other: str) -> Submission:
    """The same at the other printer: one identity, one moment after which it is not printed."""
    return Submission(
        document=job.document,
        origin=job.origin,
        destination=other,
        uid=job.uid,
        title=job.title,
        format=job.format,
        copies=job.copies,
        expires_at=job.expires_at,
        created_at=job.created_at,
        reprint_of=job.reprint_of,
        attributes={**job.attributes, INSTEAD_OF: job.attributes.get(INSTEAD_OF, job.destination)},
        original=job.original,
        kept=job.kept,
    )
