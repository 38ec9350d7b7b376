"""The journal in one SQLite file: WAL, synchronous=FULL, one writer thread, one reader thread.

Small documents live in their row, large ones in the store beside it. Not a place for decisions: which change is legal
is `core.job`'s, what is executed stands in `rows.py`.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from comptoir.core.document import Document, Submission, digest_of, media_type_of
from comptoir.core.errors import JournalError, TooLarge
from comptoir.core.job import Change, Job
from comptoir.core.ports import Clock, Listener
from comptoir.core.record import Accepted, Credential, CredentialKind, Event, JobQuery
from comptoir.journal import rows
from comptoir.journal.migrate import migrate
from comptoir.journal.rows import SQL
from comptoir.journal.store import Store
from comptoir.journal.writer import Batch, Operation, Writer

INLINE = 16_384  # bytes: larger documents are files
LARGEST = 50 * 1024 * 1024
PIECE = 262_144

T = TypeVar("T")


def connect(path: Path, read_only: bool = False) -> sqlite3.Connection:
    """A connection set up as the journal needs it. Raises JournalError when the file is no journal."""
    try:
        mode = "ro" if read_only else "rwc"
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False,
            cached_statements=256,
        )  # fmt: skip
        if not read_only:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA busy_timeout = 5000")
        db.execute("PRAGMA foreign_keys = OFF")  # the operations keep them; checking costs on every insert
    except sqlite3.Error as error:
        raise JournalError(
            f"the journal {path} cannot be opened: {error}",
            "Check that the folder can be written and has room; a damaged file can be replaced by its backup.",
        ) from error
    return db


class SqliteJournal:
    """`core.ports.Journal` on SQLite."""

    def __init__(self, path: Path, store: Store, clock: Clock) -> None:
        db = connect(path)
        migrate(db)
        (self.uid,) = db.execute("SELECT uid FROM identity").fetchone()
        self._listeners: list[Listener] = []
        self._store = store
        self._writer = Writer(db, clock, self._publish)
        self._reader = connect(path, read_only=True)
        self._reading = ThreadPoolExecutor(1, "journal-reader")

    @classmethod
    async def open(cls, database: str, folder: Path, clock: Clock) -> SqliteJournal:
        """The journal of a data folder; `database` is "sqlite:PATH", or empty for `journal.db` in the folder."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = Path(database.partition(":")[2] or folder / "journal.db")
            store = Store(folder / "documents")
            store.prepare()
            return cls(path, store, clock)
        except OSError as error:
            raise JournalError(
                f"the data folder {folder} cannot be used: {error.strerror or error}",
                "Choose another with --data, or give this user the right to write there.",
            ) from error
        except sqlite3.Error as error:
            raise JournalError(
                f"the journal in {folder} cannot be opened: {error}",
                "Check the disk and its free space; `comptoir journal verify` says more.",
            ) from error

    # -- writing ------------------------------------------------------------------------------------------------------

    async def keep(self, chunks: AsyncIterator[bytes], media_type: str, name: str) -> Document:
        head = b""
        incoming = await asyncio.to_thread(self._store.incoming)
        try:
            async for chunk in chunks:
                if incoming.size + len(chunk) > LARGEST:
                    raise TooLarge(f"the document is larger than {LARGEST // 2**20} MB", "Send it in parts.")
                head = head or chunk[:1024]
                await asyncio.to_thread(incoming.write, chunk)
            size = incoming.size
            digest = await asyncio.to_thread(incoming.commit)
        except BaseException as error:
            incoming.discard()
            raise _readable(error) from error
        return Document(digest, size, media_type or media_type_of(head), name)

    async def accept(self, submission: Submission) -> Accepted:
        content = submission.document.content
        inline = content if content is not None and len(content) <= INLINE else None
        if content is not None and inline is None:
            try:
                await asyncio.to_thread(self._store.put, content)
            except OSError as error:
                raise _readable(error) from error
        accepted: Accepted = await self._writer.submit(rows.accept(submission, inline))
        return accepted

    async def record(self, changes: Sequence[Change]) -> Sequence[bool]:
        written: list[bool] = await self._writer.submit(rows.record(changes))
        return written

    async def note(self, kind: str, body: Mapping[str, object]) -> None:
        await self._writer.submit(lambda batch: batch.event(kind, None, body))

    async def reported(self, job_ids: Sequence[int]) -> None:
        ids = [(job_id,) for job_id in job_ids]
        await self._execute(lambda batch: batch.db.executemany(SQL["reported"], ids))

    async def put_credential(self, credential: Credential) -> None:
        c = credential
        values = (c.kind, c.name, c.secret, c.created_at, c.expires_at, c.seen_at, c.data)
        await self._execute(lambda batch: batch.db.execute(SQL["put_credential"], values))

    async def drop_credential(self, kind: CredentialKind, name: str) -> bool:
        def operation(batch: Batch) -> bool:
            return batch.db.execute(SQL["drop_credential"], (kind, name)).rowcount > 0

        dropped: bool = await self._writer.submit(operation)
        return dropped

    async def purge(self, before: int) -> int:
        total = 0
        while True:
            count, orphans = await self._writer.submit(rows.purge(before))
            for digest in orphans:
                await asyncio.to_thread(self._store.remove, digest)
            total += count
            if count == 0:
                return total

    async def _execute(self, operation: Operation) -> None:
        await self._writer.submit(operation)

    # -- reading ------------------------------------------------------------------------------------------------------

    async def _read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._reading, query, self._reader)

    async def job(self, job_id: int) -> Job | None:
        return await self._read(lambda db: rows.read_job(db, job_id))

    async def job_by_key(self, source: str, key: str) -> Job | None:
        found = await self._read(lambda db: db.execute(SQL["job_by_key"], (source, key)).fetchone())
        return None if found is None else await self.job(found[0])

    async def jobs(self, query: JobQuery) -> Sequence[Job]:
        return await self._read(lambda db: rows.select_jobs(db, query))

    async def counts(self) -> Mapping[str, int]:
        return await self._read(lambda db: dict(db.execute(SQL["counts"]).fetchall()))

    async def events(self, job_id: int | None = None, after: int = 0, limit: int = 1000) -> Sequence[Event]:
        return await self._read(lambda db: rows.select_events(db, job_id, after, limit))

    async def unreported(self, source: str) -> Sequence[Job]:
        sql = SQL["job_columns"] + " WHERE reported = 0 AND source = ? ORDER BY jobs.id"
        return await self._read(lambda db: [rows.job_of(row) for row in db.execute(sql, (source,))])

    async def credentials(self, kind: CredentialKind) -> Sequence[Credential]:
        return await self._read(
            lambda db: [rows.credential_of(r) for r in db.execute(SQL["credentials"], (kind,))]
        )

    async def credential(self, kind: CredentialKind, secret: str) -> Credential | None:
        found = await self._read(lambda db: db.execute(SQL["credential"], (kind, secret)).fetchone())
        return None if found is None else rows.credential_of(found)

    async def content(self, document: Document) -> bytes:
        content = document.content
        if content is None:
            content = await self._read(lambda db: self._inline(db, document))
        if content is None:
            content = await asyncio.to_thread(self._store.read, document.digest)
        if digest_of(content) != document.digest:
            raise JournalError(
                f"the document {document.digest[:12]}… was damaged on the disk",
                "It cannot be printed; check the disk.",
            )
        return content

    async def chunks(self, document: Document, offset: int = 0) -> AsyncIterator[bytes]:
        content = document.content or await self._read(lambda db: self._inline(db, document))
        if content is not None:
            yield content[offset:]
            return
        while piece := await asyncio.to_thread(self._store.read, document.digest, offset, PIECE):
            yield piece
            offset += len(piece)

    @staticmethod
    def _inline(db: sqlite3.Connection, document: Document) -> bytes | None:
        row = db.execute(SQL["content"], (document.row,)).fetchone()
        return None if row is None else row[0]

    # -- the rest -----------------------------------------------------------------------------------------------------

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _publish(self, events: Sequence[Event]) -> None:
        for listener in tuple(self._listeners):
            listener(events)

    async def close(self) -> None:
        await self._writer.close()
        self._reading.shutdown()
        self._reader.close()


def _readable(error: BaseException) -> BaseException:
    if not isinstance(error, OSError):
        return error
    return JournalError(
        f"the document cannot be kept: {error.strerror or error}",
        "Make room on the disk or check its rights; nothing was accepted.",
    )
