"""A journal, a folder, and files that were taken from it: for who follows what becomes of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.peers.clock import FakeClock
from tests.peers.watch import PATIENCE

from comptoir.core.intake import Delivery, Original, OriginalQuery, Plan, StepDone, Take, Unit
from comptoir.core.job import Change, Job
from comptoir.journal.sqlite import SqliteJournal
from comptoir.web.folder_desk import FolderDesk


@dataclass
class Recorder:
    """Carries out steps on paper only. `done`: the originals, in order. `refuses`: those are put off."""

    journal: SqliteJournal
    done: list[int] = field(default_factory=list)
    refuses: set[int] = field(default_factory=set)

    async def carry_out(self, due: Sequence[Original]) -> None:
        for one in due:
            self.done.append(one.id)
            later = one.due_at is not None and one.id in self.refuses
            step = StepDone(one.id, "due", "in use", at=(one.due_at or 0) + 5_000) if later else None
            await self.journal.ledger.step([step or StepDone(one.id, "deleted")])


async def tallied(folders: FolderDesk, wanted: Mapping[str, int], name: str = "in") -> None:
    """Returns when the originals of this folder are in these states."""
    async with asyncio.timeout(PATIENCE):
        while await folders.tally(name) != wanted:
            await asyncio.sleep(0.005)


class Taken:
    """Files that were taken from a folder called factures."""

    def __init__(self, journal: SqliteJournal, clock: FakeClock, folder: Path) -> None:
        self.journal = journal
        self.clock = clock
        self.folder = folder
        self.steps = Recorder(journal)

    async def take(
        self, name: str = "a.pdf", *to: str, original: str = "delete", content: bytes = b"%PDF-1", after: int = 0
    ) -> tuple[int, list[Job]]:
        """A file that lies there, taken: its number, and its jobs."""
        (self.folder / name).write_bytes(content)
        (copied,) = self.journal.ledger.copy(str(self.folder), [name])
        plan = Plan(tuple(Delivery(one, attributes={"path": name}) for one in to), original=original, after=after)
        (jobs,) = await self.journal.ledger.take([Unit("factures", (Take(copied, plan),))])
        return max(one.id for one in await self.originals()), list(jobs)

    async def take_lot(
        self, directory: str, files: Mapping[str, bytes], whole: str, first: str
    ) -> tuple[int, list[Job]]:
        """A directory that is one unit: `whole` gets all of it, `first` its first file. Its number, and the jobs."""
        (self.folder / directory).mkdir()
        for name, content in files.items():
            (self.folder / directory / name).write_bytes(content)
        paths = [f"{directory}/{name}" for name in files]
        copied = self.journal.ledger.copy(str(self.folder), paths, 0)
        printed = Plan((Delivery(first),), original="delete")
        plans = [printed, *(Plan((), original="delete") for _ in paths[1:])]
        takes = tuple(Take(one, plan) for one, plan in zip(copied, plans, strict=True))
        unit = Unit("factures", takes, directory, Plan((Delivery(whole),), original="delete"))
        (jobs,) = await self.journal.ledger.take([unit])
        return next(one.id for one in await self.originals() if one.is_lot), list(jobs)

    async def originals(self) -> Sequence[Original]:
        return await self.journal.ledger.originals(OriginalQuery(limit=1000))

    async def state(self, number: int) -> str:
        found = await self.journal.ledger.original(number)
        assert found is not None
        return found.state

    async def end(self, *jobs: Job, state: str = "completed", reason: str = "") -> None:
        await self.journal.record([Change(job.id, state, reason, "why") for job in jobs])  # type: ignore[arg-type]
