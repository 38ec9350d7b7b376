"""One listening address: it starts or says why not, stops in time, and guards what it shows."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from aiohttp import web
from tests.peers.clock import FakeClock
from tests.peers.site import Site
from tests.peers.watch import eventually

from comptoir.core.errors import ConfigError
from comptoir.web import levels
from comptoir.web.guard import Guard, Policy
from comptoir.web.server import Server


def server(host: str = "127.0.0.1", port: int = 0, *routes: web.RouteDef) -> Server:
    return Server(Guard(Policy(host, port), FakeClock(), None, levels.station), routes)


async def test_port_nought_is_a_free_one() -> None:
    one = server()
    await one.start()
    try:
        assert one.port > 0
        _, writer = await asyncio.open_connection("127.0.0.1", one.port)
        writer.close()
    finally:
        await one.stop()


async def test_a_port_that_is_taken_is_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"127.0.0.1:{port} is in use") as caught:
            await server(port=port).start()
    assert "--port" in caught.value.hint


@pytest.mark.parametrize("host", ["192.0.2.77", "no such host", "host.invalid"])
async def test_an_address_that_is_not_ours_is_a_sentence(host: str) -> None:
    with pytest.raises(ConfigError, match="not possible to listen") as caught:
        await server(host).start()
    assert caught.value.hint


async def test_stopping_does_not_wait_for_who_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.web.server.STOP_WITHIN", 0.05)
    entered = asyncio.Event()

    async def forever(request: web.Request) -> web.Response:
        entered.set()
        await asyncio.Event().wait()
        raise AssertionError

    one = server("127.0.0.1", 0, web.get("/forever", forever))
    await one.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
    writer.write(b"GET /forever HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await entered.wait()
    async with asyncio.timeout(10):
        await one.stop()
        assert await reader.read() == b""
    writer.close()


async def test_pages_can_be_neither_framed_nor_sniffed_and_load_nothing_from_elsewhere(
    tmp_path: Path,
) -> None:
    async with Site.hub(tmp_path) as hub:
        for path in ("/", "/docs", "/jobs", "/stations"):
            answer = await hub.ask("GET", path, headers={"Accept": "text/html"})
            assert answer.status == 200
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe-inline" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert b"http://" not in answer.body.replace(b"http://127.0.0.1", b"").replace(
                b"http://www.w3.org", b""
            ).replace(b"http://HOST", b"")
            assert b"style=" not in answer.body, "the policy would not apply it"
            assert b"onclick" not in answer.body


async def test_static_files_are_served_and_nothing_beside_them(tmp_path: Path) -> None:
    async with Site.hub(tmp_path) as hub:
        assert (await hub.ask("GET", "/static/comptoir.css")).status == 200
        for path in (
            "/static/",
            "/static/../server.py",
            "/static/%2e%2e/server.py",
            "/static/..%2fserver.py",
        ):
            assert (await hub.ask("GET", path)).status in (403, 404), path


async def test_junk_on_the_wire_is_answered_and_the_server_lives(tmp_path: Path) -> None:
    async with Site.hub(tmp_path) as hub:
        for junk in (
            b"\x16\x03\x01\x02\x00 TLS",
            b"GET\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            b"\x00" * 100 + b"\r\n\r\n",
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", hub.service.port)
            writer.write(junk)
            writer.write_eof()
            async with asyncio.timeout(10):
                await reader.read()
            writer.close()
        assert (await hub.ask("GET", "/healthz")).status == 200


async def test_what_could_not_be_read_is_not_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A token with a Windows line end, a broken chunk: what stands in it may be a secret."""
    async with Site.hub(tmp_path) as hub:
        _, writer = await asyncio.open_connection("127.0.0.1", hub.service.port)
        writer.write(b"GET /print HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer SECRET99\rx\r\n\r\n")
        await writer.drain()
        await eventually(lambda: "could not be read" in caplog.text)
        writer.close()
    assert "SECRET99" not in caplog.text
    assert "Traceback" not in caplog.text
