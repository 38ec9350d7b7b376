"""What pages and API may ask about nights, as a protocol: the station answers (`station/archive/nights.py`).

A night is a business date with the reports that are expected of it (`core.night`). Nothing is decided in this module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal, Protocol

from comptoir.core.job import Job
from comptoir.core.kept import Kept, Night
from comptoir.core.night import Audit, Report

#: running: not over yet. complete, incomplete: what was expected is there, or not. unexpected: nothing was expected of
#: it, and something was printed. empty: neither
NightState = Literal["running", "complete", "incomplete", "unexpected", "empty"]


@dataclass(frozen=True, slots=True)
class NightView:
    """All that is known of a night. begins, ends: ms. documents: all that was printed, in the order of printing.

    unread: those that came after it was signed; unsent: those that came after its pack was sent. parcel: the job by
    which the pack went out by itself. due_at: when that is to be, ms; None: nobody is to have it.
    """

    day: date
    begins: int
    ends: int
    audit: Audit
    documents: Sequence[Kept]
    #: document → when it was printed, on the clock on the wall
    times: Mapping[int, datetime]
    said: Night
    unread: frozenset[int] = frozenset()
    unsent: frozenset[int] = frozenset()
    parcel: Job | None = None
    due_at: int | None = None

    @property
    def newest(self) -> int:
        """The highest number among its documents: what a person has seen who sees this; 0: there is none."""
        return max((one.id for one in self.documents), default=0)


@dataclass(frozen=True, slots=True)
class NightLine:
    """A night in one line. missing, late, twice: how many reports. unread: documents that came after it was signed."""

    day: date
    state: NightState
    expected: int
    missing: int
    late: int
    twice: int
    documents: int
    said: Night
    unread: int = 0


class NightDesk(Protocol):
    """The nights of a station. Methods raise UnknownName for a day that has not begun."""

    #: called with the date (2026-11-20) of a night of which something has changed; "": of several
    on_change: list[Callable[[str], None]]

    @property
    def today(self) -> date:
        """The business date that is running."""
        ...

    @property
    def send_to(self) -> str:
        """The destination that gets each night by itself; "": none does."""
        ...

    @property
    def printers(self) -> Sequence[str]:
        """Those that print whole sheets."""
        ...

    @property
    def destinations(self) -> Sequence[str]:
        """Other destinations, the one that gets each night first."""
        ...

    def wall(self, at: int) -> datetime:
        """An instant (ms) on the clock on the wall."""
        ...

    async def night(self, day: date) -> NightView: ...

    async def nights(self, since: date, until: date) -> Sequence[NightLine]:
        """Those of these dates that have begun, in order; both included."""
        ...

    async def learned(self) -> Sequence[Report]:
        """What past nights make expected today, besides what is written down."""
        ...

    async def note(self, day: date, text: str, by: str) -> None: ...

    async def sign(self, day: date, by: str, seen: int) -> None:
        """seen: `NightView.newest` as the person saw it. Raises WrongState where it is signed as it is, or is not as it
        was seen."""
        ...

    async def send(self, day: date, by: str, language: str, key: str = "") -> Job:
        """The pack to the destination that gets it. Raises WrongState where there is none, UnknownName."""
        ...

    async def print(self, day: date, destination: str, by: str, language: str, key: str = "") -> Job:
        """The pack to this destination. Raises UnknownName."""
        ...

    def pack(self, day: date, language: str) -> AbstractAsyncContextManager[Path]:
        """The night as one PDF, as long as the context lasts. Raises FormatError where it cannot be made."""
        ...

    def bound(self, numbers: Sequence[int], heading: str, language: str) -> AbstractAsyncContextManager[Path]:
        """These documents of the archive as one PDF, in this order. Raises UnknownName, FormatError."""
        ...
