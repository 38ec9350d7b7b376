"""Star printers through channel, sink and drawer: the same promises in another language. The printer is a real peer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest
from tests.peers.clock import FakeClock
from tests.peers.counter import READERS
from tests.peers.papers import submission
from tests.peers.star_printer import StarPrinter

from comptoir.core.errors import NotSent, OutcomeUnknown
from comptoir.core.job import Evidence
from comptoir.core.profile import DEFAULT, Confirm
from comptoir.devices import device
from comptoir.journal.sqlite import SqliteJournal
from comptoir.languages import language
from comptoir.sinks import drawer as drawers
from comptoir.sinks import printer as module
from comptoir.sinks import probe as probes
from comptoir.sinks.channel import Channel
from comptoir.sinks.drawer import Drawer, DrawerConfig, DrawerStuck, DrawerUnknown
from comptoir.sinks.facts import Facts
from comptoir.sinks.printer import Printer, PrinterSink
from comptoir.sinks.probe import probe

STAR = language("star")
FORTY = [f"line {number}" for number in range(1, 41)]
BOTH: tuple[Confirm, ...] = ("process-id", "counter")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHECK", 0.05)


class Till:
    """A Star printer and its sink; `told` is what was said while a job was under way."""

    def __init__(self, star: StarPrinter, journal: SqliteJournal, folder: Path, confirms: tuple[Confirm, ...]) -> None:
        self.star = star
        self.way = Channel("STAR", device(f"socket://127.0.0.1:{star.port}?timeout=2", folder), STAR, keep=True)
        self.facts = Facts()
        self.told: list[str] = []
        self._news = asyncio.Event()
        self._journal = journal
        printer = Printer("STAR", self.way, STAR, READERS, DEFAULT.media, confirms)
        self._sink = PrinterSink(printer, journal, FakeClock(), self.facts)

    async def started(self) -> None: ...

    def stopped(self, reason: str, message: str) -> None:
        self.told.append(reason)
        self._news.set()

    def resumed(self) -> None:
        self.told.append("goes on")

    async def until_told(self, what: str) -> None:
        async with asyncio.timeout(20):
            while what not in self.told:
                self._news.clear()
                await self._news.wait()

    async def deliver(self, lines: list[str] = FORTY) -> Evidence:
        job = (await self._journal.accept(submission("\n".join(lines), format="text"))).job
        return await asyncio.wait_for(self._sink.deliver(job, job.document, self), 20)

    def printed(self) -> list[str]:
        """The lines of the one paper that came out."""
        paper = self.star.printed.get_nowait()
        assert self.star.printed.empty()
        return [line for line in paper.split("\n") if line]


@asynccontextmanager
async def star_till(
    tmp_path: Path, confirms: tuple[Confirm, ...] = BOTH, *, knows_numbers: bool = True
) -> AsyncIterator[Till]:
    journal = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    async with StarPrinter(knows_numbers=knows_numbers) as star:
        till = Till(star, journal, tmp_path, confirms)
        try:
            yield till
        finally:
            await till.way.close()
    await journal.close()


@pytest.mark.parametrize(("confirms", "kind"), [(BOTH, "printed"), (("counter",), "processed"), ((), "sent")])
async def test_the_evidence_is_what_it_has_said(tmp_path: Path, confirms: tuple[Confirm, ...], kind: str) -> None:
    async with star_till(tmp_path, confirms) as till:
        for _ in range(3):
            assert (await till.deliver()).kind == kind
            if confirms:
                assert till.printed() == FORTY
        assert not till.star.unknown


@pytest.mark.parametrize("confirms", [BOTH, ("counter",)])
@pytest.mark.parametrize(("fault", "reason"), [("paper", "media-empty-error"), ("cover", "cover-open-error")])
async def test_what_stops_in_the_middle_prints_on_when_a_person_has_helped(
    tmp_path: Path, confirms: tuple[Confirm, ...], fault: Literal["paper", "cover"], reason: str
) -> None:
    async with star_till(tmp_path, confirms) as till:
        till.star.fail_after(20, fault)
        printing = asyncio.ensure_future(till.deliver())
        await till.until_told(reason)
        assert not printing.done()
        assert till.star.printed.empty()
        till.star.mend(fault)
        assert (await printing).kind == ("printed" if "process-id" in confirms else "processed")
        assert till.told == [reason, "goes on"]
        assert till.printed() == FORTY


async def test_without_paper_it_is_not_sent_and_may_be_sent_again(tmp_path: Path) -> None:
    async with star_till(tmp_path) as till:
        till.star.fail("paper")
        with pytest.raises(NotSent):
            await till.deliver()
        till.star.mend("paper")
        assert (await till.deliver()).kind == "printed"
        assert till.printed() == FORTY


@pytest.mark.parametrize("confirms", [BOTH, ("counter",)])
async def test_switched_off_in_the_middle_nobody_knows(tmp_path: Path, confirms: tuple[Confirm, ...]) -> None:
    async with star_till(tmp_path, confirms) as till:
        till.star.fail_after(20, "paper")
        printing = asyncio.ensure_future(till.deliver())
        await till.until_told("media-empty-error")
        await till.star.switch_off()
        with pytest.raises(OutcomeUnknown):
            await printing
        with pytest.raises(NotSent):
            await till.deliver()
        till.star.mend("paper")
        await till.star.switch_on()
        till.star.paper.clear()
        assert (await till.deliver(["after"])).kind == ("printed" if "process-id" in confirms else "processed")
        assert till.printed() == ["after"]


async def test_one_that_does_not_know_numbers_confirms_by_counting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FENCE", 0.3)
    monkeypatch.setattr(module, "LONGEST", 0.0)
    async with star_till(tmp_path, knows_numbers=False) as till:
        assert (await till.deliver()).kind == "processed"
        assert till.facts.confirms == ("counter",)


@pytest.mark.parametrize("knows_numbers", [True, False])
async def test_it_finds_out_by_what_it_confirms(
    tmp_path: Path, knows_numbers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "PATIENCE", 0.3)
    async with star_till(tmp_path, knows_numbers=knows_numbers) as till:
        learned = await probe(till.way, STAR, till.facts, 7)
        assert learned.confirms == (BOTH if knows_numbers else ("counter",))
        assert (await till.deliver()).kind == ("printed" if knows_numbers else "processed")


async def test_its_drawer_with_a_sensor(tmp_path: Path) -> None:
    """The level is low when the drawer of this peer is open."""
    async with star_till(tmp_path) as till:
        drawer = Drawer(till.way, STAR, till.facts, DrawerConfig(confirms=BOTH))
        assert await drawer.learn()
        assert till.facts.learned.open_is_high is False
        assert drawer.is_open is True
        moved = asyncio.Event()
        drawer.on_moved.append(lambda is_open: moved.set())
        till.star.close_drawer()
        await asyncio.wait_for(moved.wait(), 10)
        assert drawer.is_open is False
        assert await drawer.open() == "opened"
        assert till.star.pulses.qsize() == 2


@pytest.mark.parametrize(("confirms", "outcome"), [(BOTH, "processed"), (("counter",), "processed"), ((), "sent")])
async def test_its_drawer_without_a_sensor(tmp_path: Path, confirms: tuple[Confirm, ...], outcome: str) -> None:
    async with star_till(tmp_path) as till:
        drawer = Drawer(till.way, STAR, till.facts, DrawerConfig(confirms=confirms))
        assert await drawer.open() == outcome
        assert await asyncio.wait_for(till.star.pulses.get(), 10) == 1


async def test_a_drawer_that_did_not_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sensor's wire is off: it stays at the level of a closed drawer."""
    monkeypatch.setattr(drawers, "MOVES", 0.2)
    async with star_till(tmp_path) as till:
        one = Drawer(till.way, STAR, till.facts, DrawerConfig(sensor="high", confirms=BOTH))
        till.star.drawer_closed = False
        with pytest.raises(DrawerStuck):
            await one.open()
        assert till.star.pulses.qsize() == 1


async def test_a_printer_that_stops_before_the_pulse_does_not_send_it_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawers, "PATIENCE", 0.5)
    async with star_till(tmp_path) as till:
        one = Drawer(till.way, STAR, till.facts, DrawerConfig(confirms=BOTH))
        await one.open()
        fire = Drawer._fire

        async def unplugged(self: Drawer, session: object) -> None:
            till.star.hang_up()
            await fire(self, session)  # type: ignore[arg-type]

        monkeypatch.setattr(Drawer, "_fire", unplugged)
        with pytest.raises(DrawerUnknown):
            await one.open()
        monkeypatch.undo()
        assert (await till.deliver()).kind == "printed"
        assert till.star.pulses.qsize() == 1
