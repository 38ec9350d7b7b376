"""The way to one printer: turns, what the printer says in between, reconnecting. The printers are real peers on TCP."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tests.peers.counter import channel
from tests.peers.listener import Listener
from tests.peers.services import free_port

from comptoir.core.errors import NotSent
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.languages import language
from comptoir.sinks import channel as module
from comptoir.sinks.channel import Channel


@pytest.fixture
async def server() -> AsyncIterator[VirtualPrinterServer]:
    async with VirtualPrinterServer() as one:
        yield one


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL", 0.02)
    monkeypatch.setattr(module, "AGAIN", (0.02,))


class Kept:
    """A kept channel that is running; `until` waits for what it says."""

    def __init__(self, way: Channel) -> None:
        self.way = way
        self._news = asyncio.Event()
        way.on_change.append(self._news.set)
        self._task = asyncio.ensure_future(way.run())

    async def until(self, done: Callable[[Channel], bool]) -> None:
        async with asyncio.timeout(20):
            while not done(self.way):
                self._news.clear()
                await self._news.wait()

    async def __aenter__(self) -> Kept:
        return self

    async def __aexit__(self, *error: object) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self.way.close()


@pytest.fixture
async def kept(server: VirtualPrinterServer, tmp_path: Path) -> AsyncIterator[Kept]:
    async with Kept(channel(f"socket://127.0.0.1:{server.port}?timeout=2", tmp_path, keep=True)) as one:
        await one.until(lambda way: way.state.heard)
        yield one


async def test_an_idle_printer_tells_what_changes(kept: Kept, server: VirtualPrinterServer) -> None:
    assert (kept.way.trouble, kept.way.answers) == (None, True)
    server.set_faults("paper")
    await kept.until(lambda way: way.trouble is not None)
    assert kept.way.trouble == ("media-empty-error", "the printer says so itself")
    server.set_faults("low")
    await kept.until(lambda way: way.trouble is None)
    assert kept.way.state.notices == ("media-low-report",)


async def test_one_connection_serves_turn_after_turn(kept: Kept, server: VirtualPrinterServer) -> None:
    for text in (b"one", b"two"):
        async with kept.way.turn() as session:
            await session.write(b"\x1b@" + text + b"\n\x1dVB\x00")
        assert text.decode() in (await server.next_printed()).paper.text
    assert server.connections == 1


async def test_it_comes_back_by_itself(kept: Kept, server: VirtualPrinterServer) -> None:
    server.set_faults("off")
    await kept.until(lambda way: way.trouble is not None)
    assert kept.way.trouble is not None
    assert kept.way.trouble[0] == "connecting-to-device"
    server.set_faults()
    await kept.until(lambda way: way.trouble is None)


async def test_a_pulled_cable_is_noticed(kept: Kept, server: VirtualPrinterServer) -> None:
    server.set_faults("cable")
    await kept.until(lambda way: way.trouble is not None)
    server.set_faults()
    await kept.until(lambda way: way.trouble is None)


async def test_a_kept_connection_that_has_died_costs_nothing(server: VirtualPrinterServer, tmp_path: Path) -> None:
    """A printer hangs up on who says nothing for a while: the next turn opens anew, and nothing of it is lost."""
    way = channel(f"socket://127.0.0.1:{server.port}?timeout=2", tmp_path, keep=True)
    async with way.turn():
        pass
    server.printer.power_cycle()
    async with way.turn() as session:
        await session.write(b"still here\n\x1dVB\x00")
    assert "still here" in (await server.next_printed()).paper.text
    await way.close()


async def test_a_channel_that_releases_hangs_up_after_each_turn(server: VirtualPrinterServer, tmp_path: Path) -> None:
    way = channel(f"socket://127.0.0.1:{server.port}", tmp_path)
    await asyncio.wait_for(way.run(), 5)  # nothing to watch
    for _ in range(2):
        async with way.turn():
            pass
    assert server.connections == 2


async def test_a_printer_that_never_answers_is_not_kept(tmp_path: Path) -> None:
    with Listener() as listener:
        way = channel(f"socket://127.0.0.1:{listener.port}", tmp_path, keep=True)
        async with way.turn() as session:
            await session.write(b"x\n")
            await session.connection.finish()
        assert way.answers is False
        assert listener.wait(1)[0].endswith(b"x\n")


async def test_turns_are_in_the_order_of_asking(kept: Kept) -> None:
    order: list[str] = []
    first, second = asyncio.Event(), asyncio.Event()

    async def use(name: str, until: asyncio.Event) -> None:
        async with kept.way.turn():
            order.append(name)
            await until.wait()

    job = asyncio.ensure_future(use("job", first))
    while not order:
        await asyncio.sleep(0)
    drawer = asyncio.ensure_future(use("drawer", second))
    await asyncio.sleep(0)
    later = asyncio.ensure_future(use("next job", second))
    await asyncio.sleep(0)
    first.set()
    second.set()
    await asyncio.gather(job, drawer, later)
    assert order == ["job", "drawer", "next job"]


@pytest.mark.not_wine  # its receiving side takes the reset for an end
async def test_what_was_left_half_done_does_not_come_out_later(tmp_path: Path) -> None:
    """A turn that fails in the middle ends with a reset: what was on its way is thrown away."""
    with Listener() as listener:
        way = channel(f"socket://127.0.0.1:{listener.port}", tmp_path, ask=False)

        async def fail() -> None:
            async with way.turn() as session:
                session.dirty = True
                await session.write(b"half")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            await fail()
        assert listener.wait(1)[0].endswith(b"<reset>")


async def test_nobody_there(tmp_path: Path) -> None:
    way = channel(f"socket://127.0.0.1:{free_port()}", tmp_path)
    with pytest.raises(NotSent) as caught:
        async with way.turn():
            pass
    assert caught.value.reason == "connecting-to-device"
    assert way.trouble is not None


async def test_what_follows_a_job_that_was_cut_short_stands_on_a_paper_of_its_own(tmp_path: Path) -> None:
    """The printer may be in the middle of a picture, and would take the next job for dots."""
    with Listener() as listener:
        way = channel(f"socket://127.0.0.1:{listener.port}", tmp_path, ask=False)

        async def half() -> None:
            async with way.turn() as session:
                session.dirty = session.unfinished = True
                await session.write(b"\x1dv0\x00\x48\x00\x80\x00half a picture")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            await half()
        assert way.cut_short
        came = len(listener.wait(1))
        for text, bytes_of_it in ((b"next", language("escpos").recover() + b"next"), (b"last", b"last")):
            async with way.turn() as session:
                await session.write(text)
                await session.connection.finish()
            came += 1
            assert listener.wait(came)[-1] == bytes_of_it
