"""Printers on the network, port 9100 ("raw", JetDirect): bytes over TCP. It knows no printer language.

    socket://HOST[:PORT]?timeout=SECONDS&stall=SECONDS        IPv6 in brackets; port 9100, timeout 5, stall 30

TCP confirms that the printer's network card has the bytes, not that they are on paper. That is what `finish`
waits for.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import sys
from pathlib import Path
from typing import Final

from comptoir.core.errors import ConfigError
from comptoir.core.ports import Connection, Waits
from comptoir.devices.uri import seconds, split
from comptoir.resetting import reset

PORT: Final = 9100

#: Written at once. Small, so that "no progress" is told from "slow": a printer at 9600 baud takes 4 s for it.
_CHUNK: Final = 4096
_READ: Final = 4096
#: How often the kernel is asked whether everything is acknowledged; it tells nobody by itself.
_POLL: Final = (0.0, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02)
_CLOSE: Final = 1.0
#: A kept connection whose far side has gone without a word is noticed after 10 + 3 × 5 seconds.
_KEEPALIVE: Final = (("TCP_KEEPIDLE", 10), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3))

#: linux/sockios.h SIOCOUTQ: bytes in the send queue that the peer has not acknowledged
_SIOCOUTQ: Final = 0x5411
#: linux/tcp_states.h: a reset came; the far side will say nothing more
_TCP_CLOSE: Final = 7
_TCP_CLOSE_WAIT: Final = 8


class SocketDevice:
    """A printer at an address. Each `open` is a new TCP connection."""

    replies = True

    def __init__(self, uri: str, folder: Path) -> None:
        """Raises ConfigError for a URI without host, or with options that are no numbers."""
        parts = split(uri)
        if not parts.hostname:
            raise ConfigError(f"The device URI {uri!r} has no host.", "For example socket://192.168.1.50:9100")
        self.host = parts.hostname
        self.port = parts.port or PORT
        self._timeout = seconds(uri, "timeout", 5.0)
        self._stall = seconds(uri, "stall", 30.0)

    async def open(self) -> Connection:
        """Connects. Raises OSError (TimeoutError, ConnectionRefusedError, socket.gaierror …); nothing was
        sent."""
        try:
            async with asyncio.timeout(self._timeout):
                reader, writer = await asyncio.open_connection(self.host, self.port)
        except TimeoutError:
            raise TimeoutError(f"{self.host}:{self.port} did not answer within {self._timeout:g} s") from None
        except UnicodeError as error:
            raise OSError(f"{self.host} is no name of a machine: {error}") from None
        return SocketConnection(reader, writer, self._stall)


class SocketConnection:
    """An open TCP connection to a printer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stall: float) -> None:
        self._reader = reader
        self._writer = writer
        self._stall = stall
        self._socket: socket.socket = writer.get_extra_info("socket")
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in _KEEPALIVE:
            if hasattr(socket, option):  # each system has some of them, and Windows before 1709 none
                with contextlib.suppress(OSError):
                    self._socket.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
        self._written = False
        self._half_closed = False
        # drain() then waits until the kernel has everything: what is left in this process is not sent.
        writer.transport.set_write_buffer_limits(high=0)

    async def write(self, data: bytes, waits: Waits | None = None) -> None:
        """Hand over all bytes to the kernel. Raises TimeoutError after `stall` seconds without any progress (unless
        `waits` says to wait on), ConnectionError when the printer hung up; part of the bytes may then have arrived."""
        if not self._written:
            # A printer without a back channel may close that half at once, and print all the same.
            self._written, self._half_closed = True, self._far_side_closed()
        for start in range(0, len(data), _CHUNK):
            self._check()
            self._writer.write(data[start : start + _CHUNK])
            await self._drain(waits)

    async def _drain(self, waits: Waits | None) -> None:
        waiting = self._writer.transport.get_write_buffer_size()
        while True:
            try:
                async with asyncio.timeout(self._stall):
                    await self._writer.drain()
                return
            except TimeoutError:
                self._check()  # the kernel's own ETIMEDOUT looks the same, and ends the connection
                left = self._writer.transport.get_write_buffer_size()
                if left >= waiting and not (waits and waits()):
                    raise TimeoutError(f"the printer took no byte for {self._stall:g} s") from None
                waiting = left

    async def read(self, timeout: float) -> bytes:
        """Some bytes; empty after `timeout` seconds. Raises EOFError when the printer hung up,
        ConnectionError after a reset."""
        try:
            async with asyncio.timeout(timeout):
                data = await self._reader.read(_READ)
        except TimeoutError as error:
            if self._reader.exception() is not None:
                raise ConnectionResetError("the connection to the printer timed out") from error
            return b""
        if not data:
            raise EOFError("the printer closed the connection")
        return data

    async def finish(self) -> str:
        """Wait until the printer's network card has acknowledged every byte. The words for the evidence.

        Raises TimeoutError after `stall` seconds without progress, ConnectionResetError when the connection
        broke: then it is not known what arrived. Where the kernel cannot tell (not Linux), "sent" means
        handed to the system.
        """
        waiting = -1
        polls = 0
        clock = asyncio.get_running_loop().time
        last_progress = clock()
        while (left := self._unacknowledged()) > 0:
            if left != waiting:
                waiting, last_progress, polls = left, clock(), 0
            elif clock() - last_progress > self._stall:
                raise TimeoutError(f"the printer acknowledged no byte for {self._stall:g} s, {left} are missing")
            await asyncio.sleep(_POLL[min(polls, len(_POLL) - 1)])
            polls += 1
        if left < 0:
            return "sent"
        return "sent, all bytes acknowledged"

    def _unacknowledged(self) -> int:
        """Bytes that the far side has not acknowledged; -1 where it cannot be known. Raises
        ConnectionResetError."""
        self._check()
        left = -1
        if sys.platform == "linux":
            import fcntl  # noqa: PLC0415  exists on Unix only

            try:
                answer = fcntl.ioctl(self._socket.fileno(), _SIOCOUTQ, b"\0\0\0\0")
            except OSError as error:
                raise ConnectionResetError(f"the connection to the printer broke: {error}") from error
            left = int(struct.unpack("i", answer)[0])
        # Asked after the queue: a reset empties it, too.
        if self._tcp_state() == _TCP_CLOSE:
            raise ConnectionResetError("the printer reset the connection")
        if left <= 0 and self._far_side_closed() and not self._half_closed:
            raise ConnectionResetError("the printer closed the connection in the middle of the job")
        return left

    def _check(self) -> None:
        """Raises ConnectionResetError where the transport is gone: uvloop says RuntimeError instead."""
        if self._writer.transport.is_closing() or self._socket.fileno() < 0:
            raise ConnectionResetError("the connection to the printer broke")

    def _far_side_closed(self) -> bool:
        return self._tcp_state() == _TCP_CLOSE_WAIT or self._reader.at_eof()

    def _tcp_state(self) -> int:
        """The kernel's state of the connection; 0 where it does not tell."""
        if sys.platform != "linux":
            return 0
        if self._socket.fileno() < 0:
            return _TCP_CLOSE
        try:
            return self._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
        except OSError:
            return _TCP_CLOSE

    async def close(self, *, drop: bool = False) -> None:
        """Never raises. What the kernel has not taken yet is dropped: it is not sent behind the job's back. `drop`: nor
        is what the kernel has and the printer has not acknowledged (a reset instead of an orderly end)."""
        transport = self._writer.transport
        with contextlib.suppress(Exception):
            if drop:
                reset(self._writer)
            elif transport.get_write_buffer_size():
                transport.abort()
            else:
                self._writer.close()
            async with asyncio.timeout(_CLOSE):
                await self._writer.wait_closed()
