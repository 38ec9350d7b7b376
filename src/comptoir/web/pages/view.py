"""A job as a page shows it: its names and addresses, its text, its life, what can be done. Values only.

Sentences come from `words.py` in the template, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comptoir.core.errors import JournalError
from comptoir.core.job import OUTCOME_UNKNOWN, Job
from comptoir.core.record import Event
from comptoir.web.desk import Desk
from comptoir.web.known_sentences import IN_THE_MIDDLE
from comptoir.web.shapes import PrintEvent, event_of

LONGEST_TITLE = 4_096  # bytes of a text that are worth reading to find a name for it
LONGEST_TEXT = 65_536  # bytes of a text that a page shows


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a job's life. `at`: ms."""

    at: int
    event: PrintEvent

    @property
    def shown(self) -> str:
        """The status that it led to, as View.shown."""
        return "stopped" if self.event.message == IN_THE_MIDDLE else self.event.status or "queued"


@dataclass(frozen=True, slots=True)
class View:
    """One job. `held`: it waits for a person. `text`: what can be shown where its paper cannot be drawn."""

    job: Job
    title: str
    station: str
    printer: str
    paper: str
    download: str
    text: str = ""
    life: tuple[Step, ...] = ()
    #: whether its destination puts paper out
    prints: bool = True

    @property
    def href(self) -> str:
        return f"/jobs/{self.job.id}"

    @property
    def place(self) -> str:
        """Where it is to come out, in one short text."""
        return " · ".join(filter(None, (self.station, self.printer)))

    @property
    def held(self) -> bool:
        return self.job.reason == OUTCOME_UNKNOWN and not self.job.final

    @property
    def stopped(self) -> bool:
        """Its printer has stopped in the middle of it. (At a hub, `processing-stopped` may not have begun.)"""
        return self.job.state == "processing-stopped" and self.job.message == IN_THE_MIDDLE

    @property
    def shown(self) -> str:
        """Its status, more exactly than programs are told it."""
        return "stopped" if self.stopped else self.job.status

    @property
    def can_cancel(self) -> bool:
        return not self.job.settled and not self.stopped

    @property
    def why(self) -> str:
        """The reason, where it says more than the status does."""
        return "" if self.job.state == "completed" else self.job.reason


async def view_of(desk: Desk, job: Job) -> View:
    """One job with its text and its whole life."""
    text = await _text(desk, job, LONGEST_TEXT)
    return _view(desk, job, text, steps(await desk.journal.events(job.id)))


async def views_of(desk: Desk, jobs: Iterable[Job]) -> list[View]:
    """Jobs as lines of a list."""
    return [_view(desk, job, await _text(desk, job, LONGEST_TITLE)) for job in map(desk.explained, jobs)]


def steps(events: Sequence[Event]) -> tuple[Step, ...]:
    """The life of a job, in order. A second event that says nothing new is left out."""
    life: list[Step] = []
    for event in events:
        shape = event_of(event)
        if life and _same(life[-1].event, shape):
            continue
        life.append(Step(event.at, shape))
    return tuple(life)


def _same(one: PrintEvent, other: PrintEvent) -> bool:
    return (one.kind, one.reason, one.message) == (other.kind, other.reason, other.message)


def _view(desk: Desk, job: Job, text: str, life: tuple[Step, ...] = ()) -> View:
    hub = desk.role == "hub"
    base = f"/print/{job.id}" if hub else f"/api/jobs/{job.id}"
    return View(
        job=job,
        title=job.title or _first_line(text) or job.document.name,
        station=job.destination if hub else "",
        printer=job.printer if hub else job.destination,
        paper=f"{base}/paper.png",
        download=f"{base}/document",
        text=text,
        life=life,
        prints=hub or desk.parts.prints(job.destination),
    )


def _first_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= 80 else f"{line[:79]}…"


async def _text(desk: Desk, job: Job, longest: int) -> str:
    """The document where it is text and not long; empty where it is not, or is gone."""
    document = job.document
    if not document.media_type.startswith("text/") or document.size > longest:
        return ""
    try:
        return (await desk.journal.content(document)).decode(errors="replace")
    except JournalError:
        return ""
