"""The virtual printer as a device of this process: what is printed becomes files that the console shows.

    virtual:     virtual:NAME     virtual:NAME?faults=paper,slow&stall=SECONDS&drawer=high

`drawer`: the level of the drawer's sensor when it is open, high or low; none: it has no sensor. Its answers come after
the paper is on disk, as a real printer's come after the paper is printed. `virtual_server` puts the same device on a
TCP port.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from comptoir.core.errors import ConfigError, RequestError
from comptoir.core.page import Media
from comptoir.core.ports import Connection
from comptoir.devices.paper_folder import KEPT, PaperFolder, PaperRecord, papers
from comptoir.devices.uri import choice, seconds, split
from comptoir.devices.virtual_connection import VirtualConnection
from comptoir.devices.virtual_drawer import Sensor, VirtualDrawer
from comptoir.devices.virtual_model import Model
from comptoir.devices.virtual_printer import Printed, Snapshot, VirtualPrinter

__all__ = ["PaperRecord", "VirtualConnection", "VirtualDevice", "VirtualDrawer", "VirtualPrinter", "papers"]

#: As long as a real printer lets a second computer wait before that gives up.
_BUSY: Final = 5.0
_SENSORS: Final[dict[str, Sensor]] = {"high": "high", "low": "low", "none": "none"}


class VirtualDevice:
    """A virtual printer, its folder, and who wants to know of papers. For one event loop.

    `listeners` are called with each paper when its files are there, `on_printed` as soon as it came out, `on_change`
    after each change of its faults or its drawer.
    """

    replies = True

    def __init__(
        self,
        uri: str = "virtual:",
        folder: Path | None = None,
        media: Media | None = None,
        *,
        model: Model | None = None,
        drawer: VirtualDrawer | None = None,
    ) -> None:
        """`folder` None keeps no files. Raises ConfigError for a fault that there is none of."""
        faults = ",".join(parse_qs(split(uri).query).get("faults", []))
        drawer = drawer or VirtualDrawer(sensor=choice(uri, "drawer", _SENSORS, "high"))
        try:
            self.printer = VirtualPrinter(media, filter(None, faults.split(",")), model=model, drawer=drawer)
        except RequestError as error:
            raise ConfigError(error.message, error.hint) from error
        self.name = split(uri).path
        self.stall: float | None = seconds(uri, "stall", 30.0)
        self.listeners: list[Callable[[PaperRecord], None]] = []
        self.on_printed: list[Callable[[Printed], None]] = []
        self.on_change: list[Callable[[], None]] = []
        self._waiting: set[asyncio.Event] = set()
        self._folder = PaperFolder(folder) if folder is not None else None
        self._line = asyncio.Lock()
        self._records = asyncio.Lock()
        self._to_draw: deque[tuple[int, Printed]] = deque(maxlen=KEPT)
        self._tasks: set[asyncio.Task[None]] = set()
        self._drawing = False
        self.printer.watch(self._changed)

    # -- what a person does at the printer ----------------------------------------------------------------------------

    def set_faults(self, faults: Iterable[str]) -> None:
        """From now on these and no others, see `virtual_faults`. Raises RequestError for an unknown fault."""
        self.printer.set_faults(faults)

    @property
    def drawer(self) -> VirtualDrawer:
        """The drawer that hangs on it: `open`, `close()`."""
        return self.printer.drawer

    def snapshot(self) -> Snapshot:
        """How it stands."""
        return self.printer.snapshot()

    async def until(self, done: Callable[[], bool]) -> None:
        """Returns when this is so; it is looked at after each change of the printer."""
        event = asyncio.Event()
        self.plug(event)
        try:
            while not done():
                event.clear()
                await event.wait()
        finally:
            self.unplug(event)

    # -- what a computer does -----------------------------------------------------------------------------------------

    async def open(self, patience: float | None = _BUSY) -> Connection:
        """Waits while another computer prints, as on a real printer. Raises TimeoutError after `patience`
        seconds, ConnectionRefusedError where the printer is off."""
        taken = False
        try:
            async with asyncio.timeout(patience):
                await self.until(lambda: "cable" not in self.printer.faults)
                if "off" not in self.printer.faults:
                    taken = await self._line.acquire()
                    await self.until(lambda: not self.printer.faults & {"busy", "cable"})
        except BaseException as error:
            if taken:
                self._line.release()
            if not isinstance(error, TimeoutError):
                raise
            busy = "cable" not in self.printer.faults
            raise TimeoutError(_IS_BUSY if busy else "the virtual printer does not answer") from None
        if "off" in self.printer.faults:
            if taken:
                self._line.release()
            raise ConnectionRefusedError("the virtual printer is off")
        return VirtualConnection(self)

    def plug(self, event: asyncio.Event) -> None:
        """Set this event whenever the printer changes."""
        self._waiting.add(event)

    def unplug(self, event: asyncio.Event) -> None:
        self._waiting.discard(event)

    def release(self) -> None:
        """The connection is closed: the next may begin."""
        self._line.release()

    async def collect(self) -> None:
        """Take what came out of the printer and put it on disk. Raises OSError where that fails; then what the printer
        would have said of it is not said."""
        async with self._records:
            try:
                for paper in self.printer.take_printed():
                    await self._record(paper)
            except OSError:
                self.printer.drop_replies()
                raise

    async def settled(self) -> None:
        """Returns when every paper that came out is drawn."""
        while self._tasks:
            await asyncio.gather(*self._tasks)
            # Since Python 3.12 gathering what is done gives nobody a turn, nor what takes it off the list.
            await asyncio.sleep(0)

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
                    record = await asyncio.to_thread(self._folder.draw, number, printed.paper, self.printer.media)
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

    def _changed(self) -> None:
        """What waited for paper comes out now, even if the computer is long gone."""
        for event in self._waiting:
            event.set()
        for listener in list(self.on_change):
            listener()
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # no loop is running: the next connection collects
            return
        self._start(self._collect_unasked())

    async def _collect_unasked(self) -> None:
        with contextlib.suppress(OSError):  # nobody is there to be told; the printer stays silent
            await self.collect()


_IS_BUSY: Final = "the virtual printer is busy with another connection"
