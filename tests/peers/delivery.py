"""Deliveries of a test: a far side, a journal, the sink between them, and all that is said."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from tests.peers.clock import FakeClock
from tests.peers.far import Far, Told, Watched, a_job

from comptoir.core.errors import DeliveryError
from comptoir.core.job import Evidence, Job
from comptoir.core.ports import Journal, Sink
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks import DESTINATIONS


class Bench:
    """A far side and the sinks to it."""

    def __init__(self, far: Any, journal: SqliteJournal, folder: Path) -> None:
        self.far = far
        self.journal = journal
        self.folder = folder
        self.clock = FakeClock()
        self.watched = Watched(journal)
        self.told = Told()
        self.sinks: list[Any] = []
        self.said: list[str] = []

    def sink(self, config: Any = None) -> Any:
        """A new one; of the far side where nothing else is said."""
        config = config or self.far.config()
        module, _, name = DESTINATIONS[type(config).__struct_config__.tag].partition(":")
        make = getattr(importlib.import_module(module), name)
        self.sinks.append(make(config, cast(Journal, self.watched), self.folder, self.clock))
        return self.sinks[-1]

    async def deliver(self, job: Job, sink: Sink | None = None) -> Evidence:
        """One attempt; what is said of it is kept."""
        try:
            evidence = await (sink or self.sink()).deliver(job, job.document, self.told)
        except DeliveryError as error:
            self.said.append(error.sentences)
            raise
        self.said.append(evidence.detail)
        return cast(Evidence, evidence)

    async def to(self, content: bytes = b"a document", name: str = "FAC-1.pdf", **keys: Any) -> Evidence:
        """Deliver a new document to a sink whose configuration has these keys."""
        return await self.deliver(await a_job(self.journal, content, name), self.sink(self.far.config(**keys)))

    async def contents(self) -> list[bytes]:
        return [one.content for one in await self.far.arrivals()]


@asynccontextmanager
async def bench_of(make: Callable[[Path], Far], tmp_path: Path) -> AsyncIterator[Bench]:
    """A far side with a data folder and a journal of its own."""
    data = tmp_path / "data"
    data.mkdir()
    journal = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    async with make(data) as far:
        one = Bench(far, journal, data)
        yield one
        for sink in one.sinks:
            await sink.close()
    await journal.close()
