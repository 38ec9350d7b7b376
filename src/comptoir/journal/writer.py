"""One thread that writes, with group commit: whatever waits while a commit is being flushed goes into the next one.

Under load one flush serves dozens of callers; alone, a caller waits for one flush. Every caller is answered after the
commit that holds its work (SQLite in WAL mode with synchronous=FULL: the flush has happened), never before.
The thread owns the chain of events; it knows nothing of jobs beyond the operations it is handed.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import msgspec

from comptoir.core.errors import ComptoirError, JournalError
from comptoir.core.ports import Clock
from comptoir.core.record import Event, link

MOST_IN_ONE_COMMIT = 512

_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Batch:
    """What one transaction writes. Operations execute SQL on `db` and add events; the writer commits both.

    `now`: ms since 1970 UTC, the same for all; `seq` and `hash`: of the last event so far.
    """

    db: sqlite3.Connection
    now: int
    seq: int
    hash: bytes
    events: list[Event] = field(default_factory=list)

    def event(self, kind: str, job_id: int | None, body: Mapping[str, object]) -> None:
        """Add an event to the chain."""
        text = _encode(body).decode()
        self.seq += 1
        self.hash = link(self.hash, self.seq, self.now, kind, job_id, text)
        self.events.append(Event(self.seq, self.now, kind, job_id, text, self.hash))


T = TypeVar("T")
Operation = Callable[[Batch], Any]
_Item = tuple[Operation, "asyncio.Future[Any]"]
_Outcome = tuple["asyncio.Future[Any]", Any, Exception | None]


class Writer:
    """Runs operations in order, many to a commit. `submit` from the event loop only."""

    def __init__(self, db: sqlite3.Connection, clock: Clock, publish: Callable[[Sequence[Event]], None]) -> None:
        self._db = db
        self._clock = clock
        self._publish = publish
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._seq, self._hash = _head(db)
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="journal-writer", daemon=True)
        self._thread.start()

    def submit(self, operation: Callable[[Batch], T]) -> asyncio.Future[T]:
        """The future resolves with the operation's result, after the commit is on disk. Raises JournalError."""
        if self._closed:
            raise closed()
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put((operation, future))
        return future

    async def close(self) -> None:
        """Write what is waiting, then end the thread."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
            await asyncio.to_thread(self._thread.join)
            # What was committed last is announced by callbacks that the loop has still to run.
            await asyncio.sleep(0)

    def _run(self) -> None:
        while True:
            item = self._queue.get()
            if item is None:
                break
            items = [item]
            ending = self._gather(items)
            outcomes, events = self._commit(items)
            self._loop.call_soon_threadsafe(self._resolve, outcomes, events)
            if ending:
                break
        self._db.close()

    def _gather(self, items: list[_Item]) -> bool:
        """Add what else is waiting; whether the end was among it."""
        try:
            while len(items) < MOST_IN_ONE_COMMIT:
                item = self._queue.get_nowait()
                if item is None:
                    return True
                items.append(item)
        except Empty:
            pass
        return False

    def _commit(self, items: list[_Item]) -> tuple[list[_Outcome], list[Event]]:
        batch = Batch(self._db, self._clock.now(), self._seq, self._hash)
        try:
            self._db.execute("BEGIN IMMEDIATE")
            outcomes = [self._perform(batch, *item) for item in items]
            if batch.events:
                self._append(batch)
            self._db.execute("COMMIT")
        except Exception as error:
            # A rollback that fails is tried again by the next commit; this thread must go on, or everybody waits.
            if self._db.in_transaction:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
            failure = _failure(error)
            return [(future, None, failure) for _, future in items], []
        self._seq, self._hash = batch.seq, batch.hash
        return outcomes, batch.events

    def _perform(self, batch: Batch, operation: Operation, future: asyncio.Future[Any]) -> _Outcome:
        """Operations raise ComptoirError before they write; any other error undoes the whole commit."""
        try:
            return future, operation(batch), None
        except ComptoirError as error:
            return future, None, error

    def _append(self, batch: Batch) -> None:
        rows = [(e.seq, e.at, e.kind, e.job_id, e.body, e.hash) for e in batch.events]
        self._db.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._db.execute("UPDATE head SET seq = ?, hash = ?", (batch.seq, batch.hash))

    def _resolve(self, outcomes: Sequence[_Outcome], events: Sequence[Event]) -> None:
        for future, result, error in outcomes:
            if not future.cancelled():
                if error is None:
                    future.set_result(result)
                else:
                    future.set_exception(error)
        if events:
            self._publish(events)


def _head(db: sqlite3.Connection) -> tuple[int, bytes]:
    """Number and hash of the last event."""
    row: tuple[int, bytes] | None = db.execute("SELECT seq, hash FROM head").fetchone()
    if row is None:
        raise JournalError("the head of the chain of events is gone", "`comptoir journal verify` says more.")
    return row


def closed() -> JournalError:
    """What whoever comes too late is told."""
    return JournalError("the journal is closed", "The service is stopping; ask again when it runs.")


def _failure(error: Exception) -> JournalError:
    if "full" in str(error):
        hint = "The disk is full. Make room; nothing was accepted, and work goes on by itself afterwards."
    elif "locked" in str(error):
        hint = "Another program holds the database. Close it; nothing was accepted."
    else:
        hint = "Nothing was accepted. Check the disk and the rights of the data folder."
    return JournalError(f"the journal cannot be written: {error}", hint)
