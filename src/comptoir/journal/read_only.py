"""A look at the whole journal of a service that may be running: what is kept can be read, and nothing be written.

It takes no lock and removes nothing: for commands that export or count while the station works.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TypeVar

from comptoir.core.errors import JournalError
from comptoir.journal.files import Files
from comptoir.journal.intake_rows import add_functions
from comptoir.journal.keeping import SqliteKeeping
from comptoir.journal.migrate import migrations
from comptoir.journal.originals import SqliteLedger
from comptoir.journal.sqlite import DAMAGED, INLINE, SqliteJournal, connect
from comptoir.journal.store import Store
from comptoir.journal.writer import Batch, Writer

T = TypeVar("T")


class _NoWriter(Writer):
    """Stands where others write."""

    def __init__(self) -> None:
        pass

    def submit(self, operation: Callable[[Batch], T]) -> object:  # type: ignore[override]  # it never answers
        raise JournalError("this journal is open for reading only", "The service that works with it can write there.")

    async def close(self) -> None:
        pass


class ReadOnlyJournal(SqliteJournal):
    """`core.ports.Journal` as far as it reads; whatever writes raises JournalError."""

    def __init__(self, folder: Path) -> None:
        """`folder`: of the journal. Raises JournalError where there is none, or one of another version."""
        path = folder / "journal.db"
        if not path.exists():
            raise JournalError(f"there is no journal in {folder}", "Name the data folder: --data DIR")
        with ExitStack() as opened:
            self._reader = opened.enter_context(closing(connect(path, read_only=True)))
            try:
                (version,) = self._reader.execute("PRAGMA user_version").fetchone()
                (self.uid,) = self._reader.execute("SELECT uid FROM identity").fetchone()
            except (*DAMAGED, TypeError) as error:
                raise JournalError(
                    f"the journal {path} cannot be read: {error}", "`comptoir journal verify` says more."
                ) from None
            if version != migrations()[-1][0]:
                raise JournalError(
                    f"the journal {path} is of another version of Comptoir",
                    "Start the station once with this version; an older one cannot read a newer journal.",
                )
            add_functions(self._reader)
            opened.pop_all()
        self._listeners = []
        self._path = path
        self._store = Store(folder / "documents")
        self._files = Files(self._store)
        self._writer = _NoWriter()
        self._reading = ThreadPoolExecutor(1, "journal-reader")
        self._ledger = SqliteLedger(self._store, self, INLINE)
        self._keeping = SqliteKeeping(self._files, self, INLINE)
