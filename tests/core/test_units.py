"""Durations and times as people write them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.units import duration, instant, iso, local, local_minute, size


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("", None),
        ("  ", None),
        ("0 s", 0),
        ("250ms", 250),
        ("2 s", 2000),
        ("1.5 min", 90_000),
        (" 10 min ", 600_000),
        ("1 h", 3_600_000),
        ("1 day", 86_400_000),
        ("2 days", 172_800_000),
        ("1 month", 2_629_746_000),
        ("10 years", 315_569_520_000),
    ],
)
def test_durations(text: str, ms: int | None) -> None:
    assert duration(text) == ms


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", None),
        (" ", None),
        ("0 B", 0),
        ("10 kB", 10_000),
        ("10KB", 10_000),
        ("1.5 MB", 1_500_000),
        ("2 gb", 2 * 10**9),
    ],
)
def test_sizes(text: str, count: int | None) -> None:
    assert size(text) == count


@pytest.mark.parametrize("text", ["10", "MB", "-1 MB", "1e3 kB", "1 MiB", "1 kB 2 B"])
def test_what_is_no_size_says_what_is(text: str) -> None:
    with pytest.raises(ValueError, match="2 MB"):
        size(text)


@given(st.text())
def test_any_text_is_a_size_or_none(text: str) -> None:
    with suppress(ValueError):
        assert (size(text) or 0) >= 0


@pytest.mark.parametrize("text", ["10", "min", "ten min", "10 minutes ago", "-1 s", "1e3 s", "1 S", "1 s 2 s", "١ s x"])
def test_what_is_no_duration_says_what_is(text: str) -> None:
    with pytest.raises(ValueError, match="10 min"):
        duration(text)


@given(st.text(max_size=30))
def test_any_text_is_a_duration_or_a_value_error(text: str) -> None:
    try:
        found = duration(text)
    except ValueError:
        return
    assert found is None or found >= 0


@given(st.integers(0, 7_258_118_400_000))  # until 2200
def test_iso_says_the_instant_to_the_millisecond(at: int) -> None:
    text = iso(at)
    assert text.endswith("Z")
    whole, _, fraction = text.removesuffix("Z").partition(".")
    seconds = datetime.fromisoformat(whole + "+00:00").timestamp()
    assert int(seconds) * 1000 + int(fraction) == at


def test_iso_by_example() -> None:
    assert iso(1_795_266_300_250) == "2026-11-21T13:05:00.250Z"


@pytest.fixture
def paris() -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of this process cannot be changed")
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Paris"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.usefixtures("paris")
def test_a_ticket_shows_the_time_on_the_wall() -> None:
    assert local_minute(1_795_266_300_250) == "2026-11-21 14:05"
    assert local_minute(1_782_000_000_000 - 20_000) == "2026-06-21 01:59"


@pytest.mark.parametrize("at", [-11_644_473_600_000, -1, 32_536_850_400_000, 253_402_300_799_000])
def test_a_time_is_told_also_where_windows_knows_none(at: int) -> None:
    """A file of the year 1601 is one whose time nobody has set; Windows' own functions begin in 1970, end in 3000."""
    assert abs(local(at) - instant(at)) == timedelta()
    assert datetime.fromisoformat(iso(at)) == instant(at)


def test_what_no_calendar_knows_is_an_error() -> None:
    with pytest.raises(OverflowError):
        iso(400_000_000_000_000)
