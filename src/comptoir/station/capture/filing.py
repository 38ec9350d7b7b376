"""A print that a source has captured, filed: what the routes make of it, its record and jobs, then to work.

It returns when all is on disk. What a source may tell its sender then, the source knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from comptoir.config import Config
from comptoir.core.document import RAW, SPOKEN, Document, Keep, Submission
from comptoir.core.intake import Candidate, Delivery, Plan
from comptoir.core.job import Job
from comptoir.core.kept import Capture, Filed, Filing
from comptoir.core.names import safe_name
from comptoir.core.ports import Clock, Journal
from comptoir.core.units import duration
from comptoir.station.filing import date_of, for_ever
from comptoir.station.folders.planning import Planning
from comptoir.web.attachment import file_name

#: IPP job template words that go on to paper with a document, where no route says otherwise
PAPER: Final = ("sides", "media", "media-source", "print-scaling", "print-color-mode", "print-quality", "output-bin",
                "page-ranges", "orientation-requested", "number-up")  # fmt: skip

#: by what a source knows its own job; where the archive has no record, the station's job says it after a restart
THEIRS: Final = ("ipp-job-id", "ipp-job-uuid", "ipp-document-number")

#: what the name of a document ends with that only a printer reads
PRINT_FILE: Final = ".prn"


class Filer:
    """`core.ports.Take` for all capturing sources of a station."""

    def __init__(
        self,
        config: Callable[[], Config],
        planning: Planning,
        journal: Journal,
        clock: Clock,
        submit: Callable[[Job], None],
    ) -> None:
        """`submit`: puts a job to work that is on disk."""
        self._config = config
        self._planning = planning
        self._journal = journal
        self._clock = clock
        self._submit = submit

    async def __call__(self, capture: Capture) -> Filed:
        """Raises JournalError; then nothing was taken."""
        filed = await self._journal.keeping.file(self.filing(capture))
        if filed.fresh:
            for job in filed.jobs:
                if self._planning.started(job.destination):  # or it begins after the restart
                    self._submit(job)
        return filed

    def filing(self, capture: Capture) -> Filing:
        """What is to become of it. What is not whole goes nowhere; what no route takes is kept without an end."""
        capture = _by_now(named(capture), self._clock.now())
        plan = self._planning.print(candidate_of(capture, self._clock.now()))
        if plan is not None and plan.name:
            capture = _called(capture, plan.name)
        keep = self._keep(plan, capture)
        if plan is None or capture.partial:
            return Filing(capture, keep)
        theirs = {} if keep else {word: capture.attributes[word] for word in THEIRS if word in capture.attributes}
        return Filing(capture, keep, tuple(self._submission(capture, one, theirs) for one in plan.deliveries))

    def _keep(self, plan: Plan | None, capture: Capture) -> Keep | None:
        now, day_starts = self._clock.now(), self._config().archive.day_starts
        made = now if capture.printed_at is None else capture.printed_at
        if plan is None:
            return for_ever(made, day_starts)
        if plan.keep is None:
            if plan.deliveries and not capture.partial:
                return None
            # To be kept for no time, and it goes nowhere: people see it as long as they see finished jobs.
            retention = duration(self._config().retention)
            return Keep(None if retention is None else now + retention, date_of(made, day_starts))
        return Keep(now + plan.keep, plan.business_date or date_of(made, day_starts))

    def _submission(self, capture: Capture, delivery: Delivery, theirs: Mapping[str, str]) -> Submission:
        wished = {word: wish for word in PAPER if (wish := capture.attributes.get(word))}
        expires_in = delivery.expires_in
        form = "raw" if is_raw(capture.document) else delivery.format
        return Submission(
            document=capture.document,
            origin=capture.origin,
            destination=delivery.destination,
            title=capture.title,
            format=form,
            copies=capture.copies if capture.copies > 1 else delivery.copies,
            expires_at=None if expires_in is None else self._clock.now() + expires_in,
            attributes={**delivery.attributes, **wished, **theirs},
        )


def named(capture: Capture) -> Capture:
    """The same with a name for its document that a file can have: its title, with the ending of its type."""
    document, said = capture.document, capture.title or capture.uid
    if document.name:
        name = safe_name(document.name)
    elif document.media_type == RAW:
        name = safe_name(said.removesuffix(PRINT_FILE) + PRINT_FILE)
    else:
        name = file_name(said, document.media_type)
    return _called(capture, name)


def _by_now(capture: Capture, now: int) -> Capture:
    """Not printed after `now` (ms): a sender's clock may be wrong, by so much that no calendar has its year."""
    at = capture.printed_at
    return capture if at is None or 0 <= at <= now else replace(capture, printed_at=max(0, min(at, now)))


def _called(capture: Capture, name: str) -> Capture:
    first, *others = capture.parts
    return replace(capture, parts=(replace(first, document=replace(first.document, name=name)), *others))


def candidate_of(capture: Capture, now: int) -> Candidate:
    """What routes look at: the document's name as a file's, its queue as the directory. `now`: ms."""
    document = capture.document
    path = f"{safe_name(capture.printer)}/{document.name}" if capture.printer else document.name
    printed = now if capture.printed_at is None else capture.printed_at
    return Candidate(capture.origin.source, path, document.size, printed * 1_000_000, document.media_type)


def is_raw(document: Document) -> bool:
    """Whether only a printer can read it."""
    return document.media_type == RAW or document.media_type in SPOKEN
