"""The real pyusb against a bus without wires (tests/peers/usb_bus.py). What libusb and hardware do is not tested."""

from __future__ import annotations

import asyncio
import errno
import sys
from pathlib import Path

import pytest
from tests.peers.usb_bus import BULK, INTERRUPT, Setting, UsbBus, UsbPrinter
from usb.core import USBError

from comptoir.core.errors import ConfigError
from comptoir.core.ports import Connection
from comptoir.devices.usb import UsbDevice

JOB = b"\x1b@Hello\n\x1dVB\x00"
LONG = b"0123456789\n" * 20_000 + b"\x1dVB\x00"


@pytest.fixture
def printer() -> UsbPrinter:
    return UsbPrinter(serial="J7X")


@pytest.fixture
def bus(printer: UsbPrinter, monkeypatch: pytest.MonkeyPatch) -> UsbBus:
    monkeypatch.setattr("comptoir.devices.usb._OUT_SLICE", 10)
    bus = UsbBus(printer)
    bus.install(monkeypatch)
    return bus


async def opened(uri: str = "usb:") -> Connection:
    return await UsbDevice(uri, Path()).open()


async def reached(uri: str, *printers: UsbPrinter) -> list[bool]:
    """Which of the printers a job comes to."""
    connection = await opened(uri)
    await connection.write(JOB)
    await connection.close()
    return [bytes(printer.received) == JOB for printer in printers]


def test_a_uri_that_names_no_printer() -> None:
    with pytest.raises(ConfigError, match="names no USB printer"):
        UsbDevice("usb://04b8", Path())


async def test_a_whole_conversation(bus: UsbBus, printer: UsbPrinter) -> None:
    connection = await opened()
    await connection.write(b"\x10\x04\x01")
    assert await connection.read(5) == b"\x12"
    await connection.write(JOB + b"\x1dr\x01")
    assert await connection.read(5) == b"\x00"
    assert await connection.finish() == "sent, all bytes acknowledged"
    await connection.close()
    (printed,) = printer.printer.take_printed()
    assert printed.paper.text == "Hello"


async def test_a_long_job_arrives_whole(bus: UsbBus, printer: UsbPrinter) -> None:
    connection = await opened()
    await connection.write(LONG)
    await connection.close()
    assert printer.received == LONG


async def test_the_systems_driver_gets_the_printer_back(bus: UsbBus, printer: UsbPrinter) -> None:
    connection = await opened()
    assert not printer.driver
    await connection.close()
    await connection.close()
    assert printer.driver
    assert printer.calls[-3:] == ["release", "attach", "close"]


async def test_a_printer_without_a_driver_is_left_without(bus: UsbBus, printer: UsbPrinter) -> None:
    printer.driver = False
    connection = await opened()
    await connection.close()
    assert not printer.driver
    assert not {"detach", "attach"} & set(printer.calls)


async def test_where_there_are_no_such_drivers(bus: UsbBus, printer: UsbPrinter) -> None:
    printer.driver, printer.deny["driver"] = False, NotImplementedError("not on this platform")
    assert await reached("usb:", printer) == [True]


async def test_a_configured_printer_is_not_reset(bus: UsbBus, printer: UsbPrinter) -> None:
    assert await reached("usb:", printer) == [True]
    assert "configure" not in printer.calls
    printer.configured = False
    assert await reached("usb:", printer) == [False], "twice by now"
    assert "configure" in printer.calls
    assert printer.received == JOB * 2


async def test_which_printer(bus: UsbBus, printer: UsbPrinter) -> None:
    twin, other = UsbPrinter(serial="J8"), UsbPrinter(0x0519, 0x0003)
    bus.printers += [twin, other]
    assert await reached("usb://04b8:0e15/J8", printer, twin, other) == [False, True, False]
    assert await reached("usb://0519:0003", printer, twin, other) == [False, True, True]
    assert await reached("usb:", printer, twin, other) == [True, True, True]


async def test_what_is_no_printer_is_not_taken_for_one(bus: UsbBus, printer: UsbPrinter) -> None:
    vendors_own = UsbPrinter(0x0519, 0x0003, settings=[Setting(kind=255, protocol=0)])
    ipp = UsbPrinter(0x03F0, 1, settings=[Setting(protocol=4)])
    one_way_only = UsbPrinter(0x0001, 1, settings=[Setting(endpoints=((0x81, BULK), (0x02, INTERRUPT)))])
    broken = UsbPrinter(deny={"descriptors": USBError("Input/Output Error", -1, errno.EIO)})
    bus.printers[:0] = [vendors_own, ipp, one_way_only, broken]
    assert await reached("usb:", vendors_own, ipp, one_way_only, broken, printer) == [False] * 4 + [True]
    assert await reached("usb://0519:0003", vendors_own) == [True], "named, it is what is meant"


async def test_which_interface_and_setting(bus: UsbBus, printer: UsbPrinter) -> None:
    printer.settings = [
        Setting(0, 0, kind=3, endpoints=((0x83, INTERRUPT),)),
        Setting(1, 0, protocol=1, endpoints=((0x04, BULK),)),
        Setting(1, 1, protocol=2, endpoints=((0x81, INTERRUPT), (0x05, BULK), (0x86, BULK))),
    ]
    assert await reached("usb:", printer) == [True]
    assert {"set 1.1", "write 5"} <= set(printer.calls)


async def test_endpoints_that_are_asked_for(bus: UsbBus, printer: UsbPrinter) -> None:
    printer.settings = [Setting(0), Setting(1, endpoints=((0x03, BULK), (0x04, BULK), (0x85, BULK), (0x86, BULK)))]
    connection = await opened("usb:?interface=1&out=4&in=0x86")
    await connection.write(b"\x10\x04\x01")
    assert await connection.read(5) == b"\x12"
    await connection.close()
    assert {"write 4", "read 134"} <= set(printer.calls)


async def test_a_printer_that_cannot_answer(bus: UsbBus, printer: UsbPrinter) -> None:
    printer.settings = [Setting(protocol=1, endpoints=((0x01, BULK),))]
    connection = await opened()
    await connection.write(b"\x10\x04\x01")
    assert await connection.read(0.01) == b""
    await connection.close()


async def test_a_printer_that_answers_nothing_at_once(bus: UsbBus, printer: UsbPrinter) -> None:
    """With empty packets, as some do."""
    printer.deny["empty"] = USBError("never raised")
    connection = await opened()
    assert await connection.read(0.01) == b""
    await connection.write(b"\x10\x04\x01")
    assert await connection.read(5) == b"\x12"
    await connection.close()


async def test_a_printer_that_takes_nothing_is_given_up(bus: UsbBus, printer: UsbPrinter) -> None:
    printer.set_faults("stall")
    connection = await opened("usb:?stall=0.05")
    with pytest.raises(TimeoutError, match=r"took no byte for 0\.05 s"):
        await connection.write(JOB)
    with pytest.raises(ConnectionAbortedError):
        await connection.finish()
    await connection.close()
    assert printer.calls[-3:] == ["release", "attach", "close"], "after the last transfer"
    printer.set_faults()
    assert printer.received == b"", "nothing pours out later"


async def test_closing_waits_for_the_transfer_under_way(
    bus: UsbBus, printer: UsbPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comptoir.devices.usb._OUT_SLICE", 250)
    printer.set_faults("stall")
    connection = await opened()
    writing = asyncio.create_task(connection.write(JOB))
    while not printer.busy:
        await asyncio.sleep(0)
    await connection.close()
    with pytest.raises(ConnectionAbortedError):
        await writing
    assert "release" in printer.calls


async def test_a_full_buffer_in_the_middle_and_a_reason_to_wait(bus: UsbBus, printer: UsbPrinter) -> None:
    printer.set_faults("paper")
    connection = await opened("usb:?stall=0.05")
    asked = []

    def paper_is_back() -> bool:
        asked.append(len(printer.received))
        printer.set_faults()
        return True

    await connection.write(LONG, paper_is_back)
    assert printer.received == LONG
    assert 0 < asked[0] < len(LONG)
    await connection.close()


async def test_a_cable_that_is_pulled(bus: UsbBus, printer: UsbPrinter) -> None:
    connection = await opened()
    reading = asyncio.create_task(connection.read(30))
    await asyncio.sleep(0)
    printer.unplug()
    with pytest.raises(EOFError, match="broke"):
        await reading
    with pytest.raises(ConnectionResetError, match="broke"):
        await connection.write(JOB)
    await connection.close()
    with pytest.raises(FileNotFoundError, match="a USB printer was not found; there is no USB printer at all"):
        await opened()


async def test_a_printer_that_is_not_there_and_those_that_are(bus: UsbBus) -> None:
    with pytest.raises(FileNotFoundError, match="the USB printer 0519:0003 was not found; there are usb://04b8:0e15"):
        await opened("usb://0519:0003")
    with pytest.raises(FileNotFoundError, match="04b8:0e15/J8 was not found"):
        await opened("usb://04b8:0e15/J8")


@pytest.mark.parametrize(
    ("uri", "call", "number", "kind", "words"),
    [
        ("usb://04b8:0e15", "open", errno.EACCES, PermissionError, 'ATTR{idVendor}=="04b8", GROUP="lp"'),
        ("usb://04b8:0e15/J7X", "control", errno.EACCES, PermissionError, "use the USB printer 04b8:0e15/J7X"),
        ("usb:", "claim", errno.EACCES, PermissionError, 'SUBSYSTEM=="usb", GROUP="lp"'),
        ("usb:", "claim", errno.EBUSY, ConnectionRefusedError, "Another program uses a USB printer"),
        ("usb:", "detach", errno.ENODEV, FileNotFoundError, "unplugged"),
        ("usb:", "claim", errno.EIO, OSError, "cannot be used: "),
        ("usb:", "configuration", errno.EIO, OSError, "cannot be used: "),
    ],
)
async def test_refusals_are_explained(
    bus: UsbBus, printer: UsbPrinter, uri: str, call: str, number: int, kind: type[OSError], words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("comptoir.devices.usb._WINDOWS", False)
    printer.deny[call] = USBError("refused", -1, number)
    with pytest.raises(kind) as caught:
        await opened(uri)
    assert words in str(caught.value)
    assert printer.driver, "as it was"
    assert "configure" not in printer.calls, "that would reset it"


async def test_the_vendors_driver_on_windows(bus: UsbBus, printer: UsbPrinter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.devices.usb._WINDOWS", True)
    printer.driver, printer.deny["open"] = False, NotImplementedError("Operation not supported")
    with pytest.raises(PermissionError, match="Windows printer queue"):
        await opened("usb://04b8:0e15")


async def test_without_libusb_or_pyusb(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("libusb1", "libusb0", "openusb"):
        monkeypatch.setattr(f"usb.backend.{name}.get_backend", lambda: None)
    with pytest.raises(OSError, match="finds no libusb"):
        await opened()
    monkeypatch.setitem(sys.modules, "usb.core", None)
    with pytest.raises(OSError, match=r"pip install comptoir\[usb\]"):
        await opened()
