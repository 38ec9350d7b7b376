"""What the web side may ask of a station or a hub: one desk, whoever runs it.

The composition root builds it from the parts that differ (where a document goes, how a waiting job is withdrawn); what
a person may do to a job is the same on both and stands here. HTTP is not known in this module.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from comptoir.core.document import Submission
from comptoir.core.errors import RequestError, UnknownName, WrongState
from comptoir.core.job import COMPLETED, OUTCOME_UNKNOWN, Change, Evidence, Job
from comptoir.core.ports import Clock, Journal
from comptoir.core.record import Accepted


@dataclass(frozen=True, slots=True)
class Place:
    """A printer as people see it. On a hub `station` says where it stands, and `connected` whether that is linked."""

    name: str
    station: str = ""
    connected: bool = True
    ready: bool = True
    reason: str = ""
    message: str = ""
    #: jobs that wait for it here
    waiting: int = 0
    device: str = ""
    language: str = ""
    profile: str = ""
    #: what will keep it from printing soon: media-low-report
    notices: tuple[str, ...] = ()
    #: maker, model, firmware, as it says itself
    identity: tuple[str, ...] = ()
    #: what it can be asked for after a job, strongest first, and whether that was tried out
    confirms: tuple[str, ...] = ()
    probed: bool = False
    #: open, closed, or "" where its drawer has no sensor
    drawer: str = ""
    has_drawer: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """What a role does in its own way."""

    #: an order with its destination filled in, or for each of several; the first is the one that its sender follows.
    #: Raises UnknownName
    address: Callable[[Submission], Sequence[Submission]]
    #: put a kept job to work
    start: Callable[[Job], None]
    #: withdraw a job that has not begun; False: it was too late to, or nobody can be asked
    withdraw: Callable[[Job, str], Awaitable[bool]]
    #: a person (the name) has ended the job
    ended: Callable[[Job, str], None]
    places: Callable[[], Sequence[Place]]
    #: why a waiting job waits: (reason, message)
    trouble: Callable[[Job], tuple[str, str] | None]
    #: the picture of a job's paper as PNG, or None where it cannot be drawn
    paper: Callable[[Job], Awaitable[bytes | None]]
    #: whether a destination puts paper out; others have the same document once, however often it is sent
    prints: Callable[[str], bool] = lambda destination: True


class LinkView(Protocol):
    """The link of a station to its hub. `since`: ms; `trouble` and `hint`: why it is down, and what to do."""

    url: str
    connected: bool
    since: int | None
    trouble: str
    hint: str


class Desk:
    """Where orders are placed and jobs are looked after."""

    def __init__(
        self, role: Literal["station", "hub"], name: str, journal: Journal, clock: Clock, parts: Parts
    ) -> None:
        self.role = role
        self.name = name
        self.journal = journal
        self.clock = clock
        self.parts = parts
        #: station: the link to its hub, for people to see
        self.link: LinkView | None = None

    async def submit(self, submission: Submission) -> Accepted:
        """Keep it and put it to work, at each of its destinations; returns when it is on disk: the first one's job."""
        try:
            addressed = self.parts.address(submission)
        except RequestError:
            self.journal.give_up(submission.document)
            raise
        return await self.place(addressed)

    async def place(self, addressed: Sequence[Submission]) -> Accepted:
        """The same for an order whose destinations are known."""
        accepted = await self.journal.accept_all(addressed)
        for one in accepted:
            if one.fresh:
                self.parts.start(one.job)
        return accepted[0]

    async def job(self, job_id: int) -> Job:
        """The job as it is now, with the reason why it waits. Raises UnknownName."""
        job = await self.journal.job(job_id)
        if job is None:
            raise UnknownName(f"there is no job {job_id}", "It may have been forgotten after the retention time.")
        return self.explained(job)

    def explained(self, job: Job) -> Job:
        """A waiting job has the trouble of its destination; that is not written to each of a thousand jobs."""
        # At a hub a job that the station has may wait there as well.
        waits = not job.reason and (job.state == "pending" or (job.state == "processing" and self.role == "hub"))
        trouble = self.parts.trouble(job) if waits else None
        return job if trouble is None else replace(job, reason=trouble[0], message=trouble[1])

    async def cancel(self, job_id: int, by: str) -> Job:
        """Withdraw a job that has not begun, or end one that is held. Raises WrongState when it is too late."""
        job = await self.job(job_id)
        if job.reason == OUTCOME_UNKNOWN and not job.final:
            return await self.give_up(job_id, by)
        if job.final or not await self.parts.withdraw(job, by):
            raise WrongState(f"job {job_id} cannot be cancelled any more: it is {job.status}", _hint(job))
        return await self.job(job_id)

    async def give_up(self, job_id: int, by: str) -> Job:
        """End a held job; that its outcome is unknown stays said."""
        change = Change(job_id, "aborted", OUTCOME_UNKNOWN, "Given up by a person; it may have come out.", by=by)
        return await self._end(job_id, change)

    async def confirm(self, job_id: int, by: str) -> Job:
        """A person has seen the paper of a held job."""
        evidence = Evidence("person", f"seen by {by}")
        return await self._end(job_id, Change(job_id, "completed", COMPLETED, evidence=evidence, by=by))

    async def reprint(self, job_id: int, by: str, key: str = "") -> Job:
        """Print it again, marked DUPLICATA; a held job is ended by that. The same `key` again prints once.

        What is no printer is sent it again under the same identity, by which it knows the document.
        """
        job = await self.job(job_id)
        if not job.settled:
            raise WrongState(f"job {job_id} is still {job.status}", "Reprint it when it has ended, or cancel it first.")
        prints = self.parts.prints(job.destination)
        submission = Submission(
            document=job.document,
            origin=replace(job.origin, source="reprint", user=by),
            destination=job.destination,
            printer=job.printer,
            key=key,
            title=job.title,
            format=job.format,
            copies=job.copies,
            uid="" if prints else job.uid,
            reprint_of=job.id if prints else None,
            created_at=job.created_at,
            attributes=job.attributes,
            original=job.original,
            kept=job.kept,
        )
        accepted = await self.submit(submission)
        if not job.final:
            what = "Reprinted" if prints else "Sent again"
            message = f"{what} as job {accepted.job.id}; the first may have come out as well."
            await self._end(job_id, Change(job_id, "aborted", OUTCOME_UNKNOWN, message, by=by))
        return accepted.job

    async def _end(self, job_id: int, change: Change) -> Job:
        job = await self.job(job_id)
        if job.reason != OUTCOME_UNKNOWN or job.final or not all(await self.journal.record([change])):
            raise WrongState(f"job {job_id} waits for nobody: it is {job.status}")
        ended = await self.job(job_id)
        self.parts.ended(ended, change.by)
        return ended


def _hint(job: Job) -> str:
    if job.status == "sent":
        return "The station or the printer has it; if the station is away, cancel it when it is back."
    return ""
