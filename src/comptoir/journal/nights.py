"""What people said of business dates, and the searches that they saved: operations and questions.

The chain holds of a night who did what and a seal over all that its row says; not the note itself.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from secrets import token_bytes

from comptoir.core.kept import Night, SavedSearch
from comptoir.journal.kept_rows import SALT
from comptoir.journal.rows import SQL, readable
from comptoir.journal.writer import Batch


def put_night(night: Night, event: str) -> Callable[[Batch], None]:
    """The operation that writes what is said of a business date."""
    night = replace(
        night, note=readable(night.note), noted_by=readable(night.noted_by), signed_by=readable(night.signed_by)
    )
    salt = token_bytes(SALT)
    seal = seal_of(night, salt)
    by = {"night-noted": night.noted_by, "night-signed": night.signed_by}.get(event, "")

    def operation(batch: Batch) -> None:
        n = night
        values = (n.date, n.note, n.noted_by, n.noted_at, n.signed_by, n.signed_at, n.sent_at, salt, seal)
        batch.db.execute(SQL["put_night"], values)
        body = {"date": night.date, "seal": seal}
        batch.event(event, None, {**body, "by": by} if by else body)

    return operation


def seal_of(night: Night, salt: bytes) -> str:
    """The seal, in hexadecimal: SHA-256 over the salt and all fields, as JSON with sorted names, without spaces."""
    said = json.dumps(asdict(night), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(salt + said.encode()).hexdigest()


def night(db: sqlite3.Connection, date: str) -> Night:
    """What was said of this date; an empty one where nothing was."""
    found = nights(db, date, date)
    return found[0] if found else Night(date)


def nights(db: sqlite3.Connection, since: str, until: str) -> list[Night]:
    """Those of which something was said, in order; both dates included."""
    return [Night(*row) for row in db.execute(SQL["nights"], (since, until))]


def put_search(search: SavedSearch) -> Callable[[Batch], None]:
    """The operation that saves a search, in the place of one of the same name."""
    values = (readable(search.name), readable(search.query))

    def operation(batch: Batch) -> None:
        batch.db.execute(SQL["put_search"], values)

    return operation


def drop_search(name: str) -> Callable[[Batch], bool]:
    """The operation that forgets a search; False: there is none of this name."""
    name = readable(name)
    return lambda batch: batch.db.execute(SQL["drop_search"], (name,)).rowcount > 0


def searches(db: sqlite3.Connection) -> Sequence[SavedSearch]:
    """All of them, by name."""
    return [SavedSearch(*row) for row in db.execute(SQL["searches"])]
