"""The ports of the records beside jobs: of files that were taken from folders, and of what the archive keeps.

They are parts of a journal (`core.ports.Journal`), and of one commit with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from comptoir.core.intake import Copied, Original, OriginalQuery, Stamp, StepDone, Unit
from comptoir.core.job import Job
from comptoir.core.kept import Filed, Filing, Kept, Night, SavedSearch
from comptoir.core.record import Event


class Ledger(Protocol):
    """The record of what was taken from watched folders. Every call that writes returns after the commit is on disk."""

    def copy(self, folder: str, paths: Sequence[str], inline: int = 16_384) -> Sequence[Copied]:
        """Bring files (relative to `folder`) to the store, with few flushes. It blocks: to be called in a thread.

        Bytes, then fsync, then the name; the file's stamp is read before and after. What cannot be read, or changed
        meanwhile, is said in `Copied.error`. A store that cannot be written raises JournalError: then nothing is held.
        """
        ...

    def give_up(self, copied: Sequence[Copied]) -> None:
        """What was copied will not be taken."""
        ...

    async def take(self, units: Sequence[Unit]) -> Sequence[Sequence[Job]]:
        """Documents, originals and jobs, in one commit for all; the new jobs of each unit. Raises JournalError.

        A unit that was taken already (same source, path and stamp) is not taken again: it has no jobs here.
        """
        ...

    async def known(self, source: str) -> Mapping[str, Stamp]:
        """Path → stamp of the newest original at each path of this source that may still lie there."""
        ...

    async def begun(self, source: str) -> str | None:
        """The scope of the last `baseline` of this source; None: its folder has never been watched."""
        ...

    async def baseline(self, source: str, files: Sequence[tuple[str, Stamp]], scope: str = "") -> None:
        """Begin to watch: these files lie there already and are left alone. They are `known`, and have no original.

        One that comes to have another stamp is a new file. Called again, more files join them. `scope`: what is looked
        for, as `begun` is to say it later.
        """
        ...

    async def leave_alone(self, source: str, files: Sequence[tuple[str, Stamp]]) -> None:
        """These join them: the station itself has put them there."""
        ...

    async def left_alone(self, source: str) -> frozenset[str]:
        """The paths of this source that are left alone, as far as they are `known` still."""
        ...

    async def touched(self, source: str, path: str, stamp: Stamp) -> None:
        """The same content has another stamp now."""
        ...

    async def missing(self, source: str, paths: Sequence[str]) -> None:
        """What was kept or waited at these paths is not there any more: what comes there next is a new file.

        But where the very same file comes back (path, content, time), it is known again and is not delivered again.
        """
        ...

    async def due(self, now: int, limit: int) -> Sequence[Original]:
        """Originals whose step is to be done by now, and those in which it had begun; a lot after its members."""
        ...

    async def next_due(self) -> int | None:
        """When the next step is to be done (ms); None: none is waiting."""
        ...

    async def release(self, source: str) -> int:
        """What is printed, and delivered wherever else it was to go, is to be removed now; how many files lie there."""
        ...

    async def step(self, done: Sequence[StepDone]) -> None:
        """Write what happened to originals. Of a lot that a person gives up ("kept"), the open members are, too."""
        ...

    async def settle(self, original: int) -> Original | None:
        """Look at the jobs of an original (and of its lot): waiting, failed or due is written; the unit's row."""
        ...

    async def settle_jobs(self, jobs: Sequence[int]) -> Sequence[Original]:
        """`settle` for the originals of these jobs, each once, in one commit; jobs of no original are passed over."""
        ...

    async def original(self, number: int) -> Original | None: ...

    async def originals(self, query: OriginalQuery) -> Sequence[Original]: ...

    async def jobs_of(self, original: int) -> Sequence[Job]:
        """The jobs of an original, oldest first; of a lot those of its members, too."""
        ...

    async def events_of(self, original: int) -> Sequence[Event]:
        """What happened to an original, in order, besides the events of its jobs."""
        ...

    async def tally(self, source: str) -> Mapping[str, int]:
        """How many originals of this source there are of each state."""
        ...


class Keeping(Protocol):
    """The record of what the archive keeps. Every call that writes returns after the commit is on disk."""

    async def file(self, filing: Filing) -> Filed:
        """Write a print: its documents, its record where it is kept, its jobs, in one commit. Raises JournalError.

        The same (source, uid) again gives what was written the first time, and changes nothing: nothing at all where it
        was eliminated since. Documents that were put on disk by `Journal.keep` are held until their rows can be seen.
        """
        ...

    async def kept(self, number: int) -> Kept | None: ...

    async def kept_by_uid(self, source: str, uid: str) -> Kept | None: ...

    async def after(self, number: int, limit: int) -> Sequence[Kept]:
        """Those with a higher number, in order: for who makes texts and pictures of them."""
        ...

    async def of_date(self, business_date: str) -> Sequence[Kept]:
        """All of a business date, in the order of their printing."""
        ...

    async def first_date(self) -> str:
        """The earliest business date of which something is kept; "": nothing is."""
        ...

    async def jobs_of(self, number: int) -> Sequence[Job]:
        """Where it went, oldest first; reprints too."""
        ...

    async def events_of(self, number: int) -> Sequence[Event]:
        """What happened to it, in order, besides the events of its jobs."""
        ...

    async def counted(self, pages: Mapping[int, int]) -> None:
        """How many pages they have: number of the document -> pages. No event: it can be counted again."""
        ...

    async def hold(self, numbers: Sequence[int], reason: str, by: str) -> int:
        """Put a legal hold on these; an empty reason lifts it. How many have changed."""
        ...

    async def spent(self, now: int, below: int | None = None, limit: int = 100) -> Sequence[Kept]:
        """Those that are kept long enough by now (ms) and not on hold, newest first."""
        ...

    async def eliminate(self, numbers: Sequence[int], by: str, why: str) -> int:
        """Remove these, with a trace in the journal: number, digest, dates, no names; how many.

        With them go their jobs, and documents that nobody else needs. Those that are held stay, and those whose jobs
        are not done (and known to who sent them) or whose original is not at rest.
        """
        ...

    async def night(self, date: str) -> Night:
        """What was said of this business date; an empty one where nothing was."""
        ...

    async def nights(self, since: str, until: str) -> Sequence[Night]: ...

    async def put_night(self, night: Night, event: str) -> None:
        """Write it; `event`: what happened: night-noted, night-signed, night-sent."""
        ...

    async def searches(self) -> Sequence[SavedSearch]: ...

    async def put_search(self, search: SavedSearch) -> None: ...

    async def drop_search(self, name: str) -> bool: ...
