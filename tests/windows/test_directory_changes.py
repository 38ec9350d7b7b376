"""Changes of directories, as Windows tells them: at once, also of one that never rests."""

from __future__ import annotations

import sys
from pathlib import Path
from queue import SimpleQueue

import pytest

if sys.platform != "win32":
    pytest.skip("Windows alone", allow_module_level=True)

from comptoir.windows import directory_changes
from comptoir.windows.directory_changes import DirectoryChanges
from comptoir.windows.paths import extended

LOST = "lost"


class Told:
    def __init__(self, path: Path, deep: bool = True) -> None:
        self.told: SimpleQueue[str] = SimpleQueue()
        self.changes = DirectoryChanges(extended(str(path)), deep, self.say, lambda: self.told.put(LOST))

    def say(self, paths: list[str]) -> None:
        for path in paths:
            self.told.put(path)

    def until(self, wanted: str) -> None:
        while self.told.get(timeout=20) != wanted:
            pass


def test_each_change_is_told_although_others_follow(tmp_path: Path) -> None:
    """While something happens all the time: the next file is written before the one before has been told of."""
    told = Told(tmp_path)
    for number in range(50):
        (tmp_path / f"{number}").write_text("x")
        told.until(f"{number}")
    told.changes.stop()
    assert not told.changes.alive


def test_what_is_in_a_new_directory_is_told_with_its_path(tmp_path: Path) -> None:
    told = Told(tmp_path)
    (tmp_path / "été").mkdir()
    told.until("été")
    (tmp_path / "été" / "a.pdf").write_text("a")
    told.until("été\\a.pdf")
    (tmp_path / "été" / "a.pdf").rename(tmp_path / "été" / "b.pdf")
    told.until("été\\b.pdf")
    told.changes.stop()


def test_it_ends_also_where_nothing_has_happened(tmp_path: Path) -> None:
    told = Told(tmp_path, deep=False)
    assert told.changes.alive
    told.changes.stop()
    assert not told.changes.alive
    tmp_path.rmdir()


def test_more_than_the_system_can_say_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DirectoryChanges, "_read_paths", lambda self: [])
    told = Told(tmp_path)
    (tmp_path / "a").touch()
    told.until(LOST)
    told.changes.stop()


def test_a_reading_that_is_refused_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Windows does of a directory that is being removed; a handle left open would keep it from going."""
    told = Told(tmp_path)
    monkeypatch.setattr(directory_changes, "_NEWS", 0)
    (tmp_path / "a").touch()
    told.until(LOST)
    told.changes._thread.join(20)
    assert not told.changes.alive


def test_no_directory_no_changes(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Told(tmp_path / "none")
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r".") as told:
        Told(tmp_path / "file")
    assert told.value.winerror
    assert directory_changes.__doc__
