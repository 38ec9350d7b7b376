"""A ledger in memory, which answers as the journal's does and can fail: for the tests of those who use one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.peers.papers import job

from comptoir.core.document import Document
from comptoir.core.errors import JournalError
from comptoir.core.intake import Candidate, Copied, Delivery, Original, OriginalQuery, Plan, Stamp, StepDone, Unit
from comptoir.core.job import Job
from comptoir.core.record import Event

PRINT = Plan((Delivery("TICKET"),))


@dataclass
class Planner:
    """Sends everything to TICKET, or answers what `answers` says for a name."""

    answers: dict[str, Plan | str] = field(default_factory=dict)
    lots: dict[str, str] = field(default_factory=dict)
    asked: list[Candidate] = field(default_factory=list)

    def plan(self, candidate: Candidate) -> Plan | str:
        self.asked.append(candidate)
        return self.answers.get(candidate.path, PRINT)

    def plan_lot(self, directory: str, members: Sequence[Candidate]) -> tuple[Plan, Sequence[Plan]] | str:
        self.asked += members
        return self.lots.get(directory) or (PRINT, [PRINT for _ in members])


class MemoryLedger:
    """`core.ports.Ledger`. `full`: the sentence with which nothing can be written. `copying`: called with each path."""

    def __init__(self) -> None:
        self.rows: list[Original] = []
        self.units: list[Unit] = []
        self.held: list[str] = []
        self.begun_sources: dict[str, dict[str, Stamp]] = {}
        self.scopes: dict[str, str] = {}
        self.told_missing: list[str] = []
        self.told_touched: list[str] = []
        self.gone: set[int] = set()
        self.full = ""
        self.copying: list[str] = []
        self.before_copy = lambda path: None
        self.threads: set[str] = set()
        self.copies = 0
        self.taking = False
        #: where it is set, `take` waits for it
        self.gate: asyncio.Event | None = None

    # -- the bytes ----------------------------------------------------------------------------------------------------

    def copy(self, folder: str, paths: Sequence[str], inline: int = 16_384) -> Sequence[Copied]:
        self.threads.add(threading.current_thread().name)
        self.copies += 1
        self._check()
        copied = [self._one(Path(folder), path) for path in paths]
        self.held += [one.path for one in copied if one.document]
        return copied

    def _one(self, folder: Path, path: str) -> Copied:
        self.copying.append(path)
        self.before_copy(path)
        try:
            before = _stamp(folder / path)
            content = (folder / path).read_bytes()
            after = _stamp(folder / path)
        except OSError as error:
            return Copied(path, Stamp(0, 0, 0), None, f"{path} cannot be read: {error.strerror}")
        if before != after:
            return Copied(path, after, None, "it changed", changed=True)
        return Copied(path, after, Document.of(content, "", path))

    def give_up(self, copied: Sequence[Copied]) -> None:
        for one in copied:
            self.held.remove(one.path)

    # -- the record ---------------------------------------------------------------------------------------------------

    async def take(self, units: Sequence[Unit]) -> Sequence[Sequence[Job]]:
        self._check()
        assert not self.taking, "one after the other"
        self.taking = True
        if self.gate is not None:
            await self.gate.wait()
        self.taking = False
        made: list[list[Job]] = []
        for unit in units:
            self.units.append(unit)
            jobs: list[Job] = []
            for take in unit.takes:
                copied, document = take.copied, take.copied.document
                assert document is not None
                self.held.remove(copied.path)
                same = [r for r in self.rows if r.path == copied.path and r.document.digest == document.digest]
                if any(row.stamp.mtime_ns == copied.stamp.mtime_ns for row in same):
                    self.gone -= {row.id for row in same}
                    continue
                number = len(self.rows) + 1
                self.rows.append(Original(number, unit.source, copied.path, copied.stamp, document, "waiting", 0, 0))
                jobs.append(job(number, document.content or b"", original=number))
            made.append(jobs)
        return made

    async def known(self, source: str) -> dict[str, Stamp]:
        self._check()
        lying = {
            row.path: row.stamp for row in self.rows if row.state in ("waiting", "kept") and row.id not in self.gone
        }
        return {**lying, **self.begun_sources.get(source, {})}

    async def left_alone(self, source: str) -> frozenset[str]:
        return frozenset(self.begun_sources.get(source, {}))

    async def begun(self, source: str) -> str | None:
        return self.scopes.get(source, "") if source in self.begun_sources else None

    async def baseline(self, source: str, files: Sequence[tuple[str, Stamp]], scope: str = "") -> None:
        self._check()
        self.begun_sources.setdefault(source, {}).update(files)
        self.scopes[source] = scope

    async def leave_alone(self, source: str, files: Sequence[tuple[str, Stamp]]) -> None:
        self._check()
        self.begun_sources.setdefault(source, {}).update(files)

    async def touched(self, source: str, path: str, stamp: Stamp) -> None:
        self.told_touched.append(path)
        self.rows = [replace(row, stamp=stamp) if row.path == path else row for row in self.rows]

    async def missing(self, source: str, paths: Sequence[str]) -> None:
        self.told_missing += paths
        self.gone |= {row.id for row in self.rows if row.path in paths}

    async def originals(self, query: OriginalQuery) -> Sequence[Original]:
        found = [row for row in reversed(self.rows) if query.path in ("", row.path)]
        return [replace(row, state="gone") if row.id in self.gone else row for row in found][: query.limit]

    async def due(self, now: int, limit: int) -> Sequence[Original]:
        return []

    async def next_due(self) -> int | None:
        return None

    async def step(self, done: Sequence[StepDone]) -> None:
        states = {one.original: one.state for one in done}
        self.rows = [replace(row, state=states.get(row.id, row.state)) for row in self.rows]

    async def settle(self, original: int) -> Original | None:
        return None

    async def original(self, number: int) -> Original | None:
        return self.rows[number - 1] if number <= len(self.rows) else None

    async def jobs_of(self, original: int) -> Sequence[Job]:
        return []

    async def events_of(self, original: int) -> Sequence[Event]:
        return []

    async def tally(self, source: str) -> dict[str, int]:
        return {}

    @property
    def taken(self) -> list[str]:
        """The paths of all files that were ever taken, in their order."""
        return [row.path for row in self.rows]

    def _check(self) -> None:
        if self.full:
            raise JournalError(self.full, "Make room.")


def _stamp(path: Path) -> Stamp:
    found = path.stat(follow_symlinks=False)
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino)
