"""One job of the printer, as clients see it: what was asked for, what has come, and how it stands. It does nothing.

The station has a job for each document and destination; this one stands above them. How it stands is told by theirs,
in the same words (RFC 8011 §5.3.7): it is completed when all of them are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from comptoir.core.job import OUTCOME_UNKNOWN, Job
from comptoir.wire.ipp import Value
from comptoir.wire.ipp_codes import JobState

Values = tuple[Value, ...]

FINAL: Final = (JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED)
_STATES: Final[Mapping[str, JobState]] = {
    "pending": JobState.PROCESSING,
    "pending-held": JobState.HELD,
    "processing": JobState.PROCESSING,
    "processing-stopped": JobState.STOPPED,
    "canceled": JobState.CANCELED,
    "aborted": JobState.ABORTED,
    "completed": JobState.COMPLETED,
}
#: of several that are open, the first of these is the whole one's
_FIRST: Final = (JobState.STOPPED, JobState.PROCESSING, JobState.HELD)
_ENDS: Final = (JobState.ABORTED, JobState.CANCELED, JobState.COMPLETED)
#: the station has it and no printer has begun: for a client it is past being held
QUEUED: Final = "queued-in-device"
INCOMING: Final = "job-incoming"
HELD: Final = "job-hold-until-specified"
STOPPING: Final = "processing-to-stop-point"


@dataclass(frozen=True, slots=True)
class Standing:
    """state and reasons: RFC 8011 §5.3.7, §5.3.8. message: for people."""

    state: JobState
    reasons: tuple[str, ...]
    message: str = ""

    @property
    def final(self) -> bool:
        return self.state in FINAL


@dataclass(slots=True)
class PrintJob:
    """number: never given twice. uuid: urn:uuid:…; the client's own, where it sent one. created: ms."""

    number: int
    uuid: str
    name: str
    user: str
    host: str
    created: int
    template: dict[str, Values] = field(default_factory=dict)
    #: the client says that it sends this job under this uuid, again if it must
    named: bool = False
    #: no further document comes
    closed: bool = False
    held: bool = False
    #: the disk has refused a document of it
    refused: bool = False
    #: that came, whole or not; and that are coming right now
    documents: int = 0
    incoming: int = 0
    octets: int = 0
    #: of the documents that the station has, SHA-256
    digests: set[str] = field(default_factory=set)
    #: ms; when the last document came, or the job began
    active: int = 0
    processed: int | None = None
    ended: int | None = None
    #: the station's jobs for it, by their numbers
    jobs: dict[int, Job] = field(default_factory=dict)
    #: documents in the archive
    kept: list[int] = field(default_factory=list)
    #: how it ended before it was the station's: cancelled, cut off, refused
    end: Standing | None = None
    #: its documents come one after the other
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def standing(self) -> Standing:
        if self.end is not None:
            return self.end
        if self.held:
            return Standing(JobState.HELD, (HELD,))
        if not self.closed:
            return Standing(JobState.PENDING, (INCOMING,))
        return standing_of(self.jobs.values())

    @property
    def final(self) -> bool:
        return self.standing.final

    @property
    def wanted(self) -> Iterable[int]:
        """The station's jobs that are still open."""
        return [number for number, job in self.jobs.items() if not job.final]


def standing_of(jobs: Iterable[Job]) -> Standing:
    """How the whole stands by its parts. What is printed nowhere has reached its end in the archive."""
    parts = [(_STATES[job.state], job) for job in jobs]
    for state in (*_FIRST, *_ENDS):
        found = next((job for known, job in parts if known == state and (state in _FIRST or _all_final(parts))), None)
        if found is not None:
            return Standing(state, _reasons(found), found.message)
    return Standing(JobState.COMPLETED, ("job-completed-successfully",))


def _all_final(parts: list[tuple[JobState, Job]]) -> bool:
    return all(state in FINAL for state, _ in parts)


def _reasons(job: Job) -> tuple[str, ...]:
    """The reasons of RFC 8011 §5.3.8 that fit, and the station's own word where it says more."""
    word = (job.reason,) if job.reason and job.reason not in ("none",) else ()
    match job.state:
        case "completed":
            return ("job-completed-successfully",)
        case "aborted":
            return tuple(dict.fromkeys(("aborted-by-system", *word)))
        case "canceled":
            return tuple(dict.fromkeys(word or ("job-canceled-by-user",)))
        case "pending":
            return tuple(dict.fromkeys((QUEUED, *word)))
        case "processing-stopped":
            return tuple(dict.fromkeys(("printer-stopped", *word)))
        case "pending-held" if job.reason == OUTCOME_UNKNOWN:
            return ("job-held-for-review", OUTCOME_UNKNOWN)
        case "pending-held":
            return word or ("job-held-for-review",)
        case _:
            return ("job-printing",)
