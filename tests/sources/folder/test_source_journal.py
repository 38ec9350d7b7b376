"""The same source with the journal's own ledger: what is taken once stays so, whatever is opened anew."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.peers.clock import FakeClock
from tests.peers.ledger import Planner

from comptoir.core.intake import OriginalQuery
from comptoir.core.job import Job
from comptoir.core.ports import Journal
from comptoir.core.watch import FolderState
from comptoir.journal import open_journal
from comptoir.sources.folder.settings import FolderSettings
from comptoir.sources.folder.source import FolderSource

NAMES = ["a.pdf", "ligne\nfin.txt", "🧾 reçu.txt", "\udcff.txt", "x/" * 30 + "deep.txt"]
if os.name == "nt":
    NAMES[1:4:2] = ["Point. . fin.txt", "d" * 200 + "/" + "e" * 200 + ".txt"]


@dataclass
class Real:
    """A folder and a real journal. Anything but the newest source is as if it had been killed."""

    folder: Path
    journal: Journal
    clock: FakeClock = field(default_factory=FakeClock)
    jobs: list[Job] = field(default_factory=list)
    now: int = 0

    def open(self, **more: Any) -> FolderSource:
        settings = FolderSettings("factures", self.folder / "in", **{"recursive": True, "watch": "poll", **more})
        ledger = self.journal.ledger
        return FolderSource(settings, ledger, Planner(), self.clock, self.jobs.extend, ticks=lambda: self.now)

    async def look(self, source: FolderSource) -> FolderState:
        for _ in range(3):
            source.rescan()
            await source.work()
            self.now += 2_000
        return source.state()

    async def paths(self) -> list[str]:
        return sorted(one.path for one in await self.journal.ledger.originals(OriginalQuery("factures", limit=1000)))


@pytest.fixture
async def real(tmp_path: Path) -> AsyncIterator[Real]:
    (tmp_path / "data").mkdir()
    (tmp_path / "in").mkdir()
    clock = FakeClock()
    journal = await open_journal("", tmp_path / "data", clock)
    yield Real(tmp_path, journal, clock)
    await journal.close()


async def test_any_name_is_taken_once_and_known_after_a_restart(real: Real) -> None:
    for number, name in enumerate(NAMES):
        file = real.folder / "in" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"%PDF-1.7 " + bytes([48 + number]) * (9 + number * 30_000) + b"%%EOF")
    state = await real.look(real.open())
    assert (state.taken, state.failed, state.trouble) == (len(NAMES), {}, "")
    assert (await real.look(real.open())).taken == len(NAMES)
    assert (len(real.jobs), await real.paths()) == (len(NAMES), sorted(NAMES))


async def test_touched_changed_and_lot(real: Real) -> None:
    source = real.open(lot="directory")
    for name in ("L/a.txt", "L/b.txt", "single.txt"):
        (real.folder / "in" / name).parent.mkdir(exist_ok=True)
        (real.folder / "in" / name).write_text(name)
    await real.look(source)
    before = await real.paths()
    assert before == ["L", "L/a.txt", "L/b.txt", "single.txt"]
    os.utime(real.folder / "in" / "single.txt", ns=(1, 1))
    await real.look(source)
    assert await real.paths() == before
    (real.folder / "in" / "single.txt").write_text("another")
    await real.look(source)
    assert await real.paths() == [*before, "single.txt"]
    assert (await real.look(real.open(lot="directory"))).taken == 3


async def test_what_was_there_is_left_alone_after_a_restart_too(real: Real) -> None:
    (real.folder / "in" / "old.txt").write_text("old")
    assert (await real.look(real.open(existing="ignore"))).ignored == {"existing": 1}
    (real.folder / "in" / "new.txt").write_text("new")
    state = await real.look(real.open(existing="ignore"))
    assert (state.ignored, await real.paths()) == ({"existing": 1}, ["new.txt"])


async def test_a_file_that_went_and_came_back_as_it_was_is_not_delivered_again(real: Real) -> None:
    source, file = real.open(), real.folder / "in" / "a.txt"
    (real.folder / "in" / "other.txt").write_text("o")
    file.write_text("a")
    await real.look(source)
    aside = file.rename(real.folder / "aside")
    await real.look(source)
    copy = file.with_name("copy.part")
    copy.write_bytes(aside.read_bytes())
    os.utime(copy, ns=(aside.stat().st_atime_ns, aside.stat().st_mtime_ns))
    copy.rename(file)
    state = await real.look(source)
    assert (state.taken, len(real.jobs), await real.paths()) == (2, 2, ["a.txt", "other.txt"])
