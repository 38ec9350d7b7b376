"""A look into the journal of a service that may be running: it takes part in nothing and changes nothing."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from comptoir.journal.migrate import migrations
from comptoir.journal.sqlite import DAMAGED, connect


def has_password(folder: Path) -> bool:
    """Whether somebody can sign in with a password; False where there is no journal yet, or none that can be read.

    `folder`: of the journal. Who opens the journal to write hears what is wrong with it.
    """
    path = folder / "journal.db"
    if not path.exists():
        return False
    try:
        with closing(connect(path, read_only=True)) as db:
            return db.execute("SELECT 1 FROM credentials WHERE kind = 'password'").fetchone() is not None
    except (OSError, *DAMAGED):
        return False


def newer_schema(folder: Path) -> int:
    """The schema of a journal that a newer version has written; 0 for one that this version knows, or cannot read."""
    path = folder / "journal.db"
    if not path.exists():
        return 0
    try:
        with closing(connect(path, read_only=True)) as db:
            (schema,) = db.execute("PRAGMA user_version").fetchone()
    except (OSError, *DAMAGED):
        return 0
    return schema if schema > migrations()[-1][0] else 0
