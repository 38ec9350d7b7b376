"""One computer's way to a virtual printer of this process. It decides nothing about paper."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final, Protocol

from comptoir.core.ports import Waits
from comptoir.devices.virtual_printer import VirtualPrinter

_CHUNK: Final = 4096
_SLOW_CHUNK: Final = 64
_SLOW_PAUSE: Final = 0.01


class Place(Protocol):
    """What a connection needs of its device. stall: seconds that a printer may take nothing, None: for ever."""

    printer: VirtualPrinter
    stall: float | None

    def plug(self, event: asyncio.Event) -> None: ...

    def unplug(self, event: asyncio.Event) -> None: ...

    async def collect(self) -> None: ...

    def release(self) -> None: ...


class VirtualConnection:
    """A way to a virtual printer. Implements core.ports.Connection."""

    def __init__(self, device: Place) -> None:
        self._device = device
        self._printer = device.printer
        self._power_cuts = self._printer.power_cuts
        self._replies = bytearray()
        self._news = asyncio.Event()
        self._changed = asyncio.Event()
        device.plug(self._news)
        device.plug(self._changed)
        self._open = True
        self._hung_up = False
        self._printer.connect()

    @property
    def _broken(self) -> bool:
        return self._hung_up or self._printer.power_cuts != self._power_cuts

    async def write(self, data: bytes, waits: Waits | None = None) -> None:
        """Raises TimeoutError when the printer takes nothing for the device's `stall` seconds (unless `waits` says to
        wait on), ConnectionResetError when it hangs up."""
        start = 0
        while start < len(data):
            await self._room(waits)
            slow = "slow" in self._printer.faults
            piece = data[start : start + min(_SLOW_CHUNK if slow else _CHUNK, self._printer.room)]
            start += len(piece)
            self._printer.receive(piece)
            if self._printer.hung_up:
                await self._break()
            await self._device.collect()
            self._hear()
            if slow:
                await asyncio.sleep(_SLOW_PAUSE)

    async def _room(self, waits: Waits | None) -> None:
        """Returns when the printer takes bytes."""
        while not self._printer.takes or self._broken:
            if self._broken:
                raise ConnectionResetError("the virtual printer closed the connection")
            self._changed.clear()
            try:
                async with asyncio.timeout(self._device.stall):
                    await self._changed.wait()
            except TimeoutError:
                if not (waits and waits()):
                    raise

    async def _break(self) -> None:
        """The fault "close": what came is on paper, the rest is not."""
        self._hung_up = True
        self._news.set()
        self._printer.hang_up()
        await self._device.collect()
        raise ConnectionResetError("the virtual printer closed the connection")

    def _hear(self) -> None:
        replies = self._printer.take_replies()
        if replies:
            self._replies += replies
            self._news.set()

    async def read(self, timeout: float) -> bytes:
        """What the printer said; empty after `timeout` seconds. Raises EOFError when it hung up."""
        self._hear()
        if not self._replies and not self._broken:
            self._news.clear()
            await self._wait_for_news(timeout)
        if self._replies:
            replies = bytes(self._replies)
            self._replies.clear()
            return replies
        if self._broken:
            raise EOFError("the virtual printer closed the connection")
        return b""

    async def _wait_for_news(self, timeout: float) -> None:
        """Answers come while reading, too: when a fault goes, what waited is printed and answered."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        while not self._replies and not self._broken and loop.time() < end:
            try:
                async with asyncio.timeout_at(end):
                    await self._news.wait()
            except TimeoutError:
                return
            self._news.clear()
            await self._device.collect()
            self._hear()

    async def finish(self) -> str:
        """The printer has all bytes: nothing lies between. Raises ConnectionResetError after it hung up."""
        if self._broken:
            raise ConnectionResetError("the virtual printer closed the connection")
        return "received by the virtual printer"

    async def close(self, *, drop: bool = False) -> None:
        """Never raises. What is not cut comes out as a paper. Nothing lies between that could be dropped."""
        if not self._open:
            return
        self._open = False
        self._device.unplug(self._news)
        self._device.unplug(self._changed)
        if not self._broken:
            self._printer.hang_up()
            with contextlib.suppress(OSError):
                await self._device.collect()
        self._device.release()
