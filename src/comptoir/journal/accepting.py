"""Accepts orders: the operation that writes a document, its record where it is kept, and its jobs, in one commit.

It checks before it writes, so that one refused caller does not undo what the others in the same commit wrote.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from secrets import token_hex

from comptoir.core.document import Keep, Submission
from comptoir.core.errors import JournalError, KeyConflict
from comptoir.core.job import Job
from comptoir.core.kept import Kept
from comptoir.core.record import Accepted
from comptoir.journal.kept_rows import add_kept, belongs_to, storable
from comptoir.journal.rows import SQL, add_document, add_job, attributes_in, read_job
from comptoir.journal.writer import Batch


def accept(submission: Submission, inline: bytes | None) -> Callable[[Batch], Accepted]:
    """The operation that keeps a document and its job. `inline`: the bytes for the row; None: they are a file already.

    Raises KeyConflict when the key came with another content.
    """
    several = accept_all((submission,), inline)
    return lambda batch: several(batch)[0]


def accept_all(submissions: Sequence[Submission], inline: bytes | None) -> Callable[[Batch], list[Accepted]]:
    """The operation that keeps one document and a job for each submission of it, and one record where one says `keep`.

    The first one's key stands for all: where it is known, the jobs that were made then are the answer, and none is new.
    Raises KeyConflict when it came with another content, JournalError for jobs of a record that is gone.
    """
    keyed = keyed_all(submissions)
    attributes = [attributes_in(one.attributes) for one in keyed]  # before the commit: what fails here must not undo it
    record = _record(keyed)
    if record is not None:
        keyed[0] = replace(keyed[0], uid=record.uid)

    def operation(batch: Batch) -> list[Accepted]:
        if keyed[0].key and (first := _known(batch.db, keyed[0])):
            others = [known for one in keyed[1:] if (known := _known(batch.db, one))]
            return [Accepted(job, fresh=False) for job in (first, *others)]
        kept = _belongs_to(batch.db, keyed, record)
        row = add_document(batch, keyed[0].document, inline)
        document = replace(keyed[0].document, content=inline, row=row)
        if kept is None and record is not None:
            kept = add_kept(batch, replace(_apart(batch.db, record), document=document)).id
        return [
            Accepted(add_job(batch, replace(one, document=document, kept=one.kept or kept), text), fresh=True)
            for one, text in zip(keyed, attributes, strict=True)
        ]

    return operation


def keyed_all(submissions: Sequence[Submission]) -> list[Submission]:
    """The submissions, each with a key of its own where the first one has a key."""
    key, found, used = submissions[0].key, [submissions[0]], {submissions[0].key}
    for one in submissions[1:]:
        own = f"{key}#{one.destination}" if key else ""
        while own and own in used:
            own += "#"  # twice to one destination, as by two routes
        used.add(own)
        found.append(replace(one, key=own))
    return found


def _known(db: sqlite3.Connection, submission: Submission) -> Job | None:
    found = db.execute(SQL["job_by_key"], (submission.origin.source, submission.key)).fetchone()
    if found is None:
        return None
    number, digest = found
    if digest != submission.document.digest:
        raise KeyConflict(
            f"the key “{submission.key}” was used before for another document (job {number})",
            "Use a new Idempotency-Key for a new document; repeat a key only to repeat a request.",
        )
    return read_job(db, number)


# -- what the archive keeps of an order -------------------------------------------------------------------------------


def _record(submissions: Sequence[Submission]) -> Kept | None:
    """What the archive keeps of an order, as its first submission says; None where none is to be kept."""
    keep = longest([one.keep for one in submissions if one.keep is not None])
    if keep is None:
        return None
    first = submissions[0]
    return storable(
        Kept(
            id=0,
            uid=first.uid or token_hex(16),
            origin=first.origin,
            document=first.document,
            title=first.title or first.document.name,
            printer=first.printer or first.destination,
            received_at=0,
            printed_at=first.created_at or 0,
            business_date=keep.business_date,
            keep_until=keep.until,
            copies=first.copies,
            attributes=first.attributes,
            original=first.original,
        )
    )


def longest(keeps: Sequence[Keep]) -> Keep | None:
    """The one that keeps longest; one without an end does."""
    without_end = (keep for keep in keeps if keep.until is None)
    return next(without_end, None) or max(keeps, key=lambda keep: keep.until or 0, default=None)


def _belongs_to(db: sqlite3.Connection, submissions: Sequence[Submission], record: Kept | None) -> int | None:
    """The record that is there already for these jobs; None: there is none."""
    for number in {one.kept for one in submissions if one.kept is not None}:
        if db.execute(SQL["is_kept"], (number,)).fetchone() is None:
            raise JournalError(
                f"there is no document {number} in the archive", "It may have been eliminated after its time."
            )
    if named := next((one.kept for one in submissions if one.kept is not None), None):
        return named
    if found := belongs_to(db, submissions[0].document):
        return found
    if record is None:
        return None
    same = db.execute(SQL["kept_by_uid"], (record.origin.source, record.uid)).fetchone()
    return int(same[0]) if same is not None and same[1] == record.document.digest else None


def _apart(db: sqlite3.Connection, record: Kept) -> Kept:
    """With an identity that no other document has: one job may be sent again with another content."""
    same = db.execute(SQL["kept_by_uid"], (record.origin.source, record.uid)).fetchone()
    return record if same is None else replace(record, uid=f"{record.uid}:{token_hex(8)}")
