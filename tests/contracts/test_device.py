"""What every device must do, whichever it is."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tests.peers.serial_line import SerialLine
from tests.peers.spool_library import SpoolLibrary
from tests.peers.usb_bus import UsbBus, UsbPrinter

from comptoir.core.errors import ConfigError, UnknownName
from comptoir.core.ports import Device
from comptoir.devices import DEVICES, device, winspool
from comptoir.devices.virtual_server import VirtualPrinterServer

#: a whole job in any language: the devices do not read it
JOB = b"\x1b@Hello world\n\x1dVB\x00" * 500


@pytest.fixture
async def peer() -> AsyncIterator[VirtualPrinterServer]:
    async with VirtualPrinterServer() as server:
        yield server


@pytest.fixture
async def line() -> AsyncIterator[str]:
    """The URI of a serial port with a printer; none on Windows, which has no pseudo-terminals."""
    if os.name == "nt":
        yield ""
        return
    far = SerialLine()
    far.listen()
    yield far.uri
    far.unplug()


@pytest.fixture(params=DEVICES)
def make(
    request: pytest.FixtureRequest,
    peer: VirtualPrinterServer,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Callable[[], Device]:
    UsbBus(UsbPrinter()).install(monkeypatch)
    monkeypatch.setattr(winspool, "_of_windows", lambda: SpoolLibrary().spooler)
    uris = {
        "socket": f"socket://127.0.0.1:{peer.port}",
        "file": f"{tmp_path.as_uri()}/out/",
        "serial": line,
        "usb": "usb:",
        "virtual": "virtual:",
        "winspool": "winspool:TICKET",
    }
    if not uris[request.param]:
        pytest.skip("there is no such device here")
    return lambda: device(uris[request.param], tmp_path / "printer")


async def test_a_job_goes_through(make: Callable[[], Device]) -> None:
    connection = await make().open()
    await connection.write(JOB)
    assert await connection.finish()
    await connection.close()


async def test_reading_gives_nothing_in_time(make: Callable[[], Device]) -> None:
    connection = await make().open()
    assert await connection.read(0.001) == b""
    assert await connection.read(0) == b""
    await connection.close()


async def test_who_can_answer_answers(make: Callable[[], Device]) -> None:
    printer = make()
    connection = await printer.open()
    await connection.write(b"\x10\x04\x01")
    answer = await connection.read(5 if printer.replies else 0.001)
    assert answer == (b"\x12" if printer.replies else b"")
    await connection.close()


async def test_closing_twice_and_early_is_harmless(make: Callable[[], Device]) -> None:
    connection = await make().open()
    await connection.write(b"half")
    await connection.close()
    await connection.close()


async def test_one_job_after_another(make: Callable[[], Device]) -> None:
    printer = make()
    for _ in range(3):
        connection = await printer.open()
        await connection.write(b"x\n")
        await connection.finish()
        await connection.close()


async def test_a_cancelled_read_loses_nothing(make: Callable[[], Device]) -> None:
    printer = make()
    connection = await printer.open()
    reading = asyncio.ensure_future(connection.read(30))
    await asyncio.sleep(0)
    reading.cancel()
    await asyncio.wait([reading])
    await connection.write(b"\x10\x04\x01")
    if printer.replies:
        assert await connection.read(5) == b"\x12"
    await connection.close()


@pytest.mark.parametrize("uri", ["", "printer", "usbx:1", "C:/printer"])
def test_an_unknown_scheme_is_told_with_those_there_are(uri: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownName) as caught:
        device(uri, tmp_path)
    assert "socket:" in caught.value.hint


@pytest.mark.parametrize("uri", ["socket://user:secret@host:9100", "pigeon://secret@coop", "socket://secret@h?x=1"])
def test_a_device_has_no_password(uri: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        device(uri, tmp_path)
    assert "secret" not in caught.value.sentences


def test_a_file_may_be_called_as_one_likes(tmp_path: Path) -> None:
    device("file:///tmp/a@b", tmp_path)
