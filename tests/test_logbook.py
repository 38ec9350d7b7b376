"""The log, as one thread writes it: in order, once, on the right day whatever the clock does."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.clock import FakeClock

from comptoir import logbook
from comptoir.logbook import Logbook, OneLine, attached, one_line
from comptoir.logfiles import LogFiles

PARIS = ZoneInfo("Europe/Paris")
SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000


def at(*when: int, fold: int = 0) -> int:
    """ms of a moment on the clock of Paris."""
    return int(datetime(*when, tzinfo=PARIS, fold=fold).timestamp() * 1000)  # type: ignore[arg-type, misc]


class Desk:
    """Somebody who has something to say, and a clock."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock(at(2026, 11, 21, 10, 11, 12) + 345)
        self.files = LogFiles(folder / "logs" / "cashdrawer.log", PARIS)
        self.book = Logbook(self.files, self.clock)

    def say(self, text: str, level: int = logging.INFO, *values: object, error: BaseException | None = None) -> None:
        record = logging.LogRecord("comptoir", level, "", 0, text, values, error and (type(error), error, None))
        record.created = self.clock.now() / 1000
        self.book.handle(record)

    def at(self, moment: int, text: str = "x") -> None:
        """A line at that moment."""
        self.clock.at = moment
        self.say(text)
        self.book.flush()

    def lines(self, name: str = "cashdrawer.log") -> list[str]:
        self.book.flush()
        return (self.files.path.parent / name).read_text("utf-8").splitlines()

    def days(self) -> dict[str, int]:
        """Lines of each file."""
        self.book.flush()
        return {f"{f.day}": len(f.path.read_text("utf-8").splitlines()) for f in self.files.files()}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk(tmp_path)
    yield one
    one.book.close()


def test_a_line_has_time_level_and_message(desk: Desk) -> None:
    desk.say("Tiroir-caisse ouvert avec succès")
    desk.say("%s: %d", logging.ERROR, "TICKET", 3)
    assert desk.lines() == [
        "2026-11-21 10:11:12,345 - INFO - Tiroir-caisse ouvert avec succès",
        "2026-11-21 10:11:12,345 - ERROR - TICKET: 3",
    ]


def test_what_others_wrote_begins_no_line_and_steers_no_terminal(desk: Desk) -> None:
    desk.say("by %s", logging.INFO, "x\n2026-11-21 10:11:12,345 - INFO - forged\r\x1b[2J\u2028\u202e\x85\ud800")
    (line,) = desk.lines()
    assert line.endswith("by x\\n2026-11-21 10:11:12,345 - INFO - forged\\r\\x1b[2J\\u2028\\u202e\\x85\\ud800")


@given(st.text())
def test_no_text_makes_two_lines(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert "\x1b" not in one_line(text)


def test_what_is_only_written_stays_as_it_is() -> None:
    for text in ("« à 10 €\u202f» \u00a0œ", "क्‍ष", "👩‍🍳"):
        assert one_line(text) == text


def test_an_error_has_its_traceback_without_what_steers() -> None:
    line = OneLine("%(message)s")
    record = logging.LogRecord("x", logging.INFO, "", 0, "station %s", ("\x1b]0;x\x07\ny",), None)
    assert line.format(record) == "station \\x1b]0;x\\x07\\ny"
    try:
        raise ValueError("\x1b[2J")
    except ValueError:
        record.exc_info = sys.exc_info()
    said = line.format(record)
    assert said.endswith("\nValueError: \\x1b[2J")
    assert "\x1b" not in said


# -- days -------------------------------------------------------------------------------------------------------------


def test_midnight_is_that_of_the_shop(desk: Desk) -> None:
    for moment in (at(2026, 11, 21, 23, 59, 59), at(2026, 11, 22, 0, 0), at(2026, 11, 22, 23, 59), at(2026, 11, 23)):
        desk.at(moment)
    assert desk.days() == {"2026-11-23": 1, "2026-11-22": 2, "2026-11-21": 1}


def test_a_day_ends_also_when_nobody_speaks(desk: Desk) -> None:
    desk.at(at(2026, 11, 21, 18, 0))
    desk.clock.at = at(2026, 11, 22, 0, 0, 1)
    desk.book.flush()
    assert [path.name for path in desk.files.path.parent.iterdir()] == ["cashdrawer.log.2026-11-21"]


def test_a_line_of_the_last_second_is_of_the_day_that_ends(desk: Desk) -> None:
    """It is written a moment later, when the new day has begun."""
    desk.at(at(2026, 11, 21, 18, 0))
    desk.clock.at = at(2026, 11, 21, 23, 59, 59)
    desk.say("late")
    desk.clock.at = at(2026, 11, 22)
    desk.book.flush()
    assert desk.lines("cashdrawer.log.2026-11-21")[-1].endswith("late")


@pytest.mark.parametrize(
    ("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25)], ids=["summer begins", "summer ends"]
)
def test_a_day_of_23_or_25_hours_is_one_file(desk: Desk, day: tuple[int, int, int], hours: int) -> None:
    midnight = at(*day)
    for hour in range(-1, hours + 1):
        desk.at(midnight + hour * HOUR)
    year, month, number = day
    assert desk.days() == {
        f"{year}-{month:02d}-{number + 1}": 1,
        f"{year}-{month:02d}-{number}": hours,
        f"{year}-{month:02d}-{number - 1}": 1,
    }


def test_the_hour_that_comes_twice_goes_on(desk: Desk) -> None:
    desk.at(at(2026, 10, 25, 2, 30))
    desk.at(at(2026, 10, 25, 2, 30, fold=1))
    assert [line[:16] for line in desk.lines()] == ["2026-10-25 02:30"] * 2


def test_a_clock_corrected_by_seconds_at_midnight_begins_no_day_twice(desk: Desk) -> None:
    desk.at(at(2026, 11, 22, 0, 0, 1))
    for moment in (at(2026, 11, 21, 23, 59, 58), at(2026, 11, 22, 0, 0, 2)):
        desk.at(moment)
    assert desk.days() == {"2026-11-22": 3}


def test_a_clock_set_back_a_day_and_forward_again(desk: Desk) -> None:
    today = at(2026, 11, 21, 10, 0)
    for moment in (today, today - DAY, today - DAY + HOUR, today + HOUR, today + DAY):
        desk.at(moment)
    assert desk.days() == {"2026-11-22": 1, "2026-11-21": 2, "2026-11-20": 2}


def test_a_clock_a_year_ahead_and_back_loses_no_file(desk: Desk) -> None:
    start = at(2026, 11, 1, 12, 0)
    for number in range(20):
        desk.at(start + number * DAY)
    desk.at(start + 365 * DAY)
    for number in range(20, 25):
        desk.at(start + number * DAY)
    assert sum(desk.days().values()) == 26
    assert desk.days()["2027-11-01"] == 1


def test_a_day_of_clock_changes_loses_no_line(desk: Desk) -> None:
    """Each hour the clock is put somewhere else."""
    jumps = (0, 1, -1, 24, -24, 24 * 365, -24 * 365, 23, -25, 0.001, -0.001, 0, 2, -2, 48, -48, 1, 1, 1, -3, 100, -100)
    moment = at(2026, 3, 28, 12, 0)
    for number, jump in enumerate(jumps):
        moment += int((jump + 1) * HOUR)
        desk.at(moment, f"line {number}")
    desk.book.flush()
    texts = [f.path.read_text("utf-8") for f in desk.files.files()]
    found = sorted(int(line.rsplit(" ", 1)[1]) for text in texts for line in text.splitlines())
    assert found == list(range(len(jumps)))
    for file in desk.files.files():
        assert {line[:10] for line in file.path.read_text("utf-8").splitlines()} == {f"{file.day}"}


# -- what is said again -----------------------------------------------------------------------------------------------


def test_an_error_that_comes_again_is_counted(desk: Desk) -> None:
    for _ in range(18):
        desk.say("TICKET: no paper", logging.WARNING)
        desk.clock.advance(SECOND)
    assert len(desk.lines()) == 1, "the first one at once"
    desk.say("TICKET: is back")
    assert [line[26:] for line in desk.lines()] == [
        "WARNING - TICKET: no paper",
        "WARNING - TICKET: no paper (×17, 10:11:13–10:11:29)",
        "INFO - TICKET: is back",
    ]


def test_what_is_repeated_for_long_is_told_each_minute(desk: Desk) -> None:
    for _ in range(150):
        desk.say("no", logging.ERROR)
        desk.book.flush()
        desk.clock.advance(SECOND)
    assert [line[26:] for line in desk.lines()] == [
        "ERROR - no",
        "ERROR - no (×61, 10:11:13–10:12:13)",
        "ERROR - no (×61, 10:12:14–10:13:14)",
    ]


def test_a_second_one_is_said_as_it_is(desk: Desk) -> None:
    for text in ("no", "no", "yes"):
        desk.say(text, logging.ERROR)
    assert [line[26:] for line in desk.lines()] == ["ERROR - no", "ERROR - no", "ERROR - yes"]


def test_each_opening_has_its_line(desk: Desk) -> None:
    for _ in range(5):
        desk.say("Tiroir-caisse ouvert avec succès")
    assert len(desk.lines()) == 5


def test_a_traceback_that_comes_again_is_counted_at_its_first_line(desk: Desk) -> None:
    for _ in range(4):
        desk.say("broken", logging.ERROR, error=ValueError("x"))
    desk.book.close()
    lines = desk.lines()
    assert (lines[0][26:], lines[1]) == ("ERROR - broken", "ValueError: x")
    assert lines[2].endswith("ERROR - broken (×3, 10:11:12–10:11:12)")
    assert len(lines) == 4


# -- when it cannot be written ----------------------------------------------------------------------------------------


def test_nothing_is_lost_at_a_stop(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for number in range(3000):
        desk.say(str(number))
    desk.book.close()
    desk.book.close()
    assert [int(line.rsplit(" ", 1)[1]) for line in desk.lines()] == list(range(3000))


def test_a_full_disk_delays_and_loses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    append = desk.files.append

    def full(text: str, day: object) -> None:
        raise OSError(28, "No space left on device")

    desk.at(at(2026, 11, 20, 18, 0))
    desk.clock.at = at(2026, 11, 21, 10, 11)
    monkeypatch.setattr(desk.files, "append", full)
    desk.say("one")
    desk.book.flush()
    desk.clock.advance(DAY)
    desk.say("two")
    desk.book.flush()
    monkeypatch.setattr(desk.files, "append", append)
    assert desk.days() == {"2026-11-22": 1, "2026-11-21": 1, "2026-11-20": 1}


def test_what_is_too_much_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logbook, "MOST_WAITING", 10)
    desk = Desk(tmp_path)
    may_go_on, append = threading.Event(), desk.files.append

    def slow(text: str, day: object) -> None:
        may_go_on.wait(20)
        append(text, day)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.files, "append", slow)
    for number in range(100):
        desk.say(str(number))
    may_go_on.set()
    desk.book.close()
    lines = desk.lines()
    lost = 100 - (len(lines) - 1)
    assert lost > 0
    assert lines[-1].endswith(f"WARNING - {lost} lines were lost: more than could be kept")


def test_a_full_disk_does_not_fill_the_memory(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logbook, "MOST_WAITING", 3)
    append, broken = desk.files.append, [True]

    def full(text: str, day: object) -> None:
        if broken:
            raise OSError(28, "No space left on device")
        append(text, day)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.files, "append", full)
    for number in range(5):
        desk.say(str(number))
        desk.book.flush()
    broken.clear()
    assert [line[26:] for line in desk.lines()] == [
        "INFO - 2",
        "INFO - 3",
        "INFO - 4",
        "WARNING - 2 lines were lost: more than could be kept",
    ]


def test_a_mistake_of_ours_does_not_end_the_log(desk: Desk) -> None:
    def broken(lines: object) -> None:
        raise RuntimeError

    desk.book.listeners.append(broken)
    desk.say("one")
    desk.book.flush()
    desk.book.listeners.remove(broken)
    desk.say("two")
    assert [line[26:32] for line in desk.lines()][:2] == ["INFO -", "INFO -"]


def test_who_follows_hears_lines_that_are_in_the_file(desk: Desk) -> None:
    heard: list[tuple[str, ...]] = []
    desk.book.listeners.append(lambda lines: heard.append((*lines, desk.files.path.read_text("utf-8"))))
    desk.say("one")
    desk.book.flush()
    assert heard == [("2026-11-21 10:11:12,345 - INFO - one", "2026-11-21 10:11:12,345 - INFO - one\n")]


def test_the_log_of_the_process_is_found(desk: Desk) -> None:
    assert attached() is None
    logging.getLogger().addHandler(desk.book)
    try:
        assert attached() is desk.book
    finally:
        logging.getLogger().removeHandler(desk.book)
