"""Brings a SQLite journal to this version's schema, one numbered file after the other, each in its own transaction.

`schema.sql` beside it is what all migrations together make; a test compares the two.
"""

from __future__ import annotations

import sqlite3
from importlib.resources import files

from comptoir.core.errors import JournalError


def migrations() -> list[tuple[int, str]]:
    """(number, SQL) of every migration, in order."""
    folder = files("comptoir.journal") / "migrations"
    found = [
        (int(entry.name[:4]), entry.read_text("utf-8")) for entry in folder.iterdir() if entry.name.endswith(".sql")
    ]
    return sorted(found)


def migrate(db: sqlite3.Connection) -> None:
    """Apply what is missing. Raises JournalError for a journal that a newer version has written."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    steps = migrations()
    if version > steps[-1][0]:
        raise JournalError(
            f"this journal was written by a newer version of Comptoir (schema {version})",
            f"This version knows schema {steps[-1][0]}. Install the newer version again; nothing was changed.",
        )
    for number, sql in steps:
        if number > version:
            db.executescript(f"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version = {number};\nCOMMIT;")
