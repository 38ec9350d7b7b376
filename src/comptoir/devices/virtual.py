"""The virtual printer as a device of this process: what is printed becomes files that the console shows.

    virtual:     virtual:NAME     virtual:NAME?faults=paper,slow&stall=SECONDS

Its answers come after the paper is on disk, as a real printer's come after the paper is printed.
`virtual_server` puts the same device on a TCP port.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from comptoir.core.errors import ConfigError, RequestError
from comptoir.core.page import Media
from comptoir.core.ports import Connection
from comptoir.devices.paper_folder import KEPT, PaperFolder, PaperRecord, papers
from comptoir.devices.uri import seconds, split
from comptoir.devices.virtual_printer import Printed, VirtualPrinter

__all__ = ["PaperRecord", "VirtualConnection", "VirtualDevice", "VirtualPrinter", "papers"]

_CHUNK: Final = 4096
_SLOW_CHUNK: Final = 64
_SLOW_PAUSE: Final = 0.01
#: As long as a real printer lets a second computer wait before that gives up.
_BUSY: Final = 5.0


class VirtualDevice:
    """A virtual printer, its folder, and who wants to know of papers. For one event loop.

    `listeners` are called with each paper when its files are there, `on_printed` as soon as it came out.
    """

    replies = True

    def __init__(self, uri: str = "virtual:", folder: Path | None = None, media: Media | None = None) -> None:
        """`folder` None keeps no files. Raises ConfigError for a fault that there is none of."""
        faults = ",".join(parse_qs(split(uri).query).get("faults", []))
        try:
            self.printer = VirtualPrinter(media, filter(None, faults.split(",")))
        except RequestError as error:
            raise ConfigError(error.message, error.hint) from error
        self.name = split(uri).path
        self.stall: float | None = seconds(uri, "stall", 30.0)
        self.listeners: list[Callable[[PaperRecord], None]] = []
        self.on_printed: list[Callable[[Printed], None]] = []
        self._waiting: set[asyncio.Event] = set()
        self._folder = PaperFolder(folder) if folder is not None else None
        self._line = asyncio.Lock()
        self._records = asyncio.Lock()
        self._to_draw: deque[tuple[int, Printed]] = deque(maxlen=KEPT)
        self._tasks: set[asyncio.Task[None]] = set()
        self._drawing = False
        self.printer.watch(self._faults_changed)

    async def open(self, patience: float | None = _BUSY) -> Connection:
        """Waits while another computer prints, as on a real printer. Raises TimeoutError after `patience`
        seconds, ConnectionRefusedError where the printer is off."""
        if "off" in self.printer.faults:
            raise ConnectionRefusedError("the virtual printer is off")
        try:
            async with asyncio.timeout(patience):
                await self._line.acquire()
        except TimeoutError:
            raise TimeoutError("the virtual printer is busy with another connection") from None
        return VirtualConnection(self)

    def plug(self, event: asyncio.Event) -> None:
        """Set this event whenever the printer's faults change."""
        self._waiting.add(event)

    def unplug(self, event: asyncio.Event) -> None:
        self._waiting.discard(event)

    def release(self) -> None:
        """The connection is closed: the next may begin."""
        self._line.release()

    async def collect(self) -> None:
        """Take what came out of the printer and put it on disk. Raises OSError where that fails."""
        printed = self.printer.take_printed()
        if not printed:
            return
        async with self._records:
            for paper in printed:
                await self._record(paper)

    async def settled(self) -> None:
        """Returns when every paper that came out is drawn."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def _record(self, printed: Printed) -> None:
        if self._folder is not None:
            number = await asyncio.to_thread(self._folder.keep, printed.data)
            self._to_draw.append((number, printed))
            if not self._drawing:
                self._drawing = True
                self._start(self._draw())
        for listener in list(self.on_printed):
            listener(printed)

    async def _draw(self) -> None:
        """Draw what waits, one after another: drawing takes longer than printing, and nobody waits for it."""
        try:
            while self._to_draw and self._folder is not None:
                number, printed = self._to_draw.popleft()
                try:
                    record = await asyncio.to_thread(
                        self._folder.draw, number, printed.paper, printed.data, self.printer.media
                    )
                except OSError:
                    continue  # the bytes are kept: `papers` reads them when somebody asks
                for listener in list(self.listeners):
                    listener(record)
        finally:
            self._drawing = False

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _faults_changed(self) -> None:
        """What waited for paper comes out now, even if the computer is long gone."""
        for event in self._waiting:
            event.set()
        try:
            self._start(self.collect())
        except RuntimeError:  # no loop is running: the next connection collects
            return


class VirtualConnection:
    """A way to a virtual printer. Implements core.ports.Connection."""

    def __init__(self, device: VirtualDevice) -> None:
        self._device = device
        self._printer = device.printer
        self._replies = bytearray()
        self._news = asyncio.Event()
        self._changed = asyncio.Event()
        device.plug(self._news)
        device.plug(self._changed)
        self._open = True
        self._broken = False

    async def write(self, data: bytes) -> None:
        """Raises TimeoutError when the printer takes nothing for the device's `stall` seconds,
        ConnectionResetError when it hangs up."""
        start = 0
        while start < len(data):
            await self._room()
            slow = "slow" in self._printer.faults
            piece = data[start : start + (_SLOW_CHUNK if slow else _CHUNK)]
            start += len(piece)
            self._printer.receive(piece)
            if self._printer.hung_up:
                await self._break()
            await self._device.collect()
            self._hear()
            if slow:
                await asyncio.sleep(_SLOW_PAUSE)

    async def _room(self) -> None:
        """Returns when the printer takes bytes."""
        if self._broken:
            raise ConnectionResetError("the virtual printer closed the connection")
        async with asyncio.timeout(self._device.stall):
            while not self._printer.takes:
                self._changed.clear()
                await self._changed.wait()

    async def _break(self) -> None:
        """The fault "close": what came is on paper, the rest is not."""
        self._broken = True
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
            await self._device.collect()
            self._news.clear()
            self._hear()

    async def finish(self) -> str:
        """The printer has all bytes: nothing lies between. Raises ConnectionResetError after it hung up."""
        if self._broken:
            raise ConnectionResetError("the virtual printer closed the connection")
        return "received by the virtual printer"

    async def close(self) -> None:
        """Never raises. What is not cut comes out as a paper."""
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
