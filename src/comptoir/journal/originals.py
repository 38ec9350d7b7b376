"""The ledger in SQLite: what was taken from watched folders, on the writer and the reader of the journal.

Files are copied in the caller's thread (`copying.py`), rows are written by the operations of `taking.py` and
`settling.py`, and read by `intake_rows.py`. When what is taken, and what is done to it, is not decided here.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeVar

from comptoir.core.document import Document
from comptoir.core.intake import Copied, Original, OriginalQuery, Stamp, StepDone, Unit
from comptoir.core.job import Job
from comptoir.core.record import Event
from comptoir.journal import intake_rows, settling, taking
from comptoir.journal.copying import Copying
from comptoir.journal.files import on_disk
from comptoir.journal.rows import SQL
from comptoir.journal.store import Store
from comptoir.journal.writer import Batch

ROWS_AT_ONCE = 500  # of a list of any length: other writers have their turn in between

T = TypeVar("T")


class Rows(Protocol):
    """What the ledger needs of the journal that it is a part of."""

    def write(self, operation: Callable[[Batch], T]) -> Awaitable[T]:
        """After the commit."""
        ...

    def read(self, query: Callable[[sqlite3.Connection], T]) -> Awaitable[T]: ...

    def forget_soon(self, digests: Sequence[str]) -> None:
        """Files that nobody asked for go, where no row needs them. From any thread."""
        ...


class SqliteLedger:
    """`core.ports.Ledger` on SQLite."""

    def __init__(self, store: Store, rows: Rows, inline: int) -> None:
        self._store = store
        self._rows = rows
        self._inline = inline

    # -- taking -------------------------------------------------------------------------------------------------------

    def copy(self, folder: str, paths: Sequence[str], inline: int = 16_384) -> Sequence[Copied]:
        copying = Copying(self._store, inline)
        try:
            return copying.run(Path(folder), paths)
        finally:
            self._rows.forget_soon(copying.unclaimed)

    def give_up(self, copied: Sequence[Copied]) -> None:
        digests = _files(one.document for one in copied)
        for digest in digests:
            self._store.release(digest)
        self._rows.forget_soon(digests)

    async def take(self, units: Sequence[Unit]) -> Sequence[Sequence[Job]]:
        """What was copied stays held where this fails: it can be taken again, or given up."""
        ready: list[taking.Ready] = []
        try:
            for unit in units:
                ready.append(await self._with_manifest(taking.prepared(unit)))
            written = asyncio.ensure_future(self._rows.write(taking.take(ready)))
        except BaseException:
            self._release(ready, [None] * len(ready), only_manifests=True)
            raise
        # A caller that goes away does not stop the writer: what is held ends with the commit, not with the caller.
        written.add_done_callback(lambda done: self._taken(ready, done))
        return [jobs or () for jobs in await asyncio.shield(written)]

    async def _with_manifest(self, unit: taking.Ready) -> taking.Ready:
        """A manifest that is too long for a row is a file, held as those of the members are."""
        lot = unit.lot
        if lot is None or lot.document.content is None or lot.document.size <= self._inline:
            return unit
        content = lot.document.content
        await on_disk(lambda: self._store.put(content), undo=self._store.release)
        return replace(unit, lot=replace(lot, document=replace(lot.document, content=None)))

    def _taken(self, ready: Sequence[taking.Ready], done: asyncio.Future[list[list[Job] | None]]) -> None:
        failed = done.cancelled() or done.exception() is not None
        self._release(ready, [None] * len(ready) if failed else done.result(), only_manifests=failed)

    def _release(
        self, ready: Sequence[taking.Ready], taken: Sequence[list[Job] | None], *, only_manifests: bool
    ) -> None:
        """The end of the holds: of all that was written; after a failure of the manifests, which are made anew."""
        unclaimed: list[str] = []
        for unit, jobs in zip(ready, taken, strict=True):
            rows = [] if only_manifests else list(unit.files)
            digests = _files(row.document for row in (*rows, *((unit.lot,) if unit.lot else ())))
            for digest in digests:
                self._store.release(digest)
            unclaimed += digests if jobs is None else ()
        self._rows.forget_soon(unclaimed)

    # -- what happens to them -----------------------------------------------------------------------------------------

    async def baseline(self, source: str, files: Sequence[tuple[str, Stamp]], scope: str = "") -> None:
        await self.leave_alone(source, files)
        await self._rows.write(settling.begin(source, len(files), scope))

    async def leave_alone(self, source: str, files: Sequence[tuple[str, Stamp]]) -> None:
        for first in range(0, len(files), ROWS_AT_ONCE):
            await self._rows.write(settling.baseline(source, files[first : first + ROWS_AT_ONCE]))

    async def touched(self, source: str, path: str, stamp: Stamp) -> None:
        await self._rows.write(settling.touched(source, path, stamp))

    async def missing(self, source: str, paths: Sequence[str]) -> None:
        for first in range(0, len(paths), ROWS_AT_ONCE):
            await self._rows.write(settling.missing(source, paths[first : first + ROWS_AT_ONCE]))

    async def step(self, done: Sequence[StepDone]) -> None:
        for first in range(0, len(done), ROWS_AT_ONCE):
            await self._rows.write(settling.step(done[first : first + ROWS_AT_ONCE]))

    async def release(self, source: str) -> int:
        return await self._rows.write(settling.release(source))

    async def settle(self, original: int) -> Original | None:
        return await self._rows.write(settling.settle(original))

    async def settle_jobs(self, jobs: Sequence[int]) -> Sequence[Original]:
        return await self._rows.write(settling.settle_jobs(jobs))

    # -- reading ------------------------------------------------------------------------------------------------------

    async def begun(self, source: str) -> str | None:
        found = await self._rows.read(lambda db: db.execute(SQL["begun"], (source,)).fetchone())
        return None if found is None else str(found[0])

    async def known(self, source: str) -> Mapping[str, Stamp]:
        return await self._rows.read(lambda db: intake_rows.known(db, source))

    async def left_alone(self, source: str) -> frozenset[str]:
        return await self._rows.read(lambda db: intake_rows.left_alone(db, source))

    async def due(self, now: int, limit: int) -> Sequence[Original]:
        return await self._rows.read(lambda db: intake_rows.due(db, now, limit))

    async def next_due(self) -> int | None:
        return await self._rows.read(intake_rows.next_due)

    async def original(self, number: int) -> Original | None:
        return await self._rows.read(lambda db: intake_rows.read_original(db, number))

    async def originals(self, query: OriginalQuery) -> Sequence[Original]:
        return await self._rows.read(lambda db: intake_rows.select_originals(db, query))

    async def jobs_of(self, original: int) -> Sequence[Job]:
        return await self._rows.read(lambda db: intake_rows.jobs_of(db, original))

    async def events_of(self, original: int) -> Sequence[Event]:
        return await self._rows.read(lambda db: intake_rows.events_of(db, original))

    async def tally(self, source: str) -> Mapping[str, int]:
        return await self._rows.read(lambda db: intake_rows.tally(db, source))


def _files(documents: Iterable[Document | None]) -> list[str]:
    """Digests of those that are files in the store; the others are in memory."""
    return [one.digest for one in documents if one is not None and one.content is None]
