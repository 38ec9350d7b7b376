"""The watch over the spooler's queues: each job is held for a moment, read, taken, and let go to its printer.

A spooler deletes a job as soon as it is printed, so a job that is seen is held until its bytes are on disk. What was
held when the service ended is let go at the next start. A job that was gone before it could be read is told as one.
"""

from __future__ import annotations

import asyncio
import fnmatch
import hashlib
import json
import logging
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from comptoir.arrivals import WinspoolSourceConfig
from comptoir.core.document import Origin
from comptoir.core.errors import ComptoirError, ConfigError
from comptoir.core.kept import Capture, Part, SourceState, Unkept
from comptoir.core.units import duration
from comptoir.durable import replace_file
from comptoir.sources.arriving import NO_BOUND
from comptoir.sources.surroundings import Surroundings
from comptoir.sources.winspool.spooler import JobGone, Spooler
from comptoir.sources.winspool.structures import JobStatus, SpooledJob
from comptoir.threads import in_thread

log = logging.getLogger("comptoir.capture")

T = TypeVar("T")

#: seconds between two looks at least: a job that is being spooled changes all the time
BREATH: Final = 0.1
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
        self._thread = ThreadPoolExecutor(1, "winspool")
        self._held = _Held(surroundings.own(config.name) / "held.json")
        #: jobs that are taken, or cannot be, for as long as the spooler has them
        self._done: set[str] = set()
        #: jobs that are not complete yet
        self._coming: dict[str, SpooledJob] = {}
        self._unkept: deque[Unkept] = deque(maxlen=REMEMBERED)
        self._trouble = ("", "")
        self._since: int | None = None
        self._taken = 0
        self._last_at: int | None = None

    async def run(self) -> None:
        """Until cancelled; then nothing stays held."""
        try:
            await self._let_go_of_all()
            while True:
                await self.look()
                await asyncio.wrap_future(in_thread(lambda: self._spooler.wait(self._scan), "winspool wait"))
                await asyncio.sleep(BREATH)
        finally:
            self._spooler.wake()
            letting_go = asyncio.ensure_future(self._let_go_of_all())
            with suppress(asyncio.CancelledError):
                await asyncio.shield(letting_go)
            await letting_go
            self._thread.shutdown(wait=False)

    def state(self) -> SourceState:
        return SourceState(
            self._config.name, "winspool", tuple(self._config.printers), *self._trouble, self._since,
            len(self._coming), self._taken, self._last_at, tuple(self._unkept),
        )  # fmt: skip

    async def look(self) -> None:
        """Once through all queues."""
        try:
            found = [job for printer in await self._printers() for job in await self._jobs(printer)]
        except OSError as error:
            self._troubled(f"the spooler cannot be asked: {error.strerror or error}", "Is the print spooler running?")
            return
        known = {_uid(job): job for job in found}
        for uid, job in list(self._coming.items()):
            if uid not in known:
                del self._coming[uid]
                self._miss(job, GONE, KEEP)
        self._done &= known.keys()
        for uid, job in known.items():
            if uid not in self._done:
                await self._see(uid, job)
        self._tell()

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
            self._miss(job, f"It cannot be read: {error.strerror or error}", "The service needs the right to it.")
        except ComptoirError as error:
            # A counter that cannot print would be worse than an archive that says what it lacks.
            self._troubled(error.message, error.hint)
            self._miss(job, error.message, error.hint)
        self._done.add(uid)
        del self._coming[uid]
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
        self._troubled("", "")

    async def _bytes(self, job: SpooledJob) -> AsyncIterator[bytes]:
        pieces = await self._call(lambda: self._spooler.read(job.printer, job.number))
        try:
            while piece := await self._call(lambda: next(pieces, b"")):
                yield piece
        finally:
            await self._call(lambda: _closed(pieces))

    def _miss(self, job: SpooledJob, why: str, hint: str) -> None:
        log.warning("%s: job %d of %s is not in the archive: %s", self._config.name, job.number, job.printer, why)
        self._unkept.append(
            Unkept(self._config.name, str(job.number), job.printer, job.title, job.user, job.submitted, why, hint)
        )

    # -- the spooler --------------------------------------------------------------------------------------------------

    async def _printers(self) -> Sequence[str]:
        config = self._config
        names = await self._call(self._spooler.printers)
        return [name for name in names if _is_one(name, config.printers) and not _is_one(name, config.ignore)]

    async def _jobs(self, printer: str) -> Sequence[SpooledJob]:
        return await self._call(lambda: self._spooler.jobs(printer))

    async def _hold(self, job: SpooledJob) -> None:
        """So that it is not gone before it is read. What somebody else has paused is his to let go."""
        if job.status & NOT_HELD or (job.printer, job.number) in self._held:
            return
        self._held.add(job.printer, job.number)
        try:
            await self._call(lambda: self._spooler.hold(job.printer, job.number))
        except OSError as error:
            log.debug("job %d of %s cannot be held: %s", job.number, job.printer, error)
            self._held.remove(job.printer, job.number)

    async def _let_go(self, printer: str, number: int) -> None:
        if (printer, number) not in self._held:
            return
        with suppress(OSError):
            await self._call(lambda: self._spooler.resume(printer, number))
        self._held.remove(printer, number)

    async def _let_go_of_all(self) -> None:
        for printer, number in self._held.all():
            await self._let_go(printer, number)

    async def _call(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

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
