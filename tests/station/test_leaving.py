"""Names between a file's own and its end, and directories that go; what is done to files is in test_originals."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.beneath import Beneath, stamp_of
from comptoir.core.document import Document
from comptoir.core.intake import Original, Stamp, StepDone
from comptoir.station.leaving import OTHERS, PREFIX, Leaving, hidden, put_back, remove_directories

CONTENT = b"content"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def original(path: str, state: str = "due", **more: str) -> Original:
    document = Document.of(CONTENT, "", path)
    step = more.pop("step", "delete")
    return Original(7, "s", path, Stamp(7, 1, 1), document, state, 0, 0, step, **more)  # type: ignore[arg-type]


#: as Python reads them of a file system: a byte that is no UTF-8 is one of these halves of a character (PEP 383)
BYTES = st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF, categories=["Cs"])
LETTERS = st.characters(exclude_characters="/\0", exclude_categories=["Cs"])


@given(st.text(LETTERS | BYTES, min_size=1).filter(lambda name: name not in (".", "..")))
def test_every_file_system_takes_a_hidden_name(name: str) -> None:
    found = hidden(original(f"sub/{name}"))
    assert found.startswith(f"sub/{PREFIX}7-")
    assert len(found.rpartition("/")[2].encode("utf-8", "surrogatepass")) <= 255


def test_a_name_is_given_back_and_nothing_overwritten(folder: Path) -> None:
    (folder / ".h").write_bytes(CONTENT)
    (folder / "a.txt").write_text("another")
    with Beneath(folder) as beneath:
        put_back(beneath, ".h", "a.txt")
    assert sorted(os.listdir(folder)) == ["a (2).txt", "a.txt"]
    assert (folder / "a (2).txt").read_bytes() == CONTENT


@pytest.mark.parametrize("both", [False, True], ids=["hidden", "both names"])
@pytest.mark.parametrize("state", ["due", "going"])
def test_a_hidden_name_that_a_crash_has_left_is_ended(folder: Path, both: bool, state: str) -> None:
    """Whatever the ledger says: it may have been put off meanwhile."""
    one = original("a.txt", state)
    (folder / hidden(one)).write_bytes(CONTENT)
    if both:
        os.link(folder / hidden(one), folder / "a.txt")
    leaving = Leaving(folder)
    (going,) = leaving.look([one])
    assert going.state == "going"
    assert leaving.leave([(one, going)]) == [StepDone(7, "deleted")]
    assert os.listdir(folder) == []


def test_a_hidden_name_of_something_else_is_given_back(folder: Path) -> None:
    one = original("a.txt", "going")
    (folder / hidden(one)).write_text("changed since")
    assert [done.state for done in Leaving(folder).look([one])] == ["changed"]
    assert (folder / "a.txt").read_text() == "changed since"


def test_a_new_file_under_the_old_name_stays_where_the_old_one_was_about_to_leave(folder: Path) -> None:
    one = original("a.txt", "going")
    (folder / hidden(one)).write_bytes(CONTENT)
    (folder / "a.txt").write_text("another")
    leaving = Leaving(folder)
    (going,) = leaving.look([one])
    leaving.leave([(one, going)])
    assert os.listdir(folder) == ["a.txt"]
    assert (folder / "a.txt").read_text() == "another"


@pytest.mark.skipif(os.name == "nt", reason="Windows has links for administrators only")
@pytest.mark.parametrize("link", ["done", "done/sub"])
def test_an_original_is_not_moved_through_a_link_in_the_folder(folder: Path, link: str) -> None:
    """Who may write into the folder could have it put where only the service may write."""
    away = folder.parent / "etc"
    away.mkdir()
    (folder / "sub").mkdir()
    (folder / "sub/a.txt").write_bytes(CONTENT)
    (folder / link).parent.mkdir(exist_ok=True)
    (folder / link).symlink_to(away)
    one = original("sub/a.txt", step="move:done")
    leaving = Leaving(folder)
    (going,) = leaving.look([one])
    message = f"It cannot be moved to {folder / 'done/sub'}: Not a directory."
    assert leaving.leave([(one, going)]) == [StepDone(7, "due", message)]
    assert os.listdir(away) == []
    assert os.listdir(folder / "sub") == ["a.txt"]


def test_directories_go_from_the_inside_and_only_those_of_the_lot(folder: Path) -> None:
    (folder / "x/lot/a/b").mkdir(parents=True)
    (folder / "x/lot/c").mkdir()
    assert remove_directories(folder, "x/lot", ["x/lot/1", "x/lot/a/b/2", "x/lot/c/3"]) == ""
    assert os.listdir(folder / "x") == []


def test_a_directory_with_something_in_it_stays(folder: Path) -> None:
    (folder / "lot/a").mkdir(parents=True)
    (folder / "lot/other").mkdir()
    assert remove_directories(folder, "lot", ["lot/1", "lot/a/2"]) == OTHERS
    assert os.listdir(folder / "lot") == ["other"]
    assert remove_directories(folder / "none", "lot", ["lot/1"]) == ""


def test_what_is_moved_to_another_place_in_its_folder_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "in" / "done").mkdir(parents=True)
    there = tmp_path / "in" / "done" / "a"
    there.write_text("content")
    goals = (str(there), str(tmp_path / "in" / "x" / ".." / "done" / "b"), str(tmp_path / "inside"), "")
    done = [StepDone(number, "going", to=goal) for number, goal in enumerate(goals)]
    found = Leaving(tmp_path / "in").inside(done)
    assert [path for path, _ in found] == ["done/a", "done/b"]
    assert found[0][1] == stamp_of(there.lstat())
