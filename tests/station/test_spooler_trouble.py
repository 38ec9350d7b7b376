"""The spooler when the disk refuses, the clock is set, and a thousand documents wait."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.counter import Counter, Hand
from tests.peers.watch import eventually

from comptoir.clock import SystemClock
from comptoir.core.errors import JournalError, NotSent
from comptoir.core.job import Change
from comptoir.core.spool import Tick
from comptoir.journal.sqlite import SqliteJournal
from comptoir.station import spooler as module


class Disk:
    """A journal whose disk can be full."""

    def __init__(self, journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full = False
        self.refused = 0
        self._record = journal.record
        monkeypatch.setattr(journal, "record", self.record)

    async def record(self, changes: Sequence[Change]) -> Sequence[bool]:
        if self.full:
            self.refused += 1
            raise JournalError("the disk is full", "Make room.")
        return await self._record(changes)


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    yield one
    await one.close()


@pytest.fixture
async def counter(journal: SqliteJournal, tmp_path: Path) -> AsyncIterator[Counter]:
    one = Counter(journal, SystemClock(), tmp_path)
    one.sinks["TICKET"] = Hand()
    yield one
    await one.stop()


@pytest.fixture
def hand(counter: Counter) -> Hand:
    hand = counter.sinks["TICKET"]
    assert isinstance(hand, Hand)
    return hand


async def test_what_happened_is_written_in_the_order_in_which_it_happened(
    counter: Counter, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A “no paper” that could not be written at once must not be written over “it is being sent”: after a kill the job
    would be printed again, and nobody asked for that."""
    monkeypatch.setattr(module, "JOURNAL_RETRY", 0.05)
    disk = Disk(counter.journal, monkeypatch)
    disk.full = True
    hand.fails = [NotSent("no paper", "", "media-empty-error")]
    hand.may_begin.set()
    spooler = await counter.start()
    job = await counter.submit()
    await eventually(lambda: disk.refused)
    spooler.retry_now("TICKET")
    await eventually(lambda: len(hand.jobs) == 2)
    disk.full = False
    await counter.watch.status(job, "sent")
    kinds = [event.kind for event in await counter.journal.events(job)]
    assert kinds == ["job-accepted", "job-pending", "job-processing"]


async def test_a_disk_that_stays_full_is_tried_less_and_less(
    counter: Counter, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "JOURNAL_PATIENCE", 0.01)
    disk = Disk(counter.journal, monkeypatch)
    disk.full = True
    hand.may_begin.set()
    spooler = await counter.start()
    await counter.submit()
    lane = spooler.lanes["TICKET"]
    for failures in range(1, 20):
        await eventually(lambda failures=failures: lane.failures == failures)  # type: ignore[misc]
        lane.resume_at = 0
        spooler._handle("TICKET", Tick())
    assert len(spooler._tasks) < 6, "one writer waits for the disk for each news, not one for each try"
    assert lane.trouble is not None


async def test_a_clock_that_is_set_back_does_not_stop_a_printer(journal: SqliteJournal, tmp_path: Path) -> None:
    clock = FakeClock()
    counter = Counter(journal, clock, tmp_path)
    counter.sinks["TICKET"] = hand = Hand()
    hand.fails = [NotSent("no paper", "", "media-empty-error")]
    hand.may_begin.set()
    hand.may_end.set()
    spooler = await counter.start()
    try:
        job = await counter.submit()
        await eventually(lambda: spooler.lanes["TICKET"].failures == 1)
        clock.advance(-7_200_000)
        spooler._handle("TICKET", Tick())
        await counter.watch.status(job, "printed")
    finally:
        await counter.stop()


async def test_what_waits_is_not_held_in_memory(counter: Counter, hand: Hand) -> None:
    spooler = await counter.start()
    for size in (100, 100_000):
        await counter.submit("x" * size)
        await counter.submit("y" * size)
    await hand.came.wait()
    lane = spooler.lanes["TICKET"]
    assert [job.document.content for job in lane.waiting.values()] == [None] * 3
    hand.may_begin.set()
    hand.may_end.set()
    await eventually(lane.drained)
