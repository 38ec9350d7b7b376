"""The ledger when the disk refuses, callers go away and the journal is closed; the contract suite has the rest."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.peers.clock import FakeClock
from tests.peers.takings import LARGE, SOURCE, Taking, plan

from comptoir.core.errors import JournalError
from comptoir.core.intake import Copied, Stamp, StepDone, Take, Unit
from comptoir.core.record import JobQuery
from comptoir.journal import originals
from comptoir.journal.sqlite import SqliteJournal
from comptoir.journal.store import Incoming
from comptoir.journal.writer import Writer


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    journal = await SqliteJournal.open("", tmp_path / "data", FakeClock())
    yield journal
    await journal.close()


@pytest.fixture
def taking(journal: SqliteJournal, tmp_path: Path) -> Taking:
    return Taking(journal, tmp_path / "in")


def stored(taking: Taking) -> list[Path]:
    return [path for path in taking.folder.parent.glob("data/documents/**/*") if path.is_file()]


def unit(copied: Copied) -> Unit:
    return Unit(SOURCE, (Take(copied, plan("T")),))


def full(*_: object) -> None:
    raise sqlite3.OperationalError("database or disk is full")


async def test_what_could_not_be_taken_stays_held_and_is_taken_later(
    taking: Taking, monkeypatch: pytest.MonkeyPatch
) -> None:
    taking.put("a", LARGE)
    (copied,) = taking.copy("a")
    with monkeypatch.context() as broken:
        broken.setattr(Writer, "_append", full)
        with pytest.raises(JournalError, match="full"):
            await taking.journal.ledger.take([unit(copied)])
    await taking.journal.purge(0)
    assert len(stored(taking)) == 1, "nobody takes away what is held"
    assert len(await taking.journal.ledger.take([unit(copied)])) == 1
    (job,) = await taking.journal.jobs(JobQuery())
    assert await taking.journal.content(job.document) == LARGE


async def test_what_could_not_be_taken_may_be_given_up(taking: Taking, monkeypatch: pytest.MonkeyPatch) -> None:
    taking.put("a", LARGE)
    copied = taking.copy("a")
    with monkeypatch.context() as broken:
        broken.setattr(Writer, "_append", full)
        with pytest.raises(JournalError):
            await taking.journal.ledger.take([unit(one) for one in copied])
    taking.journal.ledger.give_up(copied)
    await taking.states()
    assert stored(taking) == []
    assert await taking.states() == {}


async def test_a_manifest_that_could_not_be_written_leaves_nothing(
    taking: Taking, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [f"lot/{number}" for number in range(200)]
    for path in paths:
        taking.put(path, path)
    with monkeypatch.context() as broken:
        broken.setattr(Writer, "_append", full)
        with pytest.raises(JournalError):
            await taking.take_lot("lot", paths, plan("ARCHIVE"))
    await taking.states()
    assert stored(taking) == []


async def test_a_store_that_cannot_be_written_takes_nothing(taking: Taking, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(28, "No space left on device")

    taking.put("a", LARGE)
    taking.put("b", LARGE + b"b")
    with monkeypatch.context() as broken:
        broken.setattr(Incoming, "rename", refused)
        with pytest.raises(JournalError, match="No space left on device"):
            taking.copy("a", "b")
    await taking.states()
    assert stored(taking) == []
    assert [one.error for one in taking.copy("a", "b")] == ["", ""]


async def test_a_caller_that_goes_away_stops_nothing(taking: Taking) -> None:
    taking.put("a", LARGE)
    (copied,) = taking.copy("a")
    task = asyncio.ensure_future(taking.journal.ledger.take([unit(copied)]))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    while not await taking.journal.jobs(JobQuery()):
        await asyncio.sleep(0)
    await taking.journal.purge(0)
    (job,) = await taking.journal.jobs(JobQuery())
    assert await taking.journal.content(job.document) == LARGE


async def test_what_was_taken_before_leaves_no_second_hold(taking: Taking, journal: SqliteJournal) -> None:
    taking.put("a", LARGE)
    for _ in range(2):
        await taking.take("a", plan("T"))
    assert not journal._store._held
    assert len(stored(taking)) == 1


async def test_long_lists_leave_other_writers_their_turn(taking: Taking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(originals, "ROWS_AT_ONCE", 2)
    commits: list[Any] = []
    submit = Writer.submit

    def counted(self: Writer, operation: Any) -> Any:
        commits.append(operation)
        return submit(self, operation)

    monkeypatch.setattr(Writer, "submit", counted)
    files = [(f"{number}", Stamp(1, 2, 3)) for number in range(5)]
    await taking.journal.ledger.baseline(SOURCE, files)
    assert len(commits) == 4
    await taking.journal.ledger.missing(SOURCE, [path for path, _ in files])
    assert len(commits) == 7
    assert await taking.journal.ledger.known(SOURCE) == {}
    await taking.journal.ledger.step([StepDone(number, "kept") for number in range(5)])
    assert len(commits) == 10


async def test_a_baseline_that_a_crash_cuts_has_not_begun(taking: Taking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.journal.settling.begin", lambda *_: full)
    with pytest.raises(JournalError):
        await taking.journal.ledger.baseline(SOURCE, [("a", Stamp(1, 2, 3))])
    assert await taking.journal.ledger.begun(SOURCE) is None


async def test_after_the_end_nothing_is_taken_and_nothing_breaks(taking: Taking, tmp_path: Path) -> None:
    other = await SqliteJournal.open("", tmp_path / "other", FakeClock())
    there = replace(taking, journal=other)
    there.put("a", LARGE)
    copied = there.copy("a")
    await other.close()
    with pytest.raises(JournalError, match="closed"):
        await other.ledger.take([unit(one) for one in copied])
    with pytest.raises(JournalError, match="closed"):
        await other.ledger.known(SOURCE)
    other.ledger.give_up(copied)
