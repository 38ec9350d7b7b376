"""Between rows and values for what the archive keeps: its records, their other documents, their seals.

A seal is SHA-256 over a random salt and all that a record says. The chain of events holds it instead of titles and
names: so nobody changes them unseen, and once the row is gone nobody can tell from the chain what they were.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from secrets import token_bytes
from typing import Any, Final

import msgspec

from comptoir.core.document import Document, Origin
from comptoir.core.job import Job
from comptoir.core.kept import Kept, Part
from comptoir.core.record import Event
from comptoir.journal.rows import LAST, SQL, job_of, readable
from comptoir.journal.writer import Batch

SALT: Final = 16  # bytes

#: above these, a number is none that a source can mean, and SQLite holds it no more
MOST_COPIES: Final = 2**31 - 1
LATEST: Final = 2**53

_read_attributes = msgspec.json.Decoder(dict[str, str]).decode
_write_json = msgspec.json.Encoder().encode


# -- writing ----------------------------------------------------------------------------------------------------------


def storable(kept: Kept) -> Kept:
    """The same as a row can hold it: texts that are Unicode, numbers that a database has. Before the commit."""
    attributes = {readable(name): readable(value) for name, value in kept.attributes.items()}
    origin = Origin(readable(kept.origin.source), readable(kept.origin.user), readable(kept.origin.host))
    return replace(
        kept,
        uid=readable(kept.uid),
        origin=origin,
        document=_named(kept.document),
        title=readable(kept.title),
        printer=readable(kept.printer),
        copies=min(max(kept.copies, 0), MOST_COPIES),
        printed_at=kept.printed_at if 0 <= kept.printed_at <= LATEST else 0,
        keep_until=None if kept.keep_until is None else min(kept.keep_until, LATEST),
        attributes=attributes,
        partial=readable(kept.partial),
        others=tuple(replace(one, document=_named(one.document)) for one in kept.others),
    )


def _named(document: Document) -> Document:
    return replace(document, name=readable(document.name), media_type=readable(document.media_type))


def add_kept(batch: Batch, kept: Kept) -> Kept:
    """Write the record of a document that has its row, as the others have theirs, and the event.

    The answer has its number, its seal and the time of this commit; `printed_at` of 0 becomes this time, too.
    """
    kept = replace(kept, received_at=batch.now, printed_at=kept.printed_at or batch.now)
    salt = token_bytes(SALT)
    kept = replace(kept, seal=seal_of(kept, salt))
    origin = kept.origin
    number = batch.db.execute(
        SQL["add_kept"],
        (kept.uid, kept.document.row, origin.source, origin.user, origin.host, kept.title, kept.printer,
         kept.received_at, kept.printed_at, kept.business_date, kept.keep_until, kept.copies,
         _write_json(kept.attributes).decode() if kept.attributes else "", kept.partial, kept.original,
         len(kept.others), salt, kept.seal),
    ).lastrowid  # fmt: skip
    assert number is not None
    parts = [(number, place, one.document.row, one.role) for place, one in enumerate(kept.others, 1)]
    batch.db.executemany(SQL["add_part"], parts)
    batch.event("document-kept", None, {"kept": number, **_told(kept)})
    return replace(kept, id=number)


def _told(kept: Kept) -> dict[str, object]:
    """What the event says: nothing that names a person."""
    document = kept.document
    body: dict[str, object] = {
        "source": kept.origin.source, "digest": document.digest, "size": document.size,
        "media_type": document.media_type, "business_date": kept.business_date, "keep_until": kept.keep_until,
        "seal": kept.seal,
    }  # fmt: skip
    if kept.partial:
        body["partial"] = True
    if kept.original is not None:
        body["original"] = kept.original
    if kept.others:
        body["others"] = [one.document.digest for one in kept.others]
    return body


def facts(kept: Kept) -> bytes:
    """All that a record says and that never changes, as one text: JSON, its names sorted, without spaces, UTF-8."""
    documents = [(kept.document, "document"), *((one.document, one.role) for one in kept.others)]
    said = {
        "uid": kept.uid, "source": kept.origin.source, "user": kept.origin.user, "host": kept.origin.host,
        "title": kept.title, "printer": kept.printer, "received_at": kept.received_at, "printed_at": kept.printed_at,
        "business_date": kept.business_date, "keep_until": kept.keep_until, "copies": kept.copies,
        "attributes": dict(kept.attributes), "partial": kept.partial, "original": kept.original,
        "documents": [
            {"digest": one.digest, "size": one.size, "media_type": one.media_type, "name": one.name, "role": role}
            for one, role in documents
        ],
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def seal_of(kept: Kept, salt: bytes) -> str:
    """The seal, in hexadecimal."""
    return hashlib.sha256(salt + facts(kept)).hexdigest()


# -- reading ----------------------------------------------------------------------------------------------------------


def kept_of(db: sqlite3.Connection, row: Sequence[Any]) -> Kept:
    """The record of a row of `kept_columns`."""
    # fmt: off
    (number, uid, source, user, host, title, printer, received_at, printed_at, business_date, keep_until, copies,
     attributes, partial, original, others, pages, held, seal, document, digest, size, media_type, name) = row
    # fmt: on
    return Kept(
        id=number,
        uid=uid,
        origin=Origin(source, user, host),
        document=Document(digest, size, media_type, name, None, document),
        title=title,
        printer=printer,
        received_at=received_at,
        printed_at=printed_at,
        business_date=business_date,
        keep_until=keep_until,
        copies=copies,
        attributes=_read_attributes(attributes) if attributes else {},
        partial=partial,
        pages=pages,
        held=held,
        original=original,
        others=_parts(db, number) if others else (),
        seal=seal,
    )


def _parts(db: sqlite3.Connection, number: int) -> tuple[Part, ...]:
    return tuple(
        Part(Document(digest, size, media_type, name, None, document), role)
        for role, document, digest, size, media_type, name in db.execute(SQL["parts"], (number,))
    )


def read_kept(db: sqlite3.Connection, number: int) -> Kept | None:
    """The record with this number."""
    return next(iter(_select(db, "WHERE kept.id = ?", (number,))), None)


def kept_by_uid(db: sqlite3.Connection, source: str, uid: str) -> Kept | None:
    """The record of a print by its identity."""
    return next(iter(_select(db, "WHERE source = ? AND uid = ?", (readable(source), readable(uid)))), None)


def after(db: sqlite3.Connection, number: int, limit: int) -> list[Kept]:
    """Those with a higher number, in order."""
    return _select(db, "WHERE kept.id > ? ORDER BY kept.id LIMIT ?", (number, limit))


def of_date(db: sqlite3.Connection, business_date: str) -> list[Kept]:
    """All of a business date, in the order of their printing."""
    return _select(db, "WHERE business_date = ? ORDER BY printed_at, kept.id", (business_date,))


def first_date(db: sqlite3.Connection) -> str:
    """The earliest business date; "" where nothing is kept."""
    return str(db.execute("SELECT coalesce(min(business_date), '') FROM kept").fetchone()[0])


def spent(db: sqlite3.Connection, now: int, below: int | None, limit: int) -> list[Kept]:
    """Those that are kept long enough and not on hold, newest first."""
    condition = f"WHERE kept.id IN ({SQL['spent']}) ORDER BY kept.id DESC"
    return _select(db, condition, (now, LAST if below is None else below, limit))


def _select(db: sqlite3.Connection, condition: str, values: Iterable[object]) -> list[Kept]:
    found = db.execute(f"{SQL['kept_columns']} {condition}", tuple(values)).fetchall()
    return [kept_of(db, row) for row in found]


def jobs_of(db: sqlite3.Connection, number: int) -> list[Job]:
    """The jobs of a document, oldest first."""
    sql = f"{SQL['job_columns']} WHERE jobs.kept = ? ORDER BY jobs.id"
    return [job_of(row) for row in db.execute(sql, (number,))]


def events_of(db: sqlite3.Connection, number: int) -> list[Event]:
    """The events that name this document, in order."""
    return [Event(*row) for row in db.execute(SQL["events_of_kept"], (number,) * 4)]


def belongs_to(db: sqlite3.Connection, document: Document) -> int | None:
    """The record to which a job of this document belongs; None: it is new, or the archive does not keep it."""
    if document.row is None:
        return None
    found = db.execute(SQL["kept_of_document"], (document.row, document.digest) * 3).fetchone()
    return None if found is None else int(found[0])
