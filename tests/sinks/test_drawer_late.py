"""No pulse comes later, and nothing is said of a drawer that is not known. The printers are real peers on TCP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from tests.peers.cable import Cable
from tests.peers.counter import channel
from tests.sinks.test_drawer import drawer

from comptoir.devices.virtual_drawer import VirtualDrawer
from comptoir.devices.virtual_model import ONLY_STATUS
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.sinks import channel as ways
from comptoir.sinks import drawer as module
from comptoir.sinks.channel import Channel, Session
from comptoir.sinks.drawer import Drawer, DrawerBusy, DrawerConfig, DrawerOffline, DrawerUnknown
from comptoir.sinks.facts import Facts


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOVES", 0.2)
    monkeypatch.setattr(module, "PATIENCE", 0.6)


@pytest.fixture
async def server() -> AsyncIterator[VirtualPrinterServer]:
    async with VirtualPrinterServer() as one:
        yield one


def to(port: int, folder: Path, *, keep: bool = True) -> Channel:
    return channel(f"socket://127.0.0.1:{port}?timeout=2&stall=2", folder, keep=keep)


async def opens(one: Drawer) -> object:
    return await one.open()


async def learns(one: Drawer) -> object:
    return await one.learn()


@pytest.mark.parametrize("ask", [opens, learns])
async def test_a_sensor_that_says_nothing_does_not_say_that_the_pulse_was_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Callable[[Drawer], Awaitable[object]]
) -> None:
    """The cable is pulled after the printer said that it is ready: the drawer is no more stuck than it is open."""
    write = Session.write
    async with (
        VirtualPrinterServer(drawer=VirtualDrawer(sensor="high")) as server,
        Cable(server.port) as cable,
    ):

        async def pulled(self: Session, data: bytes) -> None:
            if data.startswith(b"\x1bp"):
                cable.pull()
            await write(self, data)

        monkeypatch.setattr(Session, "write", pulled)
        facts = Facts()
        way = to(cable.port, tmp_path)
        with pytest.raises(DrawerUnknown):
            await ask(drawer(way, DrawerConfig(sensor="high"), facts))
        assert facts.learned.has_sensor is None
        monkeypatch.setattr(Session, "write", write)
        cable.plug()
        async with way.turn():
            pass
        assert not server.printer.pulses, "and none later"
        await way.close()


async def test_a_printer_that_still_works_on_something_else_gets_no_pulse(
    server: VirtualPrinterServer, tmp_path: Path
) -> None:
    """It tells its state at any time, and would send the pulse when all before it is done."""
    facts = Facts()
    await facts.learn(confirms=("in-order",))
    way = to(server.port, tmp_path)
    assert await drawer(way, facts=facts).open() == "processed"
    server.set_faults("unsure")
    with pytest.raises(DrawerBusy):
        await drawer(way, facts=facts).open()
    assert len(server.printer.pulses) == 1
    await way.close()


async def test_a_printer_that_was_found_to_confirm_nothing_is_not_waited_for(tmp_path: Path) -> None:
    facts = Facts()
    await facts.learn(confirms=())
    async with VirtualPrinterServer(model=ONLY_STATUS) as server:
        way = to(server.port, tmp_path)
        assert await drawer(way, facts=facts).open() == "sent"
        await server.until(lambda: bool(server.printer.pulses))
        await way.close()


async def test_what_the_configuration_says_of_its_printer_counts_where_nobody_has_probed_it(tmp_path: Path) -> None:
    async with VirtualPrinterServer(model=ONLY_STATUS) as server:
        way = to(server.port, tmp_path)
        assert await drawer(way, DrawerConfig(confirms=())).open() == "sent"
        await way.close()


async def test_another_answer_serves_as_well(server: VirtualPrinterServer, tmp_path: Path) -> None:
    facts = Facts()
    await facts.learn(confirms=("process-id",))
    way = to(server.port, tmp_path)
    assert await drawer(way, facts=facts).open() == "processed"
    await way.close()


async def test_while_a_job_waits_for_paper_it_says_that_there_is_none(
    server: VirtualPrinterServer, tmp_path: Path
) -> None:
    way = to(server.port, tmp_path)
    async with way.turn() as session:
        server.set_faults("paper")
        await session.ask(1.0)
        with pytest.raises(DrawerOffline, match="the printer says so itself"):
            await drawer(way).open()
    await way.close()


async def test_an_outcome_that_is_known_is_said_however_long_hanging_up_takes(
    server: VirtualPrinterServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close, patience_ends = Session.close, asyncio.Event()
    asyncio.get_running_loop().call_later(2 * module.PATIENCE, patience_ends.set)

    async def slow(self: Session, *, drop: bool = False) -> None:
        await asyncio.wait({asyncio.ensure_future(patience_ends.wait())}, timeout=20)
        await close(self, drop=drop)

    monkeypatch.setattr(Session, "close", slow)
    way = to(server.port, tmp_path, keep=False)
    assert await drawer(way).open() == "processed"
    monkeypatch.setattr(ways, "ANSWER", 2.0)
    async with way.turn():
        assert len(server.printer.pulses) == 1
