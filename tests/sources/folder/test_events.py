"""Hints: collected from any thread, and from the system."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from comptoir.sources.folder import events
from comptoir.sources.folder.events import Events, Hints
from comptoir.windows.paths import extended


def test_hints_are_relative_and_come_once(tmp_path: Path) -> None:
    root = str(tmp_path / "in")
    hints = Hints(root, lambda: None)
    for path in (f"{root}/a", f"{root}/x/b", "a", "x/b/", root, f"{root}side/c", str(tmp_path / "passwd"), ""):
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


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere a name has one spelling, and more letters")
def test_hints_of_windows_are_spelt_in_many_ways(tmp_path: Path) -> None:
    root = str(tmp_path)
    hints = Hints(root, lambda: None)
    of_root = (root.upper() + "\\a", extended(root) + "\\x\\b", root.replace("\\", "/") + "/c")
    for path in (*of_root, "C:evil", "a.txt:x", "?"):
        hints.add(path)
    assert hints.drain() == (["a", "x/b", "c"], False)


def test_when_too_much_has_happened_everything_is_looked_at() -> None:
    woken: list[int] = []
    hints = Hints("in", lambda: woken.append(1))
    hints.overflow()
    assert (hints.waiting, hints.drain(), woken) == (True, ([], True), [1])


def test_what_happens_in_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    outside = tmp_path.with_name("outside")
    outside.mkdir()
    (outside / "moved").write_text("m")
    woken = threading.Event()
    hints = Hints(str(tmp_path), woken.set)
    listening = Events(str(tmp_path), True, hints)
    assert listening.alive
    wanted = {"written", "moved", "hard", "renamed"}
    if sys.platform != "win32":
        wanted.add("x/deep")  # Wine does not tell of directories that were there before; Windows does
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
