"""Between rows and values: the named statements, and the operations that the writer's transactions are made of.

Operations check before they write, so that one refused caller does not undo what the others in the same commit wrote.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from secrets import token_hex
from typing import Any

import msgspec

from comptoir.core.document import Document, Origin, Submission
from comptoir.core.job import OUTCOME_UNKNOWN, Change, Evidence, Job, legal, status_of
from comptoir.core.record import Credential, Event, EventQuery, JobQuery
from comptoir.journal.writer import Batch


def _load() -> dict[str, str]:
    text = (files("comptoir.journal") / "queries.sql").read_text("utf-8")
    found = re.findall(r"^-- name: (\w+)\n(.*?);\s*$", text, re.MULTILINE | re.DOTALL)
    return dict(found)


SQL = _load()

#: what was done to many documents of the archive at once: rare among the events that keep them, and with an index
KEEPING = frozenset({"document-held", "document-released", "documents-eliminated", "documents-exported"})

#: above every number that SQLite gives
LAST = 2**63 - 1

_read_evidence = msgspec.json.Decoder(Evidence).decode
_read_attributes = msgspec.json.Decoder(dict[str, str]).decode
_write_json = msgspec.json.Encoder().encode


def job_of(row: Sequence[Any]) -> Job:
    """The job of a row of `job_columns`."""
    # fmt: off
    (number, uid, source, user, host, key, destination, printer, title, form, copies, state, reason, message,
     evidence, expires_at, attempts, reprint_of, created_at, updated_at, attributes, original, kept,
     row_id, digest, size, media_type, name) = row
    # fmt: on
    return Job(
        id=number,
        uid=uid,
        document=Document(digest, size, media_type, name, None, row_id),
        origin=Origin(source, user, host),
        destination=destination,
        state=state,
        created_at=created_at,
        updated_at=updated_at,
        printer=printer,
        key=key,
        title=title,
        format=form,
        copies=copies,
        reason=reason,
        message=message,
        evidence=_read_evidence(evidence) if evidence else None,
        expires_at=expires_at,
        attempts=attempts,
        reprint_of=reprint_of,
        attributes=_read_attributes(attributes) if attributes else {},
        original=original,
        kept=kept,
    )


def readable(text: str) -> str:
    """The text as a row and an event can hold it: what is no Unicode, as in names of files, is written out."""
    return text.encode("utf-8", "backslashreplace").decode()


def attributes_in(attributes: Mapping[str, str]) -> str:
    """The JSON of a job's attributes; "" where it has none."""
    found = {readable(name): readable(value) for name, value in attributes.items()}
    return _write_json(found).decode() if found else ""


def add_document(batch: Batch, document: Document, inline: bytes | None) -> int:
    """Write the row of a document; its number. `inline`: the bytes; None: they are a file."""
    values = (document.digest, document.size, document.media_type, document.name, inline)
    row = batch.db.execute(SQL["add_document"], values).lastrowid
    assert row is not None
    return row


def add_job(batch: Batch, submission: Submission, attributes: str = "") -> Job:
    """Write a job of a document that has its row, and the event. `attributes`: those of the submission, as JSON."""
    document, origin, now = submission.document, submission.origin, batch.now
    uid = submission.uid or token_hex(16)
    created_at = submission.created_at or now
    reported = int(origin.source != "relay")
    number = batch.db.execute(
        SQL["add_job"],
        (uid, document.row, origin.source, origin.user, origin.host, submission.key, submission.destination,
         submission.printer, submission.title, submission.format, submission.copies, submission.expires_at,
         submission.reprint_of, reported, created_at, now, attributes, submission.original, submission.kept),
    ).lastrowid  # fmt: skip
    assert number is not None
    body = {"source": origin.source, "user": origin.user, "host": origin.host, "uid": uid, "status": "queued",
            "destination": submission.destination, "document": document.digest, "size": document.size,
            "printer": submission.printer, "format": submission.format, "copies": submission.copies,
            "expires_at": submission.expires_at, "reprint_of": submission.reprint_of,
            "created_at": created_at}  # fmt: skip
    if attributes:
        body["attributes"] = msgspec.Raw(attributes.encode())
    if submission.original is not None:
        body["original"] = submission.original
    if submission.kept is not None:
        body["kept"] = submission.kept
        if submission.reprint_of is None:
            # Events are for ever, and who has printed it goes when it is eliminated: its record says it, under a seal.
            del body["user"], body["host"]
    batch.event("job-accepted", number, body)
    return _fresh(submission, number, uid, created_at, now, _read_attributes(attributes) if attributes else {})


def _fresh(
    submission: Submission, number: int, uid: str, created_at: int, now: int, attributes: Mapping[str, str]
) -> Job:
    return Job(
        id=number,
        uid=uid,
        document=submission.document,
        origin=submission.origin,
        destination=submission.destination,
        state="pending",
        created_at=created_at,
        updated_at=now,
        printer=submission.printer,
        key=submission.key,
        title=submission.title,
        format=submission.format,
        copies=submission.copies,
        expires_at=submission.expires_at,
        reprint_of=submission.reprint_of,
        attributes=attributes,
        original=submission.original,
        kept=submission.kept,
    )


def read_job(db: sqlite3.Connection, number: int) -> Job | None:
    """The job with this number."""
    row = db.execute(SQL["job_columns"] + " WHERE jobs.id = ?", (number,)).fetchone()
    return None if row is None else job_of(row)


def record(changes: Sequence[Change]) -> Callable[[Batch], list[bool]]:
    """The operation that writes what happened to jobs."""
    return lambda batch: [_change(batch, change) for change in changes]


def exchange(change: Change, submission: Submission) -> Callable[[Batch], Job | None]:
    """The operation that ends a job and puts another of the same document in its place; None: it is too late to."""
    attributes = attributes_in(submission.attributes)

    def operation(batch: Batch) -> Job | None:
        return add_job(batch, submission, attributes) if _change(batch, change) else None

    return operation


def _change(batch: Batch, change: Change) -> bool:
    found = batch.db.execute(SQL["job_state"], (change.job_id,)).fetchone()
    if found is None or not legal(found[0], found[1], change):
        return False
    evidence = "" if change.evidence is None else _write_json(change.evidence).decode()
    if change.attempts is None and found == (change.state, change.reason, change.message, evidence or found[3]):
        return True  # told again, as after a reconnection: nothing has happened
    status = status_of(change.state, change.reason, change.evidence)
    batch.db.execute(
        SQL["change_job"],
        (change.state, status, change.reason, change.message, evidence, evidence, change.attempts, batch.now,
         change.job_id),
    )  # fmt: skip
    body = {"state": change.state, "status": status, "reason": change.reason, "message": change.message,
            "evidence": change.evidence, "by": change.by}  # fmt: skip
    kind = "job-held" if change.reason == OUTCOME_UNKNOWN else f"job-{change.state}"
    batch.event(kind, change.job_id, body)
    return True


def select_jobs(db: sqlite3.Connection, query: JobQuery) -> list[Job]:
    """Jobs that match, newest first (oldest first where `after` is given)."""
    where: list[str] = []
    values: list[object] = []
    if query.status:
        where.append(f"status IN ({', '.join('?' * len(query.status))})")
        values += query.status
    if query.destination:
        where.append("destination = ?")
        values.append(query.destination)
    if query.below is not None:
        where.append("jobs.id < ?")
        values.append(query.below)
    if query.after is not None:
        where.append("jobs.id > ?")
        values.append(query.after)
    if query.open_only:
        where.append("state IN ('pending', 'pending-held', 'processing', 'processing-stopped')")
    condition = f" WHERE {' AND '.join(where)}" if where else ""
    order = "ASC" if query.after is not None else "DESC"
    sql = f"{SQL['job_columns']}{condition} ORDER BY jobs.id {order} LIMIT ?"
    return [job_of(row) for row in db.execute(sql, (*values, query.limit))]


def select_events(db: sqlite3.Connection, job_id: int | None, after: int, limit: int) -> list[Event]:
    """At most `limit` events with a number above `after`, in order; of one job, or of all."""
    if job_id is None:
        found = db.execute(SQL["events"], (after, limit))
    else:
        found = db.execute(SQL["events_of_job"], (after, job_id, limit))
    return [Event(*row) for row in found]


def select_history(db: sqlite3.Connection, query: EventQuery) -> list[Event]:
    """Events that match, newest first."""
    rare = bool(query.kinds) and KEEPING.issuperset(query.kinds)
    # Left to itself, SQLite would rather read all events in their order than sort those of a day.
    sql = SQL["events_keeping" if rare else "events_apart" if query.apart else "events_any"]
    values: list[object] = [LAST if query.below is None else query.below]
    for condition, bound in ((" AND at >= ?", query.since), (" AND at < ?", query.until)):
        if bound is not None:
            sql += condition
            values.append(bound)
    if query.kinds:
        sql += f" AND kind IN ({', '.join('?' * len(query.kinds))})"
        values += query.kinds
    found = db.execute(f"{sql} ORDER BY seq DESC LIMIT ?", (*values, query.limit))
    return [Event(*row) for row in found]


def credential_of(row: Sequence[object]) -> Credential:
    """The credential of a row of `credentials`."""
    return msgspec.convert(dict(zip(Credential.__dataclass_fields__, row, strict=True)), Credential)
