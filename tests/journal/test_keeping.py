"""What is particular to the archive's record in SQLite; the rest is in contracts/test_keeping.py."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.crashing import crashes
from tests.peers.databases import opened
from tests.peers.filings import capture, filed, filing, number
from tests.peers.papers import pieces, submission

from comptoir.core.errors import JournalError
from comptoir.journal.keeping import ROWS_AT_ONCE
from comptoir.journal.sqlite import INLINE, SqliteJournal
from comptoir.journal.verify import verify


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path, FakeClock())
    yield one
    await one.close()


def files(folder: Path) -> int:
    return len([path for path in (folder / "documents").rglob("*") if path.is_file()])


@pytest.mark.parametrize(("size", "expected"), [(INLINE, 0), (INLINE + 1, 1)])
async def test_small_documents_stand_in_their_row(
    journal: SqliteJournal, tmp_path: Path, size: int, expected: int
) -> None:
    await filed(journal, content=bytes(size))
    assert files(tmp_path) == expected
    await filed(journal, uid="2", document=await journal.keep(pieces(b"x" * size), "", ""))
    assert files(tmp_path) == 2 * expected


async def test_many_prints_are_one_commit(journal: SqliteJournal) -> None:
    """While a flush takes its time, whatever comes meanwhile waits for the next one together."""
    started, go, seen = threading.Event(), threading.Event(), list[int]()
    blocked = journal.write(lambda batch: (started.set(), go.wait(60)))
    assert await asyncio.to_thread(started.wait, 60)
    filing_all = [asyncio.ensure_future(filed(journal, "T", uid=str(count))) for count in range(100)]
    while journal._writer._queue.qsize() < 100:
        await asyncio.sleep(0)
    journal.subscribe(lambda events: seen.append(len(events)))
    go.set()
    await blocked
    await asyncio.gather(*filing_all)
    assert seen == [200]


async def test_a_file_is_held_until_its_row_is_written(journal: SqliteJournal) -> None:
    """Also where the caller has gone: the writer works on."""
    started, go = threading.Event(), threading.Event()
    blocked = journal.write(lambda batch: (started.set(), go.wait(60)))
    assert await asyncio.to_thread(started.wait, 60)
    one = capture(bytes(INLINE + 1))
    working = asyncio.ensure_future(journal.keeping.file(filing(one, "T")))
    digest = one.document.digest
    while not journal._store.path(digest).exists() or journal._writer._queue.empty():
        await asyncio.sleep(0)
    working.cancel()
    await asyncio.wait([working])
    assert not journal._store.forget(digest, lambda digest: False)
    go.set()
    await blocked
    await journal.note("after", {})
    found = await journal.keeping.kept_by_uid("office", "1")
    assert found is not None
    assert await journal.content(found.document) == bytes(INLINE + 1)
    assert journal._store.forget(digest, lambda digest: True), "held no more"


async def test_a_full_database_refuses_the_whole_print(journal: SqliteJournal, tmp_path: Path) -> None:
    db = journal._writer._db
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(JournalError, match="full") as caught:
        await filed(journal, "T", content=b"x" * INLINE * 2, others=(b"y" * INLINE,))
    assert "Make room" in caught.value.hint
    await journal.counts()  # the reader has had its turn
    assert files(tmp_path) == 0
    db.execute("PRAGMA max_page_count = 1000000")
    done = await filed(journal, "T", content=b"x" * INLINE * 2, others=(b"y" * INLINE,))
    assert (done.fresh, done.number) == (True, 1)
    assert verify(tmp_path / "journal.db").findings == []


FULL = """
import asyncio, resource, signal, sys
from pathlib import Path
from tests.peers.filings import filed
from tests.peers.papers import pieces
from comptoir.clock import SystemClock
from comptoir.core.errors import JournalError
from comptoir.journal import open_journal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
def room(size): resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

async def main():
    journal = await open_journal("", Path(sys.argv[1]), SystemClock())
    await filed(journal, "T", content=b"before")
    streamed = await journal.keep(pieces(b"s" * 100_000), "", "")
    room(8192)
    small, large = {"content": b"a" * 10_000, "uid": "2"}, {"content": b"b" * 100_000, "uid": "3"}
    both = {"document": streamed, "others": (b"c" * 100_000,), "uid": "4"}
    for more in (small, large, both):
        try:
            await filed(journal, "T", **more)
        except JournalError as error:
            print("refused", bool(error.hint))
    room(resource.RLIM_INFINITY)
    print((await filed(journal, "T", **large)).fresh)
    await journal.close()
asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit can be set there")
async def test_a_disk_that_takes_no_more_bytes(tmp_path: Path) -> None:
    """The file system itself refuses, in a process of its own."""
    command = [sys.executable, "-c", FULL, str(tmp_path)]
    run = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["refused", "True"] * 3 + ["True"]
    db = opened(tmp_path / "journal.db")
    assert db.execute("SELECT uid FROM kept ORDER BY id").fetchall() == [("1",), ("3",)]
    db.close()
    assert files(tmp_path) == 1
    assert verify(tmp_path / "journal.db").findings == []


async def test_what_is_eliminated_is_not_left_in_the_file(tmp_path: Path) -> None:
    journal = await SqliteJournal.open("", tmp_path, FakeClock())
    assert journal._writer._db.execute("PRAGMA secure_delete").fetchone() == (1,)
    found = await number(journal, content=b"secret words " * 100, title="Martin", user="anna", uid="job of anna")
    await filed(journal, uid="2")
    await journal.keeping.eliminate([found], "bob", "why")
    await journal.close()
    content = (tmp_path / "journal.db").read_bytes()
    assert not [word for word in (b"secret words", b"Martin", b"anna") if word in content]


async def test_a_list_of_any_length_is_worked_off(journal: SqliteJournal) -> None:
    order = submission("x")
    numbers = [await number(journal, uid=str(count)) for count in range(3)]
    many = [*range(1_000, 1_000 + ROWS_AT_ONCE), *numbers]
    assert await journal.keeping.hold(many, "why", "anna") == 3
    assert await journal.keeping.hold(many, "", "anna") == 3
    await journal.keeping.counted(dict.fromkeys(many, 2))
    assert [one.pages for one in await journal.keeping.after(0, 10)] == [2, 2, 2]
    await journal.accept(order)
    assert await journal.keeping.eliminate(many, "bob", "why") == 3
    assert await journal.keeping.eliminate([], "bob", "why") == 0


@pytest.mark.skipif(sys.platform == "win32", reason="its processes are forked")
@pytest.mark.parametrize(("case", "kept", "jobs", "files"), [("print", 2, 4, 1), ("eliminate", 0, 0, 0)])
def test_a_crash_at_any_step_ends_as_if_there_had_been_none(
    tmp_path: Path, case: str, kept: int, jobs: int, files: int
) -> None:
    found = crashes(case, tmp_path, tmp_path / "elsewhere")
    assert len(found) >= 8
    assert {(one["kept"], len(one["jobs"]), one["unneeded"], tuple(one["findings"])) for one in found} == {
        (kept, jobs, 0, ())
    }
    stored = [path for path in (tmp_path / f"{len(found)}" / "data" / "documents").glob("*/*") if path.is_file()]
    assert len(stored) == files
