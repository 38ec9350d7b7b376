"""A counter for tests: printers as a station has them, in front of real devices."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.peers.clock import FakeClock
from tests.peers.papers import submission
from tests.peers.watch import Watch

from comptoir.clock import SystemClock
from comptoir.core.document import Document
from comptoir.core.job import Evidence, Job
from comptoir.core.page import Media
from comptoir.core.ports import Journal, Sink, Started
from comptoir.devices import device
from comptoir.formats import FORMATS, reader
from comptoir.journal.sqlite import SqliteJournal
from comptoir.languages import language
from comptoir.sinks.printer import Printer, PrinterSink
from comptoir.station.spooler import Spooler

READERS = {name: reader(name) for name in FORMATS}


def sink(journal: Journal, uri: str, folder: Path, ask_status: bool = True, name: str = "TICKET") -> PrinterSink:
    """A receipt printer at this device URI."""
    return PrinterSink(Printer(name, device(uri, folder), language("escpos"), READERS, Media(), ask_status), journal)


class Counter:
    """Journal, spooler and printers."""

    def __init__(self, journal: SqliteJournal, clock: FakeClock | SystemClock, folder: Path) -> None:
        self.journal = journal
        self.clock = clock
        self.folder = folder
        self.sinks: dict[str, Sink] = {}
        self.watch = Watch(journal)
        self.spooler: Spooler | None = None

    def printer(self, name: str, uri: str) -> None:
        self.sinks[name] = sink(self.journal, uri, self.folder, name=name)

    async def start(self) -> Spooler:
        self.spooler = Spooler(self.journal, self.sinks, self.clock)
        await self.spooler.start()
        return self.spooler

    async def stop(self) -> None:
        if self.spooler is not None:
            await self.spooler.stop()
            self.spooler = None

    async def submit(self, content: str = "Hello world", destination: str = "TICKET", **more: object) -> int:
        job = (await self.journal.accept(submission(content, destination, **more))).job  # type: ignore[arg-type]
        assert self.spooler is not None
        self.spooler.submit(job)
        return job.id


class Hand:
    """A sink that is worked by hand: each delivery waits until the test says how it goes."""

    def __init__(self) -> None:
        self.jobs: list[int] = []
        self.before: Callable[[], Awaitable[None]] | None = None
        self.may_begin = asyncio.Event()
        self.may_end = asyncio.Event()
        self.came = asyncio.Event()
        self.fails: list[Exception] = []

    async def deliver(self, job: Job, document: Document, started: Started) -> Evidence:
        self.jobs.append(job.id)
        self.came.set()
        if self.fails:
            raise self.fails.pop(0)
        await self.may_begin.wait()
        if self.before is not None:
            await self.before()
        await started()
        await self.may_end.wait()
        return Evidence("sent")
