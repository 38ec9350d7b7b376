"""The record of what the archive keeps, in SQLite, on the writer and the reader of the journal.

Prints are written by the operation of `filing.py`, records read by `kept_rows.py`. What is kept, and how long, is not
decided here; texts, pictures and the index are not the journal's.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, Protocol, TypeVar

from comptoir.core.document import Document
from comptoir.core.job import Job
from comptoir.core.kept import Filed, Filing, Kept, Night, SavedSearch
from comptoir.core.record import Event
from comptoir.journal import eliminating, kept_rows, nights
from comptoir.journal import filing as filing_rows
from comptoir.journal.files import Files
from comptoir.journal.forgetting import Orphan, drop_documents
from comptoir.journal.writer import Batch

ROWS_AT_ONCE: Final = 500  # of a list of any length: other writers have their turn in between

T = TypeVar("T")


class Rows(Protocol):
    """What the record needs of the journal that it is a part of."""

    def write(self, operation: Callable[[Batch], T]) -> asyncio.Future[T]:
        """After the commit."""
        ...

    def read(self, query: Callable[[sqlite3.Connection], T]) -> Awaitable[T]: ...

    def forget_soon(self, digests: Sequence[str]) -> None:
        """Files go, where no row needs them."""
        ...

    async def forget(self, orphans: Sequence[Orphan]) -> Sequence[Orphan]:
        """Remove the files that nobody needs; those that are gone, or whose bytes another row needs."""
        ...

    async def in_row(self, document: Document) -> bytes | None:
        """The bytes of a document whose row holds them; None: they are elsewhere."""
        ...

    async def empty_log(self) -> None:
        """What was removed from rows leaves the write-ahead log, too, unless somebody reads for long."""
        ...


class SqliteKeeping:
    """`core.ports.Keeping` on SQLite."""

    def __init__(self, files: Files, rows: Rows, inline: int) -> None:
        self._files = files
        self._rows = rows
        self._inline = inline

    # -- filing -------------------------------------------------------------------------------------------------------

    async def file(self, filing: Filing) -> Filed:
        ready = filing_rows.prepared(filing)
        inline: dict[str, bytes] = {}
        placed: list[str] = []
        try:
            for part in filing.capture.parts:
                await self._bring(part.document, inline, placed)
            written = self._rows.write(filing_rows.file(ready, inline))
        except BaseException:
            self._release(placed, needed=False)
            raise
        # A caller that goes away does not stop the writer: what is held ends with the commit, not with the caller.
        written.add_done_callback(lambda done: self._filed(placed, done))
        return await asyncio.shield(written)

    async def _bring(self, document: Document, inline: dict[str, bytes], placed: list[str]) -> None:
        """A small document's bytes for its row; a large one's to their place, where they are held."""
        content = document.content
        if content is None and document.row is not None:
            content = await self._rows.in_row(document)
        elif content is None:
            content = await self._files.small(document, self._inline)
        if content is not None and len(content) <= self._inline:
            inline[document.digest] = content
            return
        await self._files.place(document)
        placed.append(document.digest)

    def _filed(self, placed: Sequence[str], done: asyncio.Future[Filed]) -> None:
        filed = None if done.cancelled() or done.exception() is not None else done.result()
        self._release(placed, needed=filed is not None and filed.fresh and bool(filed.number or filed.jobs))

    def _release(self, placed: Sequence[str], *, needed: bool) -> None:
        """The end of the holds; what nobody needs goes."""
        for digest in placed:
            self._files.release(digest)
        if not needed:
            self._rows.forget_soon(placed)

    # -- reading ------------------------------------------------------------------------------------------------------

    async def kept(self, number: int) -> Kept | None:
        return await self._rows.read(lambda db: kept_rows.read_kept(db, number))

    async def kept_by_uid(self, source: str, uid: str) -> Kept | None:
        return await self._rows.read(lambda db: kept_rows.kept_by_uid(db, source, uid))

    async def after(self, number: int, limit: int) -> Sequence[Kept]:
        return await self._rows.read(lambda db: kept_rows.after(db, number, limit))

    async def of_date(self, business_date: str) -> Sequence[Kept]:
        return await self._rows.read(lambda db: kept_rows.of_date(db, business_date))

    async def first_date(self) -> str:
        return await self._rows.read(kept_rows.first_date)

    async def jobs_of(self, number: int) -> Sequence[Job]:
        return await self._rows.read(lambda db: kept_rows.jobs_of(db, number))

    async def events_of(self, number: int) -> Sequence[Event]:
        return await self._rows.read(lambda db: kept_rows.events_of(db, number))

    async def spent(self, now: int, below: int | None = None, limit: int = 100) -> Sequence[Kept]:
        return await self._rows.read(lambda db: kept_rows.spent(db, now, below, limit))

    # -- what is done to them -----------------------------------------------------------------------------------------

    async def counted(self, pages: Mapping[int, int]) -> None:
        rows = [(count, number) for number, count in pages.items()]
        for first in range(0, len(rows), ROWS_AT_ONCE):
            await self._rows.write(eliminating.counted(rows[first : first + ROWS_AT_ONCE]))

    async def hold(self, numbers: Sequence[int], reason: str, by: str) -> int:
        changed = 0
        for first in range(0, len(numbers), ROWS_AT_ONCE):
            changed += await self._rows.write(eliminating.hold(numbers[first : first + ROWS_AT_ONCE], reason, by))
        return changed

    async def eliminate(self, numbers: Sequence[int], by: str, why: str) -> int:
        count = 0
        for first in range(0, len(numbers), ROWS_AT_ONCE):
            gone = await self._rows.write(eliminating.eliminate(numbers[first : first + ROWS_AT_ONCE], by, why))
            count += gone.count
            # What a crash leaves here is an orphan, which the daily purge finds.
            removed = await self._rows.forget(gone.files)
            await self._rows.write(drop_documents(removed))
        if count:
            await self._rows.empty_log()
        return count

    # -- nights and searches ------------------------------------------------------------------------------------------

    async def night(self, date: str) -> Night:
        return await self._rows.read(lambda db: nights.night(db, date))

    async def nights(self, since: str, until: str) -> Sequence[Night]:
        return await self._rows.read(lambda db: nights.nights(db, since, until))

    async def put_night(self, night: Night, event: str) -> None:
        await self._rows.write(nights.put_night(night, event))

    async def searches(self) -> Sequence[SavedSearch]:
        return await self._rows.read(nights.searches)

    async def put_search(self, search: SavedSearch) -> None:
        await self._rows.write(nights.put_search(search))

    async def drop_search(self, name: str) -> bool:
        return await self._rows.write(nights.drop_search(name))
