"""Until when routes keep, by the clock of this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from comptoir.config import RouteConfig
from comptoir.station.filing import date_of, for_ever, keep_of


@pytest.fixture(autouse=True)
def paris(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of this process cannot be changed")
    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).astimezone(UTC).timestamp() * 1000)


AUDIT = ms("2026-11-21T02:30+01:00")


def route(keep: str, keep_from: str = "received") -> RouteConfig:
    return RouteConfig(source="audit", keep=keep, keep_from=keep_from)  # type: ignore[arg-type]


def test_the_business_date_is_that_of_the_wall_clock() -> None:
    assert date_of(AUDIT, "06:00") == "2026-11-20"
    assert date_of(AUDIT, "02:00") == "2026-11-21"


def test_the_longest_wins() -> None:
    keep = keep_of([route("1 year"), route(""), route("10 years")], AUDIT, "06:00")
    assert keep is not None
    assert (keep.until, keep.business_date) == (ms("2036-11-21T02:30+01:00"), "2026-11-20")


def test_counted_from_the_end_of_the_business_year() -> None:
    night = ms("2027-01-01T03:00+01:00")  # belongs to 2026-12-31
    keep = keep_of([route("10 years", "year-end")], night, "06:00")
    assert keep is not None
    assert keep.until == ms("2037-01-01T00:00+01:00")


def test_who_keeps_nothing() -> None:
    assert keep_of([route("")], AUDIT, "06:00") is None
    assert for_ever(AUDIT, "06:00").until is None


def test_beyond_the_calendar_is_its_end() -> None:
    keep = keep_of([route("9999 years")], AUDIT, "06:00")
    assert keep is not None
    assert keep.until is not None
    assert datetime.fromtimestamp(keep.until / 1000, UTC).year >= 9999


def test_what_comes_in_the_morning_is_of_the_night_in_which_it_was_printed() -> None:
    morning = ms("2026-11-21T09:00+01:00")
    keep = keep_of([route("1 year")], morning, "06:00", AUDIT)
    assert keep is not None
    assert (keep.until, keep.business_date) == (ms("2027-11-21T09:00+01:00"), "2026-11-20")


def test_a_clock_that_is_ahead_dates_nothing_into_the_future() -> None:
    keep = keep_of([route("1 year")], AUDIT, "06:00", AUDIT + 10**10)
    assert keep is not None
    assert keep.business_date == "2026-11-20"


@pytest.mark.parametrize(
    ("keep", "keep_from", "until"),
    [("10 years", "year-end", "2037-01-01T00:00+01:00"), ("6 months", "received", "2027-01-21T02:30+01:00")],
)
def test_what_comes_in_summer_does_not_go_an_hour_early_in_winter(keep: str, keep_from: str, until: str) -> None:
    found = keep_of([route(keep, keep_from)], ms("2026-07-21T02:30+02:00"), "06:00")
    assert found is not None
    assert found.until == ms(until)
