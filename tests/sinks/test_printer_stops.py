"""Out of paper, cover open, cable pulled, switched off: each ends in what is true, at whichever moment it comes.

The printers are real peers on TCP; `printed` is what is on paper.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.peers.clock import START, FakeClock
from tests.peers.counter import channel, sink
from tests.peers.papers import submission

from comptoir.core.errors import NotSent, OutcomeUnknown
from comptoir.core.job import Evidence
from comptoir.core.profile import Confirm
from comptoir.core.units import local_second
from comptoir.devices.virtual_model import Model
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks import channel as ways
from comptoir.sinks import printer as module
from comptoir.sinks.facts import Facts

FORTY = "\n".join(f"line {number}" for number in range(1, 41))
BOTH: tuple[Confirm, ...] = ("process-id", "in-order")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHECK", 0.05)
    monkeypatch.setattr(ways, "ANSWER", 0.3)


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    yield one
    await one.close()


@dataclass
class Counter:
    """A printer and its sink; `told` is what was said while a job was under way."""

    server: VirtualPrinterServer
    journal: SqliteJournal
    folder: Path
    facts: Facts = field(default_factory=Facts)
    told: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    #: set when the first byte is about to leave
    at_start: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        way = channel(f"socket://127.0.0.1:{self.server.port}?timeout=2&stall=1", self.folder)
        self.sink = sink(self.journal, way, self.facts, BOTH)

    async def started(self) -> None:
        if self.at_start:
            self.server.set_faults(*self.at_start)

    def stopped(self, reason: str, message: str) -> None:
        self.told.append(reason)
        self.news.set()

    def resumed(self) -> None:
        self.told.append("goes on")
        self.news.set()

    async def deliver(self, content: str | bytes = FORTY, form: str = "text") -> Evidence:
        job = (await self.journal.accept(submission(content, format=form))).job
        return await self.sink.deliver(job, job.document, self)

    async def until_told(self, what: str) -> None:
        async with asyncio.timeout(20):
            while what not in self.told:
                self.news.clear()
                await self.news.wait()

    def lines(self) -> list[str]:
        """What is on paper, all of it."""
        papers = []
        while not self.server.printed.empty():
            papers.append(self.server.printed.get_nowait().paper.text)
        return [line for paper in papers for line in paper.split("\n") if line]


@pytest.fixture
async def counter(journal: SqliteJournal, tmp_path: Path) -> AsyncIterator[Counter]:
    async with VirtualPrinterServer() as server:
        yield Counter(server, journal, tmp_path)


async def test_the_process_id_is_the_evidence(counter: Counter) -> None:
    evidence = await counter.deliver("Hello world")
    number = (START // 1000 + 1) % 10_000
    assert evidence == Evidence("printed", f"process id {number:04}, {local_second(START)}")


@pytest.mark.parametrize(
    ("fault", "reason"), [("paper", "media-empty-error"), ("cover", "cover-open-error"), ("cutter", "media-jam-error")]
)
@pytest.mark.parametrize("after", [0, 1, 20, 39])
async def test_what_stops_in_the_middle_prints_on_when_a_person_has_helped(
    counter: Counter, fault: str, reason: str, after: int
) -> None:
    """Printed once, completely; while it waits, it says why."""
    counter.at_start = [f"{fault}={after}"]
    printing = asyncio.ensure_future(counter.deliver())
    await counter.until_told(reason)
    assert not printing.done()
    assert counter.server.printed.empty(), "nothing is cut yet"
    counter.server.set_faults()
    evidence = await asyncio.wait_for(printing, 20)
    assert evidence.kind == "printed"
    assert counter.told == [reason, "goes on"]
    assert counter.lines() == FORTY.split("\n")


async def test_a_job_larger_than_the_printers_buffer_waits_for_paper_as_well(
    journal: SqliteJournal, tmp_path: Path
) -> None:
    """The printer takes no more bytes: that is no broken connection while it says that it has no paper."""
    async with VirtualPrinterServer(model=Model(buffer=4096)) as server:
        counter = Counter(server, journal, tmp_path)
        counter.at_start = ["paper=5"]
        lines = [f"line {number}" for number in range(10)]
        # More than the kernels on both sides hold, in bytes that a printer skips.
        content = (
            "\n".join(lines[:5]).encode() + b"\n" + bytes(12_000_000) + "\n".join(lines[5:]).encode() + b"\n\x1dVB\0"
        )
        printing = asyncio.ensure_future(counter.deliver(content, "raw"))
        await counter.until_told("media-empty-error")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(printing), 1.2)  # longer than the device's patience
        server.set_faults()
        assert (await asyncio.wait_for(printing, 60)).kind == "printed"
        assert counter.lines() == lines


@pytest.mark.parametrize("fault", ["off=0", "off=20", "cable=0", "cable=20"])
async def test_a_printer_that_is_gone_in_the_middle_is_an_unknown_outcome(
    counter: Counter, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FENCE", 0.3)
    monkeypatch.setattr(module, "LONGEST", 0.0)
    counter.at_start = [fault]
    with pytest.raises(OutcomeUnknown):
        await counter.deliver()
    counter.server.set_faults()
    assert counter.lines() != FORTY.split("\n") or fault.startswith("cable")


async def test_switched_off_while_it_waits_for_paper(counter: Counter) -> None:
    """What it had in its buffer is lost, and what is on paper is not the whole job."""
    counter.at_start = ["paper=20"]
    printing = asyncio.ensure_future(counter.deliver())
    await counter.until_told("media-empty-error")
    counter.server.printer.power_cycle()
    with pytest.raises(OutcomeUnknown):
        await asyncio.wait_for(printing, 20)
    counter.server.set_faults()
    assert counter.lines() == FORTY.split("\n")[:20]


async def test_a_fence_that_is_never_answered_is_an_unknown_outcome(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FENCE", 0.3)
    monkeypatch.setattr(module, "LONGEST", 0.0)
    counter.at_start = ["unsure"]
    with pytest.raises(OutcomeUnknown, match="did not answer at the end"):
        await counter.deliver()


async def test_a_printer_without_process_ids_confirms_by_what_it_has(
    journal: SqliteJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its profile is wrong: the weaker answer is said, and the stronger is not asked for again."""
    monkeypatch.setattr(module, "FENCE", 0.3)
    monkeypatch.setattr(module, "LONGEST", 0.0)
    async with VirtualPrinterServer(model=Model(confirms=("in-order",))) as server:
        counter = Counter(server, journal, tmp_path, Facts(tmp_path))
        assert (await counter.deliver("one")).kind == "processed"
        assert counter.facts.confirms == ("in-order",)
        assert (await counter.deliver("two")).kind == "processed"
        assert Facts(tmp_path).confirms == ("in-order",)


async def test_a_late_answer_is_not_taken_for_the_next_jobs(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answers of a job that was held come when the next is sent: they are about the first."""
    monkeypatch.setattr(module, "FENCE", 0.3)
    monkeypatch.setattr(module, "LONGEST", 0.0)
    counter.at_start = ["unsure"]
    with pytest.raises(OutcomeUnknown):
        await counter.deliver("first")
    counter.at_start = []
    counter.server.set_faults()
    first = await counter.deliver("second")
    second = await counter.deliver("third")
    assert first.kind == second.kind == "printed"
    assert first.detail != second.detail


@pytest.mark.parametrize("fault", ["paper", "cover", "cutter", "offline"])
async def test_before_the_first_byte_it_is_not_sent_and_may_be_sent_again(counter: Counter, fault: str) -> None:
    counter.server.set_faults(fault)
    with pytest.raises(NotSent):
        await counter.deliver()
    counter.server.set_faults()
    assert (await counter.deliver()).kind == "printed"
    assert counter.lines() == FORTY.split("\n")
