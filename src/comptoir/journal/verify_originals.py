"""Is the ledger as it was written? Each original against its events, and its document against its digest.

A part of `verify`, which follows the chain of events first. Not checked, because no event holds them: a file's stamp,
when a step is due, a document's name and media type, which files were left alone when a folder was first watched.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from comptoir.journal.intake_rows import path_of
from comptoir.journal.report import Doubt, Report, is_digest, object_of
from comptoir.journal.rows import SQL, readable

#: columns of an original that its events tell, besides its state
TOLD = ("source", "path", "size", "digest", "step", "lot", "duplicate_of", "keep_until", "message")
#: what an event does not name where there is none
_ABSENT: dict[str, object] = {"lot": None, "duplicate_of": None, "keep_until": None, "message": ""}

ORIGINALS = f"SELECT id, state, document, {', '.join(TOLD)} FROM originals ORDER BY id"  # noqa: S608
_BODY = "CASE WHEN json_valid(body) THEN body ELSE '{}' END"
_PURGED = f"SELECT value FROM events, json_each({_BODY}, '$.originals') WHERE kind = 'originals-purged'"  # noqa: S608
_TAKEN = f"SELECT json_extract({_BODY}, '$.original') FROM events WHERE kind IN ('file-taken', 'lot-taken')"  # noqa: S608
REMOVED = f"{_TAKEN} EXCEPT SELECT id FROM originals EXCEPT {_PURGED}"  # noqa: S608
RETURNED = f"SELECT id FROM originals INTERSECT {_PURGED}"  # noqa: S608
#: documents that no job has: those of jobs are checked with them
DOCUMENTS = """SELECT originals.id, originals.digest, documents.digest, documents.size, content
               FROM originals LEFT JOIN documents ON documents.id = originals.document
               WHERE document IS NOT NULL AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.document = originals.document)
               ORDER BY originals.id"""

#: adds what is wrong with the bytes of a document: (whose, digest, size, the bytes where they stand in the row)
CheckBytes = Callable[[str, str, object, object], None]


def check_originals(db: sqlite3.Connection, report: Report, doubt: Doubt, check_bytes: CheckBytes) -> None:
    """Add what is wrong with originals."""
    for (number,) in db.execute(REMOVED):
        if number not in doubt.originals:
            report.add(f"original {number} was removed, and no purge is on record")
    for (number,) in db.execute(RETURNED):
        report.add(f"original {number} is there, but its purge is on record: it was inserted")
    found = db.cursor()
    found.row_factory = sqlite3.Row
    for row in found.execute(ORIGINALS):
        if row["id"] not in doubt.originals:
            _original(db, report, row)
    for number, taken, digest, size, content in db.execute(DOCUMENTS):
        _document(report, number, taken, (digest, size, content), check_bytes)


def _original(db: sqlite3.Connection, report: Report, row: sqlite3.Row) -> None:
    """Whether a row says what its events say."""
    number = row["id"]
    told = _told(db, number)
    if not told:
        report.add(f"original {number} has no event: it was inserted")
        return
    if row["state"] != told.get("state"):
        report.add(f"original {number} is “{row['state']}”, but its last event says “{told.get('state')}”")
    for column in TOLD:
        value = row[column]
        if column in ("path", "step", "source"):
            value = readable(path_of(value)) if isinstance(value, str | bytes) else value
        if value != told.get(column):
            report.add(f"original {number}: {column} is “{value}”, but its events say “{told.get(column)}”")


def _told(db: sqlite3.Connection, number: int) -> dict[str, object]:
    """What its events say of an original, by the names of the columns; empty: it has none."""
    told: dict[str, object] = {}
    for *_, body, _ in db.execute(SQL["events_of_original"], (number,)):
        said = object_of(body)
        told = {**_ABSENT, **told, "message": "", **said} if "state" in said else told
    return told


def _document(
    report: Report, number: int, taken: object, found: tuple[object, object, object], check_bytes: CheckBytes
) -> None:
    digest, size, content = found
    whose = f"original {number}"
    if digest is None:
        report.add(f"the document of {whose} was removed")
    elif digest != taken:
        report.add(f"the document of {whose} is not the one that was taken")
    elif not is_digest(str(digest)):
        report.add(f"the document of {whose} has no digest")
    else:
        report.documents += 1
        check_bytes(whose, str(digest), size, content)
