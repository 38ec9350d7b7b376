"""Printers of Windows: ready-made bytes go through the spooler to a printer by its name, as its driver's raw data.

    winspool:TICKET   winspool:TICKET%20BAR   winspool:\\\\SERVER\\TICKET

The name as Windows has it, with small or capital letters. Nothing answers; but the spooler says before a print whether
the printer is ready, and after it what has become of the job. Whatever it is asked has a thread of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import unquote

from comptoir.core.errors import ConfigError, NotReady
from comptoir.core.job import OTHER_ERROR
from comptoir.core.ports import Connection, QueuedJob, Waits
from comptoir.core.queued import UNTITLED
from comptoir.devices.blocking import Writer, alone, closed
from comptoir.threads import in_thread
from comptoir.windows.calls import PrinterGone
from comptoir.windows.job import Jobs, SpoolerJob
from comptoir.windows.reasons import ALLOW, DENIED, HINTS, NOT_ALLOWED, SENT, of_printer
from comptoir.windows.structures import JobStatus, SpooledJob

log = logging.getLogger("comptoir.printer")

T = TypeVar("T")

#: bytes that are handed over at once; and seconds without any, after which a printer without a queue has stopped
PIECE: Final = 65_536
STALL: Final = 30.0
#: seconds in which the spooler says how a printer is
PATIENCE: Final = 30.0
#: seconds for which a question waits that comes while another one, which nobody waits for any more, is not answered
BEHIND: Final = 1.0
#: seconds after which bytes are offered again to a printer that takes none
AGAIN: Final = 0.05
_SILENT: Final = "the spooler of Windows does not answer"
#: seconds for which closing waits for the end of a deletion, which goes on without it
CLOSE: Final = 0.25


class Document(Protocol):
    """`windows.documents.SpoolDocument`."""

    number: int

    def write(self, data: bytes) -> int: ...

    def end(self) -> None: ...

    def abort(self) -> None: ...


class Spooler(Jobs, Protocol):
    """What is asked of `windows.spooler.Win32Spooler`."""

    def printers(self) -> Sequence[str]: ...

    def jobs(self, printer: str) -> Sequence[SpooledJob]: ...

    def start(self, printer: str, title: str) -> Document: ...


class WinspoolDevice:
    """Implements ports.QueueDevice."""

    replies = False

    def __init__(self, uri: str, folder: Path, spooler: Spooler | None = None) -> None:
        """Raises ConfigError for a URI without a name, and where there is no Windows."""
        self.name = uri.partition(":")[2]
        if not unquote(self.name).strip():
            raise ConfigError(f"The device URI {uri!r} names no printer.", "For example winspool:TICKET")
        self._spooler = spooler or _of_windows()
        self._hanging: Future[Any] | None = None

    async def open(self) -> Connection:
        """Raises NotReady where the spooler says why it would not print, OSError where it has no such printer or does
        not answer. Nothing was sent."""
        return await self._answered(self._open)

    async def enter(self) -> tuple[str, SpoolerJob]:
        """The printer's name as Windows has it, and a job of it that is handed over in another way, by its driver:
        `know` it then, and `let_go` of it. Raises as `open`."""
        return await self._answered(self._enter, lambda entered: entered[1].close())

    async def find(self, title: str) -> QueuedJob | None:
        """The job of this title that it has. Raises OSError where it does not say."""
        return await self._answered(partial(self._find, title))

    async def clean(self, title: str) -> bool:
        """Take out what an earlier run has left there under this title; whether nothing of it is there. Never raises.
        Where the spooler does not tell its jobs, as Wine, nothing can be done."""
        try:
            return await self._answered(partial(self._clean, title))
        except OSError as error:
            log.debug("the queue of %s cannot be looked through: %s", self.name, error)
            return False

    async def _answered(self, call: Callable[[], T], letting_go: Callable[[T], object] | None = None) -> T:
        """What a call gives; where it comes too late, it is let go. Raises TimeoutError: a server that is away keeps
        one thread, and nobody else."""
        if self._hanging is not None:
            await closed(self._hanging, BEHIND)
            if not self._hanging.done():
                raise TimeoutError(_SILENT)
        future = in_thread(call)
        try:
            return await _in_time(future)
        except (TimeoutError, asyncio.CancelledError):
            if not future.done():
                self._hanging = future
            if letting_go is not None:
                future.add_done_callback(lambda late: late.exception() or letting_go(late.result()))
            raise

    def _open(self) -> WinspoolConnection:
        return WinspoolConnection(self._spooler, self._ready())

    def _enter(self) -> tuple[str, SpoolerJob]:
        job = SpoolerJob(self._spooler, self._ready())
        job.watch()
        return job.printer, job

    def _ready(self) -> str:
        """Its name. Raises NotReady where it would not print."""
        printer = self._printer()
        with _allowed():
            reason, message = of_printer(self._spooler.condition(printer))
        if reason:
            raise NotReady(message, HINTS.get(reason, ""), reason)
        return printer

    def _printer(self) -> str:
        """The name as Windows has it: the same one, else with other letters. Raises PrinterGone, OSError."""
        there = self._spooler.printers()
        found = named(self.name, there)
        if found is None:
            known = f"there are: {', '.join(there)}" if there else "there is none at all"
            raise PrinterGone(f"Windows has no printer called “{unquote(self.name)}”; {known}")
        return found

    def _find(self, title: str) -> SpoolerJob | None:
        printer = self._printer()
        # Two of a title were begun by the same job, and the first of them never ended.
        found = [one for one in self._spooler.jobs(printer) if one.title == title and _is_there(one)]
        if not found:
            return None
        job = SpoolerJob(self._spooler, printer)
        job.know(found[-1].number)
        return job

    def _clean(self, title: str) -> bool:
        while (job := self._find(title)) is not None:
            log.warning("%s: deleting job %d that was left in its queue: %s", job.printer, job.number, title)
            if job.remove(1.0, begun=True) == "there":
                return False
        return True


class WinspoolConnection:
    """A printer of Windows that is ready. Implements ports.QueueConnection: one job, from `begin` to `finish`."""

    def __init__(self, spooler: Spooler, printer: str) -> None:
        self._spooler = spooler
        self._printer = printer
        self._job = SpoolerJob(spooler, printer)
        self.job: QueuedJob = self._job
        self._document: Document | None = None
        #: StartDoc may answer when nobody wants its job any more
        self._starting = threading.Lock()
        self._dropped = self._closing = False
        self._written = self._finished = self._left = False
        self._writer = Writer(self._put, lambda: None, STALL, PIECE)
        self._shutting: Future[None] | None = None

    async def begin(self, title: str) -> None:
        """Announce a job; nothing is printed of what was only announced. Raises OSError: then there is none, or it is
        deleted when this is closed."""
        if self._document is None:
            await _in_time(in_thread(partial(self._begin, title)))

    async def ahead(self) -> int:
        """Jobs of others that are not printed yet. Those that somebody has paused do not stand in the way."""
        return await alone(self._ahead)

    def leave(self) -> None:
        """Nobody follows the job any more: it stays in the queue, also when this is dropped."""
        self._left = True

    async def write(self, data: bytes, waits: Waits | None = None) -> None:
        """Returns when the spooler has taken all bytes. Raises TimeoutError when it takes none for STALL seconds (at
        most twice that), as a printer does that prints without a queue; OSError."""
        await self.begin(UNTITLED)
        self._written = True
        await self._writer.write(data, waits)

    async def read(self, timeout: float) -> bytes:
        """Nothing ever comes; the time is waited for, as the port says."""
        await asyncio.sleep(timeout)
        return b""

    async def finish(self) -> str:
        """Hand it over; the words for the evidence. Raises OSError."""
        self._writer.check()
        await self.begin(UNTITLED)
        await alone(self._finish)
        return taken(self._job.number)

    async def close(self, *, drop: bool = False) -> None:
        """Never raises. `drop`: the job is deleted, also behind the back of whoever closes where Windows takes long."""
        if self._shutting is None or (drop and not self._dropped):
            self._closing, self._dropped = True, self._dropped or drop
            self._shutting = in_thread(partial(self._shut, drop))
        await closed(self._shutting, CLOSE)

    # -- what blocks --------------------------------------------------------------------------------------------------

    def _begin(self, title: str) -> None:
        with self._starting:
            if self._closing:
                raise ConnectionAbortedError("the connection to the printer is closed")
            if self._document is not None:
                return
            self._job.watch()
            with _allowed():
                self._document = self._spooler.start(self._printer, title)
            self._job.know(self._document.number)

    def _put(self, piece: bytes) -> int:
        document = self._document
        if self._dropped or document is None:
            raise ConnectionAbortedError("the connection to the printer is closed")
        taken = document.write(piece)
        if not taken:
            time.sleep(AGAIN)
        return taken

    def _finish(self) -> None:
        with self._starting:
            if self._dropped or self._document is None:
                raise ConnectionAbortedError("the connection to the printer is closed")
            if not self._finished:
                self._document.end()
                self._finished = True

    def _ahead(self) -> int:
        try:
            there = self._spooler.jobs(self._printer)
        except OSError:
            # It says at least how many there are.
            return self._spooler.condition(self._printer).waiting
        return sum(one.number != self._job.number and _is_there(one) and not _is_paused(one) for one in there)

    def _shut(self, drop: bool) -> None:
        self._writer.stop()
        with self._starting:
            document = self._document
            if document is not None and not self._finished:
                if self._written and not drop:
                    with contextlib.suppress(OSError):
                        document.end()
                else:
                    document.abort()
        if drop and document is not None and not (self._left and self._finished):
            self._job.remove_for_good()
        self._job.close()


def named(name: str, there: Sequence[str]) -> str | None:
    """The printer that is meant, as Windows calls it: of this name, as it stands or with its %20 read; else the only
    one that has it in other letters; None: none."""
    wanted = (name, unquote(name))
    for one in wanted:
        if one in there:
            return one
    for one in wanted:
        alike = [other for other in there if other.casefold() == one.casefold()]
        if len(alike) == 1:
            return alike[0]
    # A printer of another computer need not be connected.
    return wanted[1] if wanted[1].startswith("\\\\") else None


async def _in_time(future: Future[T]) -> T:
    """Its result. Raises TimeoutError after PATIENCE; it goes on then, as it does when this is cancelled."""
    ended = asyncio.wrap_future(future)
    ended.add_done_callback(lambda done: done.cancelled() or done.exception())
    try:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.shield(ended)
    except TimeoutError:
        if future.done():
            raise  # the call's own
        raise TimeoutError(_SILENT) from None


@contextmanager
def _allowed() -> Iterator[None]:
    """Raises NotReady where the account of this service must not print."""
    try:
        yield
    except OSError as error:
        if error.errno == DENIED and not isinstance(error, NotReady):
            raise NotReady(NOT_ALLOWED, ALLOW, OTHER_ERROR) from error
        raise


def taken(number: int) -> str:
    """The words for the evidence of a job that the spooler has."""
    return f"taken by the spooler, job {number}"


def _is_there(job: SpooledJob) -> bool:
    return not job.status & (SENT | JobStatus.DELETED)


def _is_paused(job: SpooledJob) -> bool:
    return bool(job.status & JobStatus.PAUSED) and not job.status & JobStatus.PRINTING


def _of_windows() -> Spooler:
    if sys.platform == "win32":
        from comptoir.windows.spooler import this_computer  # noqa: PLC0415

        return this_computer()
    raise ConfigError(
        "Printers of Windows (winspool:) are to be had on Windows only.",
        "On Linux and macOS: cups:QUEUE, socket://HOST:9100, usb: or serial:.",
    )
