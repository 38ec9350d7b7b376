"""The index's file: what comes in, what goes, what is due, and what becomes of a file that is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.peers.indexed import index_at, kept, read

from comptoir.archive import index as index_module
from comptoir.archive.index import Due, Index


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    one = index_at(tmp_path, kept(1, "Balance"), kept(2, "Arrivals", user="zoé"), kept(3, "Arrivals", content=2))
    yield one
    one.close()


def column(index: Index, name: str) -> list[Any]:
    return [value for (value,) in index.db.execute(f"SELECT {name} FROM document ORDER BY number")]


def words(index: Index, match: str) -> list[int]:
    return [number for (number,) in index.db.execute("SELECT rowid FROM words WHERE words MATCH ?", (match,))]


def test_what_is_known_stays_as_it_is(index: Index) -> None:
    read(index, 1, "text")
    index.add([kept(1, "Other"), kept(4)])
    assert column(index, "title") == ["Balance", "Arrivals", "Arrivals", ""]
    assert words(index, "text") == [1]
    assert index.noted("after") == 4


def test_texts_are_due_before_pictures_and_the_newest_first(index: Index) -> None:
    stages: list[tuple[str, int]] = []
    while due := index.due(("read", "draw", "eyes"), 1):
        (one,) = due
        stages.append((one.stage, one.number))
        if one.stage == "draw":
            index.put_picture(one, b"webp" if one.number == 3 else None)
        else:
            index.put_text(one, "", 1, eyes=one.stage == "read" and one.number == 1)
    # 2 and 3 are the same bytes.
    assert stages == [("read", 3), ("read", 1), ("draw", 3), ("draw", 1), ("eyes", 1)]
    assert column(index, "drawn") == [2, 1, 1]


def test_the_same_bytes_are_read_once(index: Index) -> None:
    assert read(index, 2, "The text") == [2, 3]
    index.add([kept(4, content=2)])
    assert words(index, "text") == [2, 3, 4]
    assert [due.number for due in index.due(("read",), 9)] == [1]
    assert column(index, "excerpt")[1:] == ["The text"] * 3


def test_what_is_dropped_leaves_nothing(index: Index) -> None:
    read(index, 2, "secretword")
    for due in index.due(("draw",), 9):
        index.put_picture(due, b"webp of %d" % due.number)
    assert index.drop([2, 7]) == 1
    assert len(index.db.execute("SELECT webp FROM picture").fetchall()) == 2
    assert words(index, "secretword") == [3]
    assert index.unclean()
    index.drop([3])
    assert words(index, "secretword") == []
    assert index.db.execute("SELECT webp FROM picture").fetchall() == [(b"webp of 1",)]
    assert index.db.execute("SELECT field, value, documents FROM tally").fetchall() == [
        ("media_type", "application/pdf", 1), ("printer", "", 1), ("source", "office", 1), ("user", "", 1),
    ]  # fmt: skip


def test_words_of_what_was_dropped_are_wiped_out_of_the_file(index: Index) -> None:
    read(index, 1, "quicksilver " * 50)
    read(index, 2, "other " * 50)
    index.drop([1])
    begin = True
    while not index.cleanse(begin=begin):
        begin = False
    assert not index.unclean()
    files = [path for path in index.path.parent.iterdir() if path.suffix != ".db-shm"]
    assert all(b"quicksilver" not in path.read_bytes() for path in files)


def test_who_ends_the_reader_twice_is_given_up(index: Index) -> None:
    due = index.due(("read",), 1)[0]
    assert [index.failed(due), index.failed(due)] == [False, True]
    index.give_up(due, "it took too long")
    assert column(index, "trouble")[1:] == ["it took too long"] * 2
    assert [(one.stage, one.number) for one in index.due(("read", "draw"), 9)] == [("read", 1)]


def test_halves_of_characters_and_nul_are_taken(index: Index) -> None:
    index.add([kept(5, "a\ud800b\0c", user="\udfff")])
    read(index, 5, "x\0y\ud800")
    assert column(index, "title")[-1] == "a?b c"


def reopened(index: Index, identity: str = "journal") -> Index:
    index.close()
    return Index(index.path, identity)


def test_it_is_there_when_it_is_opened_again(index: Index) -> None:
    again = reopened(index)
    assert again.newest() == (3, kept(2).document.digest)
    again.close()


def test_that_of_another_journal_is_made_anew(index: Index) -> None:
    again = reopened(index, "other")
    assert again.newest() is None
    assert again.noted("after") == 0
    again.close()


def test_that_of_another_version_is_made_anew(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "VERSION", 999)
    again = reopened(index)
    assert again.newest() is None
    again.close()


@pytest.mark.parametrize("content", [b"", b"no database at all " * 300, b"SQLite format 3\0" + bytes(5000)])
def test_what_is_no_index_is_made_anew(index: Index, content: bytes) -> None:
    index.close()
    index.path.write_bytes(content)
    again = Index(index.path, "journal")
    assert again.newest() is None
    again.close()


def test_only_its_owner_can_read_it(index: Index) -> None:
    assert index.path.parent.stat().st_mode & 0o077 == 0


def test_due_says_what_is_needed(index: Index) -> None:
    assert index.due(("read",), 1) == [Due(3, kept(2).document.digest, "application/pdf", "read", 0)]
