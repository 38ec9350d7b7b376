"""Queues that outlast a service, or are longer than what stands in memory: order and number stay right."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.counter import Counter, Hand

from comptoir.journal.sqlite import SqliteJournal
from comptoir.station import backlog, spooler

MOST = 5


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    clock = FakeClock()
    journal = await SqliteJournal.open("", tmp_path / "journal", clock)
    one = Counter(journal, clock, tmp_path)
    yield one
    await one.stop()
    await journal.close()


@pytest.fixture
def hand(counter: Counter) -> Hand:
    counter.sinks["TICKET"] = one = Hand()
    return one


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooler, "MOST", MOST)
    monkeypatch.setattr(backlog.Backlog.__init__, "__defaults__", (MOST,))


@pytest.mark.usefixtures("little_memory")
async def test_a_queue_longer_than_memory_is_worked_off_in_order(counter: Counter, hand: Hand) -> None:
    works = await counter.start()
    numbers = [await counter.submit() for _ in range(23)]
    assert len(works.lanes["TICKET"].waiting) <= MOST
    assert works.waiting("TICKET") == 23
    hand.may_begin.set()
    hand.may_end.set()
    await counter.watch.status(numbers[-1], "printed")
    assert hand.jobs == numbers
    assert works.waiting("TICKET") == 0


@pytest.mark.usefixtures("little_memory")
async def test_it_is_found_again_after_a_restart(counter: Counter, hand: Hand) -> None:
    works = await counter.start()
    numbers = [await counter.submit() for _ in range(23)]
    await counter.stop()
    hand.jobs.clear()
    works = await counter.start()
    assert len(works.lanes["TICKET"].waiting) <= MOST
    numbers.append(await counter.submit())
    hand.may_begin.set()
    hand.may_end.set()
    await counter.watch.status(numbers[-1], "printed")
    assert hand.jobs == numbers


@pytest.mark.usefixtures("little_memory")
async def test_a_job_that_stands_on_disk_only_is_cancelled(counter: Counter, hand: Hand) -> None:
    works = await counter.start()
    numbers = [await counter.submit() for _ in range(12)]
    last = await counter.journal.job(numbers[-1])
    assert last is not None
    assert await works.cancel(last, "anna")
    assert not await works.cancel(last, "anna")
    hand.may_begin.set()
    hand.may_end.set()
    await counter.watch.status(numbers[-2], "printed")
    assert (await counter.watch.status(last.id, "canceled")).state == "canceled"
    assert hand.jobs == numbers[:-1]


async def test_a_destination_that_can_be_asked_gets_again_what_was_cut_short(counter: Counter, hand: Hand) -> None:
    hand.repeatable = True
    await counter.start()
    dying, waiting = await counter.submit(), await counter.submit()
    hand.may_begin.set()
    await counter.watch.status(dying, "sent")
    await counter.stop()
    hand.may_end.set()
    await counter.start()
    await counter.watch.status(waiting, "printed")
    assert counter.watch.statuses(dying) == ["queued", "sent", "queued", "sent", "printed"]
    assert hand.jobs == [dying, dying, waiting]
    job = await counter.journal.job(dying)
    assert job is not None
    assert job.attempts == 2
