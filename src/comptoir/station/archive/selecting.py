"""Which documents of the archive a person means: those of some business dates, or those that a search has found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from comptoir.core.errors import RequestError
from comptoir.core.kept import Kept
from comptoir.core.ledgers import Keeping
from comptoir.logfiles import as_day

#: documents that are asked for at once
STEP: Final = 500
#: days that are asked for one by one; for more, the whole archive is gone through
MOST_DAYS: Final = 400


@dataclass(frozen=True, slots=True)
class Selection:
    """Of these business dates, both included ("": without a bound); or these numbers, as a search (`query`) has found
    them. Raises RequestError for what is no date."""

    since: str = ""
    until: str = ""
    numbers: tuple[int, ...] | None = None
    query: str = ""

    def __post_init__(self) -> None:
        for text in filter(None, (self.since, self.until)):
            if as_day(text) is None:
                raise RequestError(f"“{text[:40]}” is no day", "A day is written like this: 2026-11-21.")


async def selected(keeping: Keeping, selection: Selection) -> AsyncIterator[Kept]:
    """Those that are there. Raises JournalError."""
    if selection.numbers is not None:
        for number in sorted(set(selection.numbers)):
            if (kept := await keeping.kept(number)) is not None:
                yield kept
    elif (days := _days(selection)) is not None:
        for day in days:
            for kept in await keeping.of_date(day):
                yield kept
    else:
        below = 0
        while found := await keeping.after(below, STEP):
            for kept in found:
                if selection.since <= kept.business_date <= (selection.until or "9999"):
                    yield kept
            below = found[-1].id


def _days(selection: Selection) -> list[str] | None:
    """The business dates, one by one; None where there is no bound, or there are too many."""
    if not selection.since or not selection.until:
        return None
    first, last = date.fromisoformat(selection.since), date.fromisoformat(selection.until)
    count = (last - first).days + 1
    return None if count > MOST_DAYS else [(first + timedelta(number)).isoformat() for number in range(count)]
