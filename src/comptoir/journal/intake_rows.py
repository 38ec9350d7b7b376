"""Between rows and values for originals: the questions that are asked of the ledger, and how paths stand in rows."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from comptoir.core.document import Document
from comptoir.core.intake import Original, OriginalQuery, Stamp
from comptoir.core.job import Job
from comptoir.core.record import Event
from comptoir.journal.rows import SQL, job_of


def path_in(path: str) -> str | bytes:
    """A path as a row holds it: a name that is no Unicode as its bytes, so that the file is found again by it."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")
    return path


def path_of(stored: str | bytes) -> str:
    """The path of a row."""
    return stored if isinstance(stored, str) else stored.decode("utf-8", "surrogatepass")


def number_in(number: int) -> int | str:
    """A number of a file system as a row holds it: some are larger than SQLite's."""
    return number if -(2**63) <= number < 2**63 else str(number)


def stamp_in(stamp: Stamp) -> tuple[int, int | str, int | str]:
    """Size, time and inode as a row holds them."""
    return stamp.size, number_in(stamp.mtime_ns), number_in(stamp.inode)


def stamp_of(size: int, mtime_ns: int | str, inode: int | str) -> Stamp:
    """The stamp of a row."""
    return Stamp(size, int(mtime_ns), int(inode))


def original_of(row: Sequence[Any]) -> Original:
    """The original of a row of `original_columns`."""
    # fmt: off
    (number, source, path, size, mtime_ns, inode, document, digest, media_type, name, lot, is_lot, duplicate_of, state,
     message, step, due_at, moved_to, place, keep_until, delivered_at, taken_at, updated_at) = row
    # fmt: on
    return Original(
        id=number,
        source=source,
        path=path_of(path),
        stamp=stamp_of(size, mtime_ns, inode),
        document=Document(digest, size, media_type, name, None, document),
        state=state,
        taken_at=taken_at,
        updated_at=updated_at,
        step=step,
        due_at=due_at,
        lot=lot,
        is_lot=bool(is_lot),
        duplicate_of=duplicate_of,
        keep_until=keep_until,
        message=message,
        moved_to=moved_to,
        place=place,
        delivered_at=delivered_at,
    )


def read_original(db: sqlite3.Connection, number: int) -> Original | None:
    """The original with this number."""
    row = db.execute(SQL["original_columns"] + " WHERE id = ?", (number,)).fetchone()
    return None if row is None else original_of(row)


def select_originals(db: sqlite3.Connection, query: OriginalQuery) -> list[Original]:
    """Originals that match, newest first."""
    where: list[str] = []
    values: list[object] = []
    for condition, value in (("source = ?", query.source), ("path = ?", query.path and path_in(query.path)),
                             ("holds(path, ?)", folded(query.text))):  # fmt: skip
        if value:
            where.append(condition)
            values.append(value)
    for condition, number in (("lot = ?", query.lot), ("id < ?", query.below)):
        if number is not None:
            where.append(condition)
            values.append(number)
    if query.states:
        where.append(f"state IN ({', '.join('?' * len(query.states))})")
        values += query.states
    condition = f" WHERE {' AND '.join(where)}" if where else ""
    found = db.execute(f"{SQL['original_columns']}{condition} ORDER BY id DESC LIMIT ?", (*values, query.limit))
    return [original_of(row) for row in found]


def folded(text: str | bytes) -> str:
    """Text as it is searched: whatever its case, and however its accents are written."""
    return unicodedata.normalize("NFC", path_of(text)).casefold()


def add_functions(db: sqlite3.Connection) -> None:
    """What `select_originals` needs besides SQL."""
    db.create_function("holds", 2, lambda path, text: text in folded(path), deterministic=True)


def known(db: sqlite3.Connection, source: str) -> Mapping[str, Stamp]:
    """What lies in the folder of a source as far as is known."""
    return {path_of(path): stamp_of(*stamp) for path, *stamp in db.execute(SQL["known"], (source, source))}


def left_alone(db: sqlite3.Connection, source: str) -> frozenset[str]:
    """Paths of files that lay in a folder before it was watched."""
    return frozenset(path_of(path) for (path,) in db.execute(SQL["left_alone"], (source,)))


def due(db: sqlite3.Connection, now: int, limit: int) -> list[Original]:
    """Originals whose step is to be done or ended, the first ones first."""
    numbers = [number for (number,) in db.execute(SQL["due"], (now, limit))]
    return [one for number in numbers if (one := read_original(db, number)) is not None]


def next_due(db: sqlite3.Connection) -> int | None:
    """When the next step is to be done (ms)."""
    found: tuple[int | None] = db.execute(SQL["next_due"]).fetchone()
    return found[0]


def tally(db: sqlite3.Connection, source: str) -> Mapping[str, int]:
    """How many originals of each state."""
    return dict(db.execute(SQL["tally"], (source,)).fetchall())


def jobs_of(db: sqlite3.Connection, original: int) -> list[Job]:
    """The jobs of an original and of its members, oldest first."""
    found = SQL["jobs_of_original"]
    return [
        job_of(row)
        for row in db.execute(f"{SQL['job_columns']} WHERE jobs.id IN ({found}) ORDER BY jobs.id", (original, original))
    ]


def events_of(db: sqlite3.Connection, original: int) -> list[Event]:
    """The events that name this original, in order."""
    return [Event(*row) for row in db.execute(SQL["events_of_original"], (original,))]
