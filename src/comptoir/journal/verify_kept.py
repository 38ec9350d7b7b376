"""Is the archive as it was written? Each record against its event and its seal, its documents against digests.

A part of `verify`, which follows the chain of events first. A seal is computed anew from all that a record says, so a
title, a name or a time that somebody has changed is found, though the chain does not hold them. Not checked, because
nothing holds them: how many pages a document has, saved searches.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from comptoir.core.kept import Kept, Night
from comptoir.journal.kept_rows import kept_of, seal_of
from comptoir.journal.nights import seal_of as seal_of_night
from comptoir.journal.report import Doubt, Report, is_digest, object_of
from comptoir.journal.rows import SQL

_BODY = "CASE WHEN json_valid(body) THEN body ELSE '{}' END"
_KEPT = f"SELECT json_extract({_BODY}, '$.kept') FROM events WHERE kind = 'document-kept'"  # noqa: S608
_ELIMINATED = f"""SELECT json_extract(value, '$.kept') FROM events, json_each({_BODY}, '$.documents')
                  WHERE kind = 'documents-eliminated'"""  # noqa: S608
REMOVED = f"{_KEPT} EXCEPT SELECT id FROM kept EXCEPT {_ELIMINATED}"  # noqa: S608
RETURNED = f"SELECT id FROM kept INTERSECT {_ELIMINATED}"  # noqa: S608
ELIMINATED = f"SELECT count(*) FROM ({_ELIMINATED})"  # noqa: S608
RECORDS = SQL["kept_columns"].replace("JOIN documents", "LEFT JOIN documents") + " ORDER BY kept.id"
SALTS = "SELECT salt FROM kept WHERE id = ?"
TOLD = "SELECT body FROM events WHERE kind = 'document-kept' AND json_extract(body, '$.kept') = ? ORDER BY seq"
HOLDS = "SELECT kind, body FROM events WHERE kind IN ('document-held', 'document-released') ORDER BY seq"
NIGHTS = "SELECT date, note, noted_by, noted_at, signed_by, signed_at, sent_at, salt, seal FROM nights ORDER BY date"
NIGHT_EVENTS = f"""SELECT json_extract({_BODY}, '$.date'), json_extract({_BODY}, '$.seal') FROM events
                   WHERE kind IN ('night-noted', 'night-signed', 'night-sent') ORDER BY seq"""  # noqa: S608
#: jobs of a record whose events leave out who has printed it: the record says it
PEOPLE = """SELECT jobs.id FROM jobs JOIN kept ON kept.id = jobs.kept
            WHERE reprint_of IS NULL AND (jobs.user <> kept.user OR jobs.host <> kept.host) ORDER BY jobs.id"""
LOST = "SELECT id FROM jobs WHERE kept IS NOT NULL AND kept NOT IN (SELECT id FROM kept) ORDER BY id"
#: a document that a job or an original has, too, is read once, with those
ELSEWHERE = """SELECT EXISTS (SELECT 1 FROM jobs WHERE document = ?)
               OR EXISTS (SELECT 1 FROM originals WHERE document = ?)"""
CONTENT = "SELECT content FROM documents WHERE id = ?"

#: adds what is wrong with the bytes of a document: (whose, digest, size, the bytes where they stand in the row)
CheckBytes = Callable[[str, str, object, object], None]


@dataclass(frozen=True, slots=True)
class Checking:
    """One check. `all_bytes`: read each document, though a job or an original has it, too."""

    db: sqlite3.Connection
    report: Report
    doubt: Doubt
    check_bytes: CheckBytes
    all_bytes: bool


def check_kept(checking: Checking, progress: Callable[[int], None] | None = None) -> None:
    """Add what is wrong with the archive's records, and count them."""
    db, report, doubt = checking.db, checking.report, checking.doubt
    for (number,) in db.execute(REMOVED):
        if number not in doubt.kept:
            report.add(f"record {number} was removed, and no elimination is in the journal")
    for (number,) in db.execute(RETURNED):
        report.add(f"record {number} is there, but its elimination is in the journal: it was inserted")
    for (number,) in db.execute(LOST):
        report.add(f"job {number} belongs to a record that is not there")
    for (number,) in db.execute(PEOPLE):
        report.add(f"job {number}: who has printed it is not what its record says")
    (report.eliminated,) = db.execute(ELIMINATED).fetchone()
    holds = _holds(db)
    for kept in _records(db, report):
        report.kept += 1
        report.partial += kept.partial != ""
        report.held += kept.held != ""
        if kept.id not in doubt.kept:
            _record(checking, kept, holds.get(kept.id, ""))
        _documents(checking, kept)
        if progress is not None and report.kept % 1000 == 0:
            progress(report.kept)
    _nights(db, report)


def _records(db: sqlite3.Connection, report: Report) -> Iterator[Kept]:
    """The records that can be read; the others are findings."""
    for row in db.execute(RECORDS):
        try:
            yield kept_of(db, row)
        except (msgspec.MsgspecError, TypeError, ValueError):
            report.add(f"record {row[0]} is damaged")


def _record(checking: Checking, kept: Kept, held: object) -> None:
    """Whether a record says what its event and its seal say."""
    number, report = kept.id, checking.report
    bodies = [object_of(body) for (body,) in checking.db.execute(TOLD, (number,))]
    if not bodies:
        report.add(f"record {number} has no event: it was inserted")
        return
    told = bodies[0]
    for name, value in _told(kept).items():
        if value != told.get(name):
            report.add(f"record {number}: {name} is “{value}”, but its events say “{told.get(name)}”")
    (salt,) = checking.db.execute(SALTS, (number,)).fetchone()
    if not _sealed(lambda: seal_of(kept, salt), kept.seal):
        report.add(f"record {number}: what it says is not what was sealed")
    if kept.held != held:
        report.add(f"record {number}: held is “{kept.held}”, but its events say “{held}”")


def _told(kept: Kept) -> dict[str, object]:
    """What the event of a record says, too."""
    document = kept.document
    return {
        "source": kept.origin.source, "digest": document.digest, "size": document.size,
        "media_type": document.media_type, "business_date": kept.business_date, "keep_until": kept.keep_until,
        "original": kept.original, "others": [one.document.digest for one in kept.others] or None, "seal": kept.seal,
    }  # fmt: skip


def _sealed(compute: Callable[[], str], seal: object) -> bool:
    try:
        return compute() == seal
    except (TypeError, ValueError):  # SQLite lets any value stand in any column
        return False


def _documents(checking: Checking, kept: Kept) -> None:
    """Whether the documents of a record are there, byte for byte. That they are the right ones, the seal says."""
    db, report, whose = checking.db, checking.report, f"record {kept.id}"
    for document in (kept.document, *(one.document for one in kept.others)):
        if document.row is None:
            report.add(f"the document of {whose} was removed")
        elif not is_digest(str(document.digest)):
            report.add(f"the document of {whose} has no digest")
        elif checking.all_bytes or db.execute(ELSEWHERE, (document.row,) * 2).fetchone() == (0,):
            report.documents += 1
            report.bytes += document.size if isinstance(document.size, int) else 0
            (content,) = db.execute(CONTENT, (document.row,)).fetchone()
            checking.check_bytes(whose, document.digest, document.size, content)


def _holds(db: sqlite3.Connection) -> dict[int, object]:
    """The holds that the events tell of: number of the document -> why."""
    found: dict[int, object] = {}
    for kind, body in db.execute(HOLDS):
        said = object_of(body)
        numbers = said.get("kept")
        for number in filter(_is_number, numbers if isinstance(numbers, list) else ()):
            found[number] = said.get("reason", "") if kind == "document-held" else ""
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int)


def _nights(db: sqlite3.Connection, report: Report) -> None:
    """Whether what is said of nights is what was said last."""
    told = {date: seal for date, seal in db.execute(NIGHT_EVENTS) if isinstance(date, str)}
    for *said, salt, seal in db.execute(NIGHTS):
        night = Night(*said)
        if told.pop(night.date, None) != seal or not _sealed(lambda: seal_of_night(night, salt), seal):  # noqa: B023
            report.add(f"the night of {night.date}: what is said of it is not what was written last")
    for date in told:
        report.add(f"the night of {date}: what was said of it was removed")
