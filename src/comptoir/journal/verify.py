"""Is the journal as it was written? Reads it from beginning to end and names what is not.

Checked are: SQLite's own structure; the chain of events and its head; that each job's row says what its events say, and
that every job is there unless a purge is on record; the same of originals (`verify_originals.py`) and of what the
archive keeps (`verify_kept.py`); that each document has the bytes of its digest. Whoever can write the file can rebuild
the whole chain; the head's hash, noted elsewhere, shows that too.

Not checked, because no event holds them: a job's key, title and attempts, a document's name and media type.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from comptoir.core.document import digest_of
from comptoir.core.errors import JournalError
from comptoir.core.record import GENESIS, Event, link
from comptoir.journal.report import MOST, Doubt, Report, is_digest, object_of
from comptoir.journal.sqlite import DAMAGED, connect
from comptoir.journal.store import Store
from comptoir.journal.verify_kept import Checking, check_kept
from comptoir.journal.verify_originals import check_originals

__all__ = ["MOST", "Report", "events", "verify", "verify_archive"]

STEP = 10_000  # events, or documents, between two calls of `Progress`

EVENTS = "SELECT seq, at, kind, job, body, hash FROM events ORDER BY seq"
EVENTS_OF_JOB = "SELECT at, body FROM events WHERE job = ? ORDER BY seq"
_PURGED = """SELECT value FROM events, json_each(CASE WHEN json_valid(body) THEN body ELSE '{}' END, '$.jobs')
             WHERE kind IN ('jobs-purged', 'documents-eliminated')"""
REMOVED = f"SELECT job FROM events WHERE job IS NOT NULL EXCEPT SELECT id FROM jobs EXCEPT {_PURGED}"  # noqa: S608
RETURNED = f"SELECT id FROM jobs INTERSECT {_PURGED}"  # noqa: S608

#: columns of a job that its events tell, besides its state
TOLD = (
    "status", "reason", "message", "evidence", "updated_at", "created_at", "uid", "source", "user", "host",
    "destination", "printer", "format", "copies", "expires_at", "reprint_of",
)  # fmt: skip
#: what an event names only where there is some
SOMETIMES: dict[str, object] = {"attributes": {}, "original": None, "kept": None}
#: since which schema these columns are there, and the tables that go with them
ORIGINALS_SINCE = 3
KEPT_SINCE = 4

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class _Files:
    """The journal's file, and its documents that are files."""

    path: Path
    store: Store

    def forgotten(self, digest: str) -> bool:
        """Whether a running service has purged all that needed the document since this check began."""
        with closing(connect(self.path, read_only=True)) as db:
            return db.execute("SELECT 1 FROM documents WHERE digest = ?", (digest,)).fetchone() is None


def events(path: Path) -> Iterator[Event]:
    """All events of a journal file, in order. Raises JournalError, after those that can be read."""
    with closing(connect(path, read_only=True)) as db:
        try:
            for row in db.execute(EVENTS):
                if not _is_event(row):
                    raise JournalError(f"{path}: event {row[0]} is damaged", _HINT)
                yield Event(*row)
        except DAMAGED as error:
            raise JournalError(f"{path} cannot be read: {_words(error)}", _HINT) from None


def _is_event(row: tuple[object, ...]) -> bool:
    """SQLite lets any value stand in any column."""
    seq, at, kind, job, body, digest = row
    numbers = isinstance(seq, int) and isinstance(at, int) and isinstance(job, int | None)
    return numbers and isinstance(kind, str) and isinstance(body, str) and isinstance(digest, bytes)


def verify(path: Path, progress: Progress | None = None, documents: Path | None = None) -> Report:
    """Check a journal file and the folder of its documents (`documents` beside it, unless named); both may be in use.

    Raises JournalError when the file cannot be opened.
    """
    return _verify(path, progress, documents, whole=True)


def verify_archive(path: Path, progress: Progress | None = None, documents: Path | None = None) -> Report:
    """The same, of the chain and of what the archive keeps alone: each of its documents is read, whoever else has it.

    Raises JournalError when the file cannot be opened.
    """
    return _verify(path, progress, documents, whole=False)


def _verify(path: Path, progress: Progress | None, documents: Path | None, *, whole: bool) -> Report:
    report = Report()
    with closing(connect(path, read_only=True)) as db:
        db.text_factory = lambda text: text.decode(errors="replace")  # damaged text is a finding, not the end
        with _damage(report):
            # One transaction: what a running service adds meanwhile is the next check's business.
            db.execute("BEGIN")
            _structure(db, report)
        doubt = Doubt()
        files = _Files(path, Store(documents or path.parent / "documents"))
        with _damage(report):
            _chain(db, report, doubt, progress)
        check_bytes = partial(_bytes, report, files)
        with _damage(report):
            if whole:
                _removed(db, report, doubt.jobs)
        with _damage(report):
            if whole:
                _jobs(db, report, doubt.jobs, files, progress)
        with _damage(report):
            if whole and _schema(db) >= ORIGINALS_SINCE:
                check_originals(db, report, doubt, check_bytes)
        with _damage(report):
            if _schema(db) >= KEPT_SINCE:
                check_kept(Checking(db, report, doubt, check_bytes, all_bytes=not whole), progress)
    return report


def _schema(db: sqlite3.Connection) -> int:
    """Which version has written it last; an older one's journal is not brought up to date only to be looked at."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return int(version)


@contextmanager
def _damage(report: Report) -> Iterator[None]:
    """What is too damaged to be read ends one check, not those after it."""
    try:
        yield
    except DAMAGED as error:
        report.add(f"the file itself is damaged: {_words(error)}")


def _words(error: Exception) -> str:
    # The message quotes damaged text: Python could not even make a string of it.
    return error.object.decode(errors="replace") if isinstance(error, UnicodeDecodeError) else str(error)


def _structure(db: sqlite3.Connection, report: Report) -> None:
    for (line,) in db.execute("PRAGMA integrity_check(20)"):
        if line != "ok":
            report.add(f"the file itself is damaged: {line}")


def _chain(db: sqlite3.Connection, report: Report, doubt: Doubt, progress: Progress | None) -> None:
    """Follow the chain to its head. `doubt` gets what changed events told of."""
    previous, expected = GENESIS, 1
    for row in db.execute(EVENTS):
        event = Event(*row)
        if not isinstance(event.seq, int):
            raise sqlite3.DatabaseError("the events have lost their numbers")
        if event.seq != expected:
            report.add(_gap(expected, event.seq))
        if _hash(previous, event) != event.hash:
            report.add(
                f"event {event.seq} ({event.kind}, {_of(event)}) was changed, or does not follow the one before it"
            )
            doubt.jobs.add(event.job_id)
            _doubt(object_of(event.body), doubt)
        previous, expected = event.hash, event.seq + 1
        if progress is not None and event.seq % STEP == 0:
            progress(event.seq)
    report.events, report.head = expected - 1, previous.hex() if isinstance(previous, bytes) else ""
    _head(db, report, previous)


def _doubt(body: dict[str, object], doubt: Doubt) -> None:
    for name, numbers in (("original", doubt.originals), ("kept", doubt.kept)):
        named = body.get(name)
        numbers.update(one for one in (named if isinstance(named, list) else [named]) if isinstance(one, int))


def _head(db: sqlite3.Connection, report: Report, last: bytes) -> None:
    """Whether the chain ends where the writer noted its end."""
    row = db.execute("SELECT seq, hash FROM head").fetchone()
    if row is None or not isinstance(row[0], int):
        report.add("the head of the chain is gone: whether events were removed from the end cannot be told")
    elif row[0] > report.events:
        report.add(f"{_span(report.events + 1, row[0])} removed from the end")
    elif row[0] < report.events:
        report.add(f"{_span(row[0] + 1, report.events)} inserted at the end")
    elif row[1] != last:
        report.add(f"event {row[0]} is not the one that was written last")


def _gap(expected: int, found: int) -> str:
    if found < expected:
        return f"event {found} inserted at the beginning"
    return f"{_span(expected, found - 1)} removed"


def _span(first: int, last: int) -> str:
    return f"event {first}" if first == last else f"events {first} to {last}"


def _hash(previous: object, event: Event) -> bytes:
    before = previous if isinstance(previous, bytes) else b""
    return link(before, event.seq, event.at, event.kind, event.job_id, str(event.body))


def _of(event: Event) -> str:
    return "no job" if event.job_id is None else f"job {event.job_id}"


def _removed(db: sqlite3.Connection, report: Report, doubtful: set[int | None]) -> None:
    """Every job of which an event tells is there, or its purge is on record."""
    for (number,) in db.execute(REMOVED):
        if number not in doubtful:
            report.add(f"job {number} was removed, and no purge is on record")
    for (number,) in db.execute(RETURNED):
        report.add(f"job {number} is there, but its purge is on record: it was inserted")


def _jobs(
    db: sqlite3.Connection, report: Report, doubtful: set[int | None], files: _Files, progress: Progress | None
) -> None:
    found = db.cursor()
    found.row_factory = sqlite3.Row
    columns = [*TOLD, *_sometimes(_schema(db))]
    jobs = f"""SELECT jobs.id, state, {", ".join(columns)}, digest, size, content
               FROM jobs LEFT JOIN documents ON documents.id = jobs.document ORDER BY jobs.id"""  # noqa: S608
    for count, row in enumerate(found.execute(jobs), 1):
        told = {} if row["id"] in doubtful else _told(db, row["id"])
        if told:
            _job(report, row, told)
        elif row["id"] not in doubtful:
            report.add(f"job {row['id']} has no event: it was inserted")
        _document(report, row, told, files)
        if progress is not None and count % STEP == 0:
            progress(count)


def _sometimes(schema: int) -> list[str]:
    since = {"kept": KEPT_SINCE}
    return [name for name in SOMETIMES if schema >= since.get(name, ORIGINALS_SINCE)]


def _told(db: sqlite3.Connection, number: int) -> dict[str, object]:
    """What its events say of a job, by the names of the columns; empty: it has none."""
    told: dict[str, object] = {}
    for at, body in db.execute(EVENTS_OF_JOB, (number,)):
        evidence = told.get("evidence")
        first = {"state": "pending", "reason": "", "message": "", **SOMETIMES}
        told = {**first, **told, **object_of(body), "updated_at": at}
        told["evidence"] = told.get("evidence") or evidence
    return told


def _job(report: Report, row: sqlite3.Row, told: dict[str, object]) -> None:
    """Whether a job's row says what its events say."""
    number = row["id"]
    if row["state"] != told["state"]:
        report.add(f"job {number} is “{row['state']}”, but its last event says “{told['state']}”")
    for column in (*TOLD, *(name for name in SOMETIMES if name in row.keys())):  # noqa: SIM118
        value = row[column]
        if column == "evidence":
            value = None if value == "" else object_of(value)
        elif column == "attributes":
            value = object_of(value)
        if column in told and value != told[column]:
            report.add(f"job {number}: {column} is “{value}”, but its events say “{told[column]}”")


def _document(report: Report, row: sqlite3.Row, told: dict[str, object], files: _Files) -> None:
    """Whether a job has the document that was accepted, byte for byte."""
    number, digest, content = row["id"], row["digest"], row["content"]
    if digest is None:
        report.add(f"the document of job {number} was removed")
        return
    report.documents += 1
    if told.get("document", digest) != digest:
        report.add(f"the document of job {number} is not the one that was accepted")
    if not is_digest(str(digest)):  # it would name any file of this machine
        report.add(f"the document of job {number} has no digest")
        return
    _bytes(report, files, f"job {number}", digest, row["size"], content)


def _bytes(report: Report, files: _Files, whose: str, digest: str, size: object, content: object) -> None:
    """Whether a document's bytes are those of its digest, in the row or in the store."""
    try:
        data = content if isinstance(content, bytes) else str(content).encode()
        found = files.store.measure(digest) if content is None else (digest_of(data), len(data))
    except JournalError as error:
        if not files.forgotten(digest):
            report.add(f"the document of {whose}: {error}")
        return
    if found != (digest, size):
        report.add(f"the document of {whose} was changed")


_HINT = "`comptoir journal verify` says more."
