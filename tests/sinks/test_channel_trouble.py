"""What a channel makes of printers that go, hang up, fall silent or come back. The printers are real peers on TCP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from tests.peers.counter import channel
from tests.peers.listener import Listener
from tests.peers.services import free_port
from tests.sinks.test_channel import Kept

from comptoir.core.errors import NotSent
from comptoir.core.profile import PrinterState
from comptoir.devices.virtual import VirtualDevice
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.sinks import channel as module
from comptoir.sinks.channel import Channel


@pytest.fixture
async def server() -> AsyncIterator[VirtualPrinterServer]:
    async with VirtualPrinterServer() as one:
        yield one


def to(server: VirtualPrinterServer, folder: Path, *, keep: bool = False) -> Channel:
    return channel(f"socket://127.0.0.1:{server.port}?timeout=2&stall=2", folder, keep=keep)


async def look(way: Channel) -> None:
    async with way.turn():
        pass


async def test_the_trouble_of_a_printer_that_never_answers_ends_when_it_is_back(tmp_path: Path) -> None:
    port = free_port()
    way = channel(f"socket://127.0.0.1:{port}?timeout=2", tmp_path)
    with pytest.raises(NotSent):
        await look(way)
    assert way.trouble is not None
    with Listener(port):
        await look(way)
    assert way.trouble is None


async def test_who_gives_up_while_a_printer_is_asked_leaves_it_to_others(
    server: VirtualPrinterServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A printer serves one computer at a time: a connection that is left open keeps all others away."""
    way, other = to(server, tmp_path), to(server, tmp_path)
    await look(way)
    monkeypatch.setattr(module, "ANSWER", 20.0)
    server.set_faults("mute")
    asking = asyncio.ensure_future(look(way))
    while way._session is None:
        await asyncio.sleep(0)
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking
    server.set_faults()
    await asyncio.wait_for(look(other), 5)
    assert other.answers


async def test_the_connection_to_a_printer_that_falls_silent_ends_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job that nothing confirms is sent when the network card has it; it may wait there, and a reset would end it."""
    monkeypatch.setattr(module, "ANSWER", 0.1)
    ends: asyncio.Queue[str] = asyncio.Queue()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x12\x12\x12\x12" if await reader.readexactly(12) and not answered else b"")
        answered.append(True)
        try:
            await reader.read(-1)
            ends.put_nowait("in order")
        except ConnectionResetError:
            ends.put_nowait("reset")
        finally:
            writer.close()

    answered: list[bool] = []
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        way = channel(f"socket://127.0.0.1:{server.sockets[0].getsockname()[1]}", tmp_path, keep=True)
        await look(way)
        with pytest.raises(NotSent, match="does not answer"):
            await look(way)
        assert [await asyncio.wait_for(ends.get(), 5) for _ in range(2)] == ["in order", "in order"]


async def test_a_printer_that_was_busy_with_another_computer_is_asked_again(
    server: VirtualPrinterServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SILENT", 0.0)
    monkeypatch.setattr(module, "ANSWER", 0.1)
    way = to(server, tmp_path)
    server.set_faults("busy")
    await look(way)
    assert way.answers is False
    server.set_faults()
    monkeypatch.setattr(module, "ANSWER", 2.0)
    await look(way)
    assert way.answers is True


async def test_a_printer_that_cannot_answer_is_not_asked_before_each_job(tmp_path: Path) -> None:
    with Listener() as listener:
        way = channel(f"socket://127.0.0.1:{listener.port}", tmp_path)
        for _ in range(2):
            await look(way)
        not_asked, asked = sorted(listener.wait(2))
    assert (not_asked, bool(asked)) == (b"", True)


async def test_changes_are_told_from_the_first_connection_on(
    server: VirtualPrinterServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The printer tells them by itself, long before it would be asked."""
    monkeypatch.setattr(module, "POLL", 3600.0)
    async with Kept(to(server, tmp_path, keep=True)) as kept:
        await kept.until(lambda way: way.answers is True and way.state.heard)
        await look(kept.way)
        server.set_faults("cover")
        await kept.until(lambda way: way.trouble is not None)


async def test_what_a_printer_said_is_not_known_any_more_when_it_has_gone(
    server: VirtualPrinterServer, tmp_path: Path
) -> None:
    server.set_faults("low")
    way = to(server, tmp_path)
    await look(way)
    assert way.state.notices
    server.set_faults("off")
    with pytest.raises(NotSent):
        await look(way)
    assert way.state == PrinterState()


async def test_an_error_of_ours_in_a_listener_does_not_make_it_deaf(
    server: VirtualPrinterServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    way = to(server, tmp_path, keep=True)

    def broken() -> None:
        way.on_change.remove(broken)
        raise ZeroDivisionError

    way.on_change.append(broken)
    with suppress(NotSent):
        await look(way)
    await look(way)
    assert way.answers is True
    assert "ZeroDivisionError" in caplog.text
    await way.close()


@asynccontextmanager
async def hangs_up_after_its_answer() -> AsyncIterator[tuple[int, asyncio.Queue[None]]]:
    """A printer that ends each connection as soon as it has told that all is well."""
    calls: asyncio.Queue[None] = asyncio.Queue()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.put_nowait(None)
        await reader.readexactly(12)
        writer.write(b"\x12\x12\x12\x12")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], calls


async def test_a_printer_that_hangs_up_on_the_idle_is_not_called_without_a_pause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AGAIN", (0.01, 0.01, 3600.0))
    async with (
        hangs_up_after_its_answer() as (port, calls),
        Kept(channel(f"socket://127.0.0.1:{port}", tmp_path, keep=True)),
    ):
        for _ in range(3):
            await asyncio.wait_for(calls.get(), 5)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(calls.get(), 0.3)


async def test_an_error_of_ours_does_not_end_the_watch(
    server: VirtualPrinterServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "AGAIN", (0.01,))
    way = to(server, tmp_path, keep=True)
    opening, errors = way._open, [ZeroDivisionError()]

    async def fails_once() -> module.Session:
        if errors:
            raise errors.pop()
        return await opening()

    monkeypatch.setattr(way, "_open", fails_once)
    async with Kept(way) as kept:
        await kept.until(lambda way: way.state.heard)
    assert "ZeroDivisionError" in caplog.text


async def test_a_cancelled_hanging_up_still_hangs_up(tmp_path: Path) -> None:
    """Cancelled twice: while it printed, and while the connection was given up."""
    way = channel("virtual:", tmp_path)
    device = way._device
    assert isinstance(device, VirtualDevice)
    printing = asyncio.Event()

    async def use() -> None:
        async with way.turn() as session:
            session.dirty = True
            printing.set()
            await asyncio.Event().wait()

    using = asyncio.ensure_future(use())
    await printing.wait()
    using.cancel()
    await asyncio.sleep(0)
    using.cancel()
    await asyncio.gather(using, return_exceptions=True)
    assert not device._line.locked()
    await asyncio.wait_for(look(way), 5)
