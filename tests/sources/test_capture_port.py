"""A port for prints, whatever they speak there: who is served, who is hung up on, what is said of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.captures import PATIENCE, Captures

from comptoir.core.errors import JournalError, TooLarge
from comptoir.sources import capture_port as module
from comptoir.sources.capture_port import REFUSALS, CapturePort


class Visitor:
    """Says back what it hears; at a word it does what that word says."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.heard = asyncio.get_running_loop().time()
        self.busy = False

    async def serve(self) -> None:
        while word := (await self._reader.readline()).strip():
            self.busy = word == b"busy"
            if word == b"full":
                raise JournalError("the disk is full", "Make room.")
            if word == b"large":
                raise TooLarge("too large")
            if word == b"broken":
                raise ConnectionResetError("broken")
            self._writer.write(word + b"\n")


class Echo(CapturePort):
    kind = "echo"
    scheme = "echo"

    def guest(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> Visitor:
        return Visitor(reader, writer)


class Scene:
    """A running port. `say` a word on a connection of its own, or on an open one."""

    def __init__(self, captures: Captures) -> None:
        self.captures = captures
        self.port = Echo("echo", "127.0.0.1", 0, None, captures.surroundings())
        self._news = asyncio.Event()
        self._writers: list[asyncio.StreamWriter] = []
        self.port.on_change.append(self._news.set)

    async def until_told(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._news.wait()
        self._news.clear()

    async def call(self, word: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await self._connected()
        if word:
            writer.write(word + b"\n")
            async with asyncio.timeout(PATIENCE):
                assert await reader.readline() == word + b"\n"
        return reader, writer

    async def is_reset(self, word: bytes) -> bool:
        reader, writer = await self._connected()
        writer.write(word + b"\n")
        return await reset(reader)

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port.port)
        self._writers.append(writer)
        return reader, writer

    def close(self) -> None:
        for writer in self._writers:
            writer.close()


async def reset(reader: asyncio.StreamReader) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            await reader.read()
    except ConnectionError:
        return True
    return False


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    one = Scene(Captures(tmp_path))
    running = asyncio.create_task(one.port.run())
    await one.until_told()
    yield one
    one.close()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_who_is_done_hears_an_orderly_end(scene: Scene) -> None:
    reader, writer = await scene.call(b"hello")
    writer.write_eof()
    assert not await reset(reader)
    assert scene.port.state().addresses == (f"echo://127.0.0.1:{scene.port.port}",)


async def test_a_refusal_is_a_reset_and_is_told(scene: Scene) -> None:
    assert await scene.is_reset(b"large")
    assert scene.port.state().trouble == ""  # it is the sender's
    assert await scene.is_reset(b"full")
    state = scene.port.state()
    assert (state.trouble, state.hint, state.since) == ("the disk is full", "Make room.", scene.captures.clock.at)
    assert [one.why for one in state.unkept] == ["too large", "the disk is full"]
    assert await scene.is_reset(b"broken")
    assert len(scene.port.state().unkept) == 2


async def test_refusals_are_not_remembered_for_ever(scene: Scene) -> None:
    for _ in range(REFUSALS + 3):
        scene.port.refuse("10.0.0.1", TooLarge("too large"))
    assert len(scene.port.state().unkept) == REFUSALS


async def test_one_more_takes_the_place_of_who_is_idle(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    idle, _ = await scene.call(b"idle")
    await scene.call(b"busy")
    await scene.call(b"busy")
    assert await reset(idle)
    assert scene.port.state().busy == 2
    assert await scene.is_reset(b"late")


async def test_one_address_leaves_room_for_others(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OF_ONE", 2)
    await scene.call(b"busy")
    await scene.call(b"busy")
    assert await scene.is_reset(b"late")
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", scene.port.port, local_addr=("127.0.0.2", 0))
    except OSError:
        pytest.skip("this machine has one address of its own only")
    writer.write(b"busy\n")
    async with asyncio.timeout(PATIENCE):
        assert await reader.readline() == b"busy\n"
    writer.close()


async def test_a_stop_hangs_up_on_everybody(tmp_path: Path) -> None:
    scene = Scene(Captures(tmp_path))
    running = asyncio.create_task(scene.port.run())
    await scene.until_told()
    reader, _ = await scene.call(b"idle")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await reset(reader)
    scene.close()


async def test_a_port_that_is_taken_is_tried_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN", 0.01)
    late = Scene(scene.captures)
    late.port._address = ("127.0.0.1", scene.port.port)
    running = asyncio.create_task(late.port.run())
    await late.until_told()
    assert f"the port {scene.port.port} cannot be listened on" in late.port.state().trouble
    late.port._address = ("127.0.0.1", 0)
    running.cancel()
    running = asyncio.create_task(late.port.run())
    while late.port.state().trouble:
        await late.until_told()
    assert late.port.port
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
