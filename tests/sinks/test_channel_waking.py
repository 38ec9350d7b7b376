"""After this computer has slept: nothing late comes out, and printers are looked for at once. Real peers on TCP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.cable import Cable
from tests.peers.clock import FakeClock
from tests.peers.counter import channel
from tests.sinks.test_channel import Kept
from tests.sinks.test_drawer import drawer
from tests.sinks.test_printer_stops import Counter

from comptoir.core.errors import OutcomeUnknown
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks import channel as ways
from comptoir.sinks import drawer as drawers
from comptoir.sinks.channel import Session
from comptoir.sinks.drawer import Drawer, DrawerBusy, DrawerUnknown
from comptoir.waking import Absence

NIGHT = Absence(28_800, certain=True)
PERHAPS = Absence(28_800, certain=False)


@pytest.fixture
async def server() -> AsyncIterator[VirtualPrinterServer]:
    async with VirtualPrinterServer() as one:
        yield one


@pytest.mark.parametrize("absence", [NIGHT, PERHAPS])
async def test_an_idle_connection_is_not_believed_any_more(
    server: VirtualPrinterServer, tmp_path: Path, absence: Absence
) -> None:
    way = channel(f"socket://127.0.0.1:{server.port}?timeout=2", tmp_path, keep=True)
    async with way.turn():
        pass
    way.woke(absence)
    async with way.turn() as session:
        await session.write(b"good morning\n\x1dVB\x00")
    assert "good morning" in (await server.next_printed()).paper.text
    assert server.connections == 2
    await way.close()


async def test_a_printer_that_was_not_there_is_looked_for_at_once(
    server: VirtualPrinterServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ways, "AGAIN", (300.0,))
    server.set_faults("off")
    async with Kept(channel(f"socket://127.0.0.1:{server.port}?timeout=2", tmp_path, keep=True)) as kept:
        await kept.until(lambda way: way.trouble is not None)
        server.set_faults()
        kept.way.woke(NIGHT)
        await kept.until(lambda way: way.trouble is None)


async def test_a_half_sent_job_does_not_come_out_in_the_morning(tmp_path: Path) -> None:
    journal = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    async with VirtualPrinterServer() as server:
        counter = Counter(server, journal, tmp_path)
        counter.at_start = ["paper"]
        printing = asyncio.ensure_future(counter.deliver())
        await counter.until_told("media-empty-error")
        counter.sink._printer.channel.woke(PERHAPS)
        await asyncio.sleep(0)
        assert not printing.done(), "a clock that is set is no reason"
        counter.sink._printer.channel.woke(NIGHT)
        with pytest.raises(OutcomeUnknown, match="this computer slept while it printed"):
            await printing
    await journal.close()


async def test_a_pulse_that_waited_for_its_turn_while_the_computer_slept_is_not_sent(
    server: VirtualPrinterServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock of the event loop stands still in sleep: by it, two seconds have not passed."""
    now = iter([0.0, 28_800.0])
    monkeypatch.setattr(drawers, "steady", lambda: next(now))
    way = channel(f"socket://127.0.0.1:{server.port}?timeout=2", tmp_path, keep=True)
    with pytest.raises(DrawerBusy, match="slept"):
        await drawer(way).open()
    async with way.turn():
        pass
    assert not server.printer.pulses, "and none later"
    await way.close()


async def test_a_pulse_on_its_way_does_not_arrive_in_the_morning(
    server: VirtualPrinterServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawers, "PATIENCE", 60.0)
    async with Cable(server.port) as cable:
        left = asyncio.Event()
        write = Session.write

        async def pulled(self: Session, data: bytes) -> None:
            if data.startswith(b"\x1bp"):
                cable.pull()
                left.set()
            await write(self, data)

        monkeypatch.setattr(Session, "write", pulled)
        way = channel(f"socket://127.0.0.1:{cable.port}?timeout=2", tmp_path, keep=True)
        pulse = asyncio.ensure_future(_open(drawer(way)))
        await left.wait()
        await asyncio.sleep(0)
        way.woke(NIGHT)
        assert isinstance(await pulse, DrawerUnknown)
        monkeypatch.setattr(Session, "write", write)
        cable.plug()
        async with way.turn():
            pass
        assert not server.printer.pulses, "and none later"
        await way.close()


async def _open(one: Drawer) -> object:
    try:
        return await one.open()
    except DrawerUnknown as error:
        return error
