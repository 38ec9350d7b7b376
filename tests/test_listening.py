"""HTTP and HTTPS on one port, over IPv4 and IPv6, on both loops; who says nothing keeps nobody out."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from tests.peers import tls
from tests.peers.watch import eventually

from comptoir import listening
from comptoir.listening import Listener

if sys.platform == "win32":
    LOOPS = {"asyncio": asyncio.ProactorEventLoop}
else:
    import uvloop

    LOOPS = {"uvloop": uvloop.new_event_loop, "asyncio": asyncio.SelectorEventLoop}
Run = Callable[[Awaitable[Any]], Any]


@pytest.fixture(params=LOOPS)
def run(request: pytest.FixtureRequest) -> Run:
    """Runs a coroutine on each kind of loop. Nothing may be left over that the loop complains of."""

    def on_loop(test: Awaitable[Any]) -> None:
        async def watched() -> None:
            complaints: list[dict[str, Any]] = []
            asyncio.get_running_loop().set_exception_handler(lambda loop, said: complaints.append(said))
            async with asyncio.timeout(30):
                await test
            assert complaints == []

        with asyncio.Runner(loop_factory=LOOPS[request.param]) as runner:
            runner.run(watched())

    return on_loop


class Served:
    """A listener in front of aiohttp that says how it was called."""

    def __init__(self, context: Callable[[], ssl.SSLContext] | None) -> None:
        app = web.Application()
        app.router.add_route("*", "/", self._answer)
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        self.listener = Listener(self._protocol, context)

    def _protocol(self) -> asyncio.Protocol:
        assert self.runner.server is not None
        return self.runner.server()

    @staticmethod
    async def _answer(request: web.Request) -> web.Response:
        body = await request.read()
        return web.Response(text=f"{request.scheme} {request.secure} {request.remote} {len(body)}")


@asynccontextmanager
async def served(context: Callable[[], ssl.SSLContext] | None = None, host: str = "127.0.0.1", port: int = 0) -> Any:
    one = Served(context)
    await one.runner.setup()
    one.port = await one.listener.start(host, port)  # type: ignore[attr-defined]
    try:
        yield one
    finally:
        await one.listener.stop()
        await one.runner.cleanup()


async def get(url: str, trusting: ssl.SSLContext | None = None, **more: Any) -> str:
    async with (
        aiohttp.ClientSession() as session,
        session.request("POST", url, ssl=trusting or True, **more) as answer,
    ):
        return await answer.text()


@pytest.fixture(scope="module")
def authority() -> Any:
    return tls.authority()


@pytest.fixture
def context(tmp_path: Any, authority: Any) -> ssl.SSLContext:
    return tls.serving(tmp_path, authority)


def test_plain_and_tls_take_turns_on_one_port(run: Run, context: ssl.SSLContext, authority: Any) -> None:
    async def test() -> None:
        async with served(lambda: context) as one:
            trusting = tls.trusting(authority.certificate)
            for _ in range(5):
                assert await get(f"http://127.0.0.1:{one.port}/") == "http False 127.0.0.1 0"
                assert await get(f"https://127.0.0.1:{one.port}/", trusting) == "https True 127.0.0.1 0"
                assert await get(f"https://localhost:{one.port}/", trusting) in (
                    "https True 127.0.0.1 0",
                    "https True ::1 0",
                )

    run(test())


def test_a_connection_is_kept_and_large_bodies_pass(run: Run, context: ssl.SSLContext, authority: Any) -> None:
    async def test() -> None:
        async with served(lambda: context) as one, AsyncExitStack() as stack:
            session = await stack.enter_async_context(aiohttp.ClientSession())
            trusting = tls.trusting(authority.certificate)
            for scheme in ("http", "https"):
                for _ in range(3):
                    body = b"x" * 900_000
                    asked = session.post(f"{scheme}://127.0.0.1:{one.port}/", data=body, ssl=trusting)
                    async with asked as answer:
                        assert (await answer.text()).endswith(" 900000")

    run(test())


def test_a_request_whose_first_byte_comes_alone_is_one_request(run: Run, context: ssl.SSLContext) -> None:
    async def test() -> None:
        async with served(lambda: context) as one:
            reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
            for piece in (b"G", b"ET / HT", b"TP/1.1\r\nHost: a\r\n\r\n"):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
            assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
            writer.close()

    run(test())


def test_a_hello_in_pieces_is_one_hello(run: Run, context: ssl.SSLContext, authority: Any) -> None:
    """Each byte that the client's TLS says arrives by itself."""

    async def test() -> None:
        async with served(lambda: context) as one:
            reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
            said, heard = ssl.MemoryBIO(), ssl.MemoryBIO()
            client = tls.trusting(authority.certificate).wrap_bio(heard, said, server_hostname="localhost")

            async def until_done(step: Callable[[], Any]) -> Any:
                while True:
                    with suppress(ssl.SSLWantReadError):
                        return step()
                    for byte in said.read():
                        writer.write(bytes([byte]))
                        await asyncio.sleep(0)
                    data = await reader.read(65536)
                    assert data, "closed"
                    heard.write(data)

            await until_done(client.do_handshake)
            client.write(b"GET / HTTP/1.0\r\n\r\n")
            assert (await until_done(lambda: client.read(65536))).startswith(b"HTTP/1.0 200 OK")
            writer.close()

    run(test())


def test_each_connection_gets_the_certificate_of_its_moment(run: Run, tmp_path: Any, context: ssl.SSLContext) -> None:
    async def test() -> None:
        now = {"context": context}
        async with served(lambda: now["context"]) as one:
            first = await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", one.port))
            now["context"] = tls.serving(tmp_path, tls.authority())
            second = await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", one.port))
            assert first != second

    run(test())


def test_who_does_not_trust_us_harms_nobody(run: Run, context: ssl.SSLContext) -> None:
    async def test() -> None:
        async with served(lambda: context) as one:
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await get(f"https://127.0.0.1:{one.port}/", tls.trusting(tls.authority().certificate))
            assert (await get(f"http://127.0.0.1:{one.port}/")).startswith("http ")

    run(test())


@pytest.mark.parametrize("junk", [b"\x16", b"\x16\x03\x01\x00\x05abcde", b"\x16" * 70_000, b"\x16\x03\x01\xff\xff"])
def test_what_begins_like_tls_and_is_none_is_closed(
    run: Run, context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, junk: bytes
) -> None:
    monkeypatch.setattr(listening, "SILENCE", 0.2)

    async def test() -> None:
        async with served(lambda: context) as one:
            reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
            writer.write(junk)
            await ended(reader)
            writer.close()
            await eventually(lambda: not one.listener._waiting)
            assert (await get(f"http://127.0.0.1:{one.port}/")).startswith("http ")

    run(test())


async def ended(reader: asyncio.StreamReader) -> bytes:
    """What comes until the other side closes, in whatever way."""
    try:
        return await reader.read()
    except ConnectionError:
        return b""


def test_without_tls_a_hello_is_a_bad_request(run: Run) -> None:
    async def test() -> None:
        async with served() as one:
            reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
            writer.write(b"\x16\x03\x01\x02\x00 TLS\r\n\r\n")
            assert b" 400 " in await reader.readline()
            writer.close()

    run(test())


def test_who_says_nothing_is_closed(run: Run, context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "SILENCE", 0.05)

    async def test() -> None:
        async with served(lambda: context) as one:
            reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
            assert await ended(reader) == b""
            writer.close()

    run(test())


def test_of_too_many_that_wait_the_oldest_goes_and_nobody_is_kept_out(run: Run, context: ssl.SSLContext) -> None:
    """Silent ones, and such as begin TLS and stop."""

    async def test() -> None:
        async with served(lambda: context) as one:
            silent = []
            for number in range(500):
                reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
                if number % 2:
                    writer.write(b"\x16")
                silent.append((reader, writer))
            assert await get(f"http://127.0.0.1:{one.port}/") == "http False 127.0.0.1 0"
            waiting = one.listener._waiting
            assert len(waiting) <= listening.WAITING
            for reader, _ in silent[: 500 - listening.WAITING]:
                assert await ended(reader) == b""
            for _, writer in silent:
                writer.close()
            await eventually(lambda: not waiting)

    run(test())


def test_both_addresses_of_the_loopback_have_the_same_port(run: Run) -> None:
    async def test() -> None:
        async with served() as one:
            assert await get(f"http://127.0.0.1:{one.port}/") == "http False 127.0.0.1 0"
            assert await get(f"http://[::1]:{one.port}/") == "http False ::1 0"

    run(test())


def test_all_addresses_are_those_of_both_kinds(run: Run) -> None:
    async def test() -> None:
        async with served(host="0.0.0.0") as one:
            assert await get(f"http://127.0.0.1:{one.port}/") == "http False 127.0.0.1 0"
            assert await get(f"http://[::1]:{one.port}/") == "http False ::1 0"

    run(test())


@pytest.mark.parametrize("number", sorted(listening._NO_IPV6))
def test_a_machine_without_ipv6_listens_without(run: Run, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def bound(real: Any, family: int, address: str, port: int) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(number, "no IPv6")
        return real(family, address, port)  # type: ignore[no-any-return]

    monkeypatch.setattr(listening, "_bound", partial(bound, listening._bound))

    async def test() -> None:
        async with served() as one:
            assert await get(f"http://127.0.0.1:{one.port}/") == "http False 127.0.0.1 0"

    run(test())


@pytest.mark.parametrize(("family", "taken"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_port_that_is_taken_on_either_address_is_refused(run: Run, family: int, taken: str) -> None:
    async def test() -> None:
        with socket.socket(family) as other:
            other.bind((taken, 0))
            other.listen()
            port = other.getsockname()[1]
            with pytest.raises(OSError, match=":") as caught:
                async with served(port=port):
                    pass
            assert caught.value.errno == errno.EADDRINUSE
            assert caught.value.filename in (f"127.0.0.1:{port}", f"[::1]:{port}")
            # Nothing of the failed start is left on the other address.
            with socket.socket() as again:
                if taken == "::1":
                    again.bind(("127.0.0.1", port))

    run(test())


def test_a_stop_closes_who_has_not_begun(run: Run, context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "SILENCE", 1000.0)

    async def test() -> None:
        async with served(lambda: context) as one:
            silent, begun = [await asyncio.open_connection("127.0.0.1", one.port) for _ in range(2)]
            begun[1].write(b"\x16\x03\x01")
            await eventually(lambda: one.listener._handshakes)
        for reader, writer in (silent, begun):
            assert await ended(reader) == b""
            writer.close()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", one.port)

    run(test())
