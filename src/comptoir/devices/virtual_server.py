"""The virtual printer on a TCP port, as real ones are: `comptoir virtual-printer`, and a peer for tests.

One connection prints at a time; the next is accepted and waits, as on a real printer. Faults can change at
any time.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from comptoir.core.page import Media
from comptoir.core.ports import Connection
from comptoir.devices.virtual import VirtualDevice
from comptoir.devices.virtual_drawer import VirtualDrawer
from comptoir.devices.virtual_model import Model
from comptoir.devices.virtual_printer import Printed, VirtualPrinter

_READ: Final = 4096
#: How long one look for answers lasts; an answer ends it at once.
_LISTEN: Final = 3600.0


class VirtualPrinterServer:
    """A virtual printer that listens. `start`, then `port`; `printed` is a queue of what comes out."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        folder: Path | None = None,
        faults: Iterable[str] = (),
        media: Media | None = None,
        model: Model | None = None,
        drawer: VirtualDrawer | None = None,
    ) -> None:
        """`folder` None keeps no files; port 0 takes a free one. Raises RequestError for an unknown fault."""
        self._host = host
        self.port = port
        self.device = VirtualDevice("virtual:", folder, media, model=model, drawer=drawer)
        # The far side has its own patience; a printer waits as long as the fault lasts.
        self.device.stall = None
        self.printer.set_faults(faults)
        self.printed: asyncio.Queue[Printed] = asyncio.Queue()
        self.connections = 0
        self.device.on_printed.append(self.printed.put_nowait)
        self._server: asyncio.Server | None = None
        self._handlers: set[asyncio.Task[None]] = set()

    @property
    def printer(self) -> VirtualPrinter:
        return self.device.printer

    @property
    def drawer(self) -> VirtualDrawer:
        return self.device.drawer

    @property
    def faults(self) -> frozenset[str]:
        return self.printer.faults

    def set_faults(self, *faults: str) -> None:
        """From now on these and no others; none: it works. Raises RequestError for an unknown fault."""
        self.printer.set_faults(faults)

    async def start(self) -> None:
        """Listen. Raises OSError where the port is taken."""
        self._server = await asyncio.start_server(self._serve, self._host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Hang up on everybody; wait until the papers are drawn."""
        if self._server is not None:
            self._server.close()
        for handler in list(self._handlers):
            handler.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)
        await self.device.settled()

    async def __aenter__(self) -> VirtualPrinterServer:
        await self.start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    async def next_printed(self, timeout: float = 10.0) -> Printed:
        """The next paper that comes out. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            return await self.printed.get()

    async def until(self, done: Callable[[], bool], timeout: float = 10.0) -> None:
        """Returns when this is so; it is looked at after each change of the printer. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            await self.device.until(done)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._handlers.add(task)
        self.connections += 1
        try:
            await self._print(reader, writer)
        except (OSError, asyncio.CancelledError):
            # A reset, as when a printer is switched off. Cancelled: the server closes; there is nobody above
            # to tell.
            writer.transport.abort()
        finally:
            self._handlers.discard(task)
            writer.close()

    async def _print(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One computer's turn."""
        connection = await self.device.open(patience=None)
        answering = asyncio.create_task(_answer(connection, writer))
        printing = asyncio.create_task(_receive(connection, reader))
        try:
            await asyncio.wait((answering, printing), return_when=asyncio.FIRST_COMPLETED)
            if not printing.done():
                raise ConnectionResetError("it was switched off")
            printing.result()
            # Half-closed: what is still to be said is said before the printer closes, too.
            await _say(connection, writer)
        finally:
            answering.cancel()
            printing.cancel()
            await asyncio.gather(answering, printing, return_exceptions=True)
            await connection.close()


async def _receive(connection: Connection, reader: asyncio.StreamReader) -> None:
    """Print what comes until the computer hangs up. Raises OSError when the printer does."""
    while data := await reader.read(_READ):
        await connection.write(data)


async def _answer(connection: Connection, writer: asyncio.StreamWriter) -> None:
    """Pass on what the printer says until it hangs up."""
    with contextlib.suppress(EOFError):
        while True:
            said = await connection.read(_LISTEN)
            with contextlib.suppress(OSError):  # the computer has gone; what it sent is printed all the same
                writer.write(said)
                await writer.drain()


async def _say(connection: Connection, writer: asyncio.StreamWriter) -> None:
    writer.write(await connection.read(0))
    await writer.drain()
