"""Printers of Windows whose spooler or server does not answer: nobody waits for ever, and threads do not pile up."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from tests.peers.spool_library import SpoolLibrary

from comptoir.core.errors import NotReady
from comptoir.core.job import OTHER_ERROR
from comptoir.core.queued import PULSE
from comptoir.devices import winspool as module
from comptoir.devices.winspool import WinspoolDevice

ASKED: dict[str, Callable[[WinspoolDevice], Awaitable[object]]] = {
    "open": lambda device: device.open(),
    "enter": lambda device: device.enter(),
    "find": lambda device: device.find("Ticket 12"),
}


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    monkeypatch.setattr(module, "BEHIND", 0.01)


def device(library: SpoolLibrary) -> WinspoolDevice:
    return WinspoolDevice("winspool:TICKET", Path("printer"), library.spooler)


async def announced(library: SpoolLibrary) -> None:
    connection = await device(library).open()
    assert isinstance(connection, module.WinspoolConnection)
    await connection.begin("Ticket 12")


async def until(done: Callable[[], bool]) -> None:
    while not done():
        await asyncio.sleep(0)


@pytest.mark.parametrize("what", ASKED)
async def test_whatever_is_asked_one_thread_hangs_and_no_more(what: str) -> None:
    library = SpoolLibrary()
    answers = library.hangs["EnumPrintersW"] = threading.Event()
    one = device(library)
    for _ in range(3):
        with pytest.raises(TimeoutError, match="does not answer"):
            await ASKED[what](one)
    assert not await one.clean(PULSE)
    assert library.log.count("EnumPrintersW") == 1
    answers.set()
    await until(lambda: library.left_open == 0)


async def test_who_gives_up_leaves_no_thread_for_each_attempt() -> None:
    """A drawer waits for two seconds, and somebody presses the button again and again."""
    library = SpoolLibrary()
    answers = library.hangs["GetPrinterW"] = threading.Event()
    one = device(library)
    first = asyncio.ensure_future(one.open())
    await until(lambda: "GetPrinterW" in library.log)
    first.cancel()
    await asyncio.wait([first])
    with pytest.raises(TimeoutError):
        await one.open()
    assert library.log.count("GetPrinterW") == 1
    answers.set()
    await (await one.open()).close()


async def test_what_is_entered_too_late_is_let_go() -> None:
    library = SpoolLibrary()
    answers = library.hangs["FindFirstPrinterChangeNotification"] = threading.Event()
    with pytest.raises(TimeoutError):
        await device(library).enter()
    assert library.left_open
    answers.set()
    await until(lambda: library.left_open == 0)


async def test_a_job_that_cannot_be_announced_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """StartDoc answers when nobody wants it any more."""
    library = SpoolLibrary()
    connection = await device(library).open()
    assert isinstance(connection, module.WinspoolConnection)
    answers = library.hangs["StartDocPrinterW"] = threading.Event()
    with pytest.raises(TimeoutError, match="does not answer"):
        await connection.begin("Ticket 12")
    await connection.close()
    answers.set()
    await until(lambda: library.left_open == 0)
    assert (library.ticket.jobs, library.ticket.printed) == ({}, [])


async def test_nothing_is_announced_after_the_end() -> None:
    library = SpoolLibrary()
    connection = await device(library).open()
    assert isinstance(connection, module.WinspoolConnection)
    await connection.close()
    with pytest.raises(ConnectionAbortedError):
        await connection.begin("Ticket 12")
    assert library.left_open == 0


@pytest.mark.parametrize("call", ["GetPrinterW", "StartDocPrinterW"])
async def test_an_account_that_must_not_print(call: str) -> None:
    library = SpoolLibrary()
    library.refuses[call] = 5
    with pytest.raises(NotReady, match="does not let this service print there") as refused:
        await announced(library)
    assert (refused.value.reason, "allow SYSTEM" in refused.value.hint) == (OTHER_ERROR, True)


async def test_a_printer_that_takes_nothing_is_not_asked_without_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    library = SpoolLibrary()
    write = library.WritePrinter

    def takes_some(handle: object, data: bytes, size: object, written: object) -> int:
        return write(handle, data, size, written) if slept else 1

    monkeypatch.setattr(library, "WritePrinter", takes_some)
    monkeypatch.setattr(module, "time", type("Slept", (), {"sleep": staticmethod(slept.append)}))
    connection = await device(library).open()
    await connection.write(b"Hello")
    await connection.finish()
    await connection.close()
    assert (slept, library.ticket.printed) == ([module.AGAIN], [b"Hello"])
