"""A drawer opens at once, or it is said why not; no pulse comes later. The printers are real peers on TCP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.cable import Cable
from tests.peers.counter import channel
from tests.peers.listener import Listener
from tests.peers.services import free_port

from comptoir.core.profile import DrawerPulse
from comptoir.devices.virtual_drawer import Sensor, VirtualDrawer
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.languages import language
from comptoir.sinks import channel as ways
from comptoir.sinks import drawer as module
from comptoir.sinks.channel import Channel, Session
from comptoir.sinks.drawer import (
    Drawer,
    DrawerBusy,
    DrawerConfig,
    DrawerError,
    DrawerOffline,
    DrawerStuck,
    DrawerUnknown,
)
from comptoir.sinks.facts import Facts

ESCPOS = language("escpos")


def drawer(way: Channel, config: DrawerConfig | None = None, facts: Facts | None = None) -> Drawer:
    return Drawer(way, ESCPOS, facts or Facts(), config or DrawerConfig())


@pytest.fixture
async def server() -> AsyncIterator[VirtualPrinterServer]:
    async with VirtualPrinterServer() as one:
        yield one


@pytest.fixture
async def way(server: VirtualPrinterServer, tmp_path: Path) -> AsyncIterator[Channel]:
    one = channel(f"socket://127.0.0.1:{server.port}?timeout=2&stall=2", tmp_path, keep=True)
    yield one
    await one.close()


async def test_without_a_sensor_the_printer_says_that_it_was_sent(way: Channel, server: VirtualPrinterServer) -> None:
    assert await drawer(way).open() == "processed"
    (pulse,) = server.printer.pulses
    assert (pulse.pin, pulse.on_ms, pulse.off_ms) == (2, 50, 500)


@pytest.mark.parametrize("sensor", ["high", "low"])
async def test_with_a_sensor_it_says_that_it_is_open(tmp_path: Path, sensor: Sensor) -> None:
    async with VirtualPrinterServer(drawer=VirtualDrawer(sensor=sensor)) as server:
        way = channel(f"socket://127.0.0.1:{server.port}", tmp_path, keep=True)
        one = drawer(way, DrawerConfig(sensor=sensor))
        moves: list[bool] = []
        one.on_moved.append(moves.append)
        async with way.turn():
            assert one.is_open is False
        assert await one.open() == "opened"
        server.printer.drawer.close()
        async with way.turn():
            assert one.is_open is False
        assert moves == [True, False]
        await way.close()


async def test_one_that_is_locked_did_not_open(
    way: Channel, server: VirtualPrinterServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOVES", 0.2)
    server.set_faults("locked")
    with pytest.raises(DrawerStuck, match="did not open"):
        await drawer(way, DrawerConfig(sensor="high")).open()
    assert len(server.printer.pulses) == 1


@pytest.mark.parametrize("sensor", ["high", "low", "none"])
async def test_its_sensor_is_learned(tmp_path: Path, sensor: Sensor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOVES", 0.2)
    async with VirtualPrinterServer(drawer=VirtualDrawer(sensor=sensor)) as server:
        facts = Facts(tmp_path)
        one = drawer(channel(f"socket://127.0.0.1:{server.port}", tmp_path, keep=True), facts=facts)
        assert await one.learn() is (sensor != "none")
        assert facts.learned.open_is_high is (None if sensor == "none" else sensor == "high")
        server.printer.drawer.close()
        assert await one.open() == ("processed" if sensor == "none" else "opened")
        await one._channel.close()


@pytest.mark.parametrize("fault", ["paper", "cover", "offline", "off"])
async def test_a_printer_that_cannot_print_gets_no_pulse(
    way: Channel, server: VirtualPrinterServer, fault: str
) -> None:
    server.set_faults(fault)
    with pytest.raises(DrawerOffline, match="not opened"):
        await drawer(way).open()
    server.set_faults()
    async with way.turn():
        pass
    assert not server.printer.pulses, "and none later"


async def test_a_busy_printer_gets_no_pulse(
    way: Channel, server: VirtualPrinterServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.1)
    async with way.turn():
        with pytest.raises(DrawerBusy, match="was busy"):
            await drawer(way).open()
    async with way.turn():
        pass
    assert not server.printer.pulses, "and none later"


async def test_it_passes_between_two_jobs(way: Channel, server: VirtualPrinterServer) -> None:
    order: list[str] = []

    async def job(name: str) -> None:
        async with way.turn() as session:
            await session.write(b"%s\n\x1dVB\x00" % name.encode())
            order.append(name)

    async with way.turn():
        pulse = asyncio.ensure_future(drawer(way).open())
        await asyncio.sleep(0)
        jobs = [asyncio.ensure_future(job("next")), asyncio.ensure_future(job("last"))]
        await asyncio.sleep(0)
    await pulse
    assert order == []
    await asyncio.gather(*jobs)
    assert order == ["next", "last"]


async def test_a_pulse_that_does_not_arrive_now_never_does(
    server: VirtualPrinterServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cable is pulled right after the printer said that it is ready."""
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    async with Cable(server.port) as cable:
        way = channel(f"socket://127.0.0.1:{cable.port}", tmp_path, keep=True)
        one = drawer(way)
        original = module.Drawer._send

        async def pulled(self: Drawer, session: Session) -> module.Outcome | None:
            cable.pull()
            return await original(self, session)

        monkeypatch.setattr(module.Drawer, "_send", pulled)
        with pytest.raises(DrawerUnknown):
            await one.open()
        monkeypatch.setattr(module.Drawer, "_send", original)
        cable.plug()
        async with way.turn():
            pass
        assert not server.printer.pulses
        assert await one.open() == "processed", "and the next one opens it"
        await way.close()


async def test_a_printer_that_never_answers_takes_it_and_no_more_is_said(tmp_path: Path) -> None:
    with Listener() as listener:
        way = channel(f"socket://127.0.0.1:{listener.port}", tmp_path)
        assert await drawer(way).open() == "sent"
        assert listener.wait(1)[0].endswith(b"\x1bp\x00\x19\xfa")


async def test_the_command_of_the_configuration_is_sent_as_it_is(tmp_path: Path) -> None:
    with Listener() as listener:
        way = channel(f"socket://127.0.0.1:{listener.port}", tmp_path, ask=False)
        pulse = DrawerPulse(command=bytes.fromhex("1b70001afa"))
        await drawer(way, DrawerConfig(pulse)).open()
        assert listener.wait(1) == [bytes.fromhex("1b70001afa")]


async def test_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(DrawerOffline):
        await drawer(channel(f"socket://127.0.0.1:{free_port()}", tmp_path)).open()


async def test_a_language_without_drawers_says_so(tmp_path: Path) -> None:
    one = Drawer(channel("file:x", tmp_path), language("raw"), Facts(), DrawerConfig())
    assert not one.works
    with pytest.raises(DrawerError, match="no command"):
        await one.open()


async def test_a_hundred_millisecond_silence_is_not_waited_for_longer_than_its_patience(
    way: Channel, server: VirtualPrinterServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A printer that tells its state and never the fence: it is not known, and said so."""
    monkeypatch.setattr(module, "PATIENCE", 0.3)
    monkeypatch.setattr(ways, "ANSWER", 0.2)
    server.set_faults("unsure")
    with pytest.raises(DrawerUnknown):
        await drawer(way).open()
