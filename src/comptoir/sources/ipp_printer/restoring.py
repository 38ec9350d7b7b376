"""After a restart: the jobs of which clients may still ask, put together from what the archive has of them.

What was only printed has no record there: the station's own jobs tell of it, as long as they are remembered.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

from comptoir.core.job import REDIRECTED, Job
from comptoir.core.kept import Filed, Kept
from comptoir.core.ports import Journal
from comptoir.core.record import JobQuery
from comptoir.sources.ipp_printer.answers import Answers
from comptoir.sources.ipp_printer.book import MOST_ENDED, Book
from comptoir.sources.ipp_printer.following import Following
from comptoir.sources.ipp_printer.intake import JOB_ID, JOB_UUID, NUMBER, uid_of
from comptoir.sources.ipp_printer.numbers import Numbers
from comptoir.sources.ipp_printer.print_job import PrintJob, Standing
from comptoir.wire.ipp_codes import JobState

AT_ONCE: Final = 1_000
#: answers that can have been outstanding when the process ended
OUTSTANDING: Final = 128


async def restore(
    source: str, journal: Journal, numbers: Numbers, book: Book, following: Following, answers: Answers
) -> None:
    """Raises JournalError."""
    found: deque[Kept] = deque(maxlen=MOST_ENDED)
    last = numbers.mark
    if last and not await journal.keeping.after(last, 1) and await journal.keeping.kept(last) is None:
        last = 0  # the journal came back from a backup, and gives lower numbers once more
    while some := await journal.keeping.after(last, AT_ONCE):
        found.extend(one for one in some if one.origin.source == source and one.attributes.get(JOB_ID, "").isdecimal())
        last = some[-1].id
    numbers.mark = found[0].id - 1 if found else last
    prints = [(kept, Filed(kept.id, False, _own(source, await journal.keeping.jobs_of(kept.id)))) for kept in found]
    prints = sorted([*prints, *await _only_printed(source, journal)], key=lambda one: one[0].received_at)
    answers.load([kept for kept, _ in prints[-OUTSTANDING:]])
    for kept, filed in prints:
        job = _job(book, kept)
        if kept.partial:
            book.end(job, Standing(JobState.ABORTED, ("aborted-by-system",), f"It did not come whole: {kept.partial}."))
        following.attach(job, filed)


def _own(source: str, jobs: Iterable[Job]) -> tuple[Job, ...]:
    """Those by which a print of this source comes out: no reprints, nor what another printer has taken over."""
    return tuple(job for job in jobs if job.origin.source == source and job.reason != REDIRECTED)


async def _only_printed(source: str, journal: Journal) -> list[tuple[Kept, Filed]]:
    """The prints that the archive does not keep. Raises JournalError."""
    latest, still_open = JobQuery(limit=MOST_ENDED), JobQuery(open_only=True, limit=AT_ONCE)
    jobs = {job.id: job for query in (latest, still_open) for job in await journal.jobs(query)}
    prints: dict[int | None, list[Job]] = {}
    for _, job in sorted(jobs.items()):
        if job.kept is None and job.attributes.get(JOB_ID, "").isdecimal():
            prints.setdefault(job.document.row, []).append(job)
    found = [(own[0], Filed(None, False, own)) for one in prints.values() if (own := _own(source, one))]
    return [(_record(job), filed) for job, filed in found]


def _record(job: Job) -> Kept:
    """What the archive would have said of it."""
    known = job.attributes
    uid = uid_of(known.get(JOB_UUID, ""), known.get(NUMBER, ""), job.document)
    at = job.created_at
    return Kept(0, uid, job.origin, job.document, job.title, "", at, at, "", None, attributes=known)


def _job(book: Book, kept: Kept) -> PrintJob:
    """The job to which a document belongs."""
    number = int(kept.attributes[JOB_ID])
    known = book.job(number)
    if known is None:
        known = PrintJob(
            number,
            kept.attributes.get(JOB_UUID, kept.uid),
            kept.title,
            kept.origin.user,
            kept.origin.host,
            kept.printed_at,
            named=True,
            closed=True,
            processed=kept.received_at,
        )
        book.add(known)
    known.documents += 1
    known.octets += kept.document.size
    known.digests.add(kept.document.digest)
    return known
