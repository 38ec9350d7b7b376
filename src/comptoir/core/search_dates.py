"""Days as people write them, in French and English: 20/11/2026, novembre 2026, hier, last month. Pure.

The day stands before the month, as in Europe. What has no year is in the past, where that can be.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import MINYEAR, date, timedelta
from typing import Final

from comptoir.core.folding import folded

Days = tuple[date, date]
"""The first and the last one."""

_DAY: Final = timedelta(days=1)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("janvier", "january", "janv", "jan"),
            ("fevrier", "february", "fevr", "feb", "fev"),
            ("mars", "march", "mar"),
            ("avril", "april", "avr", "apr"),
            ("mai", "may"),
            ("juin", "june", "jun"),
            ("juillet", "july", "juil", "jul"),
            ("aout", "august", "aug"),
            ("septembre", "september", "sept", "sep"),
            ("octobre", "october", "oct"),
            ("novembre", "november", "nov"),
            ("decembre", "december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("lundi", "monday"), ("mardi", "tuesday"), ("mercredi", "wednesday"), ("jeudi", "thursday"),
            ("vendredi", "friday"), ("samedi", "saturday"), ("dimanche", "sunday"),
        )
    )
    for name in names
}  # fmt: skip


def _month(year: int, month: int) -> Days:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - _DAY


def _week(today: date, back: int) -> Days:
    """The week that begins on Monday, so many weeks ago."""
    monday = today - timedelta(days=today.weekday() + 7 * back)
    return monday, monday + 6 * _DAY


def _last_month(today: date) -> Days:
    last = today.replace(day=1) - _DAY
    return last.replace(day=1), last


def _year(year: int) -> Days:
    return date(year, 1, 1), date(year, 12, 31)


_NAMED: Final[dict[str, Callable[[date], Days]]] = {
    **dict.fromkeys(("today", "aujourd hui", "aujourdhui"), lambda today: (today, today)),
    **dict.fromkeys(("yesterday", "hier"), lambda today: (today - _DAY, today - _DAY)),
    **dict.fromkeys(("avant hier",), lambda today: (today - 2 * _DAY, today - 2 * _DAY)),
    **dict.fromkeys(("this week", "cette semaine"), lambda today: _week(today, 0)),
    **dict.fromkeys(
        ("last week", "previous week", "semaine derniere", "semaine precedente"), lambda today: _week(today, 1)
    ),
    **dict.fromkeys(("this month", "ce mois", "ce mois ci"), lambda today: _month(today.year, today.month)),
    **dict.fromkeys(("last month", "previous month", "mois dernier", "mois precedent"), _last_month),
    **dict.fromkeys(("this year", "cette annee"), lambda today: _year(today.year)),
    **dict.fromkeys(
        ("last year", "previous year", "annee derniere", "an dernier", "annee precedente"),
        lambda today: _year(today.year - 1),
    ),
}

_ARTICLE: Final = re.compile(r"^(?:(?:le|la|du|the|on) |l )")
_ISO: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_EUROPEAN: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?")
_MONTH_YEAR: Final = re.compile(r"(\d{1,2})[/.](\d{4})")
_SPOKEN: Final = re.compile(r"(?:(\d{1,2})(?:er|st|nd|rd|th)? )?([a-z]+)(?: (\d{4}))?")


def days_of(text: str, today: date) -> Days | None:
    """The days that a text means, or a range of two: A..B. None where it means none. `today`: what it is seen from."""
    first, dots, last = text.partition("..")
    if dots:
        begin, end = _one(first, today), _one(last, today)
        return None if begin is None or end is None else (begin[0], end[1])
    return _one(text, today)


def _one(text: str, today: date) -> Days | None:
    plain = " ".join(re.sub(r"['’‑-](?=[a-z])|\s+", " ", folded(text)).rstrip(",;").split())
    plain = _ARTICLE.sub("", plain)
    try:
        if plain in _NAMED:
            return _NAMED[plain](today)
        if plain in _WEEKDAYS:
            day = today - timedelta(days=(today.weekday() - _WEEKDAYS[plain]) % 7)
            return day, day
        return _numbers(plain, today) or _spoken(plain, today)
    except (ValueError, OverflowError):
        return None


def _numbers(plain: str, today: date) -> Days | None:
    """Raises ValueError for a day that there is not."""
    if found := _ISO.fullmatch(plain):
        year, month, day = (int(part) if part else 0 for part in found.groups())
        return _any_of(year, month, day)
    if found := _MONTH_YEAR.fullmatch(plain):
        return _month(int(found[2]), int(found[1]))
    if found := _EUROPEAN.fullmatch(plain):
        year = int(found[3] or 0)
        return _day(int(found[1]), int(found[2]), year + 2000 if 0 < year < 100 else year, today)
    return None


def _any_of(year: int, month: int, day: int) -> Days:
    if day:
        return date(year, month, day), date(year, month, day)
    return _month(year, month) if month else _year(year)


def _spoken(plain: str, today: date) -> Days | None:
    found = _SPOKEN.fullmatch(plain.replace(".", ""))
    if found is None or found[2] not in _MONTHS:
        return None
    month, year = _MONTHS[found[2]], int(found[3] or 0)
    if found[1]:
        return _day(int(found[1]), month, year, today)
    return _month(year or today.year - (month > today.month), month)


def _day(day: int, month: int, year: int, today: date) -> Days:
    """Without a year the last such day; 29 February in a year that has one. Raises ValueError."""
    if year:
        return date(year, month, day), date(year, month, day)
    for back in range(9):
        with_year = today.year - back
        if with_year <= MINYEAR:
            break
        try:
            found = date(with_year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found, found
    raise ValueError(f"there is no day {day} of month {month}")
