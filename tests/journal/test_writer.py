"""The thread that writes, with group commit."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.databases import opened

from comptoir.core.errors import JournalError, RequestError
from comptoir.core.record import GENESIS, Event, link
from comptoir.journal.migrate import migrate
from comptoir.journal.sqlite import connect
from comptoir.journal.writer import MOST_IN_ONE_COMMIT, Batch, Writer


class Bench:
    """A writer, what it has published, and how often it has committed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.db = connect(path)
        migrate(self.db)
        self.commits = 0
        self.db.set_trace_callback(self._traced)
        self.published: list[Event] = []
        self.writer = Writer(self.db, FakeClock(), self.publish)

    def _traced(self, sql: str) -> None:
        self.commits += sql == "COMMIT"

    def publish(self, events: Sequence[Event]) -> None:
        self.published += events

    def rows(self) -> list[tuple[object, ...]]:
        db = opened(self.path)
        try:
            return db.execute("SELECT kind FROM events ORDER BY seq").fetchall()
        finally:
            db.close()

    def block(self) -> threading.Event:
        """Hold the writer in an operation, until the event is set."""
        go = threading.Event()
        self.writer.submit(lambda batch: go.wait(30))
        return go


def note(kind: str, result: object = None) -> object:
    def operation(batch: Batch) -> object:
        batch.event(kind, None, {})
        return result

    return operation


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    one = Bench(tmp_path / "journal.db")
    yield one
    await one.writer.close()


async def test_what_waits_goes_into_one_commit(bench: Bench) -> None:
    go = bench.block()
    futures = [bench.writer.submit(note(str(number), number)) for number in range(100)]  # type: ignore[arg-type]
    go.set()
    assert await asyncio.gather(*futures) == list(range(100)), "each gets its own result"
    assert bench.commits <= 2, "a commit for each is what group commit saves"
    assert [event.seq for event in bench.published] == list(range(1, 101))


async def test_a_commit_has_an_end(bench: Bench) -> None:
    go = bench.block()
    futures = [bench.writer.submit(note("x")) for _ in range(MOST_IN_ONE_COMMIT + 50)]  # type: ignore[arg-type]
    go.set()
    await asyncio.gather(*futures)
    assert bench.commits in (2, 3)


async def test_an_answer_comes_after_the_commit(bench: Bench) -> None:
    await bench.writer.submit(note("x"))  # type: ignore[arg-type]
    assert bench.rows() == [("x",)]


async def test_alone_a_caller_waits_for_one_commit(bench: Bench) -> None:
    for _ in range(3):
        await bench.writer.submit(note("x"))  # type: ignore[arg-type]
    assert bench.commits == 3


def refuse(batch: Batch) -> None:
    raise RequestError("no")


def break_down(batch: Batch) -> None:
    batch.db.execute("INSERT INTO nowhere VALUES (1)")


async def test_a_refusal_does_not_undo_its_neighbours(bench: Bench) -> None:
    go = bench.block()
    results = asyncio.gather(
        bench.writer.submit(note("a")),
        bench.writer.submit(refuse),
        bench.writer.submit(note("b")),  # type: ignore[arg-type]
        return_exceptions=True,
    )
    go.set()
    kinds = [type(result) for result in await results]
    assert kinds == [type(None), RequestError, type(None)]
    assert bench.rows() == [("a",), ("b",)]


async def test_an_error_of_the_database_undoes_the_commit_and_the_next_goes_on(bench: Bench) -> None:
    go = bench.block()
    results = asyncio.gather(
        bench.writer.submit(note("a")),
        bench.writer.submit(break_down),  # type: ignore[arg-type]
        return_exceptions=True,
    )
    go.set()
    for result in await results:
        assert isinstance(result, JournalError)
        assert "Nothing was accepted" in result.hint
    assert bench.rows() == []
    assert bench.published == []
    await bench.writer.submit(note("b"))  # type: ignore[arg-type]
    assert bench.rows() == [("b",)]
    (event,) = bench.published
    assert event.hash == link(GENESIS, 1, event.at, "b", None, "{}"), "the chain goes on from what is on disk"


async def test_a_caller_that_has_gone_harms_nobody(bench: Bench) -> None:
    go = bench.block()
    gone, stays = bench.writer.submit(note("a", 1)), bench.writer.submit(note("b", 2))  # type: ignore[arg-type]
    gone.cancel()
    go.set()
    assert await stays == 2
    assert bench.rows() == [("a",), ("b",)]


async def test_closing_writes_what_waits_and_then_refuses(bench: Bench) -> None:
    go = bench.block()
    last = bench.writer.submit(note("last", "done"))  # type: ignore[arg-type]
    go.set()
    await bench.writer.close()
    assert await last == "done"
    assert [event.kind for event in bench.published] == ["last"]
    with pytest.raises(JournalError, match="closed"):
        bench.writer.submit(refuse)
    await bench.writer.close()


async def test_another_program_that_holds_the_database_is_named(bench: Bench) -> None:
    other = opened(bench.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    bench.db.execute("PRAGMA busy_timeout = 0")
    with pytest.raises(JournalError) as caught:
        await bench.writer.submit(note("x"))  # type: ignore[arg-type]
    assert "Another program" in caught.value.hint
    other.execute("ROLLBACK")
    other.close()
    await bench.writer.submit(note("y"))  # type: ignore[arg-type]
    assert bench.rows() == [("y",)]


async def test_a_rollback_that_fails_does_not_end_the_thread(bench: Bench) -> None:
    """Otherwise everybody waits for ever."""

    class Failing:
        """The connection, on a disk that fails for a moment."""

        def __init__(self, db: sqlite3.Connection) -> None:
            self._db = db
            self.left = 2

        def __getattr__(self, name: str) -> object:
            return getattr(self._db, name)

        def execute(self, sql: str, *values: object) -> object:
            if sql in ("COMMIT", "ROLLBACK") and self.left:
                self.left -= 1
                raise sqlite3.OperationalError("disk I/O error")
            return self._db.execute(sql, *values)

    bench.writer._db = Failing(bench.db)  # type: ignore[assignment]
    for kind in ("a", "b"):  # the second finds the transaction of the first, and ends it
        with pytest.raises(JournalError):
            await bench.writer.submit(note(kind))  # type: ignore[arg-type]
    await bench.writer.submit(note("c"))  # type: ignore[arg-type]
    assert bench.rows() == [("c",)]
    assert [event.seq for event in bench.published] == [1]
