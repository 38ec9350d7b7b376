"""What a person may ask and do about watched folders: `web.folder_desk.FolderDesk`, for a station. It knows no HTTP.

What failed is tried again as a new job under the same identity, by which an archive knows the document; only where it
may be on paper already is it a new print, marked as the second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol

import msgspec

from comptoir.core.document import Submission
from comptoir.core.errors import UnknownName, WrongState
from comptoir.core.intake import Original, OriginalQuery, Stamp, StepDone
from comptoir.core.job import OUTCOME_UNKNOWN, Job
from comptoir.core.ports import Clock, Journal
from comptoir.core.record import Event, EventQuery
from comptoir.core.watch import Entry, FolderState, Kind
from comptoir.station.folders.dry_run import DryRun
from comptoir.station.folders.planning import Planning
from comptoir.web.folder_desk import DryRow, folder_named

#: originals that are looked at together
_TOGETHER: Final = 100
#: seconds between two words of one folder: a page looks again after each
PAUSE: Final = 0.25
#: said of a file that a person has given up
GIVEN_UP: Final = "A person gave it up: the file stays where it is."


class Source(Protocol):
    """A folder that is watched, as `sources.folder` has it."""

    on_change: list[Callable[[], None]]

    async def leave_alone(self, files: Sequence[tuple[str, Stamp]]) -> None: ...

    def state(self) -> FolderState: ...

    def entries(self, kind: Kind, text: str, limit: int) -> Sequence[Entry]: ...

    def rescan(self) -> None: ...

    async def run(self) -> None: ...


class FolderKeeper:
    """The folders of a station, for its pages and its API."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        paths: Mapping[str, Path],
        journal: Journal,
        planning: Planning,
        clock: Clock,
        submit: Callable[[Job], None],
    ) -> None:
        """`paths`: where the folders are; `submit`: puts a kept job to work."""
        self._sources = sources
        self._paths = paths
        self._journal = journal
        self._ledger = journal.ledger
        self._planning = planning
        self._clock = clock
        self._submit = submit
        self.on_change: list[Callable[[str], None]] = []
        #: folders of which something was told a moment ago, and whether more has changed since
        self._told: dict[str, bool] = {}

    def changed(self, name: str) -> None:
        """Tell who listens that something of this folder is not as it was: at once, then not more often than PAUSE."""
        if name in self._told:
            self._told[name] = True
            return
        self._told[name] = False
        asyncio.get_running_loop().call_later(PAUSE, self._go_on, name)
        for listener in tuple(self.on_change):
            listener(name)

    def _go_on(self, name: str) -> None:
        if self._told.pop(name):
            self.changed(name)

    # -- what there is ------------------------------------------------------------------------------------------------

    def folders(self) -> Sequence[FolderState]:
        return [source.state() for source in self._sources.values()]

    async def tally(self, name: str) -> Mapping[str, int]:
        self._source(name)
        return await self._ledger.tally(name)

    def entries(self, name: str, kind: Kind, text: str, limit: int) -> Sequence[Entry]:
        return self._source(name).entries(kind, text, limit)

    async def originals(self, query: OriginalQuery) -> Sequence[Original]:
        return await self._ledger.originals(query)

    async def life(self, original: int) -> tuple[Original, Sequence[Job], Sequence[Event]]:
        found = await self._original(original)
        jobs = await self._ledger.jobs_of(original)
        told = [await self._ledger.events_of(original)]
        told += [await self._journal.events(job.id) for job in jobs[-_TOGETHER:]]
        if found.message == GIVEN_UP:
            told.append([event for event in await self._given_up() if _original_of(event) == original])
        return found, jobs, sorted((event for events in told for event in events), key=lambda event: event.seq)

    async def rescan(self, name: str) -> None:
        self._source(name).rescan()

    async def dry_run(self, name: str, days: int) -> Sequence[DryRow]:
        source = self._source(name)
        trial = DryRun(self._planning, self._ledger, self._clock)
        return await trial.rows(name, self._paths[name], source, days)

    # -- what a person does -------------------------------------------------------------------------------------------

    async def retry(self, original: int, by: str) -> int:
        found = await self._failed(original)
        count = 0
        for job in failed_of(await self._ledger.jobs_of(_unit_of(found))):
            accepted = await self._journal.accept(self._again(job, by))
            if accepted.fresh:
                self._submit(accepted.job)
                count += 1
        await self._ledger.settle(original)
        self.changed(found.source)
        return count

    async def retry_all(self, name: str, by: str) -> int:
        self._source(name)
        count, below = 0, None
        while found := await self._ledger.originals(
            OriginalQuery(source=name, states=("failed",), below=below, limit=_TOGETHER)
        ):
            below = found[-1].id
            units = {_unit_of(one) for one in found}
            count += sum(await asyncio.gather(*(self._retry_once(unit, by) for unit in units)))
        return count

    async def _retry_once(self, original: int, by: str) -> bool:
        try:
            return bool(await self.retry(original, by))
        except WrongState:  # somebody else was faster
            return False

    async def leave(self, original: int, by: str) -> None:
        found = await self._failed(original)
        await self._journal.note(
            "file-given-up", {"original": original, "source": found.source, "path": _readable(found.path), "user": by}
        )
        await self._ledger.step([StepDone(_unit_of(found), "kept", GIVEN_UP)])
        self.changed(found.source)

    async def _given_up(self) -> Sequence[Event]:
        return await self._journal.history(EventQuery(kinds=("file-given-up",), limit=1_000))

    def _again(self, job: Job, by: str) -> Submission:
        """The job once more."""
        life = self._planning.expires_in(job.destination)
        second = job.reason == OUTCOME_UNKNOWN and self._planning.prints(job.destination)
        return Submission(
            document=job.document,
            origin=replace(job.origin, user=by),
            destination=job.destination,
            # Two people who press the button at once want one job.
            key=f"retry:{job.id}",
            uid="" if second else job.uid,
            title=job.title,
            format=job.format,
            copies=job.copies,
            expires_at=None if life is None else self._clock.now() + life,
            reprint_of=job.id if second else None,
            attributes=job.attributes,
            original=job.original,
            kept=job.kept,
        )

    # -- names and numbers --------------------------------------------------------------------------------------------

    def _source(self, name: str) -> Source:
        return self._sources[folder_named(self.folders(), name).name]

    async def _original(self, number: int) -> Original:
        found = await self._ledger.original(number)
        if found is None:
            raise UnknownName(f"there is no file {number}", "It may have been forgotten after the retention time.")
        return found

    async def _failed(self, number: int) -> Original:
        found = await self._original(number)
        if found.state != "failed":
            raise WrongState(f"nothing of the file {number} has failed", "Look at it again.")
        return found


def _unit_of(original: Original) -> int:
    """A lot is tried again, or given up, as a whole."""
    return original.id if original.lot is None else original.lot


def failed_of(jobs: Iterable[Job]) -> list[Job]:
    """The jobs that did not bring a document where it was to go, and that no later one made up for; oldest first.

    Those that belong together have one identity; a print that was marked as the second belongs to the first.
    """
    first: dict[int, str] = {}
    newest: dict[str, Job] = {}
    for job in jobs:
        uid = first[job.id] = first.get(job.reprint_of or 0, job.uid)
        newest[uid] = job
    return [job for job in newest.values() if job.final and job.state != "completed"]


def _original_of(event: Event) -> object:
    return msgspec.json.decode(event.body).get("original")


def _readable(path: str) -> str:
    """A name of a file as the journal can hold it."""
    return path.encode("utf-8", "backslashreplace").decode()
