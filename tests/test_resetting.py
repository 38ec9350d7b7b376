from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from comptoir.resetting import reset

PATIENCE = 20


@dataclass
class Pair:
    """Both ends of a connection: `ours` is reset, `theirs` hears of it."""

    ours: asyncio.StreamWriter
    heard: asyncio.StreamReader
    theirs: asyncio.StreamWriter


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    accepted: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    server = await asyncio.start_server(lambda *both: accepted.put_nowait(both), "127.0.0.1", 0)
    _, ours = await asyncio.open_connection(*server.sockets[0].getsockname())
    async with asyncio.timeout(PATIENCE):
        heard, theirs = await accepted.get()
    yield Pair(ours, heard, theirs)
    for writer in (ours, theirs):
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    server.close()
    await server.wait_closed()


async def test_the_other_side_hears_that_something_is_wrong(pair: Pair) -> None:
    reset(pair.ours)
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(ConnectionError):
            await pair.heard.read()


@pytest.mark.not_wine  # its receiving side takes the error for an end; a listener on Linux hears the reset
async def test_what_was_not_taken_never_arrives(pair: Pair) -> None:
    pair.ours.write(bytes(20_000_000))
    reset(pair.ours)
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(ConnectionError):
            await pair.heard.readexactly(20_000_000)


async def test_a_second_time_is_no_error(pair: Pair) -> None:
    reset(pair.ours)
    reset(pair.ours)
    await asyncio.sleep(0)
    reset(pair.ours)
