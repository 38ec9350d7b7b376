"""One sender on the port: his documents are taken one after the other, and his questions answered meanwhile.

Nothing is acknowledged on such a port but by taking bytes. What cannot be taken is refused in the only way there is:
the connection is reset.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from comptoir.core.document import Document
from comptoir.core.errors import ComptoirError
from comptoir.sources.arriving import Arriving
from comptoir.sources.port9100.pieces import Piece
from comptoir.sources.port9100.stream import Stream

log = logging.getLogger("comptoir.capture")

READ: Final = 16_384  # bytes: what reading them costs is how long others wait
#: questions that wait for their answer; who asks more at once gets none to those
QUESTIONS: Final = 32

#: how a browser begins: with a request of HTTP, or of TLS
BROWSER: Final = re.compile(rb"(?:GET|POST|PUT|HEAD|OPTIONS|DELETE|PATCH|CONNECT|TRACE|PRI) [/*h]|\x16\x03")

GONE: Final = "The sender was gone in the middle of it."
SILENT: Final = "The sender fell silent in the middle of it."


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds of silence. cut: after which a receipt that was cut, or a job that said its end, is complete.

    idle: after which any document is; None: its connection ends it. stalled: after which a sender in the middle of a
    command, or of a document that lacks its end, is given up.
    """

    cut: float = 0.3
    idle: float | None = 5.0
    stalled: float = 60.0


@dataclass(frozen=True, slots=True)
class Port:
    """What a connection needs of its port."""

    begin: Callable[[], Arriving]
    #: a document that has come, and why it is not whole; "" where it is. Raises JournalError
    take: Callable[[Document, bytes, str, str], Awaitable[None]]
    ask: Callable[[bytes], Awaitable[bytes]]
    pulse: Callable[[bytes], Awaitable[None]]
    patience: Patience


class Connection:
    """`serve` it to its end. host: the sender's address."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: Port) -> None:
        self._reader = reader
        self._writer = writer
        self._host = host
        self._port = port
        self._stream = Stream()
        self._arriving: Arriving | None = None
        self._asked: asyncio.Queue[bytes] = asyncio.Queue(QUESTIONS)
        self._pulsing: asyncio.Task[None] | None = None
        self._known_for_no_browser = False
        #: when a byte came last, on the clock of the event loop
        self.heard = asyncio.get_running_loop().time()

    @property
    def busy(self) -> bool:
        """Whether a document is under way."""
        return self._arriving is not None

    async def serve(self) -> None:
        """Until the sender hangs up. Raises ComptoirError for what cannot be taken: then the connection is reset."""
        answering = asyncio.get_running_loop().create_task(self._answer())
        try:
            await self._listen()
            await self._answered(answering)
        finally:
            answering.cancel()
            await asyncio.gather(answering, *filter(None, (self._pulsing,)), return_exceptions=True)
            if self._arriving is not None:
                await self._arriving.give_up()

    async def _listen(self) -> None:
        while True:
            silence = asyncio.timeout(self._silence())
            try:
                async with silence:
                    data = await self._reader.read(READ)
            except OSError as error:
                if silence.expired():
                    await self._finish(SILENT if self._broken() else "")
                    continue
                log.info("%s: the connection broke: %s", self._host, error.strerror or error)
                await self._finish(GONE)
                return
            self.heard = asyncio.get_running_loop().time()
            if not data:
                await self._finish(GONE if self._broken() else "")
                return
            if not self._known_for_no_browser:
                self._refuse_browsers(data)
            for piece in self._stream.feed(data):
                await self._obey(piece)
            await asyncio.sleep(0)  # what is there already would be read without others getting their turn

    def _refuse_browsers(self, data: bytes) -> None:
        """A page in a browser can call any port of this machine, and choose what it says there, but for how it begins.

        Raises ConnectionAbortedError.
        """
        self._known_for_no_browser = True
        if BROWSER.match(data):
            log.warning("%s: a page in a browser has called this port, and was hung up on", self._host)
            raise ConnectionAbortedError(errno.ECONNABORTED, "a browser is no till")

    def _silence(self) -> float | None:
        """How long silence lasts until it means something."""
        patience = self._port.patience
        if self._stream.settled:
            return patience.cut
        if patience.idle is None:
            return None
        return patience.stalled if self._broken() else patience.idle

    def _broken(self) -> bool:
        """Whether what is under way cannot be whole."""
        return self._stream.cut_short or (self._arriving is not None and not self._arriving.whole)

    async def _obey(self, piece: Piece, partial: str = "") -> None:
        match piece.kind:
            case "body":
                self._arriving = self._arriving or self._port.begin()
                await self._arriving.write(piece.data)
            case "end":
                await self._taken(partial)
            case "ask":
                with suppress(asyncio.QueueFull):
                    self._asked.put_nowait(piece.data)
            case "pulse":
                if self._pulsing is None or self._pulsing.done():
                    self._pulsing = asyncio.get_running_loop().create_task(self._pulse(piece.data))

    async def _finish(self, partial: str) -> None:
        """What is under way ends here; of several documents only the last one may not be whole."""
        pieces = self._stream.finish()
        ends = sum(piece.kind == "end" for piece in pieces)
        for piece in pieces:
            ends -= piece.kind == "end"
            await self._obey(piece, "" if ends else partial)
        await self._taken(partial)

    async def _taken(self, partial: str) -> None:
        arriving = self._arriving
        if arriving is None:
            return
        document = await arriving.end()
        self._arriving = None
        await self._port.take(document, arriving.head, self._host, partial)

    # -- questions ----------------------------------------------------------------------------------------------------

    async def _answer(self) -> None:
        while True:
            question = await self._asked.get()
            try:
                if answer := await self._port.ask(question):
                    self._writer.write(answer)
                    await self._writer.drain()
            except (OSError, ComptoirError) as error:
                log.info("%s: no answer was passed on: %s", self._host, error)
            finally:
                self._asked.task_done()

    async def _pulse(self, pulse: bytes) -> None:
        """Beside all else: a drawer does not wait for answers. A second one while the first is sent is none."""
        try:
            await self._port.pulse(pulse)
        except ComptoirError as error:
            log.info("%s: a drawer was not opened: %s", self._host, error.message)

    async def _answered(self, answering: asyncio.Task[None]) -> None:
        """Who has closed his half may still be waiting for answers."""
        waiting = asyncio.ensure_future(self._asked.join())
        try:
            await asyncio.wait({waiting, answering}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
