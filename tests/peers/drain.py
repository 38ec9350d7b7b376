"""A mail server that takes messages of any size, keeps nothing of them, and may hang up."""

from __future__ import annotations

import asyncio
import re

END = b"\r\n.\r\n"


class Drain:
    """Use as `async with`. It hangs up after so many bytes of a message; where that ends before, instead of an answer.

    `sizes`: of the messages; `announced`: what was said of them before.
    """

    def __init__(self, hangs_up_after: int | None = None) -> None:
        self._hangs_up_after = hangs_up_after
        self.sizes: list[int] = []
        self.announced: list[int] = []

    async def __aenter__(self) -> Drain:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 drain\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                if not await self._message(reader):
                    writer.transport.abort()
                    return
            if word == b"MAIL" and (said := re.search(rb"SIZE=(\d+)", line, re.IGNORECASE)):
                self.announced.append(int(said[1]))
            writer.write(b"250-drain\r\n250 SIZE\r\n" if word == b"EHLO" else b"250 ok\r\n")
            if word == b"QUIT":
                break
        writer.close()

    async def _message(self, reader: asyncio.StreamReader) -> bool:
        """Whether it is to be answered."""
        size, tail = 0, b""
        while not tail.endswith(END):
            data = await reader.read(262_144)
            if not data:
                return False
            size += len(data)
            tail = (tail + data)[-5:]
            if self._hangs_up_after is not None and size > self._hangs_up_after:
                return False
        self.sizes.append(size - len(END) + 2)
        return self._hangs_up_after is None
