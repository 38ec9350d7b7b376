"""What a printer has certainly not printed goes to another one; what it may have printed never does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.counter import Counter, Hand
from tests.peers.watch import eventually

from comptoir.core.errors import JournalError, NotSent, OutcomeUnknown
from comptoir.core.job import REDIRECTED, Job
from comptoir.journal.sqlite import SqliteJournal
from comptoir.station import fallback as module
from comptoir.station.fallback import INSTEAD_OF, Fallback

MINUTES = 120_000
OFF = "connecting-to-device"


def off() -> NotSent:
    return NotSent("it does not answer", "Is it switched on?", OFF)


class Shop:
    """Two printers that are worked by hand, FACTURE and SECOURS, and the rule that leads from one to the other."""

    def __init__(self, journal: SqliteJournal, clock: FakeClock, folder: Path) -> None:
        self.clock = clock
        self.counter = Counter(journal, clock, folder)
        self.journal = journal
        self.first, self.second = Hand(), Hand()
        self.counter.sinks = {"FACTURE": self.first, "SECOURS": self.second}

    async def start(self) -> None:
        self.spooler = await self.counter.start()
        self.fallback = Fallback(self.spooler, self.journal, self.clock, self.rule)

    def rule(self, job: Job) -> tuple[str, int] | None:
        return {"FACTURE": ("SECOURS", MINUTES), "SECOURS": ("FACTURE", MINUTES)}[job.destination]

    async def file(self, destination: str = "FACTURE") -> int:
        """A job of a file."""
        more = {"original": 1, "attributes": {"path": "a.pdf"}, "source": "factures"}
        return await self.counter.submit("an invoice", destination, **more)

    async def troubled(self, name: str) -> None:
        lane = self.spooler.lanes[name]
        await eventually(lambda: lane.trouble is not None and not lane.active)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def journal(tmp_path: Path, clock: FakeClock) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path / "journal", clock)
    yield one
    await one.close()


@pytest.fixture
async def shop(journal: SqliteJournal, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Shop]:
    one = Shop(journal, clock, tmp_path)
    await one.start()
    yield one
    await one.counter.stop()


async def test_what_a_dead_printer_has_not_begun_is_printed_on_the_other(shop: Shop) -> None:
    shop.first.fails = [off()]
    number = await shop.file()
    await shop.troubled("FACTURE")
    await shop.fallback.look()
    shop.clock.advance(MINUTES - 1)
    await shop.fallback.look()
    assert shop.spooler.lanes["SECOURS"].drained()
    shop.clock.advance(1)
    await shop.fallback.look()
    await eventually(lambda: shop.second.jobs)
    (new,) = shop.second.jobs
    shop.second.may_begin.set()
    shop.second.may_end.set()
    printed = await shop.counter.watch.status(new, "printed")
    before = await shop.journal.job(number)
    assert before is not None
    assert (before.status, before.reason) == ("canceled", REDIRECTED)
    assert printed.uid == before.uid
    assert printed.original == 1
    assert printed.attributes == {"path": "a.pdf", INSTEAD_OF: "FACTURE"}
    assert printed.document.digest == before.document.digest
    # the first printer comes back, and has nothing of it
    shop.spooler.retry_now("FACTURE")
    assert shop.spooler.lanes["FACTURE"].drained()


async def test_a_printer_that_is_only_busy_keeps_its_jobs(shop: Shop) -> None:
    await shop.file()
    await shop.file()
    await eventually(lambda: shop.first.jobs)
    await shop.fallback.look()
    shop.clock.advance(10 * MINUTES)
    await shop.fallback.look()
    assert shop.spooler.lanes["SECOURS"].drained()


async def test_what_has_begun_stays_whatever_becomes_of_it(shop: Shop) -> None:
    held = await shop.file()
    shop.first.may_begin.set()
    lane = shop.spooler.lanes["FACTURE"]
    await eventually(lambda: any(active.started for active in lane.active.values()))
    lane.trouble = ("media-empty-error", "no paper")
    await shop.fallback.look()
    shop.clock.advance(MINUTES)
    await shop.fallback.look()
    assert shop.spooler.lanes["SECOURS"].drained()
    await shop.counter.watch.status(held, "sent")


async def test_an_unknown_outcome_stays_for_a_person(shop: Shop) -> None:
    shop.first.fails = [OutcomeUnknown("the connection broke")]
    number = await shop.file()
    await shop.counter.watch.status(number, "unknown")
    shop.spooler.lanes["FACTURE"].trouble = (OFF, "away")
    await shop.fallback.look()
    shop.clock.advance(MINUTES)
    await shop.fallback.look()
    assert shop.spooler.lanes["SECOURS"].drained()


async def test_what_was_cut_short_waits_for_the_printer_that_may_have_printed_it(shop: Shop) -> None:
    """An IPP printer is asked for it when it is back: until then nobody knows."""
    shop.first.repeatable = True
    number = await shop.file()
    shop.first.may_begin.set()
    await shop.counter.watch.status(number, "sent")
    await shop.counter.stop()
    shop.first.fails = [off()]
    await shop.start()
    await shop.troubled("FACTURE")
    await shop.fallback.look()
    shop.clock.advance(MINUTES)
    await shop.fallback.look()
    assert shop.spooler.lanes["SECOURS"].drained()


async def test_where_the_other_cannot_print_either_a_job_keeps_its_place(shop: Shop) -> None:
    shop.first.fails, shop.second.fails = [off()], [off()]
    await shop.file()
    await shop.file("SECOURS")
    await shop.troubled("FACTURE")
    await shop.troubled("SECOURS")
    await shop.fallback.look()
    shop.clock.advance(MINUTES)
    await shop.fallback.look()
    assert [len(shop.spooler.lanes[name].waiting) for name in ("FACTURE", "SECOURS")] == [1, 1]


async def test_a_job_does_not_come_back(shop: Shop) -> None:
    shop.first.fails = [off()]
    await shop.file()
    await shop.troubled("FACTURE")
    await shop.fallback.look()
    shop.clock.advance(MINUTES)
    shop.second.fails = [off()]
    await shop.fallback.look()
    await shop.troubled("SECOURS")
    shop.spooler.lanes["FACTURE"].trouble = None
    shop.clock.advance(MINUTES)
    await shop.fallback.look()
    shop.clock.advance(MINUTES)
    await shop.fallback.look()
    assert shop.spooler.lanes["FACTURE"].drained()
    assert len(shop.first.jobs) == 1


def at(shop: Shop, name: str) -> list[int]:
    """The jobs at this printer."""
    lane = shop.spooler.lanes[name]
    return sorted([*lane.waiting, *lane.active])


async def test_what_came_late_waits_as_long(shop: Shop) -> None:
    shop.first.fails = [off()]
    early = await shop.file()
    await shop.troubled("FACTURE")
    await shop.fallback.look()
    shop.clock.advance(MINUTES)
    late = await shop.file()
    await shop.fallback.look()
    assert at(shop, "FACTURE") == [late]
    assert len(at(shop, "SECOURS")) == 1
    before = await shop.journal.job(early)
    assert before is not None
    assert before.status == "canceled"


async def test_the_time_counts_from_the_beginning_of_the_trouble(shop: Shop) -> None:
    """A long queue is no trouble."""
    first, second = await shop.file(), await shop.file()
    shop.clock.advance(10 * MINUTES)
    shop.spooler.lanes["FACTURE"].trouble = (OFF, "away")
    await shop.fallback.look()
    assert at(shop, "FACTURE") == [first, second]
    shop.clock.advance(MINUTES)
    await shop.fallback.look()
    assert at(shop, "FACTURE") == []


@pytest.mark.parametrize("source", ["hw_proxy", "relay", "epos"])
async def test_a_till_follows_its_own_job(shop: Shop, source: str) -> None:
    shop.first.fails = [off()]
    await shop.counter.submit("a receipt", "FACTURE", source=source)
    await shop.troubled("FACTURE")
    await shop.fallback.look()
    shop.clock.advance(MINUTES)
    await shop.fallback.look()
    assert shop.spooler.lanes["SECOURS"].drained()


async def test_a_disk_that_refuses_is_waited_for(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.first.fails = [off()]
    number = await shop.file()
    await shop.troubled("FACTURE")
    await shop.fallback.look()
    shop.clock.advance(MINUTES)
    exchange, refusals = shop.journal.exchange, [JournalError("the disk is full", "Make room.")]

    async def refuse(*arguments: object) -> object:
        if refusals:
            before = await shop.journal.job(number)
            assert before is not None
            assert before.state == "pending", "a crash now leaves it where it was"
            raise refusals.pop()
        return await exchange(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(shop.journal, "exchange", refuse)
    monkeypatch.setattr(module, "JOURNAL_RETRY", 0.0)
    await shop.fallback.look()
    await eventually(lambda: shop.second.jobs)
    assert shop.first.jobs == [number]


async def test_a_job_that_has_gone_on_is_not_exchanged(shop: Shop) -> None:
    shop.first.fails = [off()]
    number = await shop.file()
    await shop.troubled("FACTURE")
    job = await shop.journal.job(number)
    assert job is not None
    change = shop.spooler.withdraw(job, "test")
    assert change is not None
    await shop.journal.record([change])
    assert await shop.journal.exchange(replace(change, reason=REDIRECTED), module._for(job, "SECOURS")) is None
    assert shop.spooler.withdraw(job, "test") is None


async def test_it_looks_by_itself_when_trouble_begins(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OFTEN", 0.01)
    running = asyncio.create_task(shop.fallback.run())
    shop.first.fails = [off()]
    await shop.file()
    await shop.troubled("FACTURE")
    await eventually(lambda: shop.fallback._since)
    shop.clock.advance(MINUTES)
    await eventually(lambda: shop.second.jobs)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert shop.fallback._news.set not in shop.spooler.on_trouble
