"""A file is moved to a name that was free, whole, on this file system or another."""

from __future__ import annotations

import errno
import os
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from comptoir.beneath import Beneath
from comptoir.core.document import digest_of
from comptoir.station.moving_out import free, move_out, numbered, same_content

CONTENT = b"content" * 1_000
DIGEST = digest_of(CONTENT)
HIDDEN = ".comptoir-1-a.txt"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / HIDDEN).write_bytes(CONTENT)
    return tmp_path / "in"


@pytest.fixture(params=[False, True], ids=["same file system", "another file system"])
def goal(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if request.param:

        def elsewhere(*_: Any, **__: Any) -> None:
            raise OSError(errno.EXDEV, "Invalid cross-device link")

        monkeypatch.setattr(Beneath, "rename_out", elsewhere)
    return tmp_path / "out" / "sub" / "a.txt"


def move(folder: Path, goal: Path) -> Path:
    with Beneath(folder) as beneath:
        return move_out(beneath, HIDDEN, goal.parent.parent, "sub/a.txt", DIGEST)


def test_it_is_there_and_not_here(folder: Path, goal: Path) -> None:
    os.utime(folder / HIDDEN, ns=(500, 700))
    (folder / HIDDEN).chmod(0o640)
    assert move(folder, goal) == goal
    assert os.listdir(folder) == []
    assert os.listdir(goal.parent) == ["a.txt"]
    assert goal.read_bytes() == CONTENT
    assert (goal.stat().st_mtime_ns, goal.stat().st_mode & 0o777) == (700, 0o640 if os.name != "nt" else 0o666)


def test_nothing_is_overwritten(folder: Path, goal: Path) -> None:
    goal.parent.mkdir(parents=True)
    goal.write_text("another")
    goal.with_name("a (2).txt").symlink_to("nowhere") if os.name != "nt" else goal.with_name("a (2).txt").touch()
    assert move(folder, goal) == goal.with_name("a (3).txt")
    assert goal.read_text() == "another"


def test_what_a_crash_has_left_is_ended(folder: Path, goal: Path) -> None:
    """The new name is there, perhaps an unfinished copy too, and the old name has not gone yet."""
    goal.parent.mkdir(parents=True)
    goal.write_bytes(CONTENT)
    (goal.parent / HIDDEN).write_bytes(CONTENT[:100])
    assert move(folder, goal) == goal
    assert os.listdir(folder) == []
    assert os.listdir(goal.parent) == ["a.txt"]


def test_an_unfinished_copy_is_made_anew(folder: Path, goal: Path) -> None:
    goal.parent.mkdir(parents=True)
    (goal.parent / HIDDEN).write_bytes(CONTENT[:100])
    assert move(folder, goal) == goal
    assert goal.read_bytes() == CONTENT


def test_a_copy_that_is_not_what_was_copied_is_none(folder: Path, goal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that writes something else."""
    monkeypatch.setattr("comptoir.station.moving_out._holds", lambda *_: False)

    def elsewhere(*_: Any, **__: Any) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(Beneath, "rename_out", elsewhere)
    with pytest.raises(OSError, match="not what was copied"):
        move(folder, goal)
    assert os.listdir(folder) == [HIDDEN]
    assert os.listdir(goal.parent) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has links for administrators only")
def test_no_link_leads_elsewhere(folder: Path, goal: Path) -> None:
    """Who may write into a folder must not have files put where the service only may write."""
    goal.parent.parent.mkdir()
    (folder.parent / "etc").mkdir()
    goal.parent.symlink_to(folder.parent / "etc")
    with pytest.raises(OSError, match=r"symbolic links|Not a directory"):
        move(folder, goal)
    assert os.listdir(folder.parent / "etc") == []
    assert os.listdir(folder) == [HIDDEN]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes in directories")
def test_a_pipe_at_the_goal_holds_nobody_up(folder: Path, goal: Path) -> None:
    goal.parent.mkdir(parents=True)
    os.mkfifo(goal)
    assert move(folder, goal) == goal.with_name("a (2).txt")


def test_names_are_numbered_before_their_extension(tmp_path: Path) -> None:
    assert [path.name for path in islice(numbered(Path("x/a.b.pdf")), 3)] == ["a.b.pdf", "a.b (2).pdf", "a.b (3).pdf"]
    (tmp_path / "a").write_text("")
    assert free(tmp_path / "a") == tmp_path / "a (2)"


def test_only_the_same_bytes_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(CONTENT)
    assert same_content(tmp_path / "a", DIGEST)
    for other in ("none", "."):
        assert not same_content(tmp_path / other, DIGEST)
