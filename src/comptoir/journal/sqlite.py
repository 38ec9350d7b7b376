"""The journal in one SQLite file: WAL, synchronous=FULL, one writer thread, one reader thread.

Small documents live in their row, large ones in the store beside it. Not a place for decisions: which change is legal
is `core.job`'s, what is executed stands in `rows.py`.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec

from comptoir.core.document import Document, Submission, digest_of
from comptoir.core.errors import ComptoirError, JournalError, TooLarge
from comptoir.core.job import Change, Job
from comptoir.core.ports import Clock, Listener
from comptoir.core.record import Accepted, Credential, CredentialKind, Event, EventQuery, JobQuery
from comptoir.journal import accepting, forgetting, rows
from comptoir.journal.files import Files
from comptoir.journal.forgetting import Orphan
from comptoir.journal.intake_rows import add_functions
from comptoir.journal.keeping import SqliteKeeping
from comptoir.journal.migrate import migrate
from comptoir.journal.originals import SqliteLedger
from comptoir.journal.rows import SQL
from comptoir.journal.store import Store
from comptoir.journal.writer import Batch, Writer, closed

INLINE = 16_384  # bytes: larger documents are files
PIECE = 262_144  # bytes: how a file is handed out
LARGEST_AT_ONCE = 128 * 1024 * 1024  # bytes: what `content` reads into memory
BRIEFLY = 50  # ms: how long writers wait at most for the log to be cut
FILES_AT_ONCE = 500  # in one step of a purge: other readers have their turn in between

#: what SQLite raises for a file that is damaged; the second where its message quotes text that is no UTF-8
DAMAGED = (sqlite3.Error, UnicodeDecodeError)

T = TypeVar("T")


def connect(path: Path, read_only: bool = False) -> sqlite3.Connection:
    """A connection set up as the journal needs it. Raises JournalError when the file is no journal."""
    try:
        mode = "ro" if read_only else "rwc"
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False,
            cached_statements=256,
        )  # fmt: skip
    except sqlite3.Error as error:
        raise _unopened(path, error) from error
    try:
        if not read_only:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            # What is forgotten is overwritten in the file, whatever the default of this SQLite is.
            db.execute("PRAGMA secure_delete = ON")
            # Whoever commits when a checkpoint is due waits for it. 64 MB (the default is 4) make that rare enough
            # for one job in a hundred not to notice; a larger log makes every read slower.
            db.execute("PRAGMA wal_autocheckpoint = 16000")
        db.execute("PRAGMA busy_timeout = 5000")
        db.execute("PRAGMA foreign_keys = OFF")  # the operations keep them; checking costs on every insert
    except DAMAGED as error:
        db.close()
        raise _unopened(path, error) from error
    return db


def _unopened(path: Path, error: Exception) -> JournalError:
    return JournalError(
        f"the journal {path} cannot be opened: {error}",
        "Check that the folder can be written and has room; a damaged file can be replaced by its backup.",
    )


class SqliteJournal:
    """`core.ports.Journal` on SQLite."""

    def __init__(self, path: Path, store: Store, clock: Clock) -> None:
        """Raises JournalError or one of DAMAGED, and leaves nothing open then."""
        self._listeners: list[Listener] = []
        self._path = path
        self._store = store
        self._files = Files(store)
        with ExitStack() as opened:
            db = opened.enter_context(closing(connect(path)))
            migrate(db)
            self.uid = _identity(db)
            self._reader = opened.enter_context(closing(connect(path, read_only=True)))
            add_functions(self._reader)
            self._writer = Writer(db, clock, self._publish)
            opened.pop_all()
        self._reading = ThreadPoolExecutor(1, "journal-reader")
        self._ledger = SqliteLedger(store, self, INLINE)
        self._keeping = SqliteKeeping(self._files, self, INLINE)

    @classmethod
    async def open(cls, database: str, folder: Path, clock: Clock) -> SqliteJournal:
        """The journal of a data folder; `database` is "sqlite:PATH", or empty for `journal.db` in the folder."""
        path = Path(database.partition(":")[2] or folder / "journal.db")
        try:
            return cls(path, _prepared(folder), clock)
        except OSError as error:
            raise JournalError(
                f"the data folder {folder} cannot be used: {error.strerror or error}",
                "Choose another with --data, or give this user the right to write there.",
            ) from error
        except DAMAGED as error:
            raise _unopened(path, error) from error

    # -- writing ------------------------------------------------------------------------------------------------------

    async def keep(
        self, chunks: AsyncIterator[bytes], media_type: str, name: str, largest: int | None = None
    ) -> Document:
        return await self._files.keep(chunks, media_type, name, largest)

    def give_up(self, document: Document) -> None:
        self._files.give_up(document)

    async def accept(self, submission: Submission) -> Accepted:
        return (await self.accept_all((submission,)))[0]

    async def accept_all(self, submissions: Sequence[Submission]) -> Sequence[Accepted]:
        document = submissions[0].document
        inline = document.content
        if inline is None and document.row is not None:
            # It is here already, as for a reprint: its bytes may stand in a row.
            inline = await self.in_row(document)
        if inline is None or len(inline) > INLINE:
            return await self._accept_file(submissions)
        return await self._writer.submit(accepting.accept_all(submissions, inline))

    async def _accept_file(self, submissions: Sequence[Submission]) -> Sequence[Accepted]:
        """Put the file in its place, then write the row that needs it. It is held until that row can be seen."""
        document = submissions[0].document
        digest = document.digest
        await self._files.place(document)
        try:
            written = self._writer.submit(accepting.accept_all(submissions, None))
        except JournalError:
            self._files.release(digest)
            raise
        # A caller that goes away does not stop the writer: the hold ends with the commit, not with the caller.
        written.add_done_callback(lambda _: self._files.release(digest))
        try:
            accepted = await asyncio.shield(written)
        except ComptoirError:
            await self.forget([(None, digest)])
            raise
        if not accepted[0].fresh:
            await self.forget([(None, digest)])
        return accepted

    async def record(self, changes: Sequence[Change]) -> Sequence[bool]:
        return await self._writer.submit(rows.record(changes))

    async def exchange(self, change: Change, submission: Submission) -> Job | None:
        return await self._writer.submit(rows.exchange(change, submission))

    async def note(self, kind: str, body: Mapping[str, object]) -> None:
        def noted(batch: Batch) -> None:
            try:
                batch.event(kind, None, body)
            except (UnicodeError, TypeError) as error:
                # Its own fault: what others write in the same commit must not be undone for it.
                raise JournalError(f"the event {kind} cannot be written: {error}") from None

        await self._writer.submit(noted)

    async def reported(self, job_ids: Sequence[int]) -> None:
        ids = [(job_id,) for job_id in job_ids]
        await self._writer.submit(lambda batch: batch.db.executemany(SQL["reported"], ids))

    async def put_credential(self, credential: Credential) -> None:
        c = credential
        values = (c.kind, c.name, c.secret, c.created_at, c.expires_at, c.seen_at, c.data)
        await self._writer.submit(lambda batch: batch.db.execute(SQL["put_credential"], values))

    async def drop_credential(self, kind: CredentialKind, name: str) -> bool:
        return await self._writer.submit(
            lambda batch: batch.db.execute(SQL["drop_credential"], (kind, name)).rowcount > 0
        )

    async def purge(self, before: int, now: int | None = None) -> int:
        total = 0
        while count := await self._writer.submit(forgetting.purge(before)):
            total += count
        for forget in (forgetting.let_go(before, now), forgetting.purge_originals(before)):
            while await self._writer.submit(forget):
                pass
        orphans = await self.read(forgetting.orphans)
        for first in range(0, len(orphans), FILES_AT_ONCE):
            gone = await self.forget(orphans[first : first + FILES_AT_ONCE])
            await self._writer.submit(forgetting.drop_documents(gone))
        await self._sweep()
        return total

    async def _sweep(self) -> None:
        """Remove files that a crash has left before they got a row."""
        digests = self._store.digests()
        while some := await asyncio.to_thread(lambda: list(islice(digests, FILES_AT_ONCE))):
            await self.forget([(None, digest) for digest in some])

    async def forget(self, orphans: Sequence[Orphan]) -> list[Orphan]:
        """Remove the files that no job needs. Those that cannot be removed, or are just being taken in again, stay."""
        return await self.read(lambda db: self._remove(db, orphans))

    def _remove(self, db: sqlite3.Connection, orphans: Sequence[Orphan]) -> list[Orphan]:
        return [one for one in orphans if self._store.forget(one[1], partial(forgetting.file_needed, db))]

    def forget_soon(self, digests: Sequence[str]) -> None:
        """Files that nobody asked for go, where no row needs them; what fails stays for the next purge."""
        if digests:
            with suppress(RuntimeError):  # the thread has ended
                self._reading.submit(self._remove, self._reader, [(None, digest) for digest in digests])

    @property
    def ledger(self) -> SqliteLedger:
        return self._ledger

    async def empty_log(self) -> None:
        """Bring the write-ahead log into the file, and cut it: what is overwritten in the file still stands in it.

        Whoever reads for long keeps it as it is: nobody who writes is made to wait for that.
        """

        def empty() -> None:
            with suppress(JournalError, *DAMAGED), closing(connect(self._path)) as db:
                db.execute(f"PRAGMA busy_timeout = {BRIEFLY}")
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

        await asyncio.to_thread(empty)

    @property
    def keeping(self) -> SqliteKeeping:
        return self._keeping

    def write(self, operation: Callable[[Batch], T]) -> asyncio.Future[T]:
        """What the ledger and the archive's record write. Raises JournalError."""
        return self._writer.submit(operation)

    # -- reading ------------------------------------------------------------------------------------------------------

    async def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """What the query finds, asked in the reader's thread. Raises JournalError."""
        try:
            found = asyncio.get_running_loop().run_in_executor(self._reading, query, self._reader)
        except RuntimeError:  # the thread has ended
            raise closed() from None
        try:
            return await found
        except (*DAMAGED, msgspec.MsgspecError) as error:
            raise JournalError(
                f"the journal cannot be read: {error}", "Check the disk; `comptoir journal verify` says more."
            ) from error

    async def job(self, job_id: int) -> Job | None:
        return await self.read(lambda db: rows.read_job(db, job_id))

    async def job_by_key(self, source: str, key: str) -> Job | None:
        found = await self.read(lambda db: db.execute(SQL["job_by_key"], (source, key)).fetchone())
        return None if found is None else await self.job(found[0])

    async def jobs(self, query: JobQuery) -> Sequence[Job]:
        return await self.read(lambda db: rows.select_jobs(db, query))

    async def counts(self) -> Mapping[str, int]:
        return await self.read(lambda db: dict(db.execute(SQL["counts"]).fetchall()))

    async def events(self, job_id: int | None = None, after: int = 0, limit: int = 1000) -> Sequence[Event]:
        return await self.read(lambda db: rows.select_events(db, job_id, after, limit))

    async def history(self, query: EventQuery) -> Sequence[Event]:
        return await self.read(lambda db: rows.select_history(db, query))

    async def unreported(self, source: str) -> Sequence[Job]:
        sql = SQL["job_columns"] + " WHERE reported = 0 AND source = ? ORDER BY jobs.id"
        return await self.read(lambda db: [rows.job_of(row) for row in db.execute(sql, (source,))])

    async def credentials(self, kind: CredentialKind) -> Sequence[Credential]:
        return await self.read(lambda db: [rows.credential_of(r) for r in db.execute(SQL["credentials"], (kind,))])

    async def credential(self, kind: CredentialKind, secret: str) -> Credential | None:
        def query(db: sqlite3.Connection) -> Credential | None:
            found = db.execute(SQL["credential"], (kind, secret)).fetchone()
            return None if found is None else rows.credential_of(found)

        return await self.read(query)

    async def content(self, document: Document) -> bytes:
        if document.size > LARGEST_AT_ONCE:
            raise TooLarge(
                f"the document has {document.size // 2**20} MB, which is too much to be read at once",
                f"Up to {LARGEST_AT_ONCE // 2**20} MB can be shown and printed here.",
            )
        content = document.content
        if content is None:
            content = await self.in_row(document)
        if content is None:
            content = await asyncio.to_thread(self._store.read, document.digest)
        if digest_of(content) != document.digest:
            raise _damaged(document)
        return content

    async def chunks(self, document: Document, offset: int = 0) -> AsyncIterator[bytes]:
        content = document.content or await self.in_row(document)
        whole = hashlib.sha256() if offset == 0 else None
        if content is not None:
            if offset == 0 and digest_of(content) != document.digest:
                raise _damaged(document)
            yield content[offset:]
            return
        while piece := await asyncio.to_thread(self._store.read, document.digest, offset, PIECE):
            if whole is not None:
                whole.update(piece)
            yield piece
            offset += len(piece)
        if whole is not None and whole.hexdigest() != document.digest:
            raise _damaged(document)

    def path(self, document: Document) -> str | None:
        path = self._store.path(document.digest)
        return str(path) if document.content is None and path.exists() else None

    async def in_row(self, document: Document) -> bytes | None:
        """The document's bytes, where they stand in its row. Raises JournalError."""
        # With the digest, because the row's number may have gone to another document since.
        asked = (document.row, document.digest)
        found = await self.read(lambda db: db.execute(SQL["content"], asked).fetchone())
        return None if found is None else found[0]

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
        self._files.close()


def _damaged(document: Document) -> JournalError:
    return JournalError(
        f"the document {document.digest[:12]}… was damaged on the disk", "It is not delivered; check the disk."
    )


def _prepared(folder: Path) -> Store:
    # What somebody else on this machine may not read in a watched folder, he may not read here.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store(folder / "documents")
    store.prepare()
    return store


def _identity(db: sqlite3.Connection) -> str:
    row = db.execute("SELECT uid FROM identity").fetchone()
    if row is None:
        raise JournalError("the journal has lost its identity", "The file is damaged; replace it by its backup.")
    return str(row[0])
