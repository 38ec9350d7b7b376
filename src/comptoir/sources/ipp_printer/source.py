"""The printer as a source of the station: its parts put together, started, and how it fares. It does nothing itself."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
from collections.abc import AsyncIterator, Callable
from typing import Final

from comptoir.arrivals import IppPrinterSourceConfig
from comptoir.core.errors import ConfigError, JournalError
from comptoir.core.kept import Capture, Filed, SourceState
from comptoir.core.units import size
from comptoir.sources.ipp_printer.announcing import ENCRYPTED, PLAIN, Announcement, Announcing, is_loopback
from comptoir.sources.ipp_printer.answers import Answers
from comptoir.sources.ipp_printer.asking import PATH
from comptoir.sources.ipp_printer.book import Book
from comptoir.sources.ipp_printer.capabilities import PATIENCE, identity_of
from comptoir.sources.ipp_printer.describing import Describing
from comptoir.sources.ipp_printer.documents import Documents
from comptoir.sources.ipp_printer.following import Following
from comptoir.sources.ipp_printer.held import Held
from comptoir.sources.ipp_printer.intake import Intake
from comptoir.sources.ipp_printer.numbers import Numbers
from comptoir.sources.ipp_printer.operations import CANCELED, Operations
from comptoir.sources.ipp_printer.page import page
from comptoir.sources.ipp_printer.print_job import PrintJob
from comptoir.sources.ipp_printer.restoring import restore
from comptoir.sources.ipp_printer.server import PrinterServer, Ways
from comptoir.sources.ipp_printer.status import Status
from comptoir.sources.ipp_printer.subscriptions import Subscriptions
from comptoir.sources.surroundings import CaptureSource, Surroundings

log = logging.getLogger("comptoir.capture")

#: seconds between two looks at what waits: jobs without documents, a disk that refuses, the printer behind
LOOK: Final = 5.0
#: ms in which a client that cancels a job to send it again does not see it cancelled
STOPPING_FOR: Final = 60_000
#: seconds until a port that another program has is tried again
AGAIN: Final = 10.0


def make(config: IppPrinterSourceConfig, surroundings: Surroundings) -> CaptureSource:
    """The source of this configuration. Raises ConfigError."""
    return IppPrinterSource(config, surroundings)


class IppPrinterSource:
    """`sources.surroundings.CaptureSource`: a printer of its own."""

    def __init__(self, config: IppPrinterSourceConfig, surroundings: Surroundings) -> None:
        self._config = config
        self._around = surroundings
        self.on_change: list[Callable[[], None]] = []
        self._largest = _largest(config)
        self._taken = 0
        self._last_at: int | None = None
        #: why it does not listen, and what to do
        self._silent: tuple[str, str, int] | None = None
        self._assemble()

    def _assemble(self) -> None:
        config, around = self._config, self._around
        folder = around.own(config.name)
        self._identity = identity_of(config, around.journal.uid)
        self._numbers = Numbers(folder)
        self._book = Book(self._numbers, around.clock)
        self._status = Status(self._book, around.clock, lambda: around.trouble(config.name))
        self._answers = Answers(folder, around.clock)
        self._held = Held(folder)
        intake = Intake(config.name, around.journal, self._take, self._answers)
        intake.on_trouble = self._refused
        describing = Describing(config, self._identity, self._largest, self._book, self._status)
        self._following = Following(around.journal, self._book)
        self._documents = Documents(
            self._book,
            intake,
            self._held,
            self._following,
            describing,
            self._largest,
            around.language,
            lambda: self._status.trouble,
            around.withdraw,
        )
        subscriptions = Subscriptions(self._book, self._status)
        operations = Operations(self._book, self._documents, describing, subscriptions, around.withdraw)
        self._server = PrinterServer(
            Ways(config, around.folder, around.context),
            operations,
            self._answers,
            lambda places: page(self._identity, places, around.language()),
        )
        self._book.on_change.append(self._job_changed)
        self._status.on_change.append(self._changed)

    @property
    def port(self) -> int:
        """On which it listens."""
        return self._server.port

    def state(self) -> SourceState:
        trouble, hint, since = self._silent or (self._status.trouble, self._status.hint, self._status.since)
        if not trouble and self._config.tls == "required" and self._around.context() is None:
            trouble, hint = "it is to be reached by TLS only, and there is no certificate", 'Write tls = "optional".'
        return SourceState(
            self._config.name,
            "ipp_printer",
            self._addresses(),
            trouble,
            hint,
            since,
            busy=sum(job.incoming for job in self._book),
            taken=self._taken,
            last_at=self._last_at,
        )

    async def run(self) -> None:
        """Listen until cancelled."""
        await self._remember()
        await self._listen()
        announcing = await self._announce()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._following.run())
                tasks.create_task(self._look())
        finally:
            if announcing is not None:
                await announcing.stop()
            await self._server.stop()

    # -- the parts ----------------------------------------------------------------------------------------------------

    async def _remember(self) -> None:
        """What earlier runs have left, as soon as it can be read: nobody may ask for a job before."""
        while True:
            try:
                await self._numbers.load()
                for job in await self._held.load():
                    self._book.add(job)
                await restore(
                    self._config.name, self._around.journal, self._numbers, self._book, self._following, self._answers
                )
                await self._numbers.reserve()
            except JournalError as error:
                self._keep_silent(error.message, error.hint)
                await asyncio.sleep(AGAIN)
            else:
                return

    async def _listen(self) -> None:
        while True:
            try:
                await self._server.start()
            except OSError as error:
                self._keep_silent(*_busy(self._config, error))
                await asyncio.sleep(AGAIN)
            else:
                self._silent = None
                log.info("%s: printers are added here: %s", self._config.name, ", ".join(self._addresses()))
                self._changed()
                return

    async def _announce(self) -> Announcing | None:
        if not self._config.announce or is_loopback(self._config.host):
            return None
        encrypted = self._config.tls != "never" and self._around.context() is not None
        ways = (PLAIN,) * (self._config.tls != "required") + (ENCRYPTED,) * encrypted
        announcing = Announcing(Announcement(self._identity, self._config, self.port, ways))
        try:
            await announcing.start()
        except OSError as error:
            log.warning("%s cannot be announced in the network: %s", self._config.name, error)
            return None
        return announcing

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            for job in self._book.stale(PATIENCE * 1000):
                try:
                    await self._documents.finish(job)
                except JournalError as error:
                    log.warning("job %d of %s stays open: %s", job.number, self._config.name, error)
            for job in self._book.stopping(STOPPING_FOR):
                self._book.end(job, CANCELED)
            if self._status.trouble:
                await self._try_the_disk()
            self._status.look()

    async def _try_the_disk(self) -> None:
        """Whether what refused takes something again: nobody may print meanwhile, and it is not to stay in trouble."""
        try:
            self._around.journal.give_up(await self._around.journal.keep(_something(), "text/plain", ""))
        except JournalError as error:
            self._refused(error)
        else:
            self._refused(None)

    def _refused(self, error: JournalError | None) -> None:
        """The disk refuses, or (None) takes what comes: said when it begins, and when it is over."""
        before = self._status.trouble
        self._status.refused(error)
        if error is not None and error.message != before:
            log.error("%s takes nothing: %s", self._config.name, error.sentences)
        elif error is None and before:
            log.info("%s takes prints again", self._config.name)

    async def _take(self, capture: Capture) -> Filed:
        filed = await self._around.take(capture)
        if filed.fresh:
            self._taken += 1
            self._last_at = self._around.clock.now()
            self._changed()
        return filed

    def _addresses(self) -> tuple[str, ...]:
        host = "localhost" if is_loopback(self._config.host) else self._config.host
        if host in ("0.0.0.0", "::"):  # noqa: S104 - the owner's choice
            host = os.uname().nodename if hasattr(os, "uname") else "localhost"
        bracketed = f"[{host}]" if ":" in host else host
        scheme = "ipps" if self._config.tls == "required" else "ipp"
        return (f"{scheme}://{bracketed}:{self.port}{PATH}",)

    def _job_changed(self, job: PrintJob, what: str) -> None:
        self._changed()

    def _keep_silent(self, trouble: str, hint: str) -> None:
        if self._silent is None or self._silent[0] != trouble:
            log.error("%s: %s. %s", self._config.name, trouble, hint)
            self._silent = (trouble, hint, self._around.clock.now())
            self._changed()

    def _changed(self) -> None:
        for listener in tuple(self.on_change):
            listener()


async def _something() -> AsyncIterator[bytes]:
    yield b"?"


def _largest(config: IppPrinterSourceConfig) -> int | None:
    try:
        return size(config.largest)
    except ValueError as error:
        raise ConfigError(f"source {config.name}: largest: {error}") from None


def _busy(config: IppPrinterSourceConfig, error: OSError) -> tuple[str, str]:
    where = error.filename or f"{config.host}:{config.port}"
    if error.errno == errno.EADDRINUSE:
        return f"the address {where} is in use by another program", "Choose another port for this printer."
    if error.errno == errno.EACCES:
        return f"this user may not listen on {where}", "Choose a port above 1023."
    return f"it is not possible to listen on {where}: {error.strerror or error}", "Check host and port."
