"""A line printer daemon (RFC 1179): what is sent to any of its queues is taken, and acknowledged only then.

A job is complete when its control file and all data files that it names are here, in whatever order; the last of them
is acknowledged when the journal has them. Each data file is a document of its own.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from comptoir.arrivals import LpdSourceConfig
from comptoir.core.document import Document, Origin
from comptoir.core.errors import ComptoirError, ConfigError
from comptoir.core.kept import Capture, Part
from comptoir.core.units import size
from comptoir.sources.arriving import Arriving
from comptoir.sources.capture_port import CapturePort
from comptoir.sources.describing import described, wishes_in
from comptoir.sources.surroundings import Surroundings
from comptoir.wire import lpd
from comptoir.wire.lpd import Ask, ControlFile, Printing, Section

log = logging.getLogger("comptoir.capture")

READ: Final = 65_536  # bytes
#: data files of all senders that wait for the rest of their job: what nobody takes must not crowd out what others take
MOST_WAITING: Final = 128
SILENCE: Final = 120.0  # seconds without a byte after which a sender is given up

GONE: Final = "The sender was gone in the middle of it."
ALONE: Final = "The sender never said what is to become of it."


def make(config: LpdSourceConfig, surroundings: Surroundings) -> LpdSource:
    """Raises ConfigError."""
    try:
        largest = size(config.largest)
    except ValueError as error:
        raise ConfigError(f"the source {config.name}: {error}") from None
    return LpdSource(config, surroundings, largest)


class LpdSource(CapturePort):
    """`sources.surroundings.CaptureSource`."""

    kind = "lpd"
    scheme = "lpd"

    def __init__(self, config: LpdSourceConfig, surroundings: Surroundings, largest: int | None) -> None:
        super().__init__(config.name, config.host, config.port, largest, surroundings)

    @property
    def name(self) -> str:
        return self._name

    def guest(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> Sender:
        return Sender(reader, writer, host, self)

    @property
    def waiting(self) -> int:
        """Data files that have come and are not taken yet."""
        return sum(guest.waiting for guest in self._guests.values() if isinstance(guest, Sender))

    def said(self, queue: str, long: bool) -> bytes:
        """What a queue says of itself."""
        trouble = self._surroundings.trouble(self._name)
        coming = sum(guest.busy for guest in self._guests.values())
        return lpd.state_of(queue, trouble[1] if trouble else "", ["a job that is coming in"] * coming, long=long)


class _Gone(Exception):
    """The sender has closed the connection, or is silent."""


@dataclass(frozen=True, slots=True)
class _File:
    """A data file that has come. head: its first bytes. partial: why it is not whole."""

    document: Document
    head: bytes
    partial: str = ""


class Sender:
    """One connection. `serve` it to its end."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, source: LpdSource
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._host = host
        self._source = source
        self._queue = ""
        self._control: ControlFile | None = None
        self._files: dict[str, _File] = {}
        self._arriving: Arriving | None = None
        self.heard = asyncio.get_running_loop().time()

    @property
    def busy(self) -> bool:
        return self._arriving is not None or bool(self._files) or self._control is not None

    @property
    def waiting(self) -> int:
        return len(self._files)

    async def serve(self) -> None:
        """Raises ComptoirError for what cannot be taken, after the sender was told no; OSError."""
        try:
            command = lpd.command(await self._line())
            self._queue = command.queue
            match command.ask:
                case Ask.RECEIVE:
                    await self._answer(lpd.YES)
                    await self._receive()
                case Ask.SHORT_STATE | Ask.LONG_STATE:
                    await self._answer(self._source.said(command.queue, command.ask is Ask.LONG_STATE))
                case _:
                    await self._answer(lpd.YES)  # nothing waits here that could be begun or removed
        except lpd.BadLpd as error:
            log.info("%s: %s: %s", self._source.name, self._host, error)
            await self._answer(lpd.NO)
        except ComptoirError:
            await self._answer(lpd.NO)
            raise
        except (_Gone, OSError) as error:
            log.debug("%s: %s has gone: %s", self._source.name, self._host, error)
        finally:
            if self._arriving is not None:
                await self._arriving.give_up()
            for file in self._files.values():
                self._source.forget(file.document)

    # -- a job --------------------------------------------------------------------------------------------------------

    async def _receive(self) -> None:
        try:
            while True:
                said = lpd.announced(await self._line())
                match said.section:
                    case Section.ABORT:
                        self._drop()
                    case Section.CONTROL_FILE:
                        assert said.size is not None
                        await self._answer(lpd.YES)
                        self._control = lpd.control_file(await self._exactly(said.size))
                    case Section.DATA_FILE:
                        await self._answer(lpd.YES)
                        await self._data(said.name, said.size)
                if self._complete():
                    await self._take()
                await self._answer(lpd.YES)
        except (_Gone, OSError):
            await self._left()

    async def _data(self, name: str, count: int | None) -> None:
        """A data file, to its end. Raises _Gone, OSError, ComptoirError."""
        if name in self._files or len(self._files) >= lpd.MOST_FILES or self._source.waiting >= MOST_WAITING:
            raise lpd.BadLpd("too many data files, or one of them twice")
        self._arriving = self._source.begin()
        if count == 0 and (first := await self._some(1)) != b"\0":
            count = None  # it says 0 because it does not know
            await self._arriving.write(first)
        elif count:
            while count:
                piece = await self._some(min(count, READ))
                await self._arriving.write(piece)
                count -= len(piece)
            await self._some(1)
        if count is None:
            await self._to_the_end()
        self._files[name] = await self._ended("")

    async def _to_the_end(self) -> None:
        """Bytes until the sender closes his half; the octet behind the file is none of it."""
        assert self._arriving is not None
        held = b""
        try:
            while True:
                piece = held + await self._some(READ)
                held = piece[-1:]
                if piece[:-1]:
                    await self._arriving.write(piece[:-1])
        except _Gone:
            if held.strip(b"\0"):
                await self._arriving.write(held)

    async def _ended(self, partial: str) -> _File:
        assert self._arriving is not None
        document = await self._arriving.end()
        arriving, self._arriving = self._arriving, None
        return _File(document, arriving.head, partial)

    def _complete(self) -> bool:
        control = self._control
        return control is not None and all(file.name in self._files for file in control.files) and bool(control.files)

    async def _take(self) -> None:
        """All of the job is here: every file that it prints. Raises JournalError."""
        assert self._control is not None
        for file in self._control.files:
            await self._file(file, self._files[file.name])
            del self._files[file.name]
        self._drop()

    def _drop(self) -> None:
        """The next job begins with nothing."""
        for file in self._files.values():
            self._source.forget(file.document)
        self._files.clear()
        self._control = None

    async def _left(self) -> None:
        """The sender has gone: what of a job is here is kept as a part, unless it is nothing."""
        if self._arriving is not None and self._arriving.size:
            self._files["\0"] = await self._ended(GONE)  # no file can be called so
        known: Sequence[Printing] = self._control.files if self._control is not None else ()
        for name, file in list(self._files.items()):
            printing = next((one for one in known if one.name == name), Printing(name))
            await self._file(printing, file, file.partial or (GONE if known else ALONE))
            del self._files[name]

    async def _file(self, printing: Printing, file: _File, partial: str = "") -> None:
        header = described(file.head, file.document.media_type)
        control = self._control or ControlFile()
        await self._source.take(
            Capture(
                Origin(self._source.name, control.user or header.user, control.host or header.host or self._host),
                uuid.uuid4().hex,
                (Part(file.document),),
                control.called(printing) or header.title,
                self._queue,
                copies=printing.copies,
                attributes=wishes_in(header),
                partial=partial,
            )
        )

    # -- bytes --------------------------------------------------------------------------------------------------------

    async def _line(self) -> bytes:
        """A line without its end. Raises _Gone, BadLpd."""
        line = bytearray()
        while not line.endswith(b"\n"):
            line += await self._some(1)
            if len(line) > lpd.LONGEST_LINE:
                raise lpd.BadLpd("a line without an end")
        return bytes(line[:-1])

    async def _exactly(self, count: int) -> bytes:
        """A file of so many bytes, and the octet behind it."""
        content = bytearray()
        while len(content) < count + 1:
            content += await self._some(count + 1 - len(content))
        return bytes(content[:count])

    async def _some(self, most: int) -> bytes:
        """At most so many bytes, at least one. Raises _Gone, OSError."""
        try:
            async with asyncio.timeout(SILENCE):
                data = await self._reader.read(most)
        except TimeoutError:
            raise _Gone from None
        if not data:
            raise _Gone
        self.heard = asyncio.get_running_loop().time()
        return data

    async def _answer(self, data: bytes) -> None:
        try:
            self._writer.write(data)
            await self._writer.drain()
        except OSError as error:
            log.debug("%s: %s did not hear the answer: %s", self._source.name, self._host, error)
