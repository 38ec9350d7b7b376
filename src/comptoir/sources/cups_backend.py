"""What the CUPS backend has left in its spool directory, taken: now, or when the station runs again.

A print leaves the spool only after `take` has returned. Killed in between, it is found again and known by its uid. What
was printed while nobody ran is taken in the order in which it was printed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

from comptoir.arrivals import CupsBackendSourceConfig
from comptoir.core.document import Document, Origin
from comptoir.core.errors import JournalError
from comptoir.core.kept import Capture, Part, SourceState, Unkept
from comptoir.core.retry import Backoff
from comptoir.sources.arriving import NO_BOUND
from comptoir.sources.cups_spool import DAMAGED, Aside, Damaged, Entry, Spool, Spooled, Told
from comptoir.sources.folder.events import Events, Hints
from comptoir.sources.folder.own_thread import OwnThread
from comptoir.sources.rounds import Rounds
from comptoir.sources.surroundings import Surroundings
from comptoir.wire.cups_options import attributes_of, parse

log = logging.getLogger("comptoir.cups")

SCAN: Final = 10_000  # ms between two looks, besides the system's events
SWEEP: Final = 3_600_000  # ms
#: ms; a print whose outcome on paper is not known by then is taken without it: a printer may be off for days
PATIENCE: Final = 5_000
STORE_BACKOFF: Final = Backoff(first=1_000, most=30_000)

NOT_THERE: Final = "there is no spool directory {folder}"
NOT_READ: Final = "the spool directory {folder} cannot be read: {why}"
ASIDE: Final = "What there is of it lies in {folder}. It is shown until it is removed there."
INSTALL: Final = "As the administrator, type: comptoir capture install"


def make(config: CupsBackendSourceConfig, surroundings: Surroundings) -> CupsBackendSource:
    """The source of this configuration."""
    return CupsBackendSource(config, surroundings)


class CupsBackendSource(Rounds):
    """One spool directory. What was set aside is shown until somebody has removed it."""

    def __init__(self, config: CupsBackendSourceConfig, surroundings: Surroundings, patience: int = PATIENCE) -> None:
        state = SourceState(config.name, "cups_backend", (config.spool,))
        super().__init__(state, surroundings.clock, STORE_BACKOFF)
        self._spool = Spool(Path(config.spool))
        self._around = surroundings
        self._patience = patience
        self._thread = OwnThread(f"spool {config.name}")
        self._events: Events | None = None
        self._hints = Hints(config.spool, self._woken)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._swept_at: int | None = None
        self._aside: list[Aside] = []

    async def close(self) -> None:
        """It looks no more; a call that hangs is left alone."""
        if self._events is not None:
            self._thread.start(self._events.stop)
        self._thread.close()

    async def work(self) -> int:
        """Take what can be taken now; for how long there is nothing to do then, in ms."""
        self._loop = asyncio.get_running_loop()
        self._wake.clear()
        self._hints.drain()
        try:
            await self._thread.do(self._prepare)
            delay = await self._take_all()
        except FileNotFoundError:
            return self._down(NOT_THERE.format(folder=self._spool.folder), INSTALL)
        except OSError as error:
            why = error.strerror or str(error)
            return self._down(NOT_READ.format(folder=self._spool.folder, why=why), INSTALL)
        except JournalError as error:
            return self._down(error.message, error.hint)
        self._well(unkept=tuple(self._unkept(one) for one in self._aside))
        return delay

    # -- the spool ----------------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        """Listen for what comes, and remove what is of no use any more. It blocks."""
        if self._events is None or not self._events.alive:
            if self._events is not None:
                self._events.stop()
            self._events = None
            if not self._spool.folder.is_dir():
                raise FileNotFoundError
            with contextlib.suppress(OSError):  # then it is looked through every SCAN
                self._events = Events(str(self._spool.folder), False, self._hints)
        now = self._around.clock.now()
        if self._swept_at is None or now - self._swept_at >= SWEEP:
            self._spool.sweep(now)
            self._swept_at = now
        self._aside = self._spool.aside()

    async def _take_all(self) -> int:
        names = await self._thread.do(self._spool.names)
        self._told(busy=len(names))
        delay = SCAN
        for name in names:
            try:
                entry = await self._thread.do(lambda name=name: self._spool.entry(name))  # type: ignore[misc]
                if (wait := self._waits(entry)) > 0:
                    delay = min(delay, wait)
                    continue
                await self._take(entry)
            except FileNotFoundError:
                continue  # a person has removed it
            except Damaged as error:
                await self._set_aside(name, str(error))
        return delay

    def _waits(self, entry: Entry) -> int:
        """For how long its outcome is waited for, in ms."""
        if entry.outcome:
            return 0
        age = self._around.clock.now() - entry.told.at
        return self._patience - age if 0 <= age < self._patience else 0

    async def _set_aside(self, name: str, why: str) -> None:
        log.error("%s: the print %s cannot be taken: %s", self.name, name, why)
        await self._thread.do(lambda: self._spool.set_aside(name, why))
        self._aside = await self._thread.do(self._spool.aside)

    # -- one print ----------------------------------------------------------------------------------------------------

    async def _take(self, entry: Entry) -> None:
        """Into the journal, then out of the spool. Raises Damaged, JournalError, OSError."""
        journal, told = self._around.journal, entry.told
        if await journal.keeping.kept_by_uid(self.name, told.uid) is None:
            parts: list[Part] = []
            try:
                for file in told.documents:
                    parts.append(Part(await self._keep(file, told)))
                if told.printed is not None:
                    parts.append(Part(await self._keep(told.printed, told), "printed"))
                await self._around.take(self._capture(entry, tuple(parts)))
            except BaseException:
                for part in parts:
                    journal.give_up(part.document)
                raise
            log.info("%s: job %d on %s is kept", self.name, told.job, told.environ.get("PRINTER", ""))
            self._took()
        await self._thread.do(lambda: self._spool.remove(entry.name))

    async def _keep(self, file: Spooled, told: Told) -> Document:
        """The bytes on disk, under the name that the program gave them."""
        head = await self._thread.do(lambda: self._spool.head(file))
        original = file in told.documents
        # Who prints a compressed file as such says so; otherwise it was only compressed on its way to CUPS.
        packed = original and head.startswith(b"\x1f\x8b") and "zip" not in told.environ.get("CONTENT_TYPE", "")
        name = parse(told.options).get("document-name-supplied", "") if original and len(told.documents) == 1 else ""
        return await self._around.journal.keep(self._chunks(self._spool.chunks(file, packed)), "", name, NO_BOUND)

    async def _chunks(self, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
        while (piece := await self._thread.do(lambda: next(pieces, None))) is not None:
            yield piece

    def _capture(self, entry: Entry, parts: tuple[Part, ...]) -> Capture:
        told = entry.told
        options = parse(told.options)
        known = {"cups_job": str(told.job), "job_uuid": told.uuid, "outcome": entry.outcome or "printing"}
        if told.times > 1:
            known["times"] = str(told.times)
        return Capture(
            origin=Origin(self.name, told.user, options.get("job-originating-host-name", "")),
            uid=told.uid,
            parts=parts,
            title=told.title,
            printer=told.environ.get("PRINTER", ""),
            printed_at=told.at,
            copies=max(1, told.copies),
            attributes=attributes_of(options, **known),
        )

    # -- what is told -------------------------------------------------------------------------------------------------

    def _unkept(self, aside: Aside) -> Unkept:
        where = self._spool.folder / DAMAGED
        return Unkept(self.name, aside.name, "", "", "", aside.at, aside.why, ASIDE.format(folder=where))

    def _woken(self) -> None:
        """Something has happened in the spool, as some thread hears."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: the service ends
                self._loop.call_soon_threadsafe(self._wake.set)
