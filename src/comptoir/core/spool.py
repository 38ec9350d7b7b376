"""The spooler's brain: what happens next in the queue of one destination. `decide(lane, event, now) -> commands`.

It does no I/O and asks no clock: the shells around it (`station/spooler.py`, `hub/stations.py`) carry out the commands
and report what came of them as events. A lane is owned by its shell and changed only here.

Promises kept here: order within a destination; one job at a time on a printer; nothing starts after its expiry; what
may have come out is never tried again; a cancelled job that has not begun never begins.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field, replace
from typing import Literal

from comptoir.core.job import CANCELED_BY_USER, COMPLETED, EXPIRED, OUTCOME_UNKNOWN, Change, Evidence, Job
from comptoir.core.retry import PRINTER, Backoff

# -- events -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arrived:
    """A job for this destination is on disk. `offered`: it may have been offered before, to one who is not there."""

    job: Job
    offered: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The destination is reachable (again); a wait that was agreed with it is over."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The destination has gone. What was offered to it and not acknowledged will be offered again.

    Until then nobody here knows whether the far side has such a job: it is neither cancelled nor expired from here.
    """


@dataclass(frozen=True, slots=True)
class Forgot:
    """The destination has lost its memory: what was offered to it may have come out, and it cannot tell."""

    message: str


@dataclass(frozen=True, slots=True)
class Starting:
    """The sink is about to send the first byte of this job."""

    job_id: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The destination stopped in the middle of this job and waits for a person; then it goes on by itself."""

    job_id: int
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """It goes on with this job."""

    job_id: int


@dataclass(frozen=True, slots=True)
class Delivered:
    job_id: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The next system has the job on its disk; its outcome will be reported by that one."""

    job_id: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The sink did not deliver. `kind`: not-sent (again later), refused (never), unknown (a person decides), withdrawn
    (it was cancelled or expired in the meantime, which is on record)."""

    job_id: int
    kind: Literal["not-sent", "refused", "unknown", "withdrawn"]
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class CancelAsked:
    """What has begun goes on, unless its sink can take it back: it says so then by refusing it for that reason."""

    job_id: int
    by: str


News = Stopped | Resumed
Event = Arrived | Tick | Opened | Closed | Forgot | Starting | News | Delivered | Forwarded | Failed | CancelAsked

# -- commands ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deliver:
    """Hand this job to the sink."""

    job: Job


@dataclass(frozen=True, slots=True)
class Record:
    """Write this to the journal."""

    change: Change


Command = Deliver | Record

# -- state ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Active:
    job: Job
    started: bool = False
    #: who has cancelled it since it has begun; "": nobody
    unwanted: str = ""


@dataclass(slots=True)
class Lane:
    """The queue of one destination. `width`: how many jobs the sink has at once (a printer: 1)."""

    name: str
    width: int = 1
    backoff: Backoff = PRINTER
    open: bool = True
    waiting: dict[int, Job] = field(default_factory=dict)
    active: dict[int, Active] = field(default_factory=dict)
    #: of those waiting, the ones that the far side may have
    offered: set[int] = field(default_factory=set)
    failures: int = 0
    resume_at: int | None = None
    #: why the destination takes nothing at the moment: (reason, message); None: no trouble known
    trouble: tuple[str, str] | None = None
    expiries: list[tuple[int, int]] = field(default_factory=list)

    def next_wake(self) -> int | None:
        """When a Tick is due, in ms; None: nothing waits for time."""
        while self.expiries and self.expiries[0][1] not in self.waiting:
            heapq.heappop(self.expiries)
        expiry = self.expiries[0][0] if self.expiries else None
        resume = self.resume_at if self.waiting else None
        return min((at for at in (expiry, resume) if at is not None), default=None)

    def drained(self) -> bool:
        return not self.waiting and not self.active


def decide(lane: Lane, event: Event, now: int) -> list[Command]:
    """What to do about this event, in order. Changes the lane; an event about a job that is gone is ignored."""
    commands = _take(lane, event, now)
    commands += _expire(lane, now)
    commands += _start(lane, now)
    return commands


def recover(job: Job, repeatable: bool = False) -> Change | None:
    """What a service that starts again makes of a job that it finds, None: go on with it.

    A job that was being sent when the service died may have come out: it is held, whatever it is. `repeatable`: its
    destination is asked first whether it has it, so that it is delivered again.
    """
    if job.state in ("processing", "processing-stopped"):
        if repeatable:
            return Change(job.id, "pending", message="The service stopped while this was being sent; it asks first.")
        message = "The service stopped while this was being printed; it may have come out."
        return Change(job.id, "pending-held", OUTCOME_UNKNOWN, message)
    return None


def _take(lane: Lane, event: Event, now: int) -> list[Command]:
    match event:
        case Arrived(job, offered):
            lane.waiting[job.id] = job
            if offered:
                lane.offered.add(job.id)
            else:
                _watch(lane, job)
        case Opened():
            lane.open, lane.failures, lane.resume_at, lane.trouble = True, 0, None, None
        case Closed():
            lane.open = False
            lane.offered.update(lane.active)
            _back(lane, [active.job for active in lane.active.values()])
            lane.active.clear()
        case Forgot(message):
            return _hold_offered(lane, message)
        case Starting(job_id):
            return _begin(lane, job_id, now)
        case Stopped() | Resumed():
            return _told(lane, event)
        case Delivered(job_id, evidence):
            return _delivered(lane, job_id, evidence)
        case Forwarded(job_id):
            return _forwarded(lane, job_id)
        case Failed():
            return _failed(lane, event, now)
        case CancelAsked(job_id, by):
            return _cancel(lane, job_id, by)
    return []  # Tick: only time has passed


def _watch(lane: Lane, job: Job) -> None:
    if job.expires_at is not None:
        heapq.heappush(lane.expiries, (job.expires_at, job.id))


def _back(lane: Lane, jobs: list[Job]) -> None:
    """Put jobs back at the head, in the order in which they came."""
    if jobs:
        lane.waiting = {job.id: job for job in sorted([*jobs, *lane.waiting.values()], key=lambda job: job.id)}


def _hold_offered(lane: Lane, message: str) -> list[Command]:
    commands: list[Command] = []
    for job_id in sorted(lane.offered & lane.waiting.keys()):
        del lane.waiting[job_id]
        commands.append(Record(Change(job_id, "pending-held", OUTCOME_UNKNOWN, message)))
    lane.offered.clear()
    return commands


def _begin(lane: Lane, job_id: int, now: int) -> list[Command]:
    active = lane.active.get(job_id)
    if active is None:
        return []
    if active.job.expires_at is not None and active.job.expires_at <= now:
        del lane.active[job_id]
        return [Record(_expired(job_id))]
    active.started = True
    attempt = active.job.attempts + 1
    active.job = replace(active.job, attempts=attempt)
    # It takes what is sent to it: whatever kept it from printing is over. But what has begun before and come to nothing
    # may do so again: a server that fails each time is asked less and less often.
    lane.failures = lane.failures if active.job.attempts else 0
    lane.resume_at, lane.trouble = None, None
    return [Record(Change(job_id, "processing", message="Being sent.", attempts=attempt))]


def _told(lane: Lane, news: News) -> list[Command]:
    """The destination has stopped in the middle of a job, or goes on with it."""
    trouble = (news.reason, news.message) if isinstance(news, Stopped) else None
    if news.job_id not in lane.active or lane.trouble == trouble:
        return []
    lane.trouble = trouble
    if isinstance(news, Stopped):
        return [Record(Change(news.job_id, "processing-stopped", news.reason, news.message))]
    return [Record(Change(news.job_id, "processing", message="It prints on."))]


def _delivered(lane: Lane, job_id: int, evidence: Evidence) -> list[Command]:
    if lane.active.pop(job_id, None) is None:
        return []
    lane.failures, lane.resume_at, lane.trouble = 0, None, None
    return [Record(Change(job_id, "completed", COMPLETED, evidence=evidence))]


def _forwarded(lane: Lane, job_id: int) -> list[Command]:
    if lane.active.pop(job_id, None) is None:
        return []
    return [Record(Change(job_id, "processing", message="The station has it."))]


def _failed(lane: Lane, event: Failed, now: int) -> list[Command]:
    active = lane.active.pop(event.job_id, None)
    if active is None or event.kind == "withdrawn":
        return []
    if event.kind == "unknown":
        return [Record(Change(event.job_id, "pending-held", OUTCOME_UNKNOWN, event.message))]
    if event.kind == "refused" and active.unwanted and event.reason == CANCELED_BY_USER:
        return [Record(Change(event.job_id, "canceled", CANCELED_BY_USER, by=active.unwanted))]
    if event.kind == "refused":
        return [Record(Change(event.job_id, "aborted", event.reason, event.message))]
    lane.failures += 1
    lane.resume_at = now + lane.backoff.delay(lane.failures)
    known, lane.trouble = lane.trouble, (event.reason, event.message)
    _back(lane, [active.job])
    _watch(lane, active.job)
    # The tenth "no paper" in a row is no news: the journal tells when a reason begins.
    if known == lane.trouble and not active.started:
        return []
    return [Record(Change(event.job_id, "pending", event.reason, event.message))]


def _cancel(lane: Lane, job_id: int, by: str) -> list[Command]:
    active = lane.active.get(job_id)
    if job_id in lane.offered:
        return []
    if active is not None and not active.started:
        del lane.active[job_id]
    elif active is not None:
        active.unwanted = by
        return []
    elif lane.waiting.pop(job_id, None) is None:
        return []
    return [Record(Change(job_id, "canceled", CANCELED_BY_USER, by=by))]


def _expired(job_id: int) -> Change:
    return Change(job_id, "aborted", EXPIRED, "It was not printed in time, and will not be printed any more.")


def _expire(lane: Lane, now: int) -> list[Command]:
    commands: list[Command] = []
    while lane.expiries and lane.expiries[0][0] <= now:
        _, job_id = heapq.heappop(lane.expiries)
        if job_id not in lane.offered and lane.waiting.pop(job_id, None) is not None:
            commands.append(Record(_expired(job_id)))
    return commands


def _start(lane: Lane, now: int) -> list[Command]:
    # A wait that is longer than any back-off comes from a clock that was set back meanwhile: it is over.
    if not lane.open or (lane.resume_at is not None and now < lane.resume_at <= now + lane.backoff.most):
        return []
    lane.resume_at = None
    commands: list[Command] = []
    while lane.waiting and len(lane.active) < lane.width:
        job_id = next(iter(lane.waiting))
        job = lane.waiting.pop(job_id)
        lane.offered.discard(job_id)
        lane.active[job_id] = Active(job)
        commands.append(Deliver(job))
    return commands
