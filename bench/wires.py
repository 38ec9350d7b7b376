"""The load generator's end of the network: an HTTP/1.1 keep-alive client and a WebSocket client, by hand.

The same code talks to every server that is measured, and it costs so little that the client's core is
never what limits. It reads what well-behaved servers send (Content-Length, unfragmented text frames);
anything else is an error.
"""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable
from typing import cast


class Http(asyncio.Protocol):
    """One keep-alive connection; one request at a time."""

    def __init__(self, authority: str) -> None:
        self._head = f"POST /print HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/json\r\nContent-Length: "
        self._buffer = b""
        self._answer: asyncio.Future[bytes] | None = None

    @classmethod
    async def connect(cls, host: str, port: int) -> Http:
        loop = asyncio.get_running_loop()
        _, protocol = await loop.create_connection(lambda: cls(f"{host}:{port}"), host, port)
        return protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def post(self, body: bytes) -> asyncio.Future[bytes]:
        """The body of the answer, which must be a 2xx."""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(f"{self._head}{len(body)}\r\n\r\n".encode() + body)
        return self._answer

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, blank, body = self._buffer.partition(b"\r\n\r\n")
        if not blank or self._answer is None:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        self._buffer = body[length:]
        answer, self._answer = self._answer, None
        if head[9:10] == b"2":
            answer.set_result(body[:length])
        else:
            answer.set_exception(RuntimeError(f"refused: {head[:40]!r} {body[:200]!r}"))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError(f"the server closed the connection: {exc}"))

    def close(self) -> None:
        self._transport.close()


class WebSocket(asyncio.Protocol):
    """One WebSocket of text frames. `hear` is called with each."""

    def __init__(self, hear: Callable[[bytes], None]) -> None:
        self.hear = hear
        self._buffer = bytearray()
        self._upgraded = asyncio.get_running_loop().create_future()
        self._closing = False

    async def connect(self, host: str, port: int, path: str, headers: str = "") -> None:
        """Return when the server has agreed to talk."""
        await asyncio.get_running_loop().create_connection(lambda: self, host, port)
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{headers}\r\n".encode()
        )
        await self._upgraded

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def say(self, text: bytes) -> None:
        """Send a text frame. Its mask is zero: a mask like any other, which leaves the bytes as they are."""
        size = len(text)
        if size < 126:
            head = bytes((0x81, 0x80 | size))
        elif size < 65_536:
            head = b"\x81\xfe" + size.to_bytes(2)
        else:
            head = b"\x81\xff" + size.to_bytes(8)
        self._transport.write(head + b"\0\0\0\0" + text)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._upgraded.done():
            head, blank, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not blank:
                return
            if b" 101 " not in head[:16]:
                self._upgraded.set_exception(RuntimeError(f"no WebSocket: {head[:60]!r}"))
                return
            self._buffer = bytearray(rest)
            self._upgraded.set_result(None)
        while (text := self._frame()) is not None:
            self.hear(text)

    def _frame(self) -> bytes | None:
        """The next whole text frame."""
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        size, start = buffer[1], 2
        if size == 126:
            size, start = int.from_bytes(buffer[2:4]), 4
        elif size == 127:
            size, start = int.from_bytes(buffer[2:10]), 10
        if len(buffer) < start + size:
            return None
        text, kind = bytes(buffer[start : start + size]), buffer[0]
        del buffer[: start + size]
        if kind != 0x81:
            raise RuntimeError(f"a frame of kind {kind:#x}: {text[:80]!r}")
        return text

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._upgraded.done():
            self._upgraded.set_exception(ConnectionError("the server closed the connection"))
        elif not self._closing:
            raise RuntimeError(f"the server closed the station's connection: {exc}")

    def close(self) -> None:
        self._closing = True
        self._transport.close()
