"""What is particular to the journal in one SQLite file; the rest is in contracts/test_journal.py."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.clock import START, FakeClock
from tests.peers.databases import opened
from tests.peers.papers import pieces, submission

from comptoir.core.errors import ConfigError, JournalError
from comptoir.core.job import Change
from comptoir.core.record import Credential, JobQuery
from comptoir.journal import open_journal
from comptoir.journal.forgetting import purge
from comptoir.journal.sqlite import INLINE, SqliteJournal
from comptoir.journal.store import Incoming


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path, FakeClock())
    yield one
    await one.close()


def ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    db = opened(path)
    try:
        found = db.execute(sql).fetchall()
        db.commit()
        return found
    finally:
        db.close()


@pytest.mark.skipif(sys.platform == "win32", reason="rights of folders are inherited there")
async def test_nobody_else_on_this_machine_reads_what_was_taken(tmp_path: Path) -> None:
    """Small documents stand in the journal, and the file in the watched folder may have been for few to read."""
    journal = await SqliteJournal.open("", tmp_path / "station", FakeClock())
    await journal.close()
    assert (tmp_path / "station").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "sql", ["UPDATE events SET body = '{}'", "DELETE FROM events", "DELETE FROM events WHERE seq = 1"]
)
async def test_events_can_be_neither_changed_nor_removed(journal: SqliteJournal, tmp_path: Path, sql: str) -> None:
    await journal.accept(submission())
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        ask(tmp_path / "journal.db", sql)


async def test_it_is_on_disk_as_promised(journal: SqliteJournal) -> None:
    """Promise 1 stands and falls with these two words."""
    db = journal._writer._db
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("PRAGMA synchronous").fetchone() == (2,), "FULL"


@pytest.mark.parametrize(("size", "files"), [(INLINE, 0), (INLINE + 1, 1)])
async def test_small_documents_stand_in_their_row(
    journal: SqliteJournal, tmp_path: Path, size: int, files: int
) -> None:
    await journal.accept(submission(bytes(size)))
    assert len([path for path in (tmp_path / "documents").rglob("*") if path.is_file()]) == files
    ((inline,),) = ask(tmp_path / "journal.db", "SELECT content IS NOT NULL FROM documents")
    assert inline == (1 - files)


async def test_other_programs_see_the_prints_in_a_table(journal: SqliteJournal, tmp_path: Path) -> None:
    await journal.accept(submission("Hello world", key="k", title="Bar"))
    await journal.accept(submission(b"\x1b@", media_type="application/octet-stream"))
    await journal.record([Change(1, "completed")])
    sql = "SELECT id, content, status, created_at, idempotency_key, title FROM print_jobs ORDER BY id"
    first, second = ask(tmp_path / "journal.db", sql)
    assert first == (1, "Hello world", "printed", "2026-11-18T11:06:40.000Z", "k", "Bar")
    assert second[:3] == (2, None, "queued")


async def test_the_database_may_be_named(tmp_path: Path) -> None:
    journal = await open_journal(f"sqlite:{tmp_path / 'my journal#%3F.db'}", tmp_path / "data", FakeClock())
    await journal.accept(submission())
    await journal.close()
    assert (tmp_path / "my journal#%3F.db").exists()
    with pytest.raises(ConfigError, match="oracle"):
        await open_journal("oracle://x", tmp_path, FakeClock())


async def test_a_folder_that_cannot_be_used_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(JournalError, match="cannot be used") as caught:
        await SqliteJournal.open("", tmp_path / "file" / "data", FakeClock())
    assert "--data" in caught.value.hint


@pytest.mark.parametrize(
    "content", [b"this is no database, but a text of some length" * 100, b"SQLite format 3\0" + b"x" * 5000]
)
async def test_a_file_that_is_no_journal_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "journal.db").write_bytes(content)
    with pytest.raises(JournalError, match="cannot be opened"):
        await SqliteJournal.open("", tmp_path, FakeClock())
    assert (tmp_path / "journal.db").read_bytes() == content, "nothing was changed"


async def test_a_damaged_file_is_a_journal_error_when_it_is_read(tmp_path: Path) -> None:
    """Whoever reads gets the error that the journal promises, not one of SQLite."""
    journal = await SqliteJournal.open("", tmp_path, FakeClock())
    for number in range(200):
        await journal.accept(submission(f"{number}" * 500))
    await journal.close()
    path = tmp_path / "journal.db"
    whole = path.read_bytes()
    ((root,),) = ask(path, "SELECT rootpage FROM sqlite_master WHERE name = 'jobs'")
    assert isinstance(root, int)
    path.write_bytes(whole[: (root - 1) * 4096] + b"\xff" * 4096 + whole[root * 4096 :])
    journal = await SqliteJournal.open("", tmp_path, FakeClock())
    try:
        for read in (lambda: journal.job(1), lambda: journal.jobs(JobQuery()), journal.counts):
            with pytest.raises(JournalError):
                await read()
    finally:
        await journal.close()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE jobs SET evidence = '{'",
        "UPDATE jobs SET title = CAST(x'ff' AS TEXT)",
        "UPDATE jobs SET evidence = '[]'",
    ],
)
async def test_damaged_values_are_a_journal_error_too(journal: SqliteJournal, tmp_path: Path, damage: str) -> None:
    await journal.accept(submission())
    ask(tmp_path / "journal.db", damage)
    with pytest.raises(JournalError, match="cannot be read") as caught:
        await journal.job(1)
    assert "verify" in caught.value.hint


async def test_a_damaged_credential_is_a_journal_error(journal: SqliteJournal, tmp_path: Path) -> None:
    await journal.put_credential(Credential("client", "c", "s", 1))
    ask(tmp_path / "journal.db", "UPDATE credentials SET created_at = 'once'")
    for read in (journal.credential("client", "s"), journal.credentials("client")):
        with pytest.raises(JournalError):
            await read


@pytest.mark.parametrize("table", ["identity", "head"])
async def test_a_journal_that_has_lost_itself_is_not_opened(tmp_path: Path, table: str) -> None:
    await (await SqliteJournal.open("", tmp_path, FakeClock())).close()
    ask(tmp_path / "journal.db", f"DELETE FROM {table}")
    with pytest.raises(JournalError) as caught:
        await SqliteJournal.open("", tmp_path, FakeClock())
    assert caught.value.hint
    ask(tmp_path / "journal.db", f"DROP TABLE {table}")
    with pytest.raises(JournalError, match="cannot be opened"):
        await SqliteJournal.open("", tmp_path, FakeClock())


async def test_a_schema_that_is_no_text_is_a_sentence(tmp_path: Path) -> None:
    """SQLite quotes it in its message, and Python cannot make a string of that."""
    await (await SqliteJournal.open("", tmp_path, FakeClock())).close()
    path = tmp_path / "journal.db"
    whole = path.read_bytes()
    at = whole.find(b"CREATE TABLE documents")
    path.write_bytes(whole[:at] + b"\xc5\xff" + whole[at + 2 :])
    with pytest.raises(JournalError, match="cannot be opened"):
        await SqliteJournal.open("", tmp_path, FakeClock())


async def test_a_closed_journal_refuses_to_read(tmp_path: Path) -> None:
    journal = await SqliteJournal.open("", tmp_path, FakeClock())
    await journal.close()
    with pytest.raises(JournalError, match="closed"):
        await journal.job(1)
    with pytest.raises(JournalError, match="closed"):
        await journal.accept(submission(bytes(INLINE + 1)))


async def test_what_was_kept_goes_when_the_journal_is_closed(tmp_path: Path) -> None:
    journal = await SqliteJournal.open("", tmp_path, FakeClock())
    await journal.keep(pieces(b"x"), "", "")
    await journal.close()
    assert list((tmp_path / "documents").iterdir()) == []


async def test_a_crash_in_the_middle_of_a_purge_is_made_good(tmp_path: Path) -> None:
    """The jobs are forgotten, their files are not yet removed: the next purge does it."""
    journal = await SqliteJournal.open("", tmp_path, FakeClock())
    job = (await journal.accept(submission(bytes(INLINE + 1)))).job
    await journal.record([Change(job.id, "completed")])
    assert await journal._writer.submit(purge(START + 1)) == 1
    await journal.close()
    journal = await SqliteJournal.open("", tmp_path, FakeClock())
    assert journal._store.path(job.document.digest).exists()
    assert await journal.purge(START + 1) == 0
    assert not journal._store.path(job.document.digest).exists()
    await journal.close()
    assert ask(tmp_path / "journal.db", "SELECT count(*) FROM documents") == [(0,)]


async def test_a_file_that_cannot_be_removed_is_tried_again(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = (await journal.accept(submission(bytes(INLINE + 1)))).job
    await journal.record([Change(job.id, "completed")])

    def refuse(digest: str) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(journal._store, "remove", refuse)
        assert await journal.purge(START + 1) == 1
    path = journal._store.path(job.document.digest)
    assert path.exists()
    await journal.purge(START + 1)
    assert not path.exists()


async def test_a_file_is_held_until_its_row_is_written(journal: SqliteJournal) -> None:
    """Also where the caller has gone: the writer works on."""
    go = threading.Event()
    blocked = journal._writer.submit(lambda batch: go.wait(10))
    content = bytes(INLINE + 1)
    accepting = asyncio.ensure_future(journal.accept(submission(content)))
    digest = submission(content).document.digest
    while not journal._store.path(digest).exists() or journal._writer._queue.empty():
        await asyncio.sleep(0)
    accepting.cancel()
    await asyncio.wait([accepting])
    assert not journal._store.forget(digest, lambda digest: False)
    go.set()
    await blocked
    await journal.note("after", {})
    assert (await journal.jobs(JobQuery()))[0].document.digest == digest
    assert journal._store.forget(digest, lambda digest: True), "held no more"


async def test_a_full_disk_is_said_and_work_goes_on_when_there_is_room(journal: SqliteJournal) -> None:
    db = journal._writer._db
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages}")

    async def fill() -> None:
        for number in range(20):
            await journal.accept(submission("x" * 4000, key=str(number)))

    with pytest.raises(JournalError, match="full") as caught:
        await fill()
    assert "Make room" in caught.value.hint
    kept = await journal.jobs(JobQuery(limit=100))
    db.execute("PRAGMA max_page_count = 1000000")
    await journal.accept(submission("y" * 4000))
    assert len(await journal.jobs(JobQuery(limit=100))) == len(kept) + 1
    assert [event.seq for event in await journal.events()] == list(range(1, len(kept) + 2))


FULL = """
import asyncio, resource, signal, sys
from pathlib import Path
from comptoir.clock import SystemClock
from comptoir.core.document import Document, Origin, Submission
from comptoir.core.errors import JournalError
from comptoir.journal import open_journal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
def room(size): resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
def paper(content): return Submission(Document.of(content), Origin("api"), "T")
async def pieces(size):
    yield b"x" * size

async def main():
    journal = await open_journal("", Path(sys.argv[1]), SystemClock())
    await journal.accept(paper(b"before"))
    room(8192)
    small, large = paper(b"a" * 10_000), paper(b"b" * 100_000)
    for work in (journal.accept(small), journal.accept(large), journal.keep(pieces(100_000), "", "")):
        try:
            await work
        except JournalError as error:
            print("refused", bool(error.hint))
    room(resource.RLIM_INFINITY)
    await journal.accept(paper(b"after"))
    await journal.accept(paper(b"c" * 100_000))
    await journal.close()
asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit can be set there")
async def test_a_disk_that_takes_no_more_bytes(tmp_path: Path) -> None:
    """The file system itself refuses, in a process of its own."""
    run = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", FULL, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split("\n")[:3] == ["refused True"] * 3
    assert ask(tmp_path / "journal.db", "SELECT count(*) FROM jobs") == [(3,)]
    assert len([path for path in (tmp_path / "documents").rglob("*") if path.is_file()]) == 1


async def test_a_source_that_gives_up_at_the_first_moment_leaves_no_file(
    journal: SqliteJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The link is cut while the file for a document is just being made: it is removed all the same."""
    go, making, made = threading.Event(), threading.Event(), threading.Event()
    incoming = journal._store.incoming

    def slowly() -> Incoming:
        making.set()
        go.wait(10)
        try:
            return incoming()
        finally:
            made.set()

    monkeypatch.setattr(journal._store, "incoming", slowly)
    keeping = asyncio.ensure_future(journal.keep(pieces(b"x"), "", ""))
    await asyncio.sleep(0)
    await asyncio.to_thread(making.wait, 10)
    keeping.cancel()
    await asyncio.sleep(0)
    go.set()
    await asyncio.wait([keeping])
    await asyncio.to_thread(made.wait, 10)
    await journal.note("after", {})
    assert [path for path in (tmp_path / "documents").rglob("*") if path.is_file()] == []
