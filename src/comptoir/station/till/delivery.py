"""Prints for a caller that waits: a till's receipt goes through journal and spooler as any job, and the till is told.

A till that hears "not printed", or nothing because the line or this service broke, sends the receipt again, by itself
or by a person's hand. So what it was told about is withdrawn where it has not begun, joined where it is still open, not
repeated where it has come out meanwhile, and marked as the second where nobody knows. HTTP and the tills' dialects are
not known here.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

from comptoir.core.document import Origin, Submission
from comptoir.core.job import OUTCOME_UNKNOWN, Job
from comptoir.core.record import Event, JobQuery
from comptoir.core.spool import Lane
from comptoir.station.spooler import Spooler
from comptoir.web.desk import Desk

#: a reason beside the words of RFC 8011: nothing is known to keep the printer, it only took too long
TIMED_OUT: Final = "timed-out"
#: ms after it came out in which the same receipt is taken for the till's answer to "not printed", or to no answer
REPEATS: Final = 60_000
#: ms in which it is printed again after that, but marked: nobody can tell whether it is the same sale
REMEMBERED: Final = 3_600_000
#: seconds in which a printer that stopped in the middle is found to print on: it is asked once a second
MOMENT: Final = 2.0

_BUSY: Final = (TIMED_OUT, "The printer did not come to it in time.")
_MOST_JOBS: Final = 1_000
_MOST_OWED: Final = 1_000
_REPRINT: Final = "reprint"

#: what makes two receipts the same: destination, source, digest, format, copies
_Same = tuple[str, str, str, str, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of a receipt when its caller must be answered.

    done: it is printed, as far as the printer can say (`job.evidence`). Otherwise `reason` is a `job-state-reasons`
    keyword or TIMED_OUT and `message` a sentence; then it has not come out and will not, or `job` is still open:
    it is being printed, and the same receipt sent again joins it.
    """

    job: Job
    done: bool
    reason: str
    message: str


class Delivery:
    """The receipts of callers that wait, at all printers of a station; there is one, which knows who waits for what."""

    def __init__(self, desk: Desk, spooler: Spooler) -> None:
        self._desk = desk
        self._spooler = spooler
        #: one at a time looks for the same receipt and makes a job of it
        self._placing = asyncio.Lock()
        self._waiting = Counter[int]()
        #: receipts of which no caller was told that they are printed, and that may be, or may yet come out
        self._owed = OrderedDict[_Same, int]()
        self._since = desk.clock.now()
        self._looked_back = False

    async def print(self, submission: Submission, within: float, hears: Callable[[], bool] = lambda: True) -> Outcome:
        """Print it, and return when it is done, cannot be done, or so many seconds have passed.

        What has not begun by then is withdrawn. `hears`: whether the caller is still there to be told. Raises
        UnknownName, and JournalError: then there is no job, or one that the same receipt sent again joins.
        """
        first, *others = self._desk.parts.address(submission)
        async with self._placing:
            await self._look_back()
            job = await self._known(first) or await self._placed(first, others, within)
            self._owe(job)
        lane = self._spooler.lanes[job.destination]
        async with self._listening(job) as news:
            self._try_now(lane)
            outcome = await self._followed(job, lane, news, within)
        if hears():
            self._told_of(outcome)
        return outcome

    # -- the same again -----------------------------------------------------------------------------------------------

    async def _known(self, submission: Submission) -> Job | None:
        """The job that this receipt is already, where the till has sent it again."""
        same, journal = _same(submission), self._desk.journal
        owed = await journal.job(self._owed.get(same, 0))
        if owed is not None and owed.final:
            return await self._come_out(owed, submission.origin)
        for job in await journal.jobs(JobQuery(open_only=True, destination=submission.destination, limit=_MOST_JOBS)):
            if _same(job) == same and not self._being_withdrawn(job):
                return await self._again(job, submission.origin)
        return None

    async def _come_out(self, owed: Job, asked: Origin) -> Job | None:
        """One that has ended as it is, printed again where it may be the second, or None: it is not on paper."""
        now = self._desk.clock.now()
        if not (owed.state == "completed" or owed.reason == OUTCOME_UNKNOWN) or now - owed.updated_at > REMEMBERED:
            return None
        # Of what came out before this service began, its caller may have been told; and clocks are set back.
        known = owed.state == "completed" and self._since <= owed.updated_at <= now
        return owed if known and now - owed.updated_at < REPEATS else await self._again(owed, asked)

    async def _look_back(self) -> None:
        """Once: what the service that ran before may have left its callers without an answer to."""
        if self._looked_back:
            return
        for job in reversed(await self._desk.journal.jobs(JobQuery(limit=_MOST_JOBS))):
            recent = REPEATS if job.state == "completed" else REMEMBERED
            if not job.final or job.updated_at > self._since - recent:
                self._owe(job)
        self._looked_back = True

    def _being_withdrawn(self, job: Job) -> bool:
        """It waits in no lane any more; that is not written yet."""
        lane = self._spooler.lanes[job.destination]
        return job.state == "pending" and job.id not in lane.waiting and job.id not in lane.active

    async def _again(self, job: Job, asked: Origin) -> Job:
        """An open job as it is; a held one is printed again, and says that it may be the second."""
        if not job.settled:
            return job
        # Another key each time: one that was withdrawn must be able to come again.
        return await self._desk.reprint(job.id, asked.user or asked.source, f"{asked.source}:{uuid4().hex}")

    def _owe(self, job: Job) -> None:
        """Until its caller is told what has become of it: it may come out, and then not twice."""
        may_be_out = not job.final or job.state == "completed" or job.reason == OUTCOME_UNKNOWN
        # Where the second was withdrawn there is still the first, of which nobody knows.
        if (doubtful := job.id if may_be_out else job.reprint_of) is None:
            return
        self._owed[_same(job)] = doubtful
        self._owed.move_to_end(_same(job))
        while len(self._owed) > _MOST_OWED:
            self._owed.popitem(last=False)

    def _told_of(self, outcome: Outcome) -> None:
        """Its caller knows: it is on paper, or is not and will not be."""
        job = outcome.job
        if outcome.done or (job.final and job.reason != OUTCOME_UNKNOWN):
            self._owed.pop(_same(job), None)
        if not outcome.done:
            self._owe(job)

    async def _placed(self, submission: Submission, others: Sequence[Submission], within: float) -> Job:
        # A service that dies now must not print it when it starts again: the till was told nothing, and has gone on.
        expires_at = self._desk.clock.now() + int(within * 2000)
        if submission.expires_at is not None:
            expires_at = min(expires_at, submission.expires_at)
        return (await self._desk.place([replace(submission, expires_at=expires_at), *others])).job

    # -- waiting ------------------------------------------------------------------------------------------------------

    def _try_now(self, lane: Lane) -> None:
        """What kept the printer a while ago may be over: it is asked now, and what it says after this is news."""
        if lane.trouble is not None and not any(active.started for active in lane.active.values()):
            self._spooler.retry_now(lane.name)

    async def _followed(self, job: Job, lane: Lane, news: asyncio.Event, within: float) -> Outcome:
        """What becomes of the job until its caller must be answered."""
        ended: Job | None = None
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                ended = await self._settled(job, lane, news, lane.trouble)
        if ended is not None:
            return self._ended(ended)
        return await self._given_up(job, lane.trouble or self._standing(lane.name))

    async def _settled(self, job: Job, lane: Lane, news: asyncio.Event, known: tuple[str, str] | None) -> Job | None:
        """The job as it has ended; None: something keeps the printer from it.

        known: what keeps it since before this was asked for; it may be over, and nobody have noticed yet.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(None if known is None else MOMENT):
                return await self._told(job, lane, news, known)
        return await self._told(job, lane, news, None)

    async def _told(self, job: Job, lane: Lane, news: asyncio.Event, known: tuple[str, str] | None) -> Job | None:
        while True:
            news.clear()
            if (now := await self._now(job)).settled:
                return now
            # One that is neither has ended; that is being written.
            kept = job.id in lane.waiting or job.id in lane.active
            if kept and lane.trouble is not None and lane.trouble is not known:
                return None
            await news.wait()

    async def _given_up(self, job: Job, trouble: tuple[str, str]) -> Outcome:
        """Its caller waits no longer. Unless it has begun, or others wait for it, it is withdrawn."""
        alone = self._waiting[job.id] == 1
        withdrawn = alone and await self._desk.parts.withdraw(job, job.origin.user or job.origin.source)
        now = await self._now(job)
        return self._ended(now) if now.settled and not withdrawn else Outcome(now, False, *trouble)

    def _ended(self, job: Job) -> Outcome:
        return Outcome(job, job.state == "completed", job.reason, job.message)

    def _standing(self, printer: str) -> tuple[str, str]:
        """What keeps the printer, as far as anybody knows."""
        place = next((one for one in self._desk.parts.places() if one.name == printer), None)
        return _BUSY if place is None or place.ready else (place.reason, place.message)

    async def _now(self, job: Job) -> Job:
        return await self._desk.journal.job(job.id) or job

    @asynccontextmanager
    async def _listening(self, job: Job) -> AsyncIterator[asyncio.Event]:
        """While inside, the event is set whenever something may have happened to the job or to a printer."""
        news = asyncio.Event()

        def heard(events: Sequence[Event]) -> None:
            if any(event.job_id == job.id for event in events):
                news.set()

        silence = self._desk.journal.subscribe(heard)
        self._spooler.on_trouble.append(news.set)
        self._waiting[job.id] += 1
        try:
            yield news
        finally:
            silence()
            self._spooler.on_trouble.remove(news.set)
            self._waiting -= Counter((job.id,))


def _same(one: Submission | Job) -> _Same:
    source = one.origin.source
    if source == _REPRINT:
        source, _, _ = one.key.partition(":")
    return one.destination, source, one.document.digest, one.format, one.copies
