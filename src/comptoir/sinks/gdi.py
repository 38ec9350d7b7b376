"""Delivers a job to a printer of Windows by its driver: whatever can be drawn on sheets, drawn here, side by side.

The driver lives in a process of its own (`comptoir.windows.driver_process`), one for each document. Before the first
byte the printer is there and not stopped, its driver is set as the job wishes, and the first side is drawn, or the job
is NotSent or Refused. The spooler begins to print when a side is whole: what fails before leaves nothing. Several
copies that the driver does not sort are one document, so that no other computer's stands between them.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, NoReturn, Protocol, runtime_checkable

from comptoir.core.document import Document
from comptoir.core.errors import NotSent, OutcomeUnknown, Refused
from comptoir.core.job import CANCELED_BY_USER, DOCUMENT_FORMAT_ERROR, OTHER_ERROR, UNREACHABLE, Evidence, Job
from comptoir.core.ports import Clock, Journal, Progress, QueueDevice, QueuedJob
from comptoir.core.sheet import Paper, Setup, Wishes
from comptoir.sinks.channel import not_sent
from comptoir.sinks.drawing import Drawing, Paged, paged, wishes_for
from comptoir.sinks.gdi_settings import FINEST, Plan, alone, asks, missed, planned, setup_of
from comptoir.sinks.gdi_writer import SIDE, GdiWriter
from comptoir.sinks.queued import DELETION, Following, Say, settle, title_of
from comptoir.windows.driver import Answer, Area, Capabilities, Request, packed
from comptoir.windows.driver_process import Died, DriverProcess, Said
from comptoir.windows.job import apart
from comptoir.windows.reasons import ALLOW, DENIED, NOT_ALLOWED

log = logging.getLogger("comptoir.printer")

#: attempts that begin and come to nothing, after which the next document gets its turn
MOST_FAILURES: Final = 5
#: ERROR_INVALID_PRINTER_NAME, ERROR_PRINTER_DELETED
_NO_PRINTER: Final = (1801, 1905)


class HandedOver(QueuedJob, Protocol):
    """A job of the spooler's that its driver hands over."""

    def know(self, number: int) -> None:
        """Its number. Blocks; never raises."""
        ...

    async def let_go(self) -> None:
        """Nobody follows it any more. Never raises."""
        ...


@runtime_checkable
class DriverDevice(QueueDevice, Protocol):
    """`devices.winspool.WinspoolDevice`."""

    async def enter(self) -> tuple[str, HandedOver]:
        """The printer's name as Windows has it, and a job that it does not have yet. Raises OSError where it would not
        print."""
        ...


@dataclass(frozen=True, slots=True)
class GdiPrinter:
    """A printer as the configuration describes it. `paper`: what lies in it, where that is said; `finest`: dots an
    inch at most; `process`: what starts a driver's."""

    device: DriverDevice
    paper: Paper | None = None
    finest: int = FINEST
    process: Callable[[], DriverProcess] = DriverProcess


@dataclass(frozen=True, slots=True)
class _Taken:
    """What the spooler has taken: what of the job's wishes is not done, what no font has."""

    lacking: tuple[str, ...]
    missing: str


class GdiSink:
    """`core.ports.Retriever` for one printer."""

    repeatable = True

    def __init__(self, printer: GdiPrinter, journal: Journal, clock: Clock) -> None:
        self._printer = printer
        self._journal = journal
        self._clock = clock
        #: jobs of which it is known that earlier attempts, so many, have left nothing in the spooler
        self._nothing: Counter[str] = Counter()
        self.unwanted: set[int] = set()
        #: called with what stops the printer, and with None
        self.on_say: list[Say] = []

    async def deliver(self, job: Job, document: Document, progress: Progress) -> Evidence:
        wishes = wishes_for(job)
        if job.attempts and not self._nothing[job.uid]:
            await settle(self._printer.device, job)
            self._nothing[job.uid] += 1
        name, queued = await self._enter()
        try:
            source = await paged(job, document, self._journal)
            source = await source.readable((), wishes)
            try:
                taken = await self._taken(_Pen(queued, job, self.unwanted, progress), name, source, wishes)
            finally:
                source.close()
            del self._nothing[job.uid]
            following = Following(queued, job, self._clock, progress, self.unwanted, self._say)
            words = await following.to_the_end()
        finally:
            await queued.let_go()
        without = f"; not done: {', '.join(taken.lacking)}" if taken.lacking else ""
        return Evidence("sent", f"{words}{without}", taken.missing)

    async def _enter(self) -> tuple[str, HandedOver]:
        try:
            entered = await self._printer.device.enter()
        except OSError as error:
            wrong = not_sent(error)
            self._say((wrong.reason, wrong.sentences))
            raise wrong from error
        self._say(None)
        return entered

    def _say(self, trouble: tuple[str, str] | None) -> None:
        for listener in list(self.on_say):
            listener(trouble)

    async def _taken(self, pen: _Pen, name: str, source: Paged, wishes: Wishes) -> _Taken:
        """Drawn, and in the spooler to its end. Raises NotSent, Refused, OutcomeUnknown."""
        if source.is_raw:
            raise Refused(*_RAW, DOCUMENT_FORMAT_ERROR)
        await source.checked()
        try:
            async with self._printer.process() as pen.process:
                try:
                    return await self._drawn(pen, name, source, wishes)
                except (NotSent, Refused):
                    await pen.abort()
                    raise
        except Died as error:
            raise NotSent(f"the printer’s driver cannot be loaded: {error}", "", OTHER_ERROR) from error
        except OutcomeUnknown as error:
            # What is left of it must not come out behind the back of who decides.
            with suppress(OutcomeUnknown):
                await self._check_nothing(pen.job, error)
            raise
        except (NotSent, Refused) as error:
            if pen.begun and not pen.aborted:
                await self._check_nothing(pen.job, error)
            if pen.begun and isinstance(error, NotSent):
                self._once_more(pen.job, error)
            raise

    async def _check_nothing(self, job: Job, error: NotSent | Refused | OutcomeUnknown) -> None:
        """A driver that has crashed may have left a document in the queue, without its last side: it is deleted. Raises
        OutcomeUnknown where it is not certain that nothing of it came out."""
        try:
            found = await self._printer.device.find(title_of(job))
            if found is None or await found.take_back(DELETION, begun=True) == "nothing":
                return
        except OSError as failed:
            log.warning("job %d: the queue cannot be asked what is left of it: %s", job.id, failed)
        raise OutcomeUnknown(f"{error.message}; it may stand in the queue of Windows still", error.hint) from error

    def _once_more(self, job: Job, error: NotSent) -> None:
        """It has begun and come to nothing. Raises Refused where that was so often that it may be the document."""
        self._nothing[job.uid] += 1
        if self._nothing[job.uid] >= MOST_FAILURES:
            del self._nothing[job.uid]
            raise Refused(error.message, "Print it from another program.", OTHER_ERROR) from error

    async def _drawn(self, pen: _Pen, name: str, source: Paged, wishes: Wishes) -> _Taken:
        plan, area, setup = await self._set(pen, name, source, wishes)
        copies_after = iter(reversed(range(plan.repeats)))
        drawing = Drawing(
            source, setup, wishes, lambda: GdiWriter(area, setup, blank=area.two_sided and next(copies_after) > 0)
        )
        for _ in range(plan.repeats):
            async with aclosing(drawing.chunks()) as pieces:
                await pen.write(pieces)
        await pen.end()
        return _Taken(missed(plan, area), drawing.missing)

    async def _set(self, pen: _Pen, name: str, source: Paged, wishes: Wishes) -> tuple[Plan, Area, Setup]:
        """The driver as the job wants it. Raises NotSent, Refused."""
        can = (await pen.ask(Request(task="look", printer=name))).can or Capabilities()
        if asks(can):
            raise Refused(*_ASKING, OTHER_ERROR)
        plan = planned(wishes, self._printer.paper, source.copies, can)
        area = (await pen.ask(Request(task="set", settings=plan.settings))).area
        if area is not None and area.copies != plan.settings.copies and plan.settings.copies > 1:
            # It said that it makes them, and does not.
            plan = alone(plan)
            area = (await pen.ask(Request(task="set", settings=plan.settings))).area
        if area is None or not _measurable(area):
            raise NotSent("its driver does not say how large its sheets are", "", OTHER_ERROR)
        return plan, area, setup_of(area, can.colour, self._printer.finest)


def _measurable(area: Area) -> bool:
    return min(area.dpi_x, area.dpi_y, area.width, area.height, area.paper_width, area.paper_height) > 0


class _Pen:
    """Writes to the driver, and says what a failure means by how far it had come.

    begun: whether the journal knows that something may come out. aborted: whether the driver has given it up.
    """

    process: DriverProcess

    def __init__(self, queued: HandedOver, job: Job, unwanted: set[int], progress: Progress) -> None:
        self._queued = queued
        self.job = job
        self._unwanted = unwanted
        self._progress = progress
        #: sides that have begun: all before the last one are whole, and may have come out
        self._sides = 0
        self.begun = self.aborted = False

    async def ask(self, request: Request) -> Answer:
        """Raises NotSent where nothing has come out, OutcomeUnknown."""
        return await self._ask(packed(request))

    async def write(self, pieces: AsyncGenerator[bytes, None]) -> None:
        """A copy. From `started` on something may come out. Raises NotSent, Refused, OutcomeUnknown."""
        try:
            async for piece in pieces:
                if not piece:
                    continue
                if not self.begun:
                    # By now the first side is drawn: what cannot be is known before the spooler hears of it.
                    await self._begin()
                if piece == SIDE:
                    self._sides += 1
                await self._ask(piece)
                self._check_wanted()
        except Refused as error:
            if self._sides > 1:
                raise OutcomeUnknown(f"it broke off in the middle: {error.message}", error.hint) from error
            raise

    async def end(self) -> None:
        """All of it is drawn: the spooler prints it when it can. Raises OutcomeUnknown."""
        self._sides += 1  # all are whole now
        await self.ask(Request(task="end"))

    async def abort(self) -> None:
        """Nothing of it has come out, and nothing will: as far as the driver can still say that. Never raises."""
        with suppress(Died, Said):
            await self.process.ask(packed(Request(task="abort")))
            self.aborted = True

    async def _begin(self) -> None:
        await self._progress.started()
        self.begun = True
        answer = await self.ask(Request(task="begin", title=title_of(self.job)))
        await apart(partial(self._queued.know, answer.job))

    def _check_wanted(self) -> None:
        """Raises Refused where somebody has cancelled it, and nothing of it has come out: the process aborts it."""
        if self.job.id in self._unwanted and self._sides <= 1:
            raise Refused("it was cancelled before any of it came out", "", CANCELED_BY_USER)

    async def _ask(self, message: bytes) -> Answer:
        try:
            return await self.process.ask(message)
        except (Died, Said) as error:
            self._fails(error)

    def _fails(self, error: Died | Said) -> NoReturn:
        if self._sides > 1:
            raise OutcomeUnknown(f"it broke off in the middle: {error}") from error
        if isinstance(error, Died):
            raise NotSent(f"the printer’s driver failed: {error}", _REINSTALL, OTHER_ERROR) from error
        if error.error in _NO_PRINTER:
            raise NotSent("Windows has no printer of this name", _WHERE, UNREACHABLE) from error
        if error.error == DENIED:
            raise NotSent(NOT_ALLOWED, ALLOW, OTHER_ERROR) from error
        raise NotSent(f"Windows does not print it: {error}", "", OTHER_ERROR) from error


_REINSTALL: Final = "Print a test page from Windows; does that fail, too, install the printer’s driver anew."
_WHERE: Final = "Its name stands in the printers of Windows."
_RAW: Final = (
    "a driver of Windows takes no ready-made bytes",
    "Send it as PDF, or set the printer up a second time in its own language.",
)
_ASKING: Final = (
    "this printer of Windows asks a person for the name of a file, and nobody is there",
    "To keep documents as files, route them to a folder.",
)
