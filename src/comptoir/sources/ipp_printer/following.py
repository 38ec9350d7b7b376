"""Follows what becomes of the documents at the station, so that clients are told: the journal says it.

It decides nothing: the station's jobs have their states, `print_job.py` sums them up.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from comptoir.core.errors import JournalError
from comptoir.core.job import REDIRECTED, Job
from comptoir.core.kept import Filed
from comptoir.core.ports import Journal
from comptoir.core.record import Event, JobQuery
from comptoir.sources.ipp_printer.book import Book
from comptoir.sources.ipp_printer.print_job import PrintJob

log = logging.getLogger("comptoir.capture")

AGAIN = 5.0  # seconds until a journal that could not be read is asked again
AT_ONCE = 500  # jobs


class Following:
    """`start`, then `attach` what was filed; `stop` at the end."""

    def __init__(self, journal: Journal, book: Book) -> None:
        self._journal = journal
        self._book = book
        #: the station's job → ours
        self._ours: dict[int, PrintJob] = {}
        self._changed: set[int] = set()
        self._woken = asyncio.Event()
        self._unsubscribe = journal.subscribe(self._heard)

    def attach(self, job: PrintJob, filed: Filed) -> None:
        """These jobs of the station are for this one."""
        if filed.number is not None and filed.number not in job.kept:
            job.kept.append(filed.number)
        for one in filed.jobs:
            job.jobs[one.id] = one
            if not one.final:
                self._ours[one.id] = job
                # It may have gone on before it was known here.
                self._changed.add(one.id)
        self._woken.set()
        self._book.changed(job)

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                await self._woken.wait()
                self._woken.clear()
                await self._look()
        finally:
            self._unsubscribe()

    async def _look(self) -> None:
        while self._changed:
            number = self._changed.pop()
            job = self._ours.get(number)
            if job is None:
                continue
            try:
                now = await self._journal.job(number)
                if now is not None and now.reason == REDIRECTED:
                    now = await self._instead(now)
            except JournalError as error:
                log.warning("the state of job %d is not known: %s", number, error)
                self._changed.add(number)
                await asyncio.sleep(AGAIN)
                continue
            self._now(number, job, now)
            self._book.changed(job)

    def _now(self, number: int, job: PrintJob, now: Job | None) -> None:
        """How it stands with this job of the station; another one may be in its place."""
        if now is None or now.final or now.id != number:
            del self._ours[number]
        if now is not None:
            if now.id != number:
                del job.jobs[number]
            job.jobs[now.id] = now
            if not now.final:
                self._ours[now.id] = job

    async def _instead(self, moved: Job) -> Job:
        """The job in its place, for the printer that took over: written in one commit with the end of this one."""
        after = moved.id
        while jobs := await self._journal.jobs(JobQuery(after=after, limit=AT_ONCE)):
            for job in jobs:
                if job.uid == moved.uid:
                    return job if job.reason != REDIRECTED else await self._instead(job)
            after = jobs[-1].id
        return moved

    def _heard(self, events: Sequence[Event]) -> None:
        found = {event.job_id for event in events if event.job_id in self._ours}
        if found:
            self._changed |= {number for number in found if number is not None}
            self._woken.set()
