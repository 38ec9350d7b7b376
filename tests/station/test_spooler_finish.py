"""A spooler that is to be replaced: what has begun is finished, and nothing begins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.counter import Counter, Hand

from comptoir.clock import SystemClock
from comptoir.journal.sqlite import SqliteJournal


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path / "journal", SystemClock())
    yield one
    await one.close()


@pytest.fixture
async def counter(journal: SqliteJournal, tmp_path: Path) -> AsyncIterator[Counter]:
    one = Counter(journal, SystemClock(), tmp_path)
    yield one
    await one.stop()


@pytest.fixture
def hand(counter: Counter) -> Hand:
    counter.sinks["TICKET"] = one = Hand()
    return one


async def status(journal: SqliteJournal, number: int) -> str:
    job = await journal.job(number)
    assert job is not None
    return job.status


async def test_what_has_begun_is_waited_for_and_the_next_waits_for_the_next_spooler(
    counter: Counter, journal: SqliteJournal, hand: Hand
) -> None:
    spooler = await counter.start()
    hand.may_begin.set()
    first, second = await counter.submit("first"), await counter.submit("second")
    await counter.watch.status(first, "sent")
    finishing = asyncio.create_task(spooler.finish())
    third = await counter.submit("third")
    for _ in range(20):
        await asyncio.sleep(0)
    assert not finishing.done()
    hand.may_end.set()
    await finishing
    assert [await status(journal, number) for number in (first, second, third)] == ["printed", "queued", "queued"]
    assert hand.jobs == [first]
    await counter.stop()
    await counter.start()
    await counter.watch.status(third, "printed")
    assert hand.jobs == [first, second, third], "each once, in order"


async def test_what_is_ready_and_has_not_begun_does_not_begin(
    counter: Counter, journal: SqliteJournal, hand: Hand
) -> None:
    """It may be waiting for a printer that is off: nobody waits for that."""
    spooler = await counter.start()
    number = await counter.submit()
    await hand.came.wait()
    await spooler.finish()
    hand.may_begin.set()
    hand.may_end.set()
    for _ in range(20):
        await asyncio.sleep(0)
    assert await status(journal, number) == "queued"
    await counter.stop()
    await counter.start()
    await counter.watch.status(number, "printed")
    assert counter.watch.statuses(number) == ["queued", "sent", "printed"]


async def test_one_printer_does_not_keep_another_from_finishing(counter: Counter, hand: Hand) -> None:
    counter.sinks["BAR"] = other = Hand()
    spooler = await counter.start()
    for sink in (hand, other):
        sink.may_begin.set()
    one, two = await counter.submit(), await counter.submit(destination="BAR")
    await counter.watch.status(one, "sent")
    await counter.watch.status(two, "sent")
    finishing = asyncio.create_task(spooler.finish())
    other.may_end.set()
    await counter.watch.status(two, "printed")
    assert not finishing.done()
    hand.may_end.set()
    await finishing
    await counter.watch.status(one, "printed")


async def test_what_waits_can_still_be_cancelled(counter: Counter, journal: SqliteJournal, hand: Hand) -> None:
    spooler = await counter.start()
    await spooler.finish()
    number = await counter.submit()
    job = await journal.job(number)
    assert job is not None
    assert await spooler.cancel(job, "owner")
    assert await status(journal, number) == "canceled"
