"""The files of the log: days, clocks that are wrong, what stays and what goes."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.logfiles import TAIL, LogFiles, as_day, days_kept, tail

PARIS = ZoneInfo("Europe/Paris")
DAY = date(2026, 11, 21)


def line(day: date, text: str = "x") -> str:
    return f"{day} 10:11:12,345 - INFO - {text}\n"


def written(files: LogFiles, *days: date) -> None:
    """A line a day, in this order."""
    for day in days:
        files.append(line(day), day)


def names(files: LogFiles) -> list[str]:
    return sorted(path.name for path in files.path.parent.iterdir())


@pytest.fixture
def files(tmp_path: Path) -> LogFiles:
    return LogFiles(tmp_path / "logs" / "cashdrawer.log", PARIS)


def test_another_day_begins_another_file(files: LogFiles) -> None:
    written(files, DAY, DAY, DAY + timedelta(1))
    assert names(files) == ["cashdrawer.log", "cashdrawer.log.2026-11-21"]
    assert files.path.read_text("utf-8") == line(DAY + timedelta(1))
    assert [(f.day, f.current) for f in files.files()] == [(DAY + timedelta(1), True), (DAY, False)]


def test_lines_without_a_day_go_on_in_the_file(files: LogFiles) -> None:
    written(files, DAY)
    files.append("é\ud800\n", None)
    assert files.path.read_text("utf-8") == line(DAY) + "é\\ud800\n"


def test_after_days_off_the_last_line_tells_the_day_of_the_file(files: LogFiles) -> None:
    written(files, DAY)
    os.utime(files.path, (0, 0))
    again = LogFiles(files.path, PARIS)
    written(again, DAY + timedelta(9))
    assert names(files) == ["cashdrawer.log", "cashdrawer.log.2026-11-21"]


@pytest.mark.parametrize("content", ["no line of ours\n", "2026-99-99 10:11:12,000 - INFO - x\n", "\n" * (TAIL + 1)])
def test_where_no_line_tells_it_the_time_of_the_file_does(files: LogFiles, content: str) -> None:
    files.append(content, None)
    at = datetime(2026, 11, 20, 23, 59, tzinfo=PARIS).timestamp()
    os.utime(files.path, (at, at))
    again = LogFiles(files.path, PARIS)
    assert again.files()[0].day == date(2026, 11, 20)
    written(again, DAY)
    assert names(files) == ["cashdrawer.log", "cashdrawer.log.2026-11-20"]


def test_a_clock_set_back_a_day_overwrites_nothing(files: LogFiles) -> None:
    yesterday = DAY - timedelta(1)
    written(files, yesterday, DAY, yesterday, DAY, DAY + timedelta(1))
    told = {f.day: f.path.read_text("utf-8") for f in files.files()}
    assert told[yesterday] == line(yesterday) * 2
    assert told[DAY] == line(DAY) * 2


def test_a_day_that_came_back_is_in_two_files_until_it_ends(files: LogFiles) -> None:
    written(files, DAY, DAY + timedelta(1), DAY)
    assert [f.path.name for f in files.of_day(DAY)] == ["cashdrawer.log.2026-11-21", "cashdrawer.log"]


def test_the_oldest_go_beyond_what_is_kept(files: LogFiles) -> None:
    files.keep = 3
    written(files, *(DAY + timedelta(n) for n in range(6)))
    assert [f.day.day for f in files.files()] == [26, 25, 24, 23]


def test_all_are_kept_where_nothing_limits_them(files: LogFiles) -> None:
    files.keep = None
    written(files, *(DAY + timedelta(n) for n in range(40)))
    assert len(files.files()) == 40


def test_none_are_kept_where_none_are_wanted(files: LogFiles) -> None:
    files.keep = 0
    written(files, DAY, DAY + timedelta(1))
    assert names(files) == ["cashdrawer.log"]


def test_fewer_are_kept_at_once_when_the_owner_says_so(files: LogFiles) -> None:
    written(files, *(DAY + timedelta(n) for n in range(6)))
    files.keep = 1
    files.forget()
    assert [f.day.day for f in files.files()] == [26, 25]


@pytest.mark.parametrize("wild", [date(2027, 11, 21), date(1970, 1, 1), date(9999, 12, 30)])
def test_a_clock_that_is_years_off_does_not_age_the_others(files: LogFiles, wild: date) -> None:
    written(files, *(DAY + timedelta(n) for n in range(20)), wild, DAY + timedelta(20), DAY + timedelta(21))
    kept = {f.day for f in files.files()}
    assert {DAY + timedelta(n) for n in range(22)} <= kept
    assert wild in kept


def test_a_day_that_has_just_ended_is_not_the_one_to_go(files: LogFiles) -> None:
    """A clock that begins in 1970 until the network sets it: its lines are there the next day."""
    files.keep = 2
    wild = date(1970, 1, 1)
    written(files, DAY, DAY + timedelta(1), DAY + timedelta(2), wild, DAY + timedelta(3))
    assert wild in {f.day for f in files.files()}
    written(files, DAY + timedelta(4))
    assert wild not in {f.day for f in files.files()}


def test_other_files_of_the_folder_are_left_alone(files: LogFiles) -> None:
    files.keep = 0
    written(files, DAY)
    others = ("cashdrawer.log.2026-11-2", "cashdrawer.log.2026-11-31", "cashdrawer.log.old", "hub.log.2026-11-20", "x")
    for name in others:
        (files.path.parent / name).write_text("x")
    written(files, DAY + timedelta(1))
    files.purge()
    assert names(files) == sorted(["cashdrawer.log", *others])


def test_a_file_that_was_deleted_or_moved_is_begun_again(files: LogFiles) -> None:
    written(files, DAY)
    files.path.unlink()
    written(files, DAY)
    files.path.rename(files.path.with_name("moved"))
    written(files, DAY)
    assert files.path.read_text("utf-8") == line(DAY)
    files.path.unlink()
    (files.path.parent / "moved").unlink()
    files.path.parent.rmdir()
    written(files, DAY + timedelta(1))
    assert names(files) == ["cashdrawer.log"], "nothing was there to be put away"


def test_a_line_that_was_torn_gets_its_end(files: LogFiles) -> None:
    files.append("2026-11-21 10:11:12,345 - INFO - to", None)
    written(files, DAY)
    assert files.path.read_text("utf-8").count("\n") == 2


def test_a_file_that_cannot_be_put_away_is_continued(files: LogFiles) -> None:
    written(files, DAY)
    (files.path.parent / "cashdrawer.log.2026-11-21").mkdir()
    written(files, DAY + timedelta(1))
    assert files.path.read_text("utf-8") == line(DAY) + line(DAY + timedelta(1))


def test_what_the_disk_takes_in_part_is_taken_back() -> None:
    """/dev/full takes nothing."""
    with pytest.raises(OSError, match="space"):
        LogFiles(Path("/dev/full")).append("x\n", None)


def test_a_purge_empties_the_log(files: LogFiles) -> None:
    written(files, DAY, DAY + timedelta(1), DAY + timedelta(2))
    files.purge()
    assert [(f.size, f.current) for f in files.files()] == [(0, True)]
    written(files, DAY + timedelta(3))
    assert names(files) == ["cashdrawer.log"], "an empty file is no day"


def test_a_purge_that_cannot_remove_one_removes_the_others_and_says_so(files: LogFiles) -> None:
    written(files, DAY, DAY + timedelta(1))
    (files.path.parent / "cashdrawer.log.2026-11-19").mkdir()
    with pytest.raises(OSError, match="2026-11-19"):
        files.purge()
    assert [f.path.name for f in files.files()] == ["cashdrawer.log", "cashdrawer.log.2026-11-19"]
    assert files.path.stat().st_size == 0


def test_there_may_be_no_files(tmp_path: Path) -> None:
    files = LogFiles(tmp_path / "none" / "cashdrawer.log")
    assert files.files() == files.of_day(DAY) == []
    files.forget()
    files.purge()


def test_the_end_of_a_file_is_read(files: LogFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    files.append("".join(f"{n} {'odd' if n % 2 else 'even'}\n" for n in range(1000)), None)
    assert tail(files.path, 2, lambda text: "odd" in text) == ["997 odd", "999 odd"]
    monkeypatch.setattr("comptoir.logfiles.READ", 100)
    assert len(tail(files.path, 500, lambda text: True)) == 11, "and no half line"
    files.path.write_bytes(b"ouvert avec succ\xe8s\n")
    assert tail(files.path, 5, lambda text: True) == ["ouvert avec succ\ufffds"]


@given(st.text())
def test_only_a_day_is_a_day(text: str) -> None:
    found = as_day(text)
    assert found is None or found.isoformat() == text


@pytest.mark.parametrize(("ms", "days"), [(None, None), (0, 0), (1, 1), (86_400_000, 1), (86_400_001, 2)])
def test_a_time_is_a_number_of_files(ms: int | None, days: int | None) -> None:
    assert days_kept(ms) == days
