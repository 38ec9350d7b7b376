"""What is printed every night, learned from past nights. Pure: values in, values out.

A report is expected where it came on at least three of four of the nights that are looked at and on half of those of
the same weekday; where it came on each of the last seven (it is new); or on the last three of the same weekday (it is
weekly). One that has not come on any of the last seven nights is gone, unless it is weekly. Fewer than three nights
teach nothing. A night on which nothing was printed is none: the house was closed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Final

from comptoir.core.night import Printed, Report, due
from comptoir.core.titles import forms, label

#: nights that teach anything; nights in a row that make a new report, or an old one gone; the same of a weekday
LEAST: Final = 3
WEEK: Final = 7
WEEKDAYS: Final = 3
#: how much later than usual a learned report is late, and to what its time is rounded up
GRACE: Final = timedelta(minutes=30)
ROUND: Final = timedelta(minutes=15)


#: the prints of one form of titles, by date, each date's in their order
_Seen = dict[date, list[Printed]]


def learn(day: date, day_starts: str, past: Mapping[date, Sequence[Printed]]) -> list[Report]:
    """The reports that past nights make expected on this date, in the order in which they usually come.

    past: date → what was printed then; dates that are not before `day` teach nothing.
    """
    nights = {one: sorted(past[one], key=lambda each: each.at) for one in sorted(past) if one < day and past[one]}
    if len(nights) < LEAST:
        return []
    found: list[tuple[timedelta, Report]] = []
    for level in range(3):
        for form, seen in _by_form(nights, level).items():
            if not _is_expected(day, list(nights), set(seen)):
                continue
            found.append((_usual(day_starts, seen), _report(form, level, day_starts, seen, len(nights))))
            for one, prints in seen.items():
                nights[one] = [each for each in nights[one] if each not in prints]
    return [report for _, report in sorted(found, key=lambda one: (one[0], one[1].name))]


def _by_form(nights: Mapping[date, Sequence[Printed]], level: int) -> dict[str, _Seen]:
    found: dict[str, _Seen] = {}
    for day, printed in nights.items():
        for one in printed:
            found.setdefault(forms(one.title)[level], {}).setdefault(day, []).append(one)
    found.pop("", None)
    return found


def _is_expected(day: date, nights: Sequence[date], came: set[date]) -> bool:
    same = [one for one in nights if one.weekday() == day.weekday()]
    if len(same) >= WEEKDAYS and came.issuperset(same[-WEEKDAYS:]):
        return True
    last = nights[-WEEK:] if len(nights) >= WEEK else ()
    if last and (came.issuperset(last) or came.isdisjoint(last)):
        return came.issuperset(last)
    if len(same) >= WEEKDAYS and 2 * len(came.intersection(same)) < len(same):
        return False
    return 4 * len(came) >= 3 * len(nights)


def _report(form: str, level: int, day_starts: str, seen: _Seen, nights: int) -> Report:
    newest = max(seen)
    example = seen[newest][-1].title
    return Report(
        form, label(example, numbers=level == 2), _latest(day_starts, seen), _copies(seen), pattern=False,
        example=example, came=len(seen), of=nights,
    )  # fmt: skip


def _copies(seen: _Seen) -> int | None:
    """How often it is printed: the number of three of four nights; None where there is no such."""
    counts = Counter(sum(one.copies for one in prints) for prints in seen.values())
    number, nights = counts.most_common(1)[0]
    return number if 4 * nights >= 3 * len(seen) else None


def _firsts(day_starts: str, seen: _Seen) -> list[timedelta]:
    """How long after the begin of each date it came first, in order."""
    begin = time.fromisoformat(day_starts)
    return sorted(prints[0].at - due(day, day_starts, begin) for day, prints in seen.items())


def _usual(day_starts: str, seen: _Seen) -> timedelta:
    firsts = _firsts(day_starts, seen)
    return firsts[len(firsts) // 2]


def _latest(day_starts: str, seen: _Seen) -> time | None:
    """By when it is there on nine of ten nights, and a while; None where that is after the date's end."""
    firsts = _firsts(day_starts, seen)
    until = firsts[(len(firsts) - 1) * 9 // 10] + GRACE
    until = -(-until // ROUND) * ROUND
    if not timedelta() < until < timedelta(days=1):
        return None
    begin = due(min(seen), day_starts, time.fromisoformat(day_starts))
    return (begin + until).time()
