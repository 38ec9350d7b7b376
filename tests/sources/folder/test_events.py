"""Hints: collected from any thread, and from the system."""

from __future__ import annotations

import errno
import os
import sys
import threading
from pathlib import Path

import pytest

from comptoir.sources.folder import events
from comptoir.sources.folder.events import Events, Hints


def test_hints_are_relative_and_come_once() -> None:
    hints = Hints("/srv/in", lambda: None)
    for path in ("/srv/in/a", "/srv/in/x/b", "a", "x/b/", "/srv/in", "/srv/inside/c", "/etc/passwd", ""):
        hints.add(path)
    assert hints.waiting
    assert hints.drain() == (["a", "x/b"], False)
    assert (hints.waiting, hints.drain()) == (False, ([], False))


def test_only_the_first_one_wakes() -> None:
    woken: list[int] = []
    hints = Hints("/srv/in", lambda: woken.append(1))
    for name in "abc":
        hints.add(name)
    hints.drain()
    hints.add("d")
    assert len(woken) == 2


def test_too_many_are_a_reason_to_look_at_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST", 2)
    hints = Hints("/srv/in", lambda: None)
    for name in "abc":
        hints.add(name)
    assert hints.drain() == (["a", "b"], True)


def test_what_happens_in_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    outside = tmp_path.with_name("outside")
    outside.mkdir()
    (outside / "moved").write_text("m")
    woken = threading.Event()
    hints = Hints(str(tmp_path), woken.set)
    listening = Events(str(tmp_path), True, hints)
    assert listening.alive
    wanted = {"written", "x/deep", "moved", "hard", "renamed"}
    (tmp_path / "written").write_text("w")
    (tmp_path / "x" / "deep").write_text("d")
    (outside / "moved").rename(tmp_path / "moved")
    os.link(tmp_path / "written", tmp_path / "hard")
    (tmp_path / "y.part").write_text("y")
    (tmp_path / "y.part").rename(tmp_path / "renamed")
    told: set[str] = set()
    while not wanted <= told:
        assert woken.wait(20), told
        woken.clear()
        told |= set(hints.drain()[0])
    listening.stop()
    assert not listening.alive


def test_a_folder_that_is_not_there_gives_none(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Events(str(tmp_path / "nowhere"), False, Hints(str(tmp_path), lambda: None))


@pytest.mark.skipif(sys.platform != "linux", reason="inotify")
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "inotify watch limit reached"), RecursionError()], ids=repr)
def test_where_the_system_gives_none_nothing_is_left_of_the_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """It is tried again at each look through the folder. Directories a thousand deep end in a RecursionError."""

    def refused(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("watchdog.observers.inotify.InotifyWatchGroup._add_all_callbacks", refused)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with pytest.raises(OSError, match=r"limit reached|too many of them"):
            Events(str(tmp_path), True, Hints(str(tmp_path), lambda: None))
    assert len(os.listdir("/proc/self/fd")) == before
