"""Questions of somebody who believes to speak to the printer itself, put to it between two jobs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.counter import channel
from tests.peers.listener import Listener
from tests.peers.services import free_port

from comptoir.core.errors import NotSent
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.sinks.channel import Channel

STATUS = b"\x10\x04\x01"  # DLE EOT 1


@pytest.fixture
async def server() -> AsyncIterator[VirtualPrinterServer]:
    async with VirtualPrinterServer() as one:
        yield one


@pytest.fixture
async def way(server: VirtualPrinterServer, tmp_path: Path) -> AsyncIterator[Channel]:
    one = channel(f"socket://127.0.0.1:{server.port}?timeout=2", tmp_path, keep=True)
    yield one
    await one.close()


async def test_the_printers_own_answer_comes_back(way: Channel) -> None:
    answer = await way.pass_on(STATUS, 2)
    assert len(answer) == 1
    assert answer[0] & 0b10010011 == 0b00010010  # fixed bits of DLE EOT


async def test_a_printer_without_paper_is_asked_why(way: Channel, server: VirtualPrinterServer) -> None:
    server.set_faults("paper")
    assert await way.pass_on(b"\x10\x04\x04", 2) != await way.pass_on(b"\x10\x04\x02", 2)


async def test_what_comes_next_is_printed_whole(way: Channel, server: VirtualPrinterServer) -> None:
    await way.pass_on(STATUS, 2)
    async with way.turn() as session:
        await session.write(b"\x1b@next\n\x1dVB\x00")
    assert "next" in (await server.next_printed()).paper.text


async def test_one_that_says_nothing(tmp_path: Path) -> None:
    with Listener() as silent:
        way = channel(f"socket://127.0.0.1:{silent.port}?timeout=2", tmp_path)
        assert await way.pass_on(STATUS, 0.05) == b""
        await way.close()


async def test_nobody_is_there(tmp_path: Path) -> None:
    way = channel(f"socket://127.0.0.1:{free_port()}?timeout=2", tmp_path)
    with pytest.raises(NotSent):
        await way.pass_on(STATUS, 2)
