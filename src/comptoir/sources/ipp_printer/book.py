"""The jobs of the printer, as long as it speaks of them: open ones, and the latest that have ended.

It is memory only. What must survive stands in the journal, and is put in here again by `restoring.py`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Final

from comptoir.core.errors import RequestError
from comptoir.core.ports import Clock
from comptoir.sources.ipp_printer.numbers import Numbers
from comptoir.sources.ipp_printer.print_job import PrintJob, Standing, Values

#: that have ended
MOST_ENDED: Final = 500
#: that are open and have not got their last document: somebody who only opens jobs is stopped here
MOST_OPEN: Final = 1_000
#: on hold, all of their documents on disk and in no archive
MOST_HELD: Final = 1_000

Changed = Callable[[PrintJob, str], None]
"""Called with a job and what happened to it: job-created, job-state-changed, job-completed."""


class TooManyOpen(RequestError):
    """So many jobs are waiting for their documents that no other is begun."""

    code = "too-many-open"


class Book:
    """on_change: called on the event loop."""

    def __init__(self, numbers: Numbers, clock: Clock) -> None:
        self._numbers = numbers
        self._clock = clock
        self._jobs: dict[int, PrintJob] = {}
        self._told: dict[int, Standing] = {}
        self.on_change: list[Changed] = []

    async def open(
        self, name: str, user: str, host: str, named: str, template: dict[str, Values], *, held: bool
    ) -> PrintJob:
        """A new job. `named`: the uuid that the client gives it. Raises JournalError, TooManyOpen."""
        if sum(1 for job in self._jobs.values() if not job.closed and not job.final) >= MOST_OPEN:
            raise TooManyOpen(f"{MOST_OPEN} jobs wait for their documents")
        if held:
            self.check_held()
        number = await self._numbers.next()
        now = self._clock.now()
        job = PrintJob(
            number, named or uuid.uuid4().urn, name, user, host, now, template, bool(named), held=held, active=now
        )
        self.add(job)
        self._tell(job, "job-created")
        return job

    def check_held(self) -> None:
        """Raises TooManyOpen where no further job may be put on hold: such ones stay until somebody releases them."""
        if sum(1 for job in self._jobs.values() if job.held) >= MOST_HELD:
            raise TooManyOpen(f"{MOST_HELD} jobs are on hold")

    def add(self, job: PrintJob) -> None:
        """One that there is, from an earlier run."""
        self._numbers.above(job.number)
        self._jobs[job.number] = job
        self._told[job.number] = job.standing
        ended = [one for one in self._jobs.values() if one.final]
        for old in ended[: max(0, len(ended) - MOST_ENDED)]:
            del self._jobs[old.number], self._told[old.number]

    def job(self, number: int) -> PrintJob | None:
        return self._jobs.get(number)

    def was_open(self, number: int) -> bool:
        """Whether it is a job that may have been open when an earlier run ended: what became of it is not known."""
        return self._jobs.get(number) is None and self._numbers.was_open(number)

    def named(self, uuid_: str) -> PrintJob | None:
        """The one to which its client gave this uuid."""
        return next((job for job in self._jobs.values() if job.named and job.uuid == uuid_), None)

    def __iter__(self) -> Iterator[PrintJob]:
        """In the order of their numbers."""
        return iter(sorted(self._jobs.values(), key=lambda job: job.number))

    def now(self) -> int:
        """ms"""
        return self._clock.now()

    def end(self, job: PrintJob, standing: Standing) -> None:
        """It ends, and the station has no job for it."""
        job.end, job.closed, job.held, job.active = standing, True, False, self._clock.now()
        self.changed(job)

    def changed(self, job: PrintJob) -> None:
        """Something of it has changed: times are written, and who listens hears of it."""
        standing, now = job.standing, self._clock.now()
        if job.closed and job.processed is None and not job.held:
            job.processed = now
        if standing.final and job.ended is None:
            job.ended = now
        if self._told.get(job.number) != standing:
            self._told[job.number] = standing
            self._tell(job, "job-completed" if standing.final else "job-state-changed")

    def stale(self, patience: int) -> list[PrintJob]:
        """Those that have waited so long (ms) for their next document."""
        before = self._clock.now() - patience
        return [job for job in self if not job.closed and not job.incoming and not job.held and job.active < before]

    def stopping(self, patience: int) -> list[PrintJob]:
        """Those that were cancelled so long (ms) ago, and have not been told to have ended."""
        before = self._clock.now() - patience
        return [job for job in self if job.end is not None and not job.end.final and job.active < before]

    def _tell(self, job: PrintJob, what: str) -> None:
        for listener in tuple(self.on_change):
            listener(job, what)
