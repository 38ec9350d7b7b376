"""Files prints: the operation that writes a capture's documents, its record and its jobs in one commit.

Everything that could fail for one print is done in `prepared`, before the commit that others take part in. What is to
become of a print is not decided here.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from comptoir.core.document import Document, Submission
from comptoir.core.job import Job
from comptoir.core.kept import Capture, Filed, Filing, Kept
from comptoir.journal.accepting import keyed_all
from comptoir.journal.kept_rows import add_kept, jobs_of, storable
from comptoir.journal.rows import SQL, add_document, add_job, attributes_in, read_job, readable
from comptoir.journal.writer import Batch

KEY: Final = "print:"


@dataclass(frozen=True, slots=True)
class Ready:
    """A print, ready to be written. `attributes`: those of the submissions, as JSON; `keeps`: whether it is kept.

    `kept`: its record, which has all of its documents, kept or not.
    """

    kept: Kept
    keeps: bool
    submissions: tuple[Submission, ...]
    attributes: tuple[str, ...]
    key: str


def prepared(filing: Filing) -> Ready:
    """All that can be known before the commit."""
    kept = storable(_record(filing.capture, filing))
    key = f"{KEY}{kept.uid}"
    submissions: Sequence[Submission] = ()
    if filing.submissions:
        first, *others = filing.submissions
        submissions = keyed_all([replace(first, key=key), *others])
    ready = tuple(_submission(one, kept) for one in submissions)
    return Ready(kept, filing.keep is not None, ready, tuple(attributes_in(one.attributes) for one in ready), key)


def _record(capture: Capture, filing: Filing) -> Kept:
    return Kept(
        id=0,
        uid=capture.uid,
        origin=capture.origin,
        document=capture.document,
        title=capture.title or capture.document.name,
        printer=capture.printer,
        received_at=0,
        printed_at=capture.printed_at or 0,
        business_date="" if filing.keep is None else filing.keep.business_date,
        keep_until=None if filing.keep is None else filing.keep.until,
        copies=capture.copies,
        attributes=capture.attributes,
        partial=capture.partial,
        others=capture.parts[1:],
    )


def _submission(submission: Submission, kept: Kept) -> Submission:
    identity = hashlib.sha256(f"{kept.origin.source}\0{submission.key}".encode()).hexdigest()[:32]
    return replace(
        submission,
        document=kept.document,
        origin=kept.origin,
        key=readable(submission.key),
        uid=identity,
        title=readable(submission.title),
        printer=readable(submission.printer),
    )


def file(ready: Ready, inline: Mapping[str, bytes]) -> Callable[[Batch], Filed]:
    """The operation that writes it. `inline`: digest -> bytes for the row; those of other documents are files already.

    A print that was filed before, or was eliminated since, is not filed again.
    """

    def operation(batch: Batch) -> Filed:
        if (before := _before(batch.db, ready)) is not None:
            return before
        if not ready.keeps and not ready.submissions:
            return Filed(None, fresh=True)
        kept = _with_rows(batch, ready.kept, inline)
        number = add_kept(batch, kept).id if ready.keeps else None
        jobs = tuple(
            add_job(batch, replace(one, document=kept.document, kept=number), text)
            for one, text in zip(ready.submissions, ready.attributes, strict=True)
        )
        return Filed(number, fresh=True, jobs=jobs)

    return operation


def _before(db: sqlite3.Connection, ready: Ready) -> Filed | None:
    """What was written when it came the first time; None: it comes for the first time."""
    source, uid = ready.kept.origin.source, ready.kept.uid
    if found := db.execute(SQL["kept_by_uid"], (source, uid)).fetchone():
        return Filed(found[0], fresh=False, jobs=tuple(jobs_of(db, found[0])))
    if found := db.execute(SQL["job_by_key"], (source, ready.key)).fetchone():
        return Filed(None, fresh=False, jobs=tuple(job for one in ready.submissions if (job := _job(db, one))))
    if db.execute(SQL["was_eliminated"], (source, trace(source, uid))).fetchone():
        return Filed(None, fresh=False)
    return None


def _job(db: sqlite3.Connection, submission: Submission) -> Job | None:
    found = db.execute(SQL["job_by_key"], (submission.origin.source, submission.key)).fetchone()
    return None if found is None else read_job(db, found[0])


def _with_rows(batch: Batch, kept: Kept, inline: Mapping[str, bytes]) -> Kept:
    """With documents that have their rows."""

    def written(document: Document) -> Document:
        content = inline.get(document.digest)
        return replace(document, content=content, row=add_document(batch, document, content))

    others = tuple(replace(one, document=written(one.document)) for one in kept.others)
    return replace(kept, document=written(kept.document), others=others)


def trace(source: str, uid: str) -> str:
    """What is left of the identity of a print that was eliminated."""
    return hashlib.sha256(f"{source}\0{uid}".encode()).hexdigest()
