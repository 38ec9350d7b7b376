"""The watch over the spooler's queues: each job is held for a moment, read, taken, and let go to its printer.

A spooler deletes a job as soon as it is printed, so a job that is seen is held until its bytes are on disk. What was
held when the service ended is let go at the next start. A job that was gone before it could be read is told as one.
What this station itself has put into a queue is not taken. A printer that refuses to be looked at, or whose server
hangs, keeps no other from being looked at.
"""

from __future__ import annotations

import asyncio
import fnmatch
import hashlib
import json
import logging
import re
import socket
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from comptoir.arrivals import WinspoolSourceConfig
from comptoir.core.document import Origin
from comptoir.core.errors import ComptoirError, ConfigError
from comptoir.core.kept import Capture, Part, SourceState, Unkept
from comptoir.core.queued import PULSE, UNTITLED
from comptoir.core.units import duration
from comptoir.durable import replace_file
from comptoir.sources.arriving import NO_BOUND
from comptoir.sources.folder.own_thread import OwnThread
from comptoir.sources.surroundings import Surroundings
from comptoir.sources.winspool.spooler import Spooler
from comptoir.threads import in_thread
from comptoir.windows.calls import JobGone, PrinterGone
from comptoir.windows.structures import JobStatus, SpooledJob

log = logging.getLogger("comptoir.capture")

T = TypeVar("T")

#: seconds between two looks at least: a job that is being spooled changes all the time
BREATH: Final = 0.1
#: how long a printer may take to tell its jobs before people are told: seconds
PATIENCE: Final = 20.0
#: how long letting go may take when the service ends: seconds
FAREWELL: Final = 5.0
#: letters of a computer's name that the spooler tells (NetBIOS)
TOLD: Final = 15
#: jobs of which it is remembered that they are not in the archive
REMEMBERED: Final = 200
#: jobs on their way out
LEAVING: Final = JobStatus.DELETING | JobStatus.DELETED
#: paused by somebody, or on paper already
NOT_HELD: Final = JobStatus.PAUSED | JobStatus.PRINTING | JobStatus.PRINTED | JobStatus.COMPLETE | JobStatus.RETAINED

EMF: Final = "application/x-windows-emf-spool"
XPS: Final = "application/vnd.ms-xpsdocument"

GONE: Final = "It was gone before it could be read."
KEEP: Final = "Let the printer keep printed documents, in its properties, under Advanced."
RIGHT: Final = "The service needs the right to it."
AWAY: Final = "Is its computer there? It is waited for."

#: how the sinks call a job of ours in a queue: its title and identity
_OURS: Final = re.compile(r"(.+ )?\([0-9a-f]{12}\)", re.DOTALL)


class WinspoolSource:
    """`sources.surroundings.CaptureSource`."""

    def __init__(self, config: WinspoolSourceConfig, surroundings: Surroundings, spooler: Spooler) -> None:
        """Raises ConfigError."""
        try:
            scan = duration(config.scan)
        except ValueError as error:
            raise ConfigError(f"the source {config.name}: {error}") from None
        self.on_change: list[Callable[[], None]] = []
        self._config = config
        self._surroundings = surroundings
        self._spooler = spooler
        self._scan = (scan or 10_000) / 1000
        #: printer → the thread that asks for it; "": for the computer
        self._threads: dict[str, OwnThread] = {}
        #: printer → what was asked of it and not answered yet
        self._asked: dict[str, asyncio.Task[Sequence[SpooledJob]]] = {}
        #: printer → its jobs, which are being taken
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self._held = _Held(surroundings.own(config.name) / "held.json")
        self._letting_go: asyncio.Task[None] | None = None
        #: jobs that could not be let go
        self._stuck: set[tuple[str, int]] = set()
        #: jobs that are taken, or cannot be, for as long as the spooler has them → their printer
        self._done: dict[str, str] = {}
        #: jobs that are not complete yet
        self._coming: dict[str, SpooledJob] = {}
        self._unkept: deque[Unkept] = deque(maxlen=REMEMBERED)
        #: the archive could not have the last job
        self._unfiled = ("", "")
        self._trouble = ("", "")
        self._since: int | None = None
        self._taken = 0
        self._last_at: int | None = None

    async def run(self) -> None:
        """Until cancelled; then nothing stays held."""
        try:
            # One whose server hangs must not keep the others from being looked at.
            self._letting_go = asyncio.create_task(self._let_go_of_all())
            await asyncio.wait({self._letting_go}, timeout=PATIENCE)
            while True:
                await self.look()
                await asyncio.wrap_future(in_thread(lambda: self._spooler.wait(self._scan), "winspool wait"))
                await asyncio.sleep(BREATH)
        finally:
            self._spooler.wake()
            letting_go = asyncio.ensure_future(self._end())
            with suppress(asyncio.CancelledError):
                await asyncio.wait({letting_go}, timeout=FAREWELL)
            await asyncio.wait({letting_go}, timeout=FAREWELL)  # it was cancelled once more while it waited
            for task in (letting_go, self._letting_go, *self._asked.values()):
                if task is not None:
                    task.cancel()
            for thread in self._threads.values():
                thread.close()

    def state(self) -> SourceState:
        return SourceState(
            self._config.name, "winspool", tuple(self._config.printers), *self._trouble, self._since,
            len(self._coming), self._taken, self._last_at, tuple(self._unkept),
        )  # fmt: skip

    async def look(self) -> None:
        """Once through all queues."""
        try:
            printers = await self._printers()
        except OSError as error:
            self._troubled(f"the spooler cannot be asked: {error.strerror or error}", "Is the print spooler running?")
            return
        told, trouble = await self._jobs(printers)
        known = {_uid(job): job for jobs in told.values() for job in jobs}
        for uid, job in list(self._coming.items()):
            if uid not in known and (job.printer in told or job.printer not in printers):
                del self._coming[uid]
                self._miss(job, GONE, KEEP)
        silent = set(printers) - told.keys()
        self._done = {uid: printer for uid, printer in self._done.items() if uid in known or printer in silent}
        await self._let_go_of_others(silent)
        await self._see_all(told)
        self._troubled(*(self._unfiled if self._unfiled[0] else trouble))
        self._tell()

    async def _see_all(self, told: Mapping[str, Sequence[SpooledJob]]) -> None:
        """The queues beside each other: one whose server hangs is left alone with that."""
        new = {printer: asyncio.create_task(self._see_queue(jobs)) for printer, jobs in told.items() if jobs}
        self._at_work |= new
        if new:
            await asyncio.wait(new.values(), timeout=PATIENCE)
        for printer, task in list(self._at_work.items()):
            if task.done():
                del self._at_work[printer]
                task.result()

    async def _see_queue(self, jobs: Sequence[SpooledJob]) -> None:
        for job in jobs:
            if (uid := _uid(job)) not in self._done and not is_ours(job):
                await self._see(uid, job)

    async def _end(self) -> None:
        for task in self._at_work.values():
            task.cancel()
        if self._at_work:
            await asyncio.wait(self._at_work.values())
        await self._let_go_of_all()

    # -- one job ------------------------------------------------------------------------------------------------------

    async def _see(self, uid: str, job: SpooledJob) -> None:
        if job.status & LEAVING:
            return
        await self._hold(job)
        self._coming[uid] = job
        if job.status & JobStatus.SPOOLING:
            return  # it is looked at again when it is complete
        try:
            await self._take(uid, job)
        except JobGone:
            self._miss(job, GONE, KEEP)
        except OSError as error:
            self._miss(job, f"It cannot be read: {error.strerror or error}", RIGHT)
        except ComptoirError as error:
            # A counter that cannot print would be worse than an archive that says what it lacks.
            self._unfiled = (error.message, error.hint)
            self._miss(job, error.message, error.hint)
        self._done[uid] = job.printer
        self._coming.pop(uid, None)
        await self._let_go(job.printer, job.number)

    async def _take(self, uid: str, job: SpooledJob) -> None:
        """Raises OSError, JournalError, TooLarge."""
        journal = self._surroundings.journal
        document = await journal.keep(self._bytes(job), media_type_of_data(job.datatype), "", NO_BOUND)
        taken = {"datatype": job.datatype, "driver": job.driver, "pages": str(job.pages or "")}
        await self._surroundings.take(
            Capture(
                Origin(self._config.name, job.user, job.machine),
                uid,
                (Part(document),),
                job.title,
                job.printer,
                job.submitted,
                attributes={**dict(job.wishes), **{name: value for name, value in taken.items() if value}},
            )
        )
        self._taken += 1
        self._last_at = self._surroundings.clock.now()
        self._unfiled = ("", "")

    async def _bytes(self, job: SpooledJob) -> AsyncIterator[bytes]:
        pieces = await self._call(job.printer, lambda: self._spooler.read(job.printer, job.number))
        try:
            while piece := await self._call(job.printer, lambda: next(pieces, b"")):
                yield piece
        finally:
            # Nobody waits for it: a server that hangs must not keep the service from ending.
            self._thread(job.printer).start(partial(_closed, pieces))

    def _miss(self, job: SpooledJob, why: str, hint: str) -> None:
        log.warning("%s: job %d of %s is not in the archive: %s", self._config.name, job.number, job.printer, why)
        self._unkept.append(
            Unkept(self._config.name, str(job.number), job.printer, job.title, job.user, job.submitted, why, hint)
        )

    # -- the spooler --------------------------------------------------------------------------------------------------

    async def _printers(self) -> Sequence[str]:
        config = self._config
        names = await self._call("", self._spooler.printers)
        return [name for name in names if _is_one(name, config.printers) and not _is_one(name, config.ignore)]

    async def _jobs(self, printers: Sequence[str]) -> tuple[dict[str, Sequence[SpooledJob]], tuple[str, str]]:
        """The jobs of each printer that tells them; what is the matter with one of the others. Those at work are not
        asked, and who has not answered before is not waited for."""
        told, trouble = dict[str, Sequence[SpooledJob]](), ("", "")
        idle = [printer for printer in printers if printer not in self._at_work]
        new = {
            printer: asyncio.create_task(self._call(printer, partial(self._spooler.jobs, printer)))
            for printer in idle if printer not in self._asked
        }  # fmt: skip
        self._asked |= new
        if new:
            await asyncio.wait(new.values(), timeout=PATIENCE)
        for printer in idle:
            asked = self._asked[printer]
            if not asked.done():
                trouble = (f"the queue of {printer} does not answer", AWAY)
                continue
            del self._asked[printer]
            try:
                # The server of a queue calls it by a name of its own, by which nobody here can open it.
                told[printer] = [replace(job, printer=printer) for job in asked.result()]
            except PrinterGone:
                told[printer] = ()
            except OSError as error:
                trouble = (f"the queue of {printer} cannot be looked at: {error.strerror or error}", RIGHT)
        return told, trouble

    async def _hold(self, job: SpooledJob) -> None:
        """So that it is not gone before it is read. What somebody else has paused is his to let go."""
        if job.status & NOT_HELD or (job.printer, job.number) in self._held:
            return
        self._held.add(job.printer, job.number)
        try:
            await self._call(job.printer, lambda: self._spooler.hold(job.printer, job.number))
        except OSError as error:
            log.debug("job %d of %s cannot be held: %s", job.number, job.printer, error)
            self._held.remove(job.printer, job.number)

    async def _let_go(self, printer: str, number: int) -> None:
        """A spooler that refuses now is asked again: it may be starting anew, and the job would wait for ever."""
        if (printer, number) not in self._held:
            return
        try:
            await self._call(printer, lambda: self._spooler.resume(printer, number))
        except (JobGone, PrinterGone):
            pass
        except OSError as error:
            if (printer, number) not in self._stuck:
                log.warning("job %d of %s cannot be let go, and is held: %s", number, printer, error)
            self._stuck.add((printer, number))
            return
        self._stuck.discard((printer, number))
        self._held.remove(printer, number)

    async def _let_go_of_all(self) -> None:
        await asyncio.gather(*(self._let_go(printer, number) for printer, number in self._held.all()))

    async def _let_go_of_others(self, silent: Collection[str]) -> None:
        """What is held still, and is not coming: it was deleted, or could not be let go."""
        coming = {(job.printer, job.number) for job in self._coming.values()}
        for printer, number in self._held.all():
            if (printer, number) not in coming and printer not in silent:
                await self._let_go(printer, number)

    async def _call(self, printer: str, call: Callable[[], T]) -> T:
        return await self._thread(printer).do(call)

    def _thread(self, printer: str) -> OwnThread:
        return self._threads.setdefault(printer, OwnThread(f"winspool {printer}"))

    # -- how it fares -------------------------------------------------------------------------------------------------

    def _troubled(self, trouble: str, hint: str) -> None:
        if (trouble, hint) != self._trouble:
            if trouble:
                log.error("%s: %s", self._config.name, trouble)
            self._trouble = (trouble, hint)
            self._since = self._surroundings.clock.now() if trouble else None
            self._tell()

    def _tell(self) -> None:
        for listener in tuple(self.on_change):
            listener()


class _Held:
    """The jobs that are held, on disk before they are: a crash must not leave somebody's print waiting for ever."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            read = json.loads(path.read_bytes())
            self._jobs = {(str(printer), int(number)) for printer, number in read}
        except (OSError, ValueError, TypeError):
            self._jobs = set()

    def __contains__(self, job: object) -> bool:
        return job in self._jobs

    def all(self) -> list[tuple[str, int]]:
        return sorted(self._jobs)

    def add(self, printer: str, number: int) -> None:
        self._jobs.add((printer, number))
        self._write()

    def remove(self, printer: str, number: int) -> None:
        self._jobs.discard((printer, number))
        self._write()

    def _write(self) -> None:
        try:
            replace_file(self._path, json.dumps(sorted(self._jobs)).encode(), 0o600)
        except OSError as error:
            log.warning("which jobs are held cannot be written down: %s", error)


def media_type_of_data(datatype: str) -> str:
    """What a spool file of this datatype is; "" where its bytes tell. EMF is Windows' own, and nobody else reads it."""
    name = datatype.upper()
    if name.startswith("NT EMF"):
        return EMF
    return XPS if name.startswith("XPS") else ""


def is_ours(job: SpooledJob) -> bool:
    """Whether this computer's Comptoir has put it into the queue: taken once more, it would be printed once more."""
    here = socket.gethostname().partition(".")[0].lower()
    ours = job.title in (PULSE, UNTITLED) or _OURS.fullmatch(job.title) is not None
    return job.machine.partition(".")[0].lower()[:TOLD] in ("", here[:TOLD]) and ours


def _uid(job: SpooledJob) -> str:
    """One identity: numbers begin again when the computer does."""
    return _digest("\0".join((job.printer, str(job.number), str(job.submitted), job.machine, job.user, job.title)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _is_one(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)


def _closed(pieces: Iterator[bytes]) -> None:
    close = getattr(pieces, "close", None)
    if close is not None:
        close()
