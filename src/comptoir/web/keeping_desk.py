"""What the page of keeping may ask: what is due for elimination, holds, exports. The station answers
(`station/archive/keeping.py`).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from comptoir.core.kept import Kept


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the documents that are due: of this source, of this year of their business date; "" for all."""

    source: str = ""
    year: str = ""


ALL: Final = Wanted()


@dataclass(frozen=True, slots=True)
class Pile:
    """Documents that are due: of one source and year. size: bytes; first, last: business dates."""

    source: str
    year: str
    documents: int
    size: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Due:
    """What may be eliminated at this moment (`at`, ms), newest year first.

    seal: a hash over exactly these documents: with it, and `at`, these are eliminated and no others. held: documents
    that are kept long enough, and stay because a route of theirs holds them. sample: some of them, newest first.
    """

    at: int
    piles: tuple[Pile, ...] = ()
    seal: str = ""
    held: int = 0
    sample: tuple[Kept, ...] = ()

    @property
    def documents(self) -> int:
        return sum(pile.documents for pile in self.piles)

    @property
    def size(self) -> int:
        return sum(pile.size for pile in self.piles)


@dataclass(frozen=True, slots=True)
class Work:
    """An elimination or an export that runs, or the last one. trouble: why it ended early, hint: what to do; "" where
    it did not.

    documents: how many there are to be done; to: where an export stands; manifest: SHA-256 of its manifest.
    """

    kind: Literal["eliminate", "export"]
    at: int
    by: str
    documents: int = 0
    done: int = 0
    running: bool = True
    trouble: str = ""
    hint: str = ""
    to: str = ""
    manifest: str = ""
    #: documents that could not be read: they are named in the manifest
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """How long a route keeps its documents, as configured. number: its place among the routes; keep: "10 years", "" for
    not; keep_from: received, business-date, year-end."""

    number: int
    source: str
    match: tuple[str, ...]
    keep: str
    keep_from: str
    hold: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """Documents that are on legal hold by one decision still. event: its number in the journal."""

    reason: str
    by: str
    at: int
    documents: int
    event: int


@dataclass(frozen=True, slots=True)
class Elimination:
    """What was eliminated at once, as the journal tells it. first, last: business dates; event, hash: of the last."""

    at: int
    by: str
    why: str
    documents: int
    first: str
    last: str
    event: int
    hash: str


@dataclass(frozen=True, slots=True)
class Exported:
    """A folder that was exported and still is where the station puts them. size: bytes."""

    name: str
    path: str
    at: int
    documents: int
    size: int


class KeepingDesk(Protocol):
    """Keeping, for people. Nothing is eliminated but by `eliminate`, which a person has asked for."""

    @property
    def work(self) -> Work | None:
        """What runs, or has run last since the start."""
        ...

    async def due(self, wanted: Wanted = ALL, at: int | None = None) -> Due:
        """What may be eliminated now, or at that moment (ms)."""
        ...

    async def eliminate(self, wanted: Wanted, due: Due, by: str, why: str) -> None:
        """Begin to eliminate exactly what `due` says (its `at` and `seal`); returns when it is done, or takes long.

        Raises WrongState where something else is due by now, or other work runs.
        """
        ...

    async def eliminations(self, below: int | None = None, limit: int = 20) -> Sequence[Elimination]:
        """Newest first; below: the number of an event."""
        ...

    def rules(self) -> Sequence[Rule]:
        """The routes that keep or hold, in their order."""
        ...

    async def holds(self) -> Sequence[Hold]:
        """Of documents, newest first; those of routes are rules."""
        ...

    async def hold(self, since: str, until: str, source: str, reason: str, by: str) -> int:
        """Hold what is kept of these business dates, of one source or of all (""); how many were not held yet."""
        ...

    async def release(self, event: int, by: str) -> int:
        """Lift what this event has put on hold; how many. Raises UnknownName where it is no such event."""
        ...

    async def export(self, since: str, until: str, by: str) -> None:
        """Begin an export to the station's own folder; returns when it is done, or takes long. Raises WrongState."""
        ...

    async def note_export(self, told: dict[str, object]) -> None:
        """An export that the command line has made goes into the journal."""
        ...

    async def exports(self) -> Sequence[Exported]:
        """The folders that are there, newest first."""
        ...

    async def packed(self, name: str) -> AsyncGenerator[bytes]:
        """An export as a zip, piece by piece. Raises UnknownName; ComptoirError in the middle."""
        ...

    async def remove_export(self, name: str, by: str) -> None:
        """Raises UnknownName."""
        ...
