"""Delivers a job to an office printer on a socket, a port or a file, in its page language: side by side, as drawn.

Such a printer tells nothing that can be relied on: `sent` says that it has taken every byte. One that takes nothing for
a while, because it has no paper, is waited for as long as the connection stands. Copies are sent one after the other,
each a whole document of its own.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, replace

from comptoir.core.document import PDF, PJL, Document
from comptoir.core.errors import FormatError, OutcomeUnknown, Refused
from comptoir.core.job import DOCUMENT_FORMAT_ERROR, OTHER_ERROR, Evidence, Job
from comptoir.core.ports import Connection, Device, Journal, Progress, SheetLanguage
from comptoir.core.sheet import Setup, Wishes, paper_of
from comptoir.sinks.channel import cause, not_sent
from comptoir.sinks.drawing import Drawing, Paged, paged, wishes_for

_WAITS = "It takes nothing more for the moment: is there paper in it? It prints on when it can."


@dataclass(frozen=True, slots=True)
class SheetPrinter:
    """A printer as the configuration describes it. `setup`: how sides are drawn where a job does not say the paper."""

    name: str
    device: Device
    language: SheetLanguage
    setup: Setup


class SheetSink:
    """`core.ports.Sink` for one printer."""

    repeatable = False

    def __init__(self, printer: SheetPrinter, journal: Journal) -> None:
        self._printer = printer
        self._journal = journal

    async def deliver(self, job: Job, document: Document, progress: Progress) -> Evidence:
        wishes = wishes_for(job)
        source = await paged(job, document, self._journal)
        source = await source.readable(self._passes(), wishes)
        try:
            return await self._deliver(job, source, wishes, progress)
        finally:
            source.close()

    def _passes(self) -> tuple[str, ...]:
        """What goes as it is: also PJL with whatever is in it, to a printer that is sent PJL anyway."""
        language = self._printer.language
        return (*language.passes, PJL) if language.around(Wishes())[0] else tuple(language.passes)

    async def _deliver(self, job: Job, source: Paged, wishes: Wishes, progress: Progress) -> Evidence:
        await source.checked()
        drawing = self._drawing(source, wishes)
        first = self._bytes(source, wishes, drawing)
        begin = await anext(first, b"")  # what cannot be drawn is known before the printer is asked for
        try:
            connection = await self._printer.device.open()
        except OSError as error:
            await first.aclose()
            raise not_sent(error) from error
        finished = False
        try:
            await self._begin(connection, job)
            await progress.started()
            detail = await self._send(
                connection, begin, first, lambda: self._bytes(source, wishes, drawing), job, source.copies, progress
            )
            finished = True
        finally:
            await first.aclose()
            await connection.close(drop=not finished)
        return Evidence("sent", detail, drawing.missing if drawing else "")

    async def _send(
        self,
        connection: Connection,
        begin: bytes,
        first: AsyncIterator[bytes],
        again: Callable[[], AsyncIterator[bytes]],
        job: Job,
        copies: int,
        progress: Progress,
    ) -> str:
        """From here on something may come out. Raises OutcomeUnknown."""
        pen = _Pen(connection, progress)
        try:
            await pen.write(begin)
            for copy in range(copies):
                async for piece in first if copy == 0 else again():
                    await pen.write(piece)
        except OSError as error:
            raise _broke(error) from error
        except Refused as error:
            raise OutcomeUnknown(f"it broke off in the middle: {error.message}", error.hint) from error

        try:
            return await self._finish(connection, job, progress)
        except OSError as error:
            raise _broke(error) from error

    async def _begin(self, connection: Connection, job: Job) -> None:
        """What is to be done before the journal says that the job has begun. Raises NotSent."""

    async def _finish(self, connection: Connection, job: Job, progress: Progress) -> str:
        """All bytes are written; the words for the evidence. Raises OSError, Refused, OutcomeUnknown."""
        return await connection.finish()

    def _drawing(self, source: Paged, wishes: Wishes) -> Drawing | None:
        """None: the document is sent as it is. Raises Refused."""
        language = self._printer.language
        if source.is_raw or (source.is_pdf and PDF in language.passes and wishes.scaling == "auto"):
            return None
        if source.taken_by(language.passes, wishes):
            return None
        setup = self._printer.setup
        if wishes.media:
            setup = replace(setup, paper=paper_of(wishes.media))
        return Drawing(source, setup, wishes, lambda: language.writer(setup, wishes))

    async def _bytes(self, source: Paged, wishes: Wishes, drawing: Drawing | None) -> AsyncGenerator[bytes, None]:
        """One copy. Raises Refused."""
        around = (b"", b"")
        if drawing is not None:
            pieces: AsyncIterator[bytes] = drawing.chunks()
        else:
            pieces = source.stamped() if source.is_pdf and wishes.duplicata else source.passed()
            if source.media_type in self._printer.language.passes:
                around = _around(self._printer.language, wishes)
        if around[0]:
            yield around[0]
        async for piece in pieces:
            yield piece
        if around[1]:
            yield around[1]


class _Pen:
    """Writes, and tells when the printer takes nothing."""

    def __init__(self, connection: Connection, progress: Progress) -> None:
        self._connection = connection
        self._progress = progress
        self._stopped = False

    async def write(self, data: bytes) -> None:
        """Raises OSError."""
        await self._connection.write(data, self._waits)
        if self._stopped:
            self._stopped = False
            self._progress.resumed()

    def _waits(self) -> bool:
        if not self._stopped:
            self._stopped = True
            self._progress.stopped(OTHER_ERROR, _WAITS)
        return True


def _broke(error: OSError) -> OutcomeUnknown:
    return OutcomeUnknown(f"the connection broke while it printed: {cause(error)}")


def _around(language: SheetLanguage, wishes: Wishes) -> tuple[bytes, bytes]:
    try:
        return language.around(wishes)
    except FormatError as error:
        raise Refused(error.message, error.hint, DOCUMENT_FORMAT_ERROR) from error
