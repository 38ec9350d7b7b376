"""Durations and sizes as people write them ("10 min", "10 years", "2 MB"), and times as JSON says them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

_UNITS = {
    "ms": 1,
    "s": 1_000,
    "min": 60_000,
    "h": 3_600_000,
    "day": 86_400_000,
    "days": 86_400_000,
    "month": 2_629_746_000,
    "months": 2_629_746_000,
    "year": 31_556_952_000,
    "years": 31_556_952_000,
}
_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*")
#: as printed on disks and shown by file managers: powers of ten
_BYTES = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SIZE = re.compile(r"\s*(\d{1,12}(?:\.\d{1,3})?)\s*([a-zA-Z]+)\s*")


def duration(text: str) -> int | None:
    """Milliseconds; None for the empty text, which means "no limit". Raises ValueError with what is expected."""
    if not text.strip():
        return None
    found = _DURATION.fullmatch(text)
    if found is None or found[2] not in _UNITS:
        raise ValueError(f"“{text}” is no duration; expected a number and one of {', '.join(_UNITS)}, as in “10 min”")
    return int(float(found[1]) * _UNITS[found[2]])


def size(text: str) -> int | None:
    """Bytes; None for the empty text, which means "no bound". Raises ValueError with what is expected."""
    if not text.strip():
        return None
    found = _SIZE.fullmatch(text)
    units = {unit.lower(): factor for unit, factor in _BYTES.items()}
    if found is None or found[2].lower() not in units:
        raise ValueError(f"“{text}” is no size; expected a number and one of {', '.join(_BYTES)}, as in “2 MB”")
    return int(float(found[1]) * units[found[2].lower()])


def instant(at: int) -> datetime:
    """The instant `at` (ms since 1970 UTC), also where Windows' own functions know none: before 1970, after 3000.

    Raises OverflowError for what no calendar knows.
    """
    return _EPOCH + timedelta(milliseconds=at)


def local(at: int) -> datetime:
    """The instant in this machine's time zone; in UTC where its system knows none for it."""
    there = instant(at)
    try:
        return there.astimezone()
    except (OSError, OverflowError, ValueError):
        return there


@lru_cache(64)
def iso(at: int) -> str:
    """The instant `at` (ms since 1970 UTC) as RFC 3339 in UTC with milliseconds: 2026-11-21T13:05:00.250Z."""
    return instant(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local_second(at: int) -> str:
    """The time of day of the instant in this machine's time zone: 14:05:03."""
    return local(at).strftime("%H:%M:%S")


def local_minute(at: int) -> str:
    """The instant in this machine's time zone, as a ticket shows it: 2026-11-21 14:05."""
    return local(at).strftime("%Y-%m-%d %H:%M")
