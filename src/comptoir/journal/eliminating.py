"""Legal holds, and elimination: the operations that remove records, with the jobs and documents that are only theirs.

What is eliminated leaves a trace in the chain: numbers, digests, dates; nothing that names a person. Documents that are
files keep their rows until the file is gone, as whatever is forgotten. When something is to go is not decided here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from comptoir.journal.filing import trace
from comptoir.journal.forgetting import Orphan
from comptoir.journal.rows import SQL, readable
from comptoir.journal.writer import Batch


@dataclass(slots=True)
class Eliminated:
    """What went. `files`: documents that are files, which may go now where nobody else needs them."""

    count: int = 0
    files: list[Orphan] = field(default_factory=list)


def hold(numbers: Sequence[int], reason: str, by: str) -> Callable[[Batch], int]:
    """The operation that puts a legal hold on records, or lifts it where `reason` is empty: how many have changed."""
    reason, by = readable(reason), readable(by)

    def operation(batch: Batch) -> int:
        changed = [
            number
            for number in dict.fromkeys(numbers)
            if batch.db.execute(SQL["hold"], (reason, number, reason)).rowcount
        ]
        if changed:
            body: dict[str, object] = {"kept": changed, "by": by}
            kind = "document-held" if reason else "document-released"
            batch.event(kind, None, {**body, "reason": reason} if reason else body)
        return len(changed)

    return operation


def counted(pages: Sequence[tuple[int, int]]) -> Callable[[Batch], None]:
    """The operation that notes how many pages documents have: (pages, number)."""

    def operation(batch: Batch) -> None:
        batch.db.executemany(SQL["count_pages"], pages)

    return operation


def eliminate(numbers: Sequence[int], by: str, why: str) -> Callable[[Batch], Eliminated]:
    """The operation that removes records, as far as nobody holds them and nothing is at work with their documents."""
    by, why = readable(by), readable(why)

    def operation(batch: Batch) -> Eliminated:
        gone, documents, jobs = Eliminated(), [], []
        for number in dict.fromkeys(numbers):
            if found := batch.db.execute(SQL["to_eliminate"], (number,)).fetchone():
                _, source, uid, original, *told = found
                documents.append(dict(zip(("kept", "digest", "business_date", "received_at", "keep_until"),
                                          (number, *told), strict=True)))  # fmt: skip
                jobs += _remove(batch.db, number, original, gone)
                batch.db.execute(SQL["remember_eliminated"], (source, trace(source, uid)))
        gone.count = len(documents)
        if documents:
            body = {"by": by, "why": why, "count": gone.count, "documents": documents}
            batch.event("documents-eliminated", None, {**body, "jobs": sorted(jobs)} if jobs else body)
        return gone

    return operation


def _remove(db: sqlite3.Connection, number: int, original: int | None, gone: Eliminated) -> list[int]:
    """Remove a record, its jobs, and what it and they have of documents; the jobs' numbers."""
    rows = {row for (row,) in db.execute(SQL["documents_of_kept"], (number, number))}
    jobs = db.execute(SQL["drop_jobs_of_kept"], (number,)).fetchall()
    rows.update(row for _, row in jobs)
    if original is not None:
        let_go = db.execute(SQL["copies_of_original"], (original,) * 3).fetchall()
        db.executemany(SQL["let_go"], [(copy,) for copy, _ in let_go])
        rows.update(row for _, row in let_go)
    db.execute(SQL["drop_parts"], (number,))
    db.execute(SQL["drop_kept"], (number,))
    for row in sorted(rows):
        gone.files += db.execute(SQL["file_of_row"], (row,)).fetchall()
        db.execute(SQL["purge_document"], (row,))
    return [job for job, _ in jobs]
