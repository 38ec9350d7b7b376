from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from comptoir.core.errors import ConfigError
from comptoir.devices.socket import SocketDevice
from comptoir.devices.virtual_server import VirtualPrinterServer


@pytest.fixture
async def printer() -> AsyncIterator[VirtualPrinterServer]:
    async with VirtualPrinterServer() as server:
        yield server


def at(server: VirtualPrinterServer, options: str = "") -> SocketDevice:
    return SocketDevice(f"socket://127.0.0.1:{server.port}{options}", Path())


class Silent:
    """A listening socket that accepts nothing by itself and reads nothing: a printer in a coma."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.setblocking(False)
        self.device = SocketDevice(f"socket://127.0.0.1:{self.socket.getsockname()[1]}?stall=0.05", Path())

    async def accept(self) -> socket.socket:
        peer, _ = await asyncio.get_running_loop().sock_accept(self.socket)
        peer.setblocking(False)
        return peer


@pytest.fixture
def silent() -> Iterator[Silent]:
    peer = Silent()
    yield peer
    peer.socket.close()


@pytest.mark.parametrize(
    ("uri", "host", "port"),
    [
        ("socket://192.168.1.50", "192.168.1.50", 9100),
        ("socket://printer.local:9101?timeout=2", "printer.local", 9101),
        ("socket://[fe80::1]:9100", "fe80::1", 9100),
    ],
)
def test_addresses(uri: str, host: str, port: int) -> None:
    device = SocketDevice(uri, Path())
    assert (device.host, device.port) == (host, port)


@pytest.mark.parametrize("uri", ["socket:", "socket://", "socket://:9100"])
def test_an_address_without_a_host(uri: str) -> None:
    with pytest.raises(ConfigError, match="no host"):
        SocketDevice(uri, Path())


async def test_a_job_arrives_whole(printer: VirtualPrinterServer) -> None:
    job = b"0123456789\n" * 20_000 + b"\x1dVB\x00"
    connection = await at(printer).open()
    await connection.write(job)
    words = await connection.finish()
    await connection.close()
    assert (await printer.next_printed()).data == job
    assert words == ("sent, all bytes acknowledged" if sys.platform == "linux" else "sent")


async def test_small_writes_go_out_at_once(printer: VirtualPrinterServer) -> None:
    connection = await at(printer).open()
    raw: socket.socket = connection._socket  # type: ignore[attr-defined]
    assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    await connection.close()


async def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        await SocketDevice(f"socket://127.0.0.1:{port}", Path()).open()


async def test_a_printer_that_takes_nothing_is_given_up(silent: Silent) -> None:
    connection = await silent.device.open()
    with pytest.raises(TimeoutError, match="took no byte"):
        await connection.write(bytes(20_000_000))
    await connection.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is acknowledged")
async def test_finish_waits_for_what_the_kernel_still_holds(silent: Silent) -> None:
    connection = await silent.device.open()
    peer = await silent.accept()
    raw: socket.socket = connection._socket  # type: ignore[attr-defined]
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_000_000)
    await connection.write(bytes(400_000))
    with pytest.raises(TimeoutError, match="acknowledged no byte"):
        await connection.finish()
    peer.close()
    await connection.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only its kernel tells what was acknowledged")
async def test_a_reset_is_noticed_by_finish(silent: Silent) -> None:
    connection = await silent.device.open()
    peer = await silent.accept()
    await connection.write(b"half of it")
    reset(peer)
    with pytest.raises(ConnectionError):
        await connection.finish()
    await connection.close()


async def test_a_reset_is_noticed_by_write_and_read(silent: Silent) -> None:
    connection = await silent.device.open()
    reset(await silent.accept())
    with pytest.raises((ConnectionError, EOFError)):
        await connection.read(5)
    with pytest.raises(ConnectionError):
        await connection.write(bytes(20_000_000))
    with pytest.raises(ConnectionError):
        await connection.finish()
    await connection.close()


async def test_hanging_up_is_the_end_of_reading(silent: Silent) -> None:
    connection = await silent.device.open()
    peer = await silent.accept()
    peer.sendall(b"\x12")
    peer.shutdown(socket.SHUT_WR)
    assert await connection.read(5) == b"\x12"
    with pytest.raises(EOFError):
        await connection.read(5)
    peer.close()
    await connection.close()


async def test_hanging_up_after_a_few_bytes_is_no_success(silent: Silent) -> None:
    """The bytes were acknowledged by its network card, and then it went away."""
    connection = await silent.device.open()
    peer = await silent.accept()
    await connection.write(b"a short job")
    await asyncio.get_running_loop().sock_recv(peer, 100)
    peer.close()
    with pytest.raises(EOFError):
        await connection.read(5)
    with pytest.raises(ConnectionResetError, match="in the middle"):
        await connection.finish()
    await connection.close()


async def test_a_printer_without_a_back_channel_prints_all_the_same(silent: Silent) -> None:
    connection = await silent.device.open()
    peer = await silent.accept()
    peer.shutdown(socket.SHUT_WR)
    with pytest.raises(EOFError):
        await connection.read(5)
    await connection.write(b"a short job")
    assert (await connection.finish()).startswith("sent")
    peer.close()
    await connection.close()


async def test_a_printer_that_hangs_up_in_the_middle(printer: VirtualPrinterServer) -> None:
    printer.set_faults("close")
    connection = await at(printer).open()
    with pytest.raises(ConnectionError):
        await connection.write(b"x" * 20_000_000)
    await connection.close()
    assert (await printer.next_printed()).data == b"x" * 64


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop is Unix only")
def test_the_same_on_uvloop() -> None:
    """Its transports and sockets differ; the station runs on it."""
    import uvloop  # noqa: PLC0415

    async def job() -> None:
        async with VirtualPrinterServer() as server:
            connection = await at(server).open()
            await connection.write(b"Hello\n\x1dV\x00\x1dr\x01")
            assert (await connection.finish()).startswith("sent")
            assert await connection.read(5) == b"\x00"
            await connection.close()
        peer = Silent()
        connection = await peer.device.open()
        reset(await peer.accept())
        with pytest.raises((ConnectionError, EOFError)):
            await connection.read(5)
        with pytest.raises(ConnectionError):
            await connection.write(bytes(20_000_000))
        await connection.close()
        peer.socket.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(job())


def reset(peer: socket.socket) -> None:
    """Close so that the other side gets RST."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


@pytest.mark.parametrize("host", ["a..b", "x" * 70])
async def test_a_name_that_no_machine_can_have_is_a_sentence(host: str, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no name of a machine"):
        await SocketDevice(f"socket://{host}", tmp_path).open()
