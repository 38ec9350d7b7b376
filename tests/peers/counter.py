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
from comptoir.core.ports import Clock, Journal, Progress, Sink
from comptoir.core.profile import DEFAULT, Confirm
from comptoir.devices import device
from comptoir.formats import FORMATS, reader
from comptoir.journal.sqlite import SqliteJournal
from comptoir.languages import language
from comptoir.sinks.channel import Channel
from comptoir.sinks.facts import Facts
from comptoir.sinks.printer import Printer, PrinterSink
from comptoir.station.spooler import Spooler

READERS = {name: reader(name) for name in FORMATS}


def channel(
    uri: str, folder: Path, *, ask: bool = True, keep: bool = False, answered: bool = False, name: str = "TICKET"
) -> Channel:
    """The way to a receipt printer at this device URI."""
    return Channel(name, device(uri, folder), language("escpos"), ask=ask, keep=keep, answered=answered)


def sink(
    journal: Journal,
    way: Channel,
    facts: Facts | None = None,
    confirms: tuple[Confirm, ...] = ("in-order",),
    clock: Clock | None = None,
) -> PrinterSink:
    """A receipt printer at the end of a channel."""
    printer = Printer(way.name, way, language("escpos"), READERS, DEFAULT.media, confirms)
    return PrinterSink(printer, journal, clock or FakeClock(), facts or Facts())


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
        self.sinks[name] = sink(self.journal, channel(uri, self.folder, name=name))

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

    repeatable = False

    def __init__(self) -> None:
        self.jobs: list[int] = []
        self.before: Callable[[], Awaitable[None]] | None = None
        self.may_begin = asyncio.Event()
        self.may_end = asyncio.Event()
        self.came = asyncio.Event()
        self.fails: list[Exception] = []

    async def deliver(self, job: Job, document: Document, progress: Progress) -> Evidence:
        self.jobs.append(job.id)
        self.came.set()
        if self.fails:
            raise self.fails.pop(0)
        await self.may_begin.wait()
        if self.before is not None:
            await self.before()
        await progress.started()
        await self.may_end.wait()
        return Evidence("sent")
