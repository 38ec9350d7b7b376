"""A serial line without a port: a pseudo-terminal with a virtual printer at its far end. POSIX only."""

from __future__ import annotations

import asyncio
import os
import sys

from comptoir.devices.virtual_printer import VirtualPrinter


class SerialLine:
    """`uri` is our end. The printer reads while `listen` is in effect; it takes nothing before, and after `hold`."""

    def __init__(self) -> None:
        self._far, self._near = os.openpty()
        if sys.platform != "win32":
            import tty  # noqa: PLC0415  exists on POSIX only

            tty.setraw(self._near)
        os.set_blocking(self._far, False)
        self.uri = f"serial://{os.ttyname(self._near)}?flow=none"
        self.printer = VirtualPrinter()
        self.received = bytearray()
        self._news = asyncio.Event()

    def listen(self) -> None:
        asyncio.get_running_loop().add_reader(self._far, self._read)

    def hold(self) -> None:
        asyncio.get_running_loop().remove_reader(self._far)

    async def until(self, length: int) -> bytes:
        """All that came, when it is so many bytes."""
        async with asyncio.timeout(10):
            while len(self.received) < length:
                self._news.clear()
                await self._news.wait()
        return bytes(self.received)

    def left(self) -> bytes:
        """What lies in the line, and nobody has read."""
        left = b""
        try:
            while piece := os.read(self._far, 65_536):
                left += piece
        except BlockingIOError:
            pass
        return left

    def say(self, data: bytes) -> None:
        os.write(self._far, data)

    def unplug(self) -> None:
        if self._far >= 0:
            self.hold()
            os.close(self._near)
            os.close(self._far)
            self._far = -1

    def _read(self) -> None:
        data = os.read(self._far, 4096)
        self.received += data
        self.printer.receive(data)
        if replies := self.printer.take_replies():
            self.say(replies)
        self._news.set()
