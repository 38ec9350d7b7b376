"""Forgets: the operations that remove jobs, originals and documents that nobody needs any more.

How old they must be, the caller says; what is removed is on record, by its number, so that `verify` knows it from rows
that somebody removed. Documents that are files keep their rows until the file is gone, as orphans: what a crash leaves
is found again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from comptoir.journal.rows import SQL
from comptoir.journal.writer import Batch

#: (row, digest) of a document that is a file and that nobody needs; the row is None where none was written
Orphan = tuple[int | None, str]


def purge(before: int) -> Callable[[Batch], int]:
    """The operation that forgets some old jobs, with the documents in their rows: how many jobs.

    Those of an original that is not at rest stay: they tell which destinations have it.
    """

    def operation(batch: Batch) -> int:
        gone = batch.db.execute(SQL["purge_jobs"], (before,)).fetchall()
        batch.db.executemany(SQL["purge_document"], [(row,) for _, row in gone])
        if gone:
            jobs = sorted(number for number, _ in gone)
            batch.event("jobs-purged", None, {"count": len(jobs), "last_changed_before": before, "jobs": jobs})
        return len(gone)

    return operation


def let_go(before: int, now: int | None = None) -> Callable[[Batch], int]:
    """The operation that frees some originals of documents that are kept long enough: how many.

    `now`: how late it certainly is; None: as the clock says.
    """

    def operation(batch: Batch) -> int:
        until = batch.now if now is None else min(now, batch.now)
        spent = batch.db.execute(SQL["spent_documents"], (before, until)).fetchall()
        batch.db.executemany(SQL["let_go"], [(number,) for number, _ in spent])
        batch.db.executemany(SQL["purge_document"], [(document,) for _, document in spent])
        return len(spent)

    return operation


def purge_originals(before: int) -> Callable[[Batch], int]:
    """The operation that forgets some originals whose file is gone and whose documents were let go: how many."""

    def operation(batch: Batch) -> int:
        gone = sorted(number for (number,) in batch.db.execute(SQL["purge_originals"], (before,)).fetchall())
        if gone:
            body = {"count": len(gone), "last_changed_before": before, "originals": gone}
            batch.event("originals-purged", None, body)
        return len(gone)

    return operation


def orphans(db: sqlite3.Connection) -> list[Orphan]:
    """The documents that are files and that nobody needs any more."""
    return db.execute(SQL["orphans"]).fetchall()


def file_needed(db: sqlite3.Connection, digest: str) -> bool:
    """Whether the document of a job or of an original is the file of this digest."""
    return db.execute(SQL["file_needed"], (digest,)).fetchone() is not None


def drop_documents(found: Sequence[Orphan]) -> Callable[[Batch], None]:
    """The operation that removes the rows of these orphans."""

    def operation(batch: Batch) -> None:
        batch.db.executemany(SQL["drop_document"], [(row,) for row, _ in found])

    return operation
