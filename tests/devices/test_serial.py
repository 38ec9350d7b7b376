from __future__ import annotations

import asyncio
import errno
import os
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.serial_line import SerialLine

from comptoir.core.errors import ConfigError
from comptoir.devices.serial import SerialConnection, SerialDevice

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals that look like ports")

JOB = b"\x1b@Hello\n\x1dVB\x00"
#: more than a pseudo-terminal takes while nobody reads
LONG = b"0123456789\n" * 20_000


@pytest.fixture
async def line() -> AsyncIterator[SerialLine]:
    line = SerialLine()
    yield line
    line.unplug()


def at(line: SerialLine, options: str = "") -> SerialDevice:
    return SerialDevice(line.uri + options, Path())


@pytest.mark.parametrize(
    ("uri", "port", "flow"),
    [
        ("serial:///dev/ttyUSB0", "/dev/ttyUSB0", "dtr"),
        ("serial:COM3?flow=software", "COM3", "software"),
        ("serial:///dev/serial/by-id/usb-A%20B-if00?flow=hardware", "/dev/serial/by-id/usb-A B-if00", "hardware"),
    ],
)
def test_ports(uri: str, port: str, flow: str) -> None:
    device = SerialDevice(uri, Path())
    assert (device.port, device.flow) == (port, flow)
    assert device.settings["rtscts"] == (flow == "hardware")
    assert device.settings["xonxoff"] == (flow == "software")


def test_settings() -> None:
    usual = SerialDevice("serial:COM3", Path()).settings
    assert [usual[key] for key in ("baudrate", "bytesize", "parity", "stopbits")] == [9600, 8, "N", 1]
    other = SerialDevice("serial:COM3?baud=115200&bits=7&parity=even&stop=2", Path()).settings
    assert [other[key] for key in ("baudrate", "bytesize", "parity", "stopbits")] == [115_200, 7, "E", 2]


@pytest.mark.parametrize("uri", ["serial:", "serial:///", "serial://COM3", "serial://dev/ttyS0"])
def test_a_uri_that_names_no_port(uri: str) -> None:
    with pytest.raises(ConfigError, match="names no serial port"):
        SerialDevice(uri, Path())


@pytest.mark.parametrize("option", ["baud=fast", "bits=6", "parity=E", "stop=3", "flow=rts", "stall=0", "speed=9600"])
def test_options_that_cannot_be(option: str) -> None:
    with pytest.raises(ConfigError):
        SerialDevice(f"serial:COM3?{option}", Path())


async def test_a_whole_conversation(line: SerialLine) -> None:
    line.listen()
    connection = await at(line).open()
    await connection.write(b"\x10\x04\x01")
    assert await connection.read(5) == b"\x12"
    await connection.write(JOB + b"\x1dr\x01")
    assert await connection.read(5) == b"\x00"
    assert await connection.finish() == "sent, all bytes out of the port"
    await connection.close()
    (printed,) = line.printer.take_printed()
    assert printed.paper.text == "Hello"


async def test_a_long_job_arrives_whole_and_every_byte_as_it_is(line: SerialLine) -> None:
    job = bytes(range(256)) * 100 + LONG
    line.listen()
    connection = await at(line).open()
    await connection.write(job)
    assert await line.until(len(job)) == job
    await connection.close()


async def test_a_printer_that_takes_nothing_is_given_up(line: SerialLine) -> None:
    connection = await at(line, "&stall=0.05").open()
    with pytest.raises(TimeoutError, match=r"took no byte for 0\.05 s$"):
        await connection.write(LONG)
    await connection.close()


async def test_nothing_pours_out_after_closing(line: SerialLine) -> None:
    """A drawer that opens when the paper is back is a drawer that opens by itself."""
    connection = await at(line, "&stall=0.05").open()
    with pytest.raises(TimeoutError):
        await connection.write(LONG)
    with pytest.raises(ConnectionAbortedError):
        await connection.finish()
    await connection.close()
    left = line.left()
    assert LONG.startswith(left)
    assert len(left) < len(LONG)
    line.listen()
    second = await at(line).open()
    await second.write(b"second")
    assert (await line.until(6))[:6] == b"second"
    await second.close()


async def test_the_threads_have_ended_before_the_port_goes(line: SerialLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that still writes would fill again what is emptied; one that still reads would read another file."""
    monkeypatch.setattr("comptoir.devices.serial._LOOK", 30)
    connection = await at(line, "&stall=0.05").open()
    assert isinstance(connection, SerialConnection)
    with pytest.raises(TimeoutError):
        await connection.write(LONG)
    assert await connection.read(0) == b""
    calls = [connection._writer._working, connection._reader._listening]
    ended: list[bool] = []
    monkeypatch.setattr(
        "serial.Serial.reset_output_buffer", lambda port: ended.extend(call.done() for call in calls if call)
    )
    await connection.close()
    assert ended == [True, True]


async def test_a_reason_is_waited_for(line: SerialLine) -> None:
    connection = await at(line, "&stall=0.05").open()

    def paper_is_back() -> bool:
        line.listen()
        return True

    await connection.write(LONG, paper_is_back)
    assert await line.until(len(LONG)) == LONG
    await connection.close()


async def test_a_cancelled_write_stops(line: SerialLine) -> None:
    connection = await at(line).open()
    writing = asyncio.create_task(connection.write(LONG))
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await connection.close()
    assert len(line.left()) < len(LONG)


async def test_a_cable_that_is_pulled(line: SerialLine) -> None:
    connection = await at(line).open()
    reading = asyncio.create_task(connection.read(30))
    await asyncio.sleep(0)
    line.unplug()
    with pytest.raises(EOFError, match="gone"):
        await reading
    with pytest.raises(ConnectionResetError, match="broke"):
        await connection.finish()
    with pytest.raises(ConnectionAbortedError):
        await connection.write(JOB)
    await connection.close()


async def test_a_cable_that_is_pulled_while_the_printer_holds(line: SerialLine) -> None:
    connection = await at(line).open()
    writing = asyncio.create_task(connection.write(LONG))
    while len(line.left()) < 100:
        await asyncio.sleep(0)
    line.unplug()
    with pytest.raises(ConnectionResetError, match="broke"):
        await writing
    with pytest.raises(ConnectionAbortedError):
        await connection.finish()
    await connection.close()


async def test_the_port_is_taken_by_one_at_a_time(line: SerialLine) -> None:
    first = await at(line).open()
    with pytest.raises(ConnectionRefusedError, match="Another program"):
        await at(line).open()
    await first.close()
    second = await at(line).open()
    await second.close()


async def test_ports_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no serial port /dev/ttyNONE9"):
        await SerialDevice("serial:///dev/ttyNONE9", Path()).open()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="cannot be used"):
        await SerialDevice(f"serial://{tmp_path}/file", Path()).open()


async def test_without_permission(line: SerialLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("serial.serialposix.os.open", refuse)
    with pytest.raises(PermissionError, match="dialout"):
        await at(line).open()


async def test_a_speed_that_the_port_does_not_know(line: SerialLine, monkeypatch: pytest.MonkeyPatch) -> None:
    termios = pytest.importorskip("termios")

    def refuse(*arguments: object) -> None:
        raise termios.error(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr("serial.serialposix.termios.tcsetattr", refuse)
    with pytest.raises(OSError, match=r"cannot be used: .*Invalid argument"):
        await at(line).open()


async def test_without_pyserial(line: SerialLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "serial", None)
    with pytest.raises(OSError, match=r"pip install comptoir\[serial\]"):
        await at(line).open()


class Dsr:
    """The line that a pseudo-terminal has not."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, up: bool) -> None:
        self.up = up
        monkeypatch.setattr("serial.Serial.dsr", property(lambda port: self.up))


def gated(line: SerialLine, stall: float) -> SerialDevice:
    return SerialDevice(line.uri.replace("flow=none", f"flow=dtr&stall={stall}"), Path())


async def test_nothing_is_sent_while_dsr_says_stop(line: SerialLine, monkeypatch: pytest.MonkeyPatch) -> None:
    line.listen()
    dsr = Dsr(monkeypatch, up=False)
    connection = await gated(line, 0.05).open()
    with pytest.raises(TimeoutError, match="cable and printer do not fit flow=dtr"):
        await connection.write(JOB)
    await connection.close()
    assert line.received == b""
    dsr.up = True
    connection = await gated(line, 30).open()
    await connection.write(JOB)
    assert await line.until(len(JOB)) == JOB
    await connection.close()


async def test_dsr_in_the_middle(line: SerialLine, monkeypatch: pytest.MonkeyPatch) -> None:
    line.listen()
    dsr = Dsr(monkeypatch, up=True)
    connection = await gated(line, 0.05).open()
    read = line.printer.receive

    def receive(data: bytes) -> None:
        dsr.up = False  # the buffer is full
        read(data)

    monkeypatch.setattr(line.printer, "receive", receive)
    with pytest.raises(TimeoutError):
        await connection.write(LONG)
    await connection.close()
    assert 0 < len(line.received) < len(LONG)


async def test_a_port_that_breaks_while_it_is_finished(line: SerialLine, monkeypatch: pytest.MonkeyPatch) -> None:
    termios = pytest.importorskip("termios")

    def fail(port: object) -> None:
        raise termios.error(errno.EIO, "Input/output error")  # no OSError

    monkeypatch.setattr("serial.Serial.flush", fail)
    connection = await at(line).open()
    with pytest.raises(ConnectionResetError, match="Input/output error"):
        await connection.finish()
    await connection.close()


class Buffer:
    """What becomes of the bytes in the port's buffer."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, held: bool = False) -> None:
        self.calls: list[str] = []
        self._sent = threading.Event()
        if not held:
            self._sent.set()
        monkeypatch.setattr("comptoir.devices.serial._JOIN", 0.05)
        monkeypatch.setattr("serial.Serial.flush", lambda port: self._call("sent") if self._sent.wait() else None)
        monkeypatch.setattr("serial.Serial.reset_output_buffer", lambda port: self._drop())

    def _call(self, name: str) -> None:
        self.calls.append(name)

    def _drop(self) -> None:
        self._call("dropped")
        self._sent.set()


async def test_finishing_gives_up_when_flow_control_holds(line: SerialLine, monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = Buffer(monkeypatch, held=True)
    connection = await at(line, "&stall=0.05").open()
    with pytest.raises(TimeoutError):
        await connection.finish()
    await connection.close()
    assert buffer.calls == ["dropped", "sent"], "not waited for again; the thread has ended"


async def test_what_the_port_has_taken_leaves_before_it_is_closed(
    line: SerialLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    buffer = Buffer(monkeypatch)
    connection = await at(line).open()
    await connection.write(JOB)
    await connection.close()
    assert buffer.calls == ["sent", "dropped"]


async def test_what_cannot_leave_is_dropped(line: SerialLine, monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = Buffer(monkeypatch, held=True)
    connection = await at(line).open()
    await connection.write(JOB)
    await connection.close()
    assert buffer.calls[0] == "dropped"


async def test_what_is_to_be_dropped_is_not_waited_for(line: SerialLine, monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = Buffer(monkeypatch)
    connection = await at(line).open()
    await connection.write(JOB)
    await connection.close(drop=True)
    connection = await at(line, "&stall=0.05").open()
    with pytest.raises(TimeoutError):
        await connection.write(LONG)
    await connection.close()
    assert buffer.calls == ["dropped", "dropped"]


async def test_closing_ends_a_read(line: SerialLine) -> None:
    connection = await at(line).open()
    reading = asyncio.create_task(connection.read(30))
    await asyncio.sleep(0)
    await connection.close()
    await connection.close()
    with pytest.raises(EOFError):
        await reading
