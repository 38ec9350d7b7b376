"""Forgetting what is old enough: at the start, and again after a day, whatever happened the day before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.journals import accepted, finish
from tests.peers.watch import eventually

from comptoir.core.errors import JournalError
from comptoir.journal import retention
from comptoir.journal.retention import forget_daily
from comptoir.journal.sqlite import SqliteJournal

DAY = 86_400_000  # ms


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def journal(tmp_path: Path, clock: FakeClock) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path, clock)
    yield one
    await one.close()


async def test_what_is_older_goes_and_the_rest_stays(journal: SqliteJournal, clock: FakeClock) -> None:
    old, waiting = await accepted(journal), await accepted(journal)
    await finish(journal, old)
    clock.advance(31 * DAY)
    young = await accepted(journal)
    await finish(journal, young)
    task = asyncio.create_task(forget_daily(journal, clock, "30 days"))
    while await journal.job(old) is not None:
        await asyncio.sleep(0)
    assert await journal.job(young) is not None
    assert await journal.job(waiting) is not None, "what has not ended is never forgotten"
    assert not task.done()
    task.cancel()


async def test_a_clock_that_is_a_year_ahead_for_an_hour_forgets_nothing(
    journal: SqliteJournal, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await accepted(journal)
    await finish(journal, job)
    before: list[int] = []
    purge = journal.purge

    async def purged(until: int, now: int | None = None) -> int:
        before.append(until)
        assert now == clock.now() - 364 * DAY
        return await purge(until, now)

    monkeypatch.setattr(journal, "purge", purged)
    clock.advance(365 * DAY)
    task = asyncio.create_task(forget_daily(journal, clock, "30 days"))
    await eventually(lambda: bool(before))
    task.cancel()
    assert before == [clock.now() - (365 + 30 - 1) * DAY]
    assert await journal.job(job) is not None


async def test_for_ever_is_over_at_once(journal: SqliteJournal, clock: FakeClock) -> None:
    await asyncio.wait_for(forget_daily(journal, clock, ""), 10)


async def test_a_purge_that_fails_is_told_and_tried_again(
    journal: SqliteJournal, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(retention, "DAY", 0)
    tried: list[int] = []

    async def full(before: int, now: int | None = None) -> int:
        tried.append(before)
        raise JournalError("the disk is full", "Make room.")

    monkeypatch.setattr(journal, "purge", full)
    task = asyncio.create_task(forget_daily(journal, clock, "30 days"))
    await eventually(lambda: len(tried) > 1)
    task.cancel()
    assert "tomorrow again: the disk is full. Make room." in caplog.text
