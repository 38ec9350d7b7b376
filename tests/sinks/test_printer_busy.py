"""A printer that is busy or stops at an awkward moment is no broken one. Kept connections, real peers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.cable import Cable
from tests.peers.clock import FakeClock
from tests.peers.counter import channel, sink
from tests.peers.papers import submission

from comptoir.core.errors import OutcomeUnknown
from comptoir.core.job import Evidence
from comptoir.core.profile import Confirm
from comptoir.devices.virtual import VirtualDevice
from comptoir.devices.virtual_model import Model
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks import channel as ways
from comptoir.sinks import printer as module
from comptoir.sinks.channel import Channel, Session
from comptoir.sinks.printer import PrinterSink


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    yield one
    await one.close()


class Till:
    """Delivers jobs on a kept channel; `told` is what was said of them."""

    def __init__(
        self, journal: SqliteJournal, way: Channel, confirms: tuple[Confirm, ...] = ("process-id", "in-order")
    ) -> None:
        self._journal = journal
        self._sink = sink(journal, way, confirms=confirms)
        self.told: list[str] = []
        self.news = asyncio.Event()

    async def started(self) -> None: ...

    def stopped(self, reason: str, message: str) -> None:
        self.told.append(reason)
        self.news.set()

    def resumed(self) -> None:
        self.told.append("goes on")

    async def deliver(self, content: str = "Hello world") -> Evidence:
        job = (await self._journal.accept(submission(content, format="text"))).job
        return await self._sink.deliver(job, job.document, self)


async def test_a_printer_that_stops_before_the_first_byte_is_told_as_stopped(
    journal: SqliteJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It said that it was ready, and says otherwise while the journal is written."""
    async with VirtualPrinterServer() as server:
        way = channel(f"socket://127.0.0.1:{server.port}", tmp_path, keep=True)
        till = Till(journal, way)
        await till.deliver("the first, from which on it tells every change")

        async def started() -> None:
            server.set_faults("paper")
            async with asyncio.timeout(10):
                while way.trouble is None:
                    await asyncio.sleep(0)

        monkeypatch.setattr(till, "started", started)
        printing = asyncio.ensure_future(till.deliver())
        await asyncio.wait_for(till.news.wait(), 10)
        server.set_faults()
        assert (await asyncio.wait_for(printing, 20)).kind == "printed"
        assert till.told == ["media-empty-error", "goes on"]
        await way.close()


async def test_a_printer_whose_buffer_is_full_is_still_printing(
    journal: SqliteJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A serial printer takes no question before there is room for it: that is no end of the connection."""
    monkeypatch.setattr(module, "CHECK", 0.05)
    way = channel("virtual:?stall=10", tmp_path, keep=True)
    device = way._device
    assert isinstance(device, VirtualDevice)
    till = Till(journal, way, ("process-id",))
    await till.deliver("the first")
    monkeypatch.setattr(ways, "ANSWER", 0.05)
    passed = PrinterSink._passed

    async def full(self: PrinterSink, session: Session, confirm: Confirm, number: int, patience: float) -> bool:
        # What it has to say of the job comes when it takes bytes again, after some questions have waited.
        device.set_faults(["late", "stall"])
        asyncio.get_running_loop().call_later(0.4, device.set_faults, ["late"])
        return await passed(self, session, confirm, number, patience)

    monkeypatch.setattr(PrinterSink, "_passed", full)

    async def started() -> None:
        device.set_faults(["late"])

    monkeypatch.setattr(till, "started", started)
    assert (await asyncio.wait_for(till.deliver("the second"), 20)).kind == "printed"
    await way.close()


async def test_paper_is_waited_for_longer_than_an_answer(
    journal: SqliteJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FENCE", 0.2)
    monkeypatch.setattr(module, "LONGEST", 0.0)
    monkeypatch.setattr(module, "CHECK", 0.05)
    async with VirtualPrinterServer(faults=["paper=1"]) as server:
        way = channel(f"socket://127.0.0.1:{server.port}", tmp_path, keep=True)
        till = Till(journal, way)
        printing = asyncio.ensure_future(till.deliver("one\ntwo\nthree"))
        await asyncio.wait_for(till.news.wait(), 10)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(printing), 0.8)
        server.set_faults()
        assert (await asyncio.wait_for(printing, 20)).kind == "printed"
        await way.close()


async def test_a_weaker_answer_is_none_of_a_printer_that_has_stopped(
    journal: SqliteJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has processed all, and ran out of paper before all of it was on paper; then it says no more."""
    monkeypatch.setattr(module, "FENCE", 0.2)
    monkeypatch.setattr(module, "LONGEST", 0.0)
    monkeypatch.setattr(module, "CHECK", 0.05)
    passed = PrinterSink._passed
    async with VirtualPrinterServer(model=Model(confirms=("in-order",))) as server:

        async def stops(self: PrinterSink, session: Session, confirm: Confirm, number: int, patience: float) -> bool:
            assert await session.until(lambda: session.passed("in-order", number), 10)
            server.set_faults("paper")
            assert await session.until(lambda: bool(session.state.problems), 10)
            server.set_faults("paper", "mute")
            return await passed(self, session, confirm, number, patience)

        monkeypatch.setattr(PrinterSink, "_passed", stops)
        way = channel(f"socket://127.0.0.1:{server.port}", tmp_path, keep=True)
        with pytest.raises(OutcomeUnknown, match="stopped before the end"):
            await asyncio.wait_for(Till(journal, way).deliver(), 20)
        await way.close()


async def test_a_job_that_nobody_knows_of_does_not_come_out_later(
    journal: SqliteJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is kept, but not with a job in it that was given up."""
    monkeypatch.setattr(module, "FENCE", 0.2)
    monkeypatch.setattr(module, "LONGEST", 0.0)
    monkeypatch.setattr(module, "CHECK", 0.1)
    async with VirtualPrinterServer() as server, Cable(server.port) as cable:
        way = channel(f"socket://127.0.0.1:{cable.port}?timeout=2", tmp_path, keep=True)
        till = Till(journal, way)

        async def started() -> None:
            cable.pull()

        with monkeypatch.context() as patched:
            patched.setattr(till, "started", started)
            with pytest.raises(OutcomeUnknown):
                await till.deliver("the first")
        cable.plug()
        assert (await till.deliver("the second")).kind == "printed"
        papers = [server.printed.get_nowait().paper.text for _ in range(server.printed.qsize())]
        assert len(papers) == 1
        assert "the second" in papers[0]
        await way.close()


async def test_a_printer_that_was_switched_off_and_on_between_two_jobs_costs_nothing(
    journal: SqliteJournal, tmp_path: Path
) -> None:
    async with VirtualPrinterServer() as server:
        way = channel(f"socket://127.0.0.1:{server.port}?timeout=2", tmp_path, keep=True)
        till = Till(journal, way)
        for text in ("one", "two", "three"):
            assert (await till.deliver(text)).kind == "printed"
            assert text in (await server.next_printed()).paper.text
            server.printer.power_cycle()
        assert server.printed.empty()
        await way.close()


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 5, 8, 13, 21])
async def test_a_station_that_stops_at_any_moment_leaves_the_printer_to_others(
    turns: int, journal: SqliteJournal, tmp_path: Path
) -> None:
    """Cancelled at each place where it waits; another computer prints next, and nothing comes twice."""
    async with VirtualPrinterServer() as server:
        way, other = (channel(f"socket://127.0.0.1:{server.port}", tmp_path, keep=keep) for keep in (True, False))
        printing = asyncio.ensure_future(Till(journal, way).deliver("the first"))
        for _ in range(turns * 4):
            await asyncio.sleep(0)
        printing.cancel()
        await asyncio.gather(printing, return_exceptions=True)
        await way.close()
        assert (await asyncio.wait_for(Till(journal, other).deliver("the second"), 10)).kind == "printed"
        papers = [server.printed.get_nowait().paper.text for _ in range(server.printed.qsize())]
        assert sum("the first" in text for text in papers) <= 1
        assert sum("the second" in text for text in papers) == 1
