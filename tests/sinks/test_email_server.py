"""The conversation with a mail server, seen from our side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.delivery import Bench, bench_of
from tests.peers.drain import Drain
from tests.peers.listener import Listener
from tests.peers.mail_server import MailPeer

from comptoir.core.errors import NotSent
from comptoir.sinks.email_server import PORTS, MailServer


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench_of(MailPeer, tmp_path) as one:
        yield one


def test_the_usual_ports() -> None:
    assert PORTS == {"tls": 465, "starttls": 587, "none": 25}


async def test_a_server_that_knows_no_starttls(bench: Bench) -> None:
    async with Drain() as drain:
        with pytest.raises(NotSent, match="does not know starttls") as caught:
            await bench.to(port=drain.port)
    assert "security" in caught.value.hint


async def test_a_server_that_says_nothing(bench: Bench) -> None:
    with Listener() as silent, pytest.raises(NotSent, match="cannot be reached"):
        await bench.to(port=silent.port, timeout="100 ms")


async def test_tls_from_the_first_byte_where_there_is_none(bench: Bench) -> None:
    async with Drain() as drain:
        with pytest.raises(NotSent, match="secure connection"):
            await bench.to(port=drain.port, security="tls")


async def test_closing_is_harmless_at_any_moment(bench: Bench) -> None:
    server = MailServer(bench.far.config(), bench.folder)
    server.close(politely=True)
    await asyncio.to_thread(server.connect)
    server.close(politely=False)
    server.close(politely=False)
    with pytest.raises(ConnectionResetError):
        server.send(b"x")
