"""A printer of Windows for tests of what its driver draws: its queue as a script, its driver as a real process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from tests.peers.clock import FakeClock
from tests.peers.papers import submission

from comptoir.core.errors import Withdrawn
from comptoir.core.job import Evidence
from comptoir.core.ports import Connection, QueuedJob
from comptoir.core.queued import Queued, TakenBack
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks.gdi import GdiPrinter, GdiSink
from comptoir.windows.driver_process import DriverProcess


@dataclass
class ScriptedQueue:
    """`sinks.gdi.DriverDevice`, and its only job. phases: what it is, one look after the other; the last one stays."""

    phases: list[Queued] = field(default_factory=lambda: [Queued("left")])
    taken_back: TakenBack = "nothing"
    refuses: OSError | None = None
    #: whether an earlier run has left its job there
    left: bool = False
    replies: bool = False
    number: int = 0
    open_jobs: int = 0
    log: list[str] = field(default_factory=list)
    on_look: Callable[[], None] = lambda: None

    async def enter(self) -> tuple[str, ScriptedQueue]:
        if self.refuses is not None:
            raise self.refuses
        self.open_jobs += 1
        return "OFFICE", self

    async def open(self) -> Connection:
        raise AssertionError("nothing but its driver writes to it")

    async def find(self, title: str) -> QueuedJob | None:
        self.log.append(f"find {title}")
        return self if self.left else None

    async def clean(self, title: str) -> bool:
        return True

    def know(self, number: int) -> None:
        self.number = number

    async def let_go(self) -> None:
        self.open_jobs -= 1

    async def look(self, seconds: float) -> Queued:
        self.on_look()
        return self.phases.pop(0) if len(self.phases) > 1 else self.phases[0]

    async def take_back(self, seconds: float, *, begun: bool) -> TakenBack:
        self.log.append("take back")
        self.left = self.left and self.taken_back == "there"
        return self.taken_back


class Driven:
    """Deliveries to one printer. `trouble`: as `tests.peers.driver` has it. told: what whoever waits is told."""

    def __init__(self, journal: SqliteJournal, folder: Path, trouble: str = "") -> None:
        self.folder = folder / "driver"
        self.folder.mkdir()
        self.trouble = trouble
        self.queue = ScriptedQueue()
        self.began = 0
        self.withdrawn = False
        self.told: list[str] = []
        self.clock = FakeClock()
        self.patience = 30.0
        self._journal = journal
        self.sink = GdiSink(GdiPrinter(self.queue, process=self._process), journal, self.clock)

    def _process(self) -> DriverProcess:
        command = (sys.executable, "-m", "tests.peers.driver", str(self.folder), self.trouble)
        return DriverProcess(command, self.patience)

    async def started(self) -> None:
        if self.withdrawn:
            raise Withdrawn("cancelled")
        self.began += 1

    def stopped(self, reason: str, message: str) -> None:
        self.told.append(reason)

    def resumed(self) -> None:
        self.told.append("goes on")

    async def __call__(self, content: bytes, **more: object) -> Evidence:
        attempts = more.pop("attempts", 0)
        fields: dict[str, object] = {"media_type": "application/pdf", "format": "pdf", "title": "Facture", **more}
        job = (await self._journal.accept(submission(content, **fields))).job  # type: ignore[arg-type]
        object.__setattr__(job, "attempts", attempts)
        return await self.sink.deliver(job, job.document, self)

    def asked(self, *tasks: str) -> list[str]:
        """What the driver was asked, only these tasks."""
        lines = (self.folder / "asked").read_text().splitlines()
        return [line for line in lines if not tasks or line.split()[0] in tasks]

    def sides(self) -> Iterator[Image.Image]:
        """The sides that came out, in greys."""
        number = 1
        while (self.folder / f"{number}.png").exists():
            yield Image.open(self.folder / f"{number}.png").convert("L")
            number += 1
