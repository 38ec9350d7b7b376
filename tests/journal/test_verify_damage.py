"""A damaged file is a finding or a JournalError, and never a traceback."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.journal.conftest import findings, tamper
from tests.peers.databases import opened

from comptoir.core.errors import JournalError
from comptoir.durable import unheld
from comptoir.journal.verify import events, verify


@pytest.mark.parametrize("table", ["head", "identity", "jobs", "documents", "events"])
def test_a_missing_table_or_an_empty_one_is_no_traceback(path: Path, table: str) -> None:
    tamper(path, f"DELETE FROM {table}")
    if table != "identity":
        findings(path)
    db = opened(path)
    db.execute(f"DROP TABLE {table}")
    db.close()
    verify(path)


@pytest.mark.parametrize("head", ["NULL, NULL", "'x', zeroblob(32)", "2, 7"])
def test_a_head_that_is_none_is_named(path: Path, head: str) -> None:
    tamper(path, "DROP TABLE head", "CREATE TABLE head (seq, hash)", f"INSERT INTO head VALUES ({head})")
    findings(path)


def test_events_without_numbers_are_named(path: Path) -> None:
    """The schema itself was changed."""
    tamper(
        path,
        "ALTER TABLE events RENAME TO other",
        "CREATE TABLE events AS SELECT * FROM other",
        "UPDATE events SET seq = NULL WHERE seq = 1",
    )
    assert "lost their numbers" in findings(path)


def test_a_schema_that_is_no_text_is_named(path: Path) -> None:
    """SQLite quotes it in its message."""
    content = path.read_bytes()
    path.write_bytes(content.replace(b"CREATE TABLE documents", b"CREATE\xc5TABLE documents"))
    assert "the file itself is damaged: malformed database schema" in findings(path)


def test_columns_that_are_gone_are_named(path: Path) -> None:
    tamper(path, "DROP VIEW print_jobs", "ALTER TABLE jobs DROP COLUMN host")
    assert "no such column: host" in findings(path)


@pytest.mark.parametrize("column", ["at", "kind", "body", "hash"])
def test_events_come_up_to_the_damaged_one(path: Path, column: str) -> None:
    tamper(path, f"UPDATE events SET {column} = x'ff00' WHERE seq = 3", "UPDATE events SET hash = 1 WHERE seq = 3")
    found = events(path)
    assert [next(found).seq, next(found).seq] == [1, 2]
    with pytest.raises(JournalError) as caught:
        next(found)
    assert "verify" in caught.value.hint


def check(path: Path, spoil: Callable[[bytearray], None]) -> None:
    """Reports or raises JournalError; any other error fails the test."""
    content = bytearray(path.read_bytes())
    spoil(content)
    other = path.parent / "spoilt.db"
    other.write_bytes(content)
    try:
        verify(other)
    except JournalError as error:
        assert error.hint
    for left in ("spoilt.db-wal", "spoilt.db-shm"):
        unheld(lambda name=left: (path.parent / name).unlink(missing_ok=True))


@given(place=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
@settings(max_examples=150, deadline=None)
def test_a_flipped_byte_is_never_a_traceback(written: Path, place: float, mask: int) -> None:
    def flip(content: bytearray) -> None:
        content[int(place * len(content))] ^= mask

    check(written / "journal.db", flip)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=50, deadline=None)
def test_a_torn_file_is_never_a_traceback(written: Path, seed: int) -> None:
    luck = random.Random(seed)

    def tear(content: bytearray) -> None:
        for _ in range(luck.randint(1, 40)):
            at = luck.randrange(len(content))
            content[at : at + 8] = luck.randbytes(8)
        del content[luck.randrange(len(content)) :]

    check(written / "journal.db", tear)


def test_every_byte_of_the_events_is_guarded(written: Path, path: Path) -> None:
    """One byte of each event's text is changed in the file itself: each time this is found."""
    content = path.read_bytes()
    for event in events(written / "journal.db"):
        at = content.find(event.body.encode())
        assert at > 0
        spoilt = bytearray(content)
        spoilt[at + len(event.body) // 2] ^= 1
        path.write_bytes(spoilt)
        assert verify(path).findings, f"event {event.seq}"
