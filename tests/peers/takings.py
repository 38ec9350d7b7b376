"""A folder with files and a journal that takes them, in short words: for the tests of ledgers and of steps."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comptoir.core.intake import Copied, Delivery, Original, OriginalQuery, Plan, Stamp, Take, Unit
from comptoir.core.job import Change, Evidence, Job
from comptoir.core.ports import Journal

SOURCE = "invoices"
LARGE = b"%PDF-1.4 large " * 10_000


def plan(*destinations: str, **more: Any) -> Plan:
    """A plan for these destinations."""
    return Plan(tuple(Delivery(name) for name in destinations), **more)


@dataclass(frozen=True)
class Taking:
    """A folder, and the journal that takes what is in it."""

    journal: Journal
    folder: Path
    source: str = SOURCE

    def put(self, path: str, content: bytes | str = b"content", mtime_ns: int | None = None) -> Stamp:
        """Write a file; its stamp."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        if mtime_ns is not None:
            os.utime(file, ns=(mtime_ns, mtime_ns))
        return self.stamp(path)

    def stamp(self, path: str) -> Stamp:
        """What the file system says of it now."""
        found = (self.folder / path).lstat()
        return Stamp(found.st_size, found.st_mtime_ns, found.st_ino)

    def copy(self, *paths: str, inline: int = 16_384) -> Sequence[Copied]:
        """Copy these."""
        return self.journal.ledger.copy(str(self.folder), paths, inline)

    async def take(self, path: str, made: Plan) -> list[Job]:
        """Take one file that is there; its jobs."""
        (copied,) = self.copy(path)
        assert not copied.error
        (jobs,) = await self.journal.ledger.take([Unit(self.source, (Take(copied, made),))])
        return list(jobs)

    async def take_lot(self, directory: str, paths: Sequence[str], made: Plan, member: Plan | None = None) -> list[Job]:
        """Take a directory as one unit; `member`: the plan of each of its files."""
        takes = tuple(Take(copied, member or Plan(())) for copied in self.copy(*paths))
        (jobs,) = await self.journal.ledger.take([Unit(self.source, takes, directory, made)])
        return list(jobs)

    async def end(self, job: Job, state: str = "completed", message: str = "") -> Original | None:
        """The job ends so, and its original is looked at; the unit."""
        evidence = Evidence("sent") if state == "completed" else None
        assert list(await self.journal.record([Change(job.id, state, "", message, evidence)])) == [True]  # type: ignore[arg-type]
        assert job.original is not None
        return await self.journal.ledger.settle(job.original)

    async def newest(self, path: str) -> Original:
        """The newest original at this path."""
        (found,) = await self.journal.ledger.originals(OriginalQuery(self.source, path=path, limit=1))
        return found

    async def states(self) -> dict[str, int]:
        """How many there are of each state."""
        return dict(await self.journal.ledger.tally(self.source))
