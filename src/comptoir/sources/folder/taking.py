"""Takes complete files: plan, copy, take. It decides nothing about files: what came of each is said in an `Outcome`.

The copy is made in the folder's own thread, the rest on the event loop, and the next files are copied while the ledger
commits those before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from comptoir.core.intake import Candidate, Copied, OriginalQuery, OriginalState, Plan, Stamp, Take, Unit
from comptoir.core.job import Job
from comptoir.core.ledgers import Ledger
from comptoir.core.watch import Ready
from comptoir.sources.folder.own_thread import OwnThread
from comptoir.sources.folder.scanner import UNREADABLE, Place
from comptoir.sources.folder.settings import FolderSettings, Planner

#: of a batch: files, and bytes unless it is one file alone
MOST_FILES: Final = 128
MOST_BYTES: Final = 32 * 1024 * 1024

#: the ledger's file still lies at its path, as far as it knows
_LYING: Final[frozenset[OriginalState]] = frozenset({"waiting", "failed", "due", "kept"})


@dataclass(slots=True)
class Outcome:
    """What came of files. `changed`: they are not complete after all; `busy`: their path is being cleared just now."""

    taken: list[tuple[str, Stamp]] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    refused: list[tuple[str, Stamp, str]] = field(default_factory=list)
    failed: list[tuple[str, str, str]] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    busy: list[str] = field(default_factory=list)
    jobs: int = 0


@dataclass(slots=True)
class Prepared:
    """Files that are copied and held in the store, with what is to become of them, and what already came of others."""

    units: list[Unit]
    known: set[str]
    outcome: Outcome
    files: list[Ready]
    held: list[Copied] = field(default_factory=list)


class Taker:
    """Takes the files of one folder."""

    def __init__(
        self,
        settings: FolderSettings,
        place: Callable[[], Place],
        ledger: Ledger,
        planner: Planner,
        thread: OwnThread,
        took: Callable[[Sequence[Job]], None],
    ) -> None:
        self._name = settings.name
        self._place = place
        self._ledger = ledger
        self._planner = planner
        self._thread = thread
        self._took = took

    async def prepare(self, files: Sequence[Ready]) -> Prepared:
        """Plan files and copy them. Raises JournalError: then nothing is held."""
        outcome, plans = Outcome(), dict[str, Plan]()
        for file in files:
            plan = self._planner.plan(self._candidate(file))
            if isinstance(plan, str):
                outcome.refused.append((file.path, file.stamp, plan))
            else:
                plans[file.path] = plan
        copied = await self._copy([file for file in files if file.path in plans], outcome)
        units = [Unit(self._name, (Take(one, plans[one.path]),)) for one in copied]
        return Prepared(units, {file.path for file in files if file.known}, outcome, list(files), copied)

    async def prepare_lot(self, directory: str, files: Sequence[Ready]) -> Prepared:
        """The same for the files of a directory, which become one unit: all of them, or none."""
        outcome = Outcome()
        plan = self._planner.plan_lot(directory, [self._candidate(file) for file in files])
        if isinstance(plan, str):
            outcome.refused = [(file.path, file.stamp, plan) for file in files]
            return Prepared([], set(), outcome, list(files))
        # A manifest finds its members by their digests, which only files in the store have as an address.
        copied = await self._copy(files, outcome, inline=0)
        if outcome.changed or outcome.failed:
            self._ledger.give_up(copied)
            outcome.changed += [one.path for one in copied]
            return Prepared([], set(), outcome, list(files))
        takes = tuple(Take(one, single) for one, single in zip(copied, plan[1], strict=True))
        unit = Unit(self._name, takes, directory, plan[0])
        return Prepared([unit], {file.path for file in files if file.known}, outcome, list(files), copied)

    async def commit(self, prepared: Prepared) -> Outcome:
        """Have the ledger take what is prepared. Raises JournalError: then nothing is held any more."""
        outcome = prepared.outcome
        try:
            units = [left for unit in prepared.units if (left := await self._new_in(unit, prepared))]
            jobs = [job for made in await self._ledger.take(units) for job in made] if units else []
        except BaseException:
            self._ledger.give_up(prepared.held)
            raise
        outcome.taken += [(take.copied.path, take.copied.stamp) for unit in units for take in unit.takes]
        outcome.jobs = len(jobs)
        if jobs:
            self._took(jobs)
        return outcome

    def _candidate(self, file: Ready) -> Candidate:
        return Candidate(self._name, file.path, file.stamp.size, file.stamp.mtime_ns, file.media_type)

    async def _copy(self, files: Sequence[Ready], outcome: Outcome, **how: int) -> list[Copied]:
        """Copies that are what was looked at before, held in the store; the others are in the outcome."""
        place, good = self._place(), list[Copied]()
        for start in range(0, len(files), MOST_FILES):
            some = files[start : start + MOST_FILES]
            try:
                copied = await self._thread.do(
                    partial(self._ledger.copy, place.root, [file.path for file in some], **how),
                    undo=self._ledger.give_up,
                )
            except BaseException:
                self._ledger.give_up(good)
                raise
            for file, one in zip(some, copied, strict=True):
                if one.changed or (not one.error and not _same(one.stamp, file.stamp, place.inodes)):
                    outcome.changed.append(file.path)
                elif one.error or one.document is None:
                    outcome.failed.append((file.path, UNREADABLE, one.error))
                else:
                    good.append(one)
                    continue
                if one.document is not None:
                    self._ledger.give_up([one])
        return good

    async def _new_in(self, unit: Unit, prepared: Prepared) -> Unit | None:
        """The unit without the files whose content the ledger has at their path already; None: nothing is left."""
        takes = []
        for take in unit.takes:
            if take.copied.path not in prepared.known or await self._is_new(take.copied, prepared.outcome):
                takes.append(take)
            else:
                prepared.held.remove(take.copied)
                self._ledger.give_up([take.copied])
        if len(takes) == len(unit.takes):
            return unit
        return Unit(unit.source, tuple(takes), unit.lot, unit.plan) if takes else None

    async def _is_new(self, copied: Copied, outcome: Outcome) -> bool:
        """Whether this is another content than the newest at its path, or one that has come after that had gone."""
        newest = await self._ledger.originals(OriginalQuery(self._name, path=copied.path, limit=1))
        if not newest or copied.document is None or newest[0].document.digest != copied.document.digest:
            return True
        if newest[0].state == "going":
            outcome.busy.append(copied.path)
            return False
        if newest[0].state not in _LYING:
            return True
        await self._ledger.touched(self._name, copied.path, copied.stamp)
        outcome.taken.append((copied.path, copied.stamp))
        outcome.touched.append(copied.path)
        return False


def _same(one: Stamp, other: Stamp, inodes: bool) -> bool:
    """Whether both are of the same file; a file system may have no lasting inodes."""
    return (one.size, one.mtime_ns) == (other.size, other.mtime_ns) and (not inodes or one.inode == other.inode)
