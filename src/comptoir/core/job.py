"""Jobs: their states in the words of RFC 8011 §5.3.7 and §5.3.8, and the one table that says them to people.

A job is one document to one destination. It is a value: what happens to it is a `Change`, and `apply` says what a
makes of it, or that the change is not legal any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from comptoir.core.document import Document, Origin

State = Literal["pending", "pending-held", "processing", "processing-stopped", "canceled", "aborted", "completed"]
Status = Literal["queued", "sent", "printed", "delivered", "archived", "failed", "canceled", "expired", "unknown"]

FINAL: Final[frozenset[State]] = frozenset({"canceled", "aborted", "completed"})

#: The `job-state-reasons` and `printer-state-reasons` in use (RFC 8011 §5.3.8, §5.4.12); those of our own come last.
#: Screens have a sentence and a remedy for each.
COMPLETED: Final = "job-completed-successfully"
CANCELED_BY_USER: Final = "job-canceled-by-user"
DOCUMENT_FORMAT_ERROR: Final = "document-format-error"
NO_PAPER: Final = "media-empty-error"
COVER_OPEN: Final = "cover-open-error"
PRINTER_OFFLINE: Final = "offline-report"
CUTTER_JAM: Final = "media-jam-error"
NO_RIBBON: Final = "marker-supply-empty-error"
OUTPUT_FULL: Final = "output-area-full-error"
PAUSED: Final = "paused"
OTHER_ERROR: Final = "other-error"
UNREACHABLE: Final = "connecting-to-device"
OUTCOME_UNKNOWN: Final = "outcome-unknown"
EXPIRED: Final = "job-expired"
STATION_OFFLINE: Final = "station-offline"
UNKNOWN_PRINTER: Final = "unknown-printer"
REDIRECTED: Final = "job-redirected"

REASONS: Final = (
    COMPLETED, CANCELED_BY_USER, DOCUMENT_FORMAT_ERROR, NO_PAPER, COVER_OPEN, PRINTER_OFFLINE, CUTTER_JAM,
    NO_RIBBON, OUTPUT_FULL, PAUSED, OTHER_ERROR, UNREACHABLE, OUTCOME_UNKNOWN, EXPIRED, STATION_OFFLINE,
    UNKNOWN_PRINTER, REDIRECTED,
)  # fmt: skip

#: From which state a change may lead to which. A held job goes nowhere by itself.
NEXT: Final[dict[State, frozenset[State]]] = {
    "pending": frozenset(
        {"pending", "pending-held", "processing", "processing-stopped", "canceled", "aborted", "completed"}
    ),
    "pending-held": frozenset({"pending-held", "canceled", "aborted", "completed"}),
    "processing": frozenset(
        {"pending", "pending-held", "processing", "processing-stopped", "canceled", "aborted", "completed"}
    ),
    "processing-stopped": frozenset(
        {"pending", "pending-held", "processing", "processing-stopped", "canceled", "aborted", "completed"}
    ),
    "canceled": frozenset(),
    "aborted": frozenset(),
    "completed": frozenset(),
}

_STATUS: Final[dict[State, Status]] = {
    "pending": "queued",
    "pending-held": "queued",
    "processing": "sent",
    "processing-stopped": "sent",
    "canceled": "canceled",
    "aborted": "failed",
    "completed": "printed",
}


#: what a completed job is by the evidence of destinations that are no printers
_ARRIVED: Final[dict[str, Status]] = {"delivered": "delivered", "archived": "archived"}


def status_of(state: State, reason: str, evidence: Evidence | None = None) -> Status:
    """The word for people. The only place that maps states to it."""
    if reason == OUTCOME_UNKNOWN and state in ("pending-held", "aborted"):
        return "unknown"
    if reason == EXPIRED and state == "aborted":
        return "expired"
    if state == "completed" and evidence is not None:
        return _ARRIVED.get(evidence.kind, "printed")
    return _STATUS[state]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a sink knows about the outcome.

    kind: `printed`, `processed` the printer answered after all of it; `delivered`, `archived` the destination says that
    it has it; `sent` all bytes were taken and nothing can confirm more; `person` somebody looked. detail: the device's
    own words. unprintable: characters that the printer does not have.
    """

    kind: str
    detail: str = ""
    unprintable: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One document to one destination."""

    id: int
    #: the same on the hub and on the station
    uid: str
    document: Document
    origin: Origin
    destination: str
    state: State
    created_at: int
    updated_at: int
    printer: str = ""
    key: str = ""
    title: str = ""
    format: str = "message"
    copies: int = 1
    reason: str = ""
    message: str = ""
    evidence: Evidence | None = None
    expires_at: int | None = None
    attempts: int = 0
    reprint_of: int | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    original: int | None = None
    #: its document in the archive
    kept: int | None = None

    @property
    def status(self) -> Status:
        return status_of(self.state, self.reason, self.evidence)

    @property
    def final(self) -> bool:
        return self.state in FINAL

    @property
    def settled(self) -> bool:
        """Nothing more happens to it by itself: it is final, or held for a person."""
        return self.final or self.reason == OUTCOME_UNKNOWN


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a job. `message` is a sentence for people, in English; `by` names the person or part."""

    job_id: int
    state: State
    reason: str = ""
    message: str = ""
    evidence: Evidence | None = None
    by: str = ""
    attempts: int | None = None


def legal(state: State, reason: str, change: Change) -> bool:
    """Whether the change may still happen to a job in this state. Nothing leaves a final state."""
    if change.state not in NEXT[state]:
        return False
    # A held job waits for a person, or for news from where the job is: only its own retry must not wake it.
    return not (reason == OUTCOME_UNKNOWN and change.state in ("pending", "processing"))


def apply(job: Job, change: Change, now: int) -> Job | None:
    """The job after the change; None where it is not legal any more."""
    if not legal(job.state, job.reason, change):
        return None
    return replace(
        job,
        state=change.state,
        reason=change.reason,
        message=change.message,
        evidence=change.evidence or job.evidence,
        attempts=job.attempts if change.attempts is None else change.attempts,
        updated_at=now,
    )
