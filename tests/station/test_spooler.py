"""The spooler, a real journal and real printers: faults come and go, nothing is printed twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Literal

import pytest
from tests.peers.clock import FakeClock
from tests.peers.counter import Counter, Hand
from tests.peers.listener import Listener
from tests.peers.papers import submission
from tests.peers.services import free_port
from tests.peers.watch import eventually

from comptoir.clock import SystemClock
from comptoir.core.errors import JournalError, NotSent
from comptoir.core.job import EXPIRED, OUTCOME_UNKNOWN, Change
from comptoir.core.record import JobQuery
from comptoir.core.spool import Tick
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks import printer as printer_sink


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def journal(tmp_path: Path, clock: FakeClock) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path / "journal", clock)
    yield one
    await one.close()


@pytest.fixture
async def counter(journal: SqliteJournal, tmp_path: Path) -> AsyncIterator[Counter]:
    """On the real clock: a wait for the printer ends by itself."""
    one = Counter(journal, SystemClock(), tmp_path)
    yield one
    await one.stop()


@pytest.fixture
async def slow_time(journal: SqliteJournal, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Counter]:
    """On a clock that stands."""
    one = Counter(journal, clock, tmp_path)
    yield one
    await one.stop()


@pytest.fixture
def hand(slow_time: Counter) -> Hand:
    slow_time.sinks["TICKET"] = one = Hand()
    return one


@pytest.fixture
async def server() -> AsyncIterator[VirtualPrinterServer]:
    async with VirtualPrinterServer() as one:
        yield one


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as one:
        yield one


def uri(server: VirtualPrinterServer | Listener) -> str:
    return f"socket://127.0.0.1:{server.port}?timeout=2&stall=2"


# -- the printer -----------------------------------------------------------------------------------------


async def test_jobs_come_out_in_order(counter: Counter, server: VirtualPrinterServer) -> None:
    counter.printer("TICKET", uri(server))
    await counter.start()
    numbers = [await counter.submit(f"ticket {number}") for number in range(10)]
    for number in numbers:
        await counter.watch.status(number, "printed")
    papers = [(await server.next_printed()).paper.text for _ in numbers]
    assert [f"ticket {number}" in papers[number] for number in range(10)] == [True] * 10
    assert counter.watch.statuses(numbers[0]) == ["queued", "sent", "printed"]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("paper", "media-empty-error"), ("cover", "cover-open-error"), ("offline", "offline-report")],
)
async def test_a_fault_is_waited_out_and_then_it_prints_once(
    counter: Counter, server: VirtualPrinterServer, fault: str, reason: str
) -> None:
    counter.printer("TICKET", uri(server))
    spooler = await counter.start()
    troubles: list[tuple[str, str] | None] = []
    spooler.on_trouble.append(lambda: troubles.append(spooler.lanes["TICKET"].trouble))
    server.set_faults(fault)
    one, two = await counter.submit("one"), await counter.submit("two")
    job = await counter.watch.reason(one, reason)
    assert job.status == "queued"
    assert job.message
    server.set_faults()
    evidence = (await counter.watch.status(two, "printed")).evidence
    assert evidence is not None
    assert evidence.kind == "processed"
    papers = [(await server.next_printed()).paper.text for _ in range(2)]
    assert "one" in papers[0]
    assert "two" in papers[1]
    assert server.printed.empty()
    assert [t[0] if t else None for t in troubles] == [reason, None]


async def test_nobody_there_is_waited_out(counter: Counter) -> None:
    port = free_port()
    counter.printer("TICKET", f"socket://127.0.0.1:{port}?timeout=2")
    await counter.start()
    number = await counter.submit()
    await counter.watch.reason(number, "connecting-to-device")
    async with VirtualPrinterServer(port=port) as server:
        await counter.watch.status(number, "printed")
        await server.next_printed()
        assert server.printed.empty()


@pytest.mark.parametrize("fault", ["close", "stall"])
async def test_what_stops_in_the_middle_is_held_and_never_repeated(
    counter: Counter, server: VirtualPrinterServer, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printer_sink, "FENCE", 0.1)
    counter.printer("TICKET", uri(server))
    await counter.start()
    first = await counter.submit("first")
    await counter.watch.status(first, "printed")
    await server.next_printed()
    server.set_faults(fault) if fault == "close" else _when_processing(counter, server, fault)
    broken = await counter.submit("broken " * 50)
    job = await counter.watch.status(broken, "unknown")
    assert (job.state, job.reason) == ("pending-held", OUTCOME_UNKNOWN)
    assert job.message
    server.set_faults()
    after = await counter.submit("after")
    await counter.watch.status(after, "printed")
    assert counter.watch.statuses(broken) == ["queued", "sent", "unknown"]
    await counter.stop()
    await counter.start()
    await counter.watch.status(await counter.submit("again"), "printed")
    assert counter.watch.statuses(broken) == ["queued", "sent", "unknown"], "not after a restart either"


def _when_processing(counter: Counter, server: VirtualPrinterServer, fault: str) -> None:
    """Set the fault as soon as the journal knows that something may come out."""

    def listener(events: object) -> None:
        if any(event.kind == "job-processing" for event in events):  # type: ignore[attr-defined]
            end()
            server.set_faults(fault)

    end = counter.journal.subscribe(listener)


async def test_a_port_that_cannot_answer_is_told_as_sent(counter: Counter, listener: Listener) -> None:
    counter.printer("TICKET", uri(listener))
    await counter.start()
    job = await counter.watch.status(await counter.submit(), "printed")
    assert job.evidence is not None
    assert job.evidence.kind == "sent"


async def test_a_dead_printer_delays_no_other(counter: Counter, server: VirtualPrinterServer) -> None:
    async with VirtualPrinterServer(faults=["offline"]) as dead:
        counter.printer("DEAD", uri(dead))
        counter.printer("GONE", f"socket://127.0.0.1:{free_port()}?timeout=2")
        counter.printer("TICKET", uri(server))
        await counter.start()
        stuck = [await counter.submit("x", name) for name in ("DEAD", "GONE") for _ in range(20)]
        fine = [await counter.submit(f"t{n}") for n in range(20)]
        for number in fine:
            await counter.watch.status(number, "printed")
        for number in stuck:
            job = await counter.journal.job(number)
            assert job is not None
            assert job.status == "queued"


async def test_a_reprint_says_duplicata(counter: Counter, server: VirtualPrinterServer) -> None:
    counter.printer("TICKET", uri(server))
    await counter.start()
    await counter.watch.status(await counter.submit("first"), "printed")
    assert "DUPLICATA" not in (await server.next_printed()).paper.text
    await counter.watch.status(await counter.submit("first", reprint_of=1), "printed")
    assert "DUPLICATA" in (await server.next_printed()).paper.text


# -- time, cancelling, crashes ---------------------------------------------------------------------------


async def test_a_stale_ticket_does_not_come_out_when_the_printer_is_back(
    slow_time: Counter, server: VirtualPrinterServer, clock: FakeClock
) -> None:
    slow_time.printer("TICKET", uri(server))
    spooler = await slow_time.start()
    server.set_faults("paper")
    stale = await slow_time.submit("stale", expires_at=clock.now() + 600_000)
    lasting = await slow_time.submit("lasting")
    await slow_time.watch.reason(stale, "media-empty-error")
    clock.advance(600_000)
    server.set_faults()
    spooler.retry_now("TICKET")
    assert (await slow_time.watch.status(stale, "expired")).reason == EXPIRED
    await slow_time.watch.status(lasting, "printed")
    assert "lasting" in (await server.next_printed()).paper.text
    assert server.printed.empty()


async def test_a_job_that_expires_while_the_printer_is_opened_does_not_block_the_next(
    slow_time: Counter, hand: Hand, clock: FakeClock
) -> None:
    """Between the decision to print and the first byte time passes; what comes next must still be printed."""
    await slow_time.start()
    stale = await slow_time.submit("stale", expires_at=clock.now() + 1000)
    second = await slow_time.submit("second")
    await hand.came.wait()
    clock.advance(1000)
    hand.may_end.set()
    hand.may_begin.set()
    assert (await slow_time.watch.status(stale, "expired")).attempts == 0
    await slow_time.watch.status(second, "printed", patience=5)


async def test_a_waiting_job_is_cancelled(slow_time: Counter, hand: Hand) -> None:
    spooler = await slow_time.start()
    first, second = await slow_time.submit(), await slow_time.submit()
    await hand.came.wait()
    job = await slow_time.journal.job(second)
    assert job is not None
    assert await spooler.cancel(job, "anna")
    assert not await spooler.cancel(job, "anna"), "it is cancelled already"
    assert (await slow_time.watch.status(second, "canceled")).state == "canceled"
    hand.may_begin.set()
    hand.may_end.set()
    await slow_time.watch.status(first, "printed")
    assert hand.jobs == [first]


async def test_a_job_cancelled_before_its_first_byte_never_begins_and_the_next_goes_on(
    slow_time: Counter, hand: Hand
) -> None:
    spooler = await slow_time.start()
    first, second = await slow_time.submit(), await slow_time.submit()
    await hand.came.wait()
    job = await slow_time.journal.job(first)
    assert job is not None
    assert await spooler.cancel(job, "anna")
    hand.may_end.set()
    hand.may_begin.set()
    await slow_time.watch.status(second, "printed")
    assert slow_time.watch.statuses(first) == ["queued", "canceled"]


async def test_what_has_begun_is_not_cancelled(slow_time: Counter, hand: Hand) -> None:
    spooler = await slow_time.start()
    number = await slow_time.submit()
    hand.may_begin.set()
    job = await slow_time.watch.status(number, "sent")
    assert not await spooler.cancel(job, "anna")
    hand.may_end.set()
    await slow_time.watch.status(number, "printed")


async def test_what_was_being_printed_when_the_service_died_is_held_and_the_rest_goes_on(
    slow_time: Counter, hand: Hand
) -> None:
    await slow_time.start()
    dying, waiting = await slow_time.submit(), await slow_time.submit()
    hand.may_begin.set()
    await slow_time.watch.status(dying, "sent")
    await slow_time.stop()
    hand.may_end.set()
    await slow_time.start()
    assert (await slow_time.watch.status(dying, "unknown")).reason == OUTCOME_UNKNOWN
    await slow_time.watch.status(waiting, "printed")
    assert hand.jobs == [dying, waiting]


async def test_many_waiting_jobs_are_found_again_in_order(slow_time: Counter, hand: Hand) -> None:
    spooler = await slow_time.start()
    await spooler.stop()
    for _ in range(1001):
        await slow_time.journal.accept(submission())
    hand.may_begin.set()
    hand.may_end.set()
    await slow_time.start()
    await slow_time.watch.status(1001, "printed")
    assert hand.jobs == list(range(1, 1002))


async def test_a_printer_that_is_not_configured_any_more_ends_its_jobs(slow_time: Counter, hand: Hand) -> None:
    await slow_time.start()
    job = await slow_time.watch.status(await slow_time.submit(destination="OLD"), "failed")
    assert job.reason == "unknown-printer"
    assert "OLD" in job.message


async def test_an_error_of_ours_is_told_as_what_it_is(
    slow_time: Counter, hand: Hand, caplog: pytest.LogCaptureFixture
) -> None:
    await slow_time.start()
    hand.fails = [ZeroDivisionError("ours")]
    before = await slow_time.submit()
    job = await slow_time.watch.status(before, "failed")
    assert "internal error" in job.message
    assert "ours" in caplog.text

    hand.may_begin.set()
    hand.may_end = _Explosive()
    begun = await slow_time.submit()
    assert (await slow_time.watch.status(begun, "unknown")).reason == OUTCOME_UNKNOWN


class _Explosive(asyncio.Event):
    """Breaks the delivery after its first byte."""

    async def wait(self) -> Literal[True]:
        raise ZeroDivisionError("ours")


async def test_a_journal_that_cannot_be_written_stops_the_lane_and_not_the_truth(
    slow_time: Counter, hand: Hand, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is sent that is not on record first; what has happened is recorded as soon as there is room."""
    monkeypatch.setattr("comptoir.station.spooler.JOURNAL_RETRY", 0.01)
    spooler = await slow_time.start()
    refusals = 3
    record = slow_time.journal.record

    async def full(changes: list[Change]) -> object:
        nonlocal refusals
        if refusals:
            refusals -= 1
            raise JournalError("the disk is full", "Make room")
        return await record(changes)

    monkeypatch.setattr(slow_time.journal, "record", full)
    number = await slow_time.submit()
    hand.may_begin.set()
    hand.may_end.set()
    await eventually(lambda: spooler.lanes["TICKET"].trouble is not None)
    job = await slow_time.journal.job(number)
    assert job is not None
    assert job.state == "pending", "it has not begun, and nobody says that it has"
    await eventually(lambda: refusals == 0)
    spooler.retry_now("TICKET")
    await slow_time.watch.status(number, "printed")
    assert "Make room" in caplog.text


async def test_a_reason_is_told_once_however_often_it_is_met(slow_time: Counter, hand: Hand, clock: FakeClock) -> None:
    spooler = await slow_time.start()
    hand.fails = [NotSent("no paper", "", "media-empty-error") for _ in range(5)]
    number = await slow_time.submit()
    for tried in range(1, 6):
        await eventually(lambda tried=tried: len(hand.jobs) == tried and not spooler.lanes["TICKET"].active)
        clock.advance(20_000)
        spooler._handle("TICKET", Tick())
    hand.may_begin.set()
    hand.may_end.set()
    await slow_time.watch.status(number, "printed")
    kinds = [event.kind for event in slow_time.watch.events if event.job_id == number]
    assert kinds == ["job-accepted", "job-pending", "job-processing", "job-completed"]


async def test_everything_is_worked_off(counter: Counter, server: VirtualPrinterServer) -> None:
    counter.printer("TICKET", uri(server))
    spooler = await counter.start()
    for number in range(50):
        await counter.submit(str(number))
    await counter.watch.status(50, "printed")
    assert spooler.lanes["TICKET"].drained()
    assert await counter.journal.jobs(JobQuery(open_only=True)) == []
