"""The night of a business date: which reports are expected, and what of them was printed. Pure: values in, values out.

Times are wall clock times of the place (naive datetimes): a report that is to be there by 02:30 is looked for on the
clock on the wall, also in the night in which clocks are set. What is expected beyond what is written down is learned
from past nights by `core.habits`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fnmatch import fnmatchcase
from typing import Final, Literal

from comptoir.core.titles import folded, forms, label

Check = Literal["present", "late", "few", "twice", "missing", "awaited"]
"""present: there, as often as it is expected. late: there, but not by its time. few, twice: printed less often, more
often than expected. missing: not there, and its time has passed. awaited: not there, and there is time."""

#: what a director wants to read first
ORDER: Final[tuple[Check, ...]] = ("missing", "few", "late", "twice", "awaited", "present")

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Printed:
    """A document of a night. at: when it was printed. copies: of one order to print it."""

    number: int
    title: str
    at: datetime
    copies: int = 1


@dataclass(frozen=True, slots=True)
class Report:
    """A report that is expected. title: a shell pattern, where it is written down (`pattern`); else a form of titles.

    by: on the clock on the wall; None: any time before the business date ends. copies: None: any number but none.
    came, of: in how many of how many past nights it was there, where it is learned.
    """

    title: str
    name: str
    by: time | None = None
    copies: int | None = 1
    pattern: bool = True
    #: one of its titles, where it is learned
    example: str = ""
    came: int = 0
    of: int = 0

    def takes(self, title: str) -> bool:
        """Whether a document of this title is one of it."""
        if not self.pattern:
            return self.title in forms(title)
        wanted = folded(self.title)
        return any(fnmatchcase(one, wanted) for one in (folded(title), folded(label(title))))


@dataclass(frozen=True, slots=True)
class Checked:
    """What there is of an expected report. due: when it was to be there, at the latest. prints: in their order."""

    report: Report
    state: Check
    due: datetime
    prints: tuple[Printed, ...] = ()

    @property
    def copies(self) -> int:
        return sum(one.copies for one in self.prints)


@dataclass(frozen=True, slots=True)
class Audit:
    """A night against what was expected of it. others: what nobody expected, in the order of printing."""

    reports: tuple[Checked, ...]
    others: tuple[Printed, ...]
    over: bool
    tally: dict[Check, int] = field(default_factory=dict)

    def count(self, state: Check) -> int:
        """How many reports are in this state."""
        return self.tally.get(state, 0)

    @property
    def missing(self) -> int:
        """Reports that are not there, or not as often as they are to be."""
        return self.count("missing") + self.count("few")

    @property
    def complete(self) -> bool:
        """Nothing is missing, and nothing is waited for. A night of which nothing is expected is not."""
        return bool(self.reports) and not self.missing and not self.count("awaited")


def expected_on(day: date, written: Sequence[tuple[Report, Sequence[str]]], learned: Sequence[Report]) -> list[Report]:
    """The reports of this date: those that are written down (with their days; none: every day), then learned ones.

    What is learned is left out where a written one takes the same titles, on whichever days it is expected.
    """
    name = DAYS[day.weekday()]
    today = [report for report, days in written if not days or name in days]
    known = [report for report, _ in written]
    return [*today, *(one for one in learned if not any(report.takes(one.example) for report in known))]


def audit(day: date, day_starts: str, expected: Sequence[Report], printed: Sequence[Printed], now: datetime) -> Audit:
    """Hold what was printed on a business date against what is expected of it. A document counts for one report: the
    first that takes it. Missing ones come first."""
    left = sorted(printed, key=lambda one: (one.at, one.number))
    checked = []
    for report in expected:
        prints = tuple(one for one in left if report.takes(one.title))
        left = [one for one in left if one not in prints]
        checked.append(_checked(report, prints, due(day, day_starts, report.by), now))
    checked.sort(key=lambda one: ORDER.index(one.state))
    tally: dict[Check, int] = {}
    for one in checked:
        tally[one.state] = tally.get(one.state, 0) + 1
    return Audit(tuple(checked), tuple(left), now >= due(day, day_starts, None), tally)


def due(day: date, day_starts: str, by: time | None) -> datetime:
    """The instant of a wall clock time within a business date; None: its end."""
    starts = time.fromisoformat(day_starts)
    if by is None:
        return datetime.combine(day + _DAY, starts)
    return datetime.combine(day + _DAY if by < starts else day, by)


def _checked(report: Report, prints: tuple[Printed, ...], until: datetime, now: datetime) -> Checked:
    return Checked(report, _state(report, prints, until, now), until, prints)


def _state(report: Report, prints: tuple[Printed, ...], until: datetime, now: datetime) -> Check:
    if not prints:
        return "missing" if now >= until else "awaited"
    count = sum(one.copies for one in prints)
    if report.copies is not None and count < report.copies:
        return "few" if now >= until else "awaited"
    if prints[0].at > until:
        return "late"
    return "twice" if report.copies is not None and count > report.copies else "present"
