"""Business dates and how long a document is kept, by the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.keeping import business_date, counted_from, later

PARIS = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("at", "expected"),
    [("2026-11-21T02:30", "2026-11-20"), ("2026-11-21T05:59:59", "2026-11-20"), ("2026-11-21T06:00", "2026-11-21")],
)
def test_what_is_printed_at_night_belongs_to_the_day_before(at: str, expected: str) -> None:
    assert business_date(datetime.fromisoformat(at), "06:00").isoformat() == expected


def test_a_day_that_begins_at_midnight_is_the_calendars() -> None:
    assert business_date(datetime(2026, 1, 1, tzinfo=PARIS), "00:00") == date(2026, 1, 1)


def test_from_when_a_duration_is_counted() -> None:
    received = datetime(2026, 11, 21, 2, 30, tzinfo=PARIS)
    business = date(2026, 11, 20)
    assert counted_from(received, business, "received") == received
    assert counted_from(received, business, "business-date") == datetime(2026, 11, 20, tzinfo=PARIS)
    assert counted_from(received, business, "year-end") == datetime(2027, 1, 1, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "text", "expected"),
    [
        ("2026-11-21", "10 years", "2036-11-21"),
        ("2024-02-29", "1 year", "2025-02-28"),
        ("2026-01-31", "1 month", "2026-02-28"),
        ("2026-12-15", "1 month", "2027-01-15"),
        ("2026-11-21", "90 days", "2027-02-19"),
        ("2026-11-21", "", "2026-11-21"),
    ],
)
def test_years_and_months_are_the_calendars(start: str, text: str, expected: str) -> None:
    assert later(datetime.fromisoformat(start), text).date().isoformat() == expected


def test_beyond_the_calendar() -> None:
    with pytest.raises(OverflowError):
        later(datetime(2026, 1, 1, tzinfo=UTC), "9000 years")


@given(st.datetimes(max_value=datetime(3000, 1, 1)), st.integers(0, 1000))  # noqa: DTZ001 - as hypothesis wants it
def test_years_later_is_the_same_day_or_the_last_of_february(start: datetime, years: int) -> None:
    found = later(start, f"{years} years")
    assert found.year == start.year + years
    assert (found.month, found.day) in {(start.month, start.day), (2, 28)}
