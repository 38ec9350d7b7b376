"""What a folder source is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from comptoir.sources.folder.settings import FolderSettings, Scope


def test_directories_are_looked_into_where_that_is_wished_or_they_are_units() -> None:
    told = [FolderSettings("a", Path("/x"), recursive=recursive, lot=lot).deep for recursive, lot in (
        (False, "file"), (True, "file"), (False, "directory"),
    )]  # fmt: skip
    assert told == [False, True, True]


def test_which_files_are_looked_for() -> None:
    scope = FolderSettings("a", Path("/x"), match=("*.pdf", "b/*"), ignore=("old",)).scope
    assert Scope.read(scope.written) == scope
    paths = ("a.pdf", "a.PDF", "a.txt", "x.part", "d/a.pdf", "old/a.pdf", "d/old/a.pdf", ".d/a.pdf")
    assert [path for path in paths if scope.holds(path)] == ["a.pdf", "a.PDF"]
    deep = replace(scope, deep=True)
    assert [path for path in paths if deep.holds(path)] == ["a.pdf", "a.PDF", "d/a.pdf"]
