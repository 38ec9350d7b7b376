"""A printer behind a spooler for tests: the queue, the sink into it, and all that is said of a job on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from tests.peers.clock import FakeClock
from tests.peers.counter import READERS
from tests.peers.papers import submission
from tests.peers.spool_library import SpoolLibrary

from comptoir.core.job import Evidence, Job
from comptoir.core.profile import DEFAULT
from comptoir.devices.winspool import WinspoolDevice
from comptoir.journal.sqlite import SqliteJournal
from comptoir.languages import language
from comptoir.sinks.channel import Channel
from comptoir.sinks.facts import Facts
from comptoir.sinks.printer import Printer
from comptoir.sinks.queued import QueuedPrinterSink

PATIENCE = 20.0


class QueueDesk:
    """`spool`: the spooler; `told`: what the journal would be told."""

    def __init__(self, journal: SqliteJournal, *, notifies: bool = True) -> None:
        self.spool = SpoolLibrary("TICKET", notifies=notifies)
        self.journal = journal
        self.clock = FakeClock()
        self.told: list[str] = []
        self.news = asyncio.Event()
        self.starts()

    def starts(self) -> None:
        """The service, also anew."""
        self.device = WinspoolDevice("winspool:TICKET", Path("printer"), self.spool.spooler)
        self.channel = Channel("TICKET", self.device, language("escpos"), keep=True)
        printer = Printer("TICKET", self.channel, language("escpos"), READERS, DEFAULT.media, ("in-order",))
        self.sink = QueuedPrinterSink(self.device, printer, self.journal, self.clock, Facts())

    async def started(self) -> None:
        self._tell("started")

    def stopped(self, reason: str, message: str) -> None:
        self._tell(reason)

    def resumed(self) -> None:
        self._tell("goes on")

    def _tell(self, word: str) -> None:
        self.told.append(word)
        self.news.set()

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not done():
                await asyncio.sleep(0.01)

    async def job(self, content: str = "Hello world", **more: object) -> Job:
        return (await self.journal.accept(submission(content, **more))).job  # type: ignore[arg-type]

    def deliver(self, job: Job) -> asyncio.Task[Evidence]:
        return asyncio.ensure_future(self.sink.deliver(job, job.document, self))

    async def waiting(self, job: Job) -> tuple[asyncio.Task[Evidence], int]:
        """A delivery of which the job stands in the queue, and is followed; and its number there."""
        self.spool.ticket.prints = False
        delivery = self.deliver(job)
        log = self.spool.log
        await self.until(lambda: "EndDocPrinter" in log and "GetJobW" in log[log.index("EndDocPrinter") :])
        return delivery, next(reversed(self.spool.ticket.jobs))
