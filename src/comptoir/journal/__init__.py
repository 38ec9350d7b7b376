"""The durable record. One contract (`core.ports.Journal`), one implementation a database, all under one contract suite.

What is acknowledged is in here first. Nothing in this package decides what happens to a job.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from comptoir.core.errors import ConfigError
from comptoir.core.ports import Clock, Journal

JOURNALS = {
    "sqlite": "comptoir.journal.sqlite:SqliteJournal",
}


async def open_journal(database: str, folder: Path, clock: Clock) -> Journal:
    """The journal that the configuration names; `folder` holds the documents. Empty: the embedded SQLite.

    Raises ConfigError for a database of an unknown kind, JournalError when it cannot be opened.
    """
    kind = database.partition(":")[0] or "sqlite"
    if kind not in JOURNALS:
        known = ", ".join(JOURNALS)
        raise ConfigError(f"no journal for “{database}”", f"This version knows: {known}. Leave it empty for SQLite.")
    module, _, name = JOURNALS[kind].partition(":")
    journal: Journal = await getattr(import_module(module), name).open(database, folder, clock)
    return journal
