"""The real clock, and that nobody else looks at the time of day."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from comptoir.clock import SystemClock, awake, heed_time_zone, steady
from comptoir.core.units import local

WINTER = 1_795_000_000_000  # 2026-11-18
SOURCE = Path(__file__).parent.parent / "src" / "comptoir"


def test_it_says_the_milliseconds_of_this_machine() -> None:
    before = time.time_ns() // 1_000_000
    now = SystemClock().now()
    assert before <= now <= time.time_ns() // 1_000_000


def test_the_clocks_that_nobody_sets_go_forward() -> None:
    for clock in (steady, awake):
        before = clock()
        assert 0 < before <= clock()


def test_the_one_that_goes_on_in_sleep_is_ahead_of_the_one_that_stands_still() -> None:
    began = steady(), awake()
    assert steady() - began[0] >= 0
    assert awake() - began[1] <= steady() - began[0] + 1


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the test does to it is undone."""
    yield
    monkeypatch.undo()
    heed_time_zone()


@pytest.mark.usefixtures("zone")
@pytest.mark.skipif(sys.platform == "win32", reason="it is not set by a variable there")
def test_a_time_zone_that_is_set_right_later_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, offset in (("Europe/Paris", 60), ("America/New_York", -300)):
        monkeypatch.setenv("TZ", name)
        heed_time_zone()
        assert local(WINTER).utcoffset() == timedelta(minutes=offset)


@pytest.mark.usefixtures("zone")
@pytest.mark.skipif(sys.platform != "win32", reason="others understand the names of time zones")
def test_a_name_that_windows_does_not_understand_is_not_taken_for_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "CET-1CEST")
    heed_time_zone()
    assert (os.environ["TZ"], local(WINTER).utcoffset()) == ("CET-1CEST", timedelta(hours=1))
    monkeypatch.delenv("TZ")
    heed_time_zone()
    expected = local(WINTER).utcoffset()
    monkeypatch.setenv("TZ", "Europe/Paris")
    heed_time_zone()
    assert "TZ" not in os.environ
    assert local(WINTER).utcoffset() == expected


def test_nothing_else_asks_the_wall_clock() -> None:
    """Decisions take their time from core.ports.Clock. Devices and the command line may measure durations; the CUPS
    backend is a program of its own."""
    pattern = re.compile(r"\btime\.time(_ns)?\(|datetime\.now\(|datetime\.utcnow\(")
    users = {
        path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if pattern.search(path.read_text("utf-8"))
    }
    assert {user for user in users if not user.startswith("devices/")} <= {"clock.py", "capture_backend.py"}
