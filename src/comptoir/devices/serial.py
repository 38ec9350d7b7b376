"""Printers on a serial port, real or a USB adapter. It knows no printer language.

    serial:///dev/ttyUSB0?baud=9600&bits=8&parity=none&stop=1&flow=dtr&stall=30        serial:COM3?baud=19200

What is shown is the default, and how receipt printers leave the factory: they say on their DTR line, which the cable
leads to our DSR, that they take bytes ("flow=dtr"). "hardware" is RTS/CTS, where the cable leads that line to CTS;
"software" is XON/XOFF; with "none" a printer whose buffer is full loses what is sent to it.

Windows obeys DSR in its driver. Elsewhere no driver does: there the line is looked at before each few bytes, and so
few are given to the port that a printer's reserve takes them.

Nothing leaves after `close` has returned, but for what the port's own chip holds already: up to 64 bytes in a UART,
some hundred in a USB adapter.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from concurrent.futures import Future, wait
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from urllib.parse import unquote

from comptoir.core.errors import ConfigError
from comptoir.core.ports import Connection, Waits
from comptoir.devices.blocking import Reader, Writer, closed, open_in_thread, watched
from comptoir.devices.uri import check_options, choice, number, seconds, split
from comptoir.threads import in_thread

_PARITIES: Final = {"none": "N", "even": "E", "odd": "O"}
_FLOWS: Final = {"dtr": "dtr", "hardware": "hardware", "software": "software", "none": "none"}
_OPTIONS: Final = ("baud", "bits", "parity", "stop", "flow", "stall")

#: Bytes handed over at once. A tty takes more only while it holds less than 256: then progress is a printer's own.
_PIECE: Final = 64
#: Where we look at DSR ourselves: at most two of these are under way when the printer says stop.
_GATED_PIECE: Final = 32
#: Seconds between two looks at the port: while bytes leave, and while the printer says stop.
_SOON: Final = 0.002
_LATER: Final = 0.05
_LOOK: Final = 0.25
_READ: Final = 4096
#: How long closing waits for each thing that should end at once, and in all: seconds.
_JOIN: Final = 1.0
_CLOSE: Final = 5.0


class SerialDevice:
    """A printer at a serial port. Each `open` takes the port for itself."""

    replies = True

    def __init__(self, uri: str, folder: Path) -> None:
        """Raises ConfigError for a URI without port, or with options that there are none of."""
        parts = split(uri)
        self.port = unquote(parts.path)
        if parts.netloc not in ("", "localhost") or self.port in ("", "/"):
            raise ConfigError(
                f"The device URI {uri!r} names no serial port.", "For example serial:///dev/ttyUSB0 or serial:COM3"
            )
        check_options(uri, _OPTIONS)
        self.flow = choice(uri, "flow", _FLOWS, "dtr")
        self.settings: dict[str, Any] = {
            "baudrate": number(uri, "baud", 9600, 50, 4_000_000),
            "bytesize": number(uri, "bits", 8, 7, 8),
            "parity": choice(uri, "parity", _PARITIES, "none"),
            "stopbits": number(uri, "stop", 1, 1, 2),
            "rtscts": self.flow == "hardware",
            "xonxoff": self.flow == "software",
            "dsrdtr": self.flow == "dtr" and os.name == "nt",
        }
        self._stall = seconds(uri, "stall", 30.0)

    async def open(self) -> Connection:
        """Raises OSError where the port cannot be opened, or pyserial is not installed; nothing was sent."""
        return await open_in_thread(self._open, lambda connection: connection.shut(drop=True))

    def _open(self) -> SerialConnection:
        library = _library()
        try:
            port = library.Serial(self.port, exclusive=True, timeout=_LOOK, **self.settings)
        except Exception as error:  # pyserial: also termios.error, where a port does not know the speed
            raise _refusal(error, self.port) from error
        return SerialConnection(port, self.flow, self._stall)


def _library() -> ModuleType:
    try:
        return import_module("serial")
    except ImportError as error:
        raise OSError("Serial ports need pyserial, which is not installed: pip install comptoir[serial]") from error


def _refusal(error: Exception, port: str) -> OSError:
    """The error of opening a port, as a person understands it. Windows' errors have no number: they stay in words."""
    match getattr(error, "errno", None):
        case errno.ENOENT | errno.ENODEV | errno.ENXIO:
            return FileNotFoundError(f"There is no serial port {port}")
        case errno.EACCES | errno.EPERM:
            return PermissionError(
                f"No permission to use {port}; on Linux the account needs the port's group (dialout, uucp or lock)"
            )
        case errno.EBUSY | errno.EAGAIN:
            return ConnectionRefusedError(f"Another program uses {port}")
    return OSError(f"The serial port {port} cannot be used: {error}")


class SerialConnection:
    """An open serial port."""

    def __init__(self, port: Any, flow: str, stall: float) -> None:
        self._port = port
        self._flow = flow
        self._stall = stall
        self._gated = flow == "dtr"
        piece = _GATED_PIECE if self._gated else _PIECE
        self._writer = Writer(self._put, port.cancel_write, stall, piece)
        self._reader = Reader(self._look, port.cancel_read)
        self._draining: Future[None] | None = None
        self._shutting: Future[None] | None = None

    async def write(self, data: bytes, waits: Waits | None = None) -> None:
        """Hand all bytes to the port. Raises TimeoutError when flow control holds them for `stall` seconds (at most
        twice that) and `waits` does not say why, ConnectionResetError when the port is gone; part may have left."""
        try:
            await self._writer.write(data, waits)
        except TimeoutError as error:
            if self._flow == "none":
                raise
            raise TimeoutError(f"{error}; if it is ready, cable and printer do not fit flow={self._flow}") from None

    async def read(self, timeout: float) -> bytes:
        """Some bytes; empty after `timeout` seconds. Raises EOFError when the port is gone."""
        return await self._reader.read(timeout)

    async def finish(self) -> str:
        """Wait until the port has sent all bytes (tcdrain). The words for the evidence.

        Raises TimeoutError when flow control holds them for `stall` seconds, ConnectionResetError when the port is
        gone, ConnectionAbortedError after a write that was given up.
        """
        self._writer.check()
        self._draining = in_thread(self._drain)
        try:
            await watched(self._draining, self._left, self._stall)
        except BaseException:
            self._writer.stop()  # what is still in the port is not to leave when nobody waits for it any more
            raise
        return "sent, all bytes out of the port"

    async def close(self, *, drop: bool = False) -> None:
        """Never raises. What the port has taken and not sent has a second to leave, unless `drop` or a write that was
        given up; then it is dropped: nothing leaves behind the job's back."""
        self._shutting = self._shutting or in_thread(partial(self.shut, drop=drop))
        await closed(self._shutting, _CLOSE)

    def shut(self, *, drop: bool) -> None:
        """`close`, as it blocks."""
        if self._writer.clean and not drop:
            self._draining = in_thread(self._drain)
            wait([self._draining], _JOIN)
        self._writer.stop()
        self._reader.stop()
        self._writer.join(_JOIN)
        self._reader.join(_JOIN)
        with contextlib.suppress(Exception):
            self._port.reset_output_buffer()
        if self._draining is not None:
            wait([self._draining], _JOIN)
        with contextlib.suppress(Exception):
            self._port.close()

    def _put(self, piece: bytes) -> int:
        """Blocks while flow control holds; `cancel_write` ends that."""
        try:
            if self._gated and (pause := self._pause()):
                time.sleep(pause)
                return 0
            return int(self._port.write(piece))
        except Exception as error:  # pyserial: also TypeError, when a port goes while it is used
            raise _gone(error) from error

    def _pause(self) -> float:
        """How long to wait before the next look, in seconds; 0: the printer takes bytes now."""
        if not self._port.dsr:
            return _LATER
        return _SOON if self._port.out_waiting > _GATED_PIECE else 0

    def _look(self) -> bytes:
        try:
            return bytes(self._port.read(max(1, min(self._port.in_waiting, _READ))))
        except Exception as error:
            raise EOFError(f"the serial port is gone: {error}") from error

    def _left(self) -> int:
        try:
            return int(self._port.out_waiting)
        except Exception as error:
            raise _gone(error) from error

    def _drain(self) -> None:
        try:
            self._port.flush()
        except Exception as error:  # termios.error is no OSError
            raise _gone(error) from error


def _gone(error: Exception) -> ConnectionResetError:
    return ConnectionResetError(f"the serial port broke: {error}")
