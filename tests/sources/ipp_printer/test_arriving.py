"""Documents on their way in: unpacked in bounded pieces, whole or said to be not; bombs end."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Iterator
from itertools import pairwise

import aiohttp
import pytest
from aiohttp.base_protocol import BaseProtocol
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.peers.memory import weighing

from comptoir.core.errors import JournalError, TooLarge
from comptoir.sources.ipp_printer.arriving import CUT, DAMAGED, GONE, SILENT, Arriving, Body

MB = 1 << 20


def content(*pieces: bytes, ends: bool = True, error: Exception | None = None) -> aiohttp.StreamReader:
    loop = asyncio.get_running_loop()
    protocol = BaseProtocol(loop)
    protocol.connection_made(asyncio.Transport())
    reader = aiohttp.StreamReader(protocol, 1 << 20, loop=loop)
    for piece in pieces:
        reader.feed_data(piece)
    if error is not None:
        reader.set_exception(error)
    elif ends:
        reader.feed_eof()
    return reader


async def arrive(
    data: bytes, compression: str = "none", largest: int | None = None, size: int = 1000
) -> tuple[bytes, Arriving]:
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    arriving = Arriving(Body(b"", content(*pieces)), compression, largest)
    return b"".join([piece async for piece in arriving.pieces()]), arriving


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKED = {"none": bytes, "gzip": gzip.compress, "deflate": bare, "deflate ": zlib.compress}


@pytest.mark.parametrize("kind", PACKED)
@pytest.mark.parametrize("size", [1, 7, 100_000])
async def test_it_comes_out_as_it_was(kind: str, size: int) -> None:
    data = bytes(range(256)) * 20
    came, arriving = await arrive(PACKED[kind](data), kind.strip(), size=size)
    assert (came, arriving.broken, arriving.size) == (data, "", len(data))


async def test_a_gzip_of_several_members_and_what_stands_behind_it() -> None:
    data = gzip.compress(b"one") + gzip.compress(b"two") + b"\0\0"
    for size in (1, 2, 5, 100):
        came, arriving = await arrive(data, "gzip", size=size)
        assert (came, arriving.broken) == (b"onetwo", "")


@pytest.mark.parametrize(
    ("data", "fault"),
    # mtime: else the time is in the name of the test, and the processes of one run do not agree on it
    [(b"", CUT), (b"\x1f", CUT), (gzip.compress(b"x" * 5000, mtime=0)[:-9], CUT),
     (b"\x1f\x8b\x08\0garbage....", DAMAGED), (b"no gzip at all", DAMAGED)],
)  # fmt: skip
async def test_what_cannot_be_unpacked_is_said(data: bytes, fault: str) -> None:
    _, arriving = await arrive(data, "gzip")
    assert (arriving.broken, arriving.damaged) == (fault, True)


async def test_a_bomb_ends_at_the_bound_and_memory_does_not_grow() -> None:
    bomb = gzip.compress(bytes(64 * MB), 9)
    assert len(bomb) < 100_000
    arriving = Arriving(Body(b"", content(bomb)), "gzip", 32 * MB)
    with weighing() as scales:

        async def weighed() -> None:
            count = 0
            async for _ in arriving.pieces():
                count += 1
                if count % 100 == 0:
                    scales()

        with pytest.raises(TooLarge):
            await weighed()
    assert scales.held < 2 * MB


async def test_a_client_that_goes_away() -> None:
    body = Body(b"be", content(b"gun", error=ConnectionResetError()))
    assert b"".join([piece async for piece in body.pieces()]) == b"be"
    assert body.broken == GONE
    body = Body(b"", content(b"x", error=aiohttp.ClientPayloadError()))
    assert [piece async for piece in body.pieces()] == []
    assert body.broken == GONE


async def test_a_connection_that_had_ended() -> None:
    loop = asyncio.get_running_loop()
    body = Body(b"", aiohttp.StreamReader(BaseProtocol(loop), 1 << 20, loop=loop))
    assert [piece async for piece in body.pieces()] == []
    assert body.broken == GONE


async def test_a_client_that_says_nothing_more() -> None:
    body = Body(b"", content(b"x", ends=False), idle=0.01)
    assert [piece async for piece in body.pieces()] == [b"x"]
    assert body.broken == SILENT


async def test_a_station_that_stops_tells_who_waits() -> None:
    body = Body(b"", content(b"x", ends=False))
    pieces = body.pieces()
    assert await anext(pieces) == b"x"
    asyncio.get_running_loop().call_soon(body.stop)
    with pytest.raises(JournalError, match="stops"):
        await anext(pieces)
    await body.drain()


async def test_a_connection_that_the_station_closes_is_not_its_clients_doing() -> None:
    reader = content(b"x", ends=False)
    body = Body(b"", reader)
    body.stop()
    reader.set_exception(aiohttp.ClientConnectionError())
    with pytest.raises(JournalError, match="stops"):
        await anext(body.pieces())
    assert body.broken == ""


async def test_what_is_not_wanted_is_read_to_its_end() -> None:
    reader = content(b"x" * 10, b"y")
    await Body(b"", reader).drain()
    assert reader.at_eof()
    await Body(b"", content(b"x" * 10, ends=False)).drain(most=5)
    await Body(b"", content(b"x", ends=False)).drain(seconds=0.01)


def pieces_of(data: bytes, cuts: list[int]) -> Iterator[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    yield from (data[a:b] for a, b in pairwise(edges) if b > a)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=2000), st.sampled_from(["gzip", "deflate"]), st.lists(st.integers(0, 4000), max_size=4))
def test_any_bytes_end(data: bytes, compression: str, cuts: list[int]) -> None:
    async def run() -> None:
        arriving = Arriving(Body(b"", content(*pieces_of(data, cuts))), compression, MB)
        async for piece in arriving.pieces():
            assert 0 < len(piece) <= 65_536

    asyncio.run(run())
