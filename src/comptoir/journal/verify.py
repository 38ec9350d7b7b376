"""Is the journal as it was written? Reads it from beginning to end and names what is not.

Four things are checked: SQLite's own structure, the chain of events and its head, that each job is in the state that its
last event says, and that each document has the bytes of its digest. Whoever can write the file can rebuild the whole
chain; the head's hash, noted elsewhere, shows that too.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from comptoir.core.document import digest_of
from comptoir.core.errors import JournalError
from comptoir.core.record import GENESIS, Event, link
from comptoir.journal.sqlite import connect
from comptoir.journal.store import Store

STEP = 10_000
MOST = 100  # findings: a torn file has as many as one likes

Progress = Callable[[int], None]


@dataclass(slots=True)
class Report:
    """`findings`: what is not as it was written, each a sentence; empty: nothing."""

    events: int = 0
    documents: int = 0
    head: str = ""
    findings: list[str] = field(default_factory=list)

    def add(self, finding: str) -> None:
        if len(self.findings) < MOST:
            self.findings.append(finding)


def events(path: Path) -> Iterator[Event]:
    """All events of a journal file, in order. Raises JournalError."""
    db = connect(path, read_only=True)
    try:
        for row in db.execute("SELECT seq, at, kind, job, body, hash FROM events ORDER BY seq"):
            yield Event(*row)
    except sqlite3.Error as error:
        raise JournalError(f"{path} cannot be read: {error}", "comptoir journal verify says more") from None
    finally:
        db.close()


def verify(path: Path, progress: Progress | None = None) -> Report:
    """Check a journal file; it may be in use."""
    report = Report()
    db = connect(path, read_only=True)
    try:
        # One transaction: what a running service adds meanwhile is the next check's business.
        db.execute("BEGIN")
        _structure(db, report)
        last = _chain(db, report, progress)
        _jobs(db, report, last)
        _documents(db, report, path.parent / "documents", progress)
    except sqlite3.Error as error:
        report.add(f"the file itself is damaged: {error}")
    finally:
        db.close()
    return report


def _structure(db: sqlite3.Connection, report: Report) -> None:
    for (line,) in db.execute("PRAGMA integrity_check(20)"):
        if line != "ok":
            report.add(f"the file itself is damaged: {line}")


def _chain(db: sqlite3.Connection, report: Report, progress: Progress | None) -> dict[int, str]:
    """Follow the chain; by job, the state that its last event gave it."""
    states: dict[int, str] = {}
    previous, expected = GENESIS, 1
    for row in db.execute("SELECT seq, at, kind, job, body, hash FROM events ORDER BY seq"):
        event = Event(*row)
        if event.seq != expected:
            missing = (
                f"event {expected}" if event.seq == expected + 1 else f"events {expected} to {event.seq - 1}"
            )
            report.add(f"{missing} removed")
        if _hash(previous, event) != event.hash:
            report.add(
                f"event {event.seq} ({event.kind}, {_of(event)}) was changed, or does not follow the one before it"
            )
        previous, expected = event.hash, event.seq + 1
        if event.job_id is not None:
            states[event.job_id] = _state(event)
        if progress is not None and event.seq % STEP == 0:
            progress(event.seq)
    seq, head = db.execute("SELECT seq, hash FROM head").fetchone()
    if seq != expected - 1:
        report.add(
            f"events {expected} to {seq} removed from the end"
            if seq >= expected
            else f"event {seq + 1} inserted at the end"
        )
    elif head != previous:
        report.add(f"event {seq} is not the one that was written last")
    report.events, report.head = expected - 1, previous.hex() if isinstance(previous, bytes) else ""
    return states


def _hash(previous: object, event: Event) -> bytes:
    before = previous if isinstance(previous, bytes) else b""
    return link(before, event.seq, event.at, event.kind, event.job_id, str(event.body))


def _of(event: Event) -> str:
    return "no job" if event.job_id is None else f"job {event.job_id}"


def _state(event: Event) -> str:
    if event.kind == "job-accepted":
        return "pending"
    try:
        return str(json.loads(event.body).get("state", ""))
    except (ValueError, AttributeError, TypeError):
        return ""


def _jobs(db: sqlite3.Connection, report: Report, states: dict[int, str]) -> None:
    for number, state in db.execute("SELECT id, state FROM jobs"):
        told = states.get(number)
        if told is None:
            report.add(f"job {number} has no event: it was inserted")
        elif told != state:
            report.add(f"job {number} is “{state}”, but its last event says “{told}”")


def _documents(db: sqlite3.Connection, report: Report, folder: Path, progress: Progress | None) -> None:
    store = Store(folder)
    accepted = dict(
        db.execute(
            "SELECT job, json_extract(body, '$.document') FROM events WHERE kind = 'job-accepted' AND json_valid(body)"
        )
    )
    sql = "SELECT jobs.id, digest, content FROM jobs JOIN documents ON documents.id = jobs.document ORDER BY jobs.id"
    for count, (job, digest, content) in enumerate(db.execute(sql), 1):
        report.documents = count
        if accepted.get(job, digest) != digest:
            report.add(f"the document of job {job} is not the one that was accepted")
        try:
            data = content if content is not None else store.read(digest)
        except (JournalError, OSError) as error:
            report.add(f"the document of job {job}: {error}")
            continue
        if digest_of(data if isinstance(data, bytes) else str(data).encode()) != digest:
            report.add(f"the document of job {job} was changed")
        if progress is not None and count % STEP == 0:
            progress(count)
