"""A folder that is watched with a clock that stands until it is told to go on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.peers.clock import FakeClock
from tests.peers.ledger import MemoryLedger, Planner

from comptoir.core.job import Job
from comptoir.core.watch import FolderState
from comptoir.sources.folder.settings import FolderSettings
from comptoir.sources.folder.source import FolderSource, monotonic


@dataclass
class Shop:
    """A folder, its source, and what came of it."""

    path: Path
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    planner: Planner = field(default_factory=Planner)
    clock: FakeClock = field(default_factory=FakeClock)
    jobs: list[Job] = field(default_factory=list)
    now: int = 0
    #: set when jobs have come
    taken: asyncio.Event | None = None

    def open(self, *, real: bool = False, **more: Any) -> FolderSource:
        """Watch it (anew, as after a restart). `real`: with a clock that goes."""
        settings = FolderSettings("factures", self.path, **{"watch": "poll", "recursive": True, **more})
        ticks = monotonic if real else lambda: self.now
        self.source = FolderSource(settings, self.ledger, self.planner, self.clock, self._took, ticks=ticks)
        return self.source

    def _took(self, jobs: Sequence[Job]) -> None:
        self.jobs += jobs
        if self.taken is not None:
            self.taken.set()

    async def look(self) -> FolderState:
        """Look through the folder, and do all that follows at this moment."""
        self.source.rescan()
        await self.source.work()
        state = self.source.state()
        assert state.seen == state.taken + sum(
            sum(tally.values()) for tally in (state.ignored, state.waiting, state.failed)
        )
        return state

    async def after(self, ms: int) -> FolderState:
        """The same so much later."""
        self.now += ms
        return await self.look()

    def put(self, path: str, content: bytes | str = "content") -> Path:
        """A file, written whole."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    folder = tmp_path / "watched"
    folder.mkdir()
    return Shop(folder)


def append(file: Path) -> None:
    """Somebody goes on writing it."""
    with file.open("a") as opened:
        opened.write("more")
