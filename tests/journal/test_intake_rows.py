"""Paths and numbers of file systems in rows, and questions that find their index."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.databases import opened

from comptoir.core.intake import OriginalQuery, Stamp
from comptoir.journal.intake_rows import (
    add_functions,
    folded,
    known,
    path_in,
    path_of,
    select_originals,
    stamp_in,
    stamp_of,
)
from comptoir.journal.migrate import migrate
from comptoir.journal.rows import SQL

#: with lone surrogates, as names that are no Unicode have them
paths = st.text(st.characters(exclude_categories=()), min_size=1)
stamps = st.builds(Stamp, st.integers(0, 2**62), st.integers(-(2**80), 2**80), st.integers(0, 2**128))


@pytest.fixture
def db() -> sqlite3.Connection:
    db = opened(isolation_level=None)
    migrate(db)
    add_functions(db)
    return db


@given(st.lists(st.tuples(paths, stamps), unique_by=lambda pair: pair[0], max_size=5))
def test_every_path_and_stamp_comes_back(files: list[tuple[str, Stamp]]) -> None:
    db = opened(isolation_level=None)
    migrate(db)
    for path, stamp in files:
        assert path_of(path_in(path)) == path
        assert stamp_of(*stamp_in(stamp)) == stamp
        db.execute(SQL["leave_alone"], ("s", path_in(path), *stamp_in(stamp)))
    assert known(db, "s") == dict(files)


@given(paths)
def test_any_path_can_be_searched(path: str) -> None:
    assert folded(path_in(path)) == folded(path)


def test_case_and_accents_are_searched_however_they_are_written() -> None:
    assert folded("ÉTÉ") == folded("e\u0301te\u0301") == "été"


def plan_of(db: sqlite3.Connection, sql: str) -> str:
    return " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?")))


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("known", "originals_here"),
        ("original_here", "originals_here"),
        ("missing", "originals_here"),
        ("supersede", "originals_here"),
        ("original_away", "originals_content"),
        ("first_alike", "originals_content"),
        ("any_alike", "originals_content"),
        ("tally", "originals_state"),
        ("due", "originals_due"),
        ("next_due", "originals_due"),
        ("events_of_original", "events_original"),
        ("unit_jobs", "jobs_original"),
        ("jobs_of_original", "jobs_original"),
        ("unit_rows", "originals_lot"),
        ("unit_rows", "originals_follows"),
    ],
)
def test_what_is_asked_often_reads_no_whole_table(db: sqlite3.Connection, name: str, index: str) -> None:
    found = plan_of(db, SQL[name])
    assert index in found
    assert "SCAN originals" not in found.replace("SCAN originals USING", "")
    assert "SCAN jobs" not in found
    assert "SCAN events" not in found


@pytest.mark.parametrize("name", ["purge_document", "orphans", "file_needed", "drop_document"])
def test_whether_a_document_is_needed_is_found_by_an_index(db: sqlite3.Connection, name: str) -> None:
    found = plan_of(db, SQL[name])
    assert "SCAN originals" not in found
    assert "SCAN jobs" not in found


def test_nothing_matches_in_an_empty_ledger(db: sqlite3.Connection) -> None:
    assert select_originals(db, OriginalQuery("s", ("kept",), "a", "b", 1, 2)) == []
