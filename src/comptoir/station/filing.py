"""Until when the archive keeps what routes keep, and to which business date it belongs. Nothing here keeps anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from comptoir.config import RouteConfig
from comptoir.core.document import Keep
from comptoir.core.keeping import business_date, counted_from, later
from comptoir.core.units import duration, local

#: ms; the last second that a calendar knows
LAST: Final = 253_402_300_799_000


def date_of(at: int, day_starts: str) -> str:
    """The business date of a moment, as 2026-11-20."""
    return business_date(local(at), day_starts).isoformat()


def keep_of(routes: Sequence[RouteConfig], at: int, day_starts: str, printed: int | None = None) -> Keep | None:
    """How long a document that comes at this moment (ms) is kept by these routes: the longest wins; None: by none.

    `printed`: when it was made, where that is known: what comes in the morning may be of the night.
    """
    made = at if printed is None else max(0, min(printed, at))
    until = [_until(route, at, made, day_starts) for route in routes if duration(route.keep) is not None]
    return Keep(max(until), date_of(made, day_starts)) if until else None


def for_ever(made: int, day_starts: str) -> Keep:
    """Until a person decides: what no route says anything of. `made`: ms."""
    return Keep(None, date_of(made, day_starts))


def _until(route: RouteConfig, at: int, made: int, day_starts: str) -> int:
    start = counted_from(local(at), business_date(local(made), day_starts), route.keep_from)
    try:
        end = later(start, route.keep)
        # It has the offset of the day on which it came: where clocks were set meanwhile, an hour early is too early.
        return int(max(end, end.replace(tzinfo=None).astimezone()).timestamp() * 1000)
    except (OverflowError, ValueError, OSError):
        return LAST
