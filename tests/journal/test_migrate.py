"""The schema and the way to it."""

from __future__ import annotations

import sqlite3
from importlib.resources import files
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock

from comptoir.core.errors import JournalError
from comptoir.journal import open_journal
from comptoir.journal.migrate import migrate, migrations


def objects(db: sqlite3.Connection) -> dict[str, str]:
    """Every table, index, trigger and view, by name, as it was written."""
    return dict(db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"))


@pytest.fixture
def db() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


def test_the_schema_beside_the_migrations_is_what_they_make(db: sqlite3.Connection) -> None:
    migrate(db)
    other = sqlite3.connect(":memory:", isolation_level=None)
    other.executescript((files("comptoir.journal") / "schema.sql").read_text("utf-8"))
    assert objects(other) == objects(db), "write schema.sql anew from the migrations"


def test_migrations_are_numbered_without_gaps() -> None:
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))


def test_migrating_twice_changes_nothing(db: sqlite3.Connection) -> None:
    migrate(db)
    (uid,) = db.execute("SELECT uid FROM identity").fetchone()
    migrate(db)
    assert db.execute("SELECT uid FROM identity").fetchone() == (uid,)
    assert db.execute("PRAGMA user_version").fetchone() == (migrations()[-1][0],)


def test_a_migration_that_fails_leaves_nothing_half_done(db: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE jobs (mine)")
    with pytest.raises(sqlite3.OperationalError):
        migrate(db)
    db.rollback()
    assert set(objects(db)) == {"jobs"}
    assert db.execute("PRAGMA user_version").fetchone() == (0,)


async def test_a_journal_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    (await closed(tmp_path)).touch()
    with sqlite3.connect(tmp_path / "journal.db") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(JournalError, match="newer version") as caught:
        await open_journal("", tmp_path, FakeClock())
    assert "99" in caught.value.message
    assert "nothing was changed" in caught.value.hint
    with sqlite3.connect(tmp_path / "journal.db") as db:
        assert db.execute("PRAGMA user_version").fetchone() == (99,)
    db.close()


async def closed(folder: Path) -> Path:
    await (await open_journal("", folder, FakeClock())).close()
    return folder / "journal.db"
