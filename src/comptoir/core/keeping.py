"""How long the archive keeps a document, and to which business date it belongs. Pure: local times come from outside."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from comptoir.core.units import duration

Start = Literal["received", "business-date", "year-end"]

_DAY: Final = timedelta(days=1)
#: what calendars count; all else is so many milliseconds
_CALENDAR: Final = re.compile(r"\s*([0-9]{1,4})\s*(month|year)s?\s*")


def business_date(at: datetime, day_starts: str) -> date:
    """The business date of a local time: what happens before `day_starts` (HH:MM) belongs to the day before."""
    return at.date() - _DAY if at.time() < time.fromisoformat(day_starts) else at.date()


def counted_from(received: datetime, business: date, start: Start) -> datetime:
    """From when a duration is counted, in the zone of `received`: then, the date's begin, the end of its year."""
    if start == "received":
        return received
    day = business if start == "business-date" else date(business.year + 1, 1, 1)
    return datetime.combine(day, time.min, received.tzinfo)


def later(start: datetime, text: str) -> datetime:
    """`start` and a duration such as "10 years": years and months by the calendar, as laws count them.

    29 February and 31 are brought to the month's last day. Raises ValueError; OverflowError beyond the year 9999.
    """
    if found := _CALENDAR.fullmatch(text):
        months = int(found[1]) * (12 if found[2] == "year" else 1)
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        if year > date.max.year:
            raise OverflowError(text)
        return start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))
    return start + timedelta(milliseconds=duration(text) or 0)
