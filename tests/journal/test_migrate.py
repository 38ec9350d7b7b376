"""The schema and the way to it."""

from __future__ import annotations

import sqlite3
from importlib.resources import files
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.databases import opened
from tests.peers.filings import filed

from comptoir.core.document import Origin, digest_of
from comptoir.core.errors import JournalError
from comptoir.core.record import GENESIS, link
from comptoir.journal import open_journal
from comptoir.journal.migrate import migrate, migrations
from comptoir.journal.verify import verify


def objects(db: sqlite3.Connection) -> dict[str, str]:
    """Every table, index, trigger and view, by name, as it was written."""
    return dict(db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"))


@pytest.fixture
def db() -> sqlite3.Connection:
    return opened(isolation_level=None)


def test_the_schema_beside_the_migrations_is_what_they_make(db: sqlite3.Connection) -> None:
    migrate(db)
    other = opened(isolation_level=None)
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
    with opened(tmp_path / "journal.db") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(JournalError, match="newer version") as caught:
        await open_journal("", tmp_path, FakeClock())
    assert "99" in caught.value.message
    assert "nothing was changed" in caught.value.hint
    with opened(tmp_path / "journal.db") as db:
        assert db.execute("PRAGMA user_version").fetchone() == (99,)
    db.close()


async def closed(folder: Path) -> Path:
    await (await open_journal("", folder, FakeClock())).close()
    return folder / "journal.db"


OLD_JOB = """
INSERT INTO jobs (uid, document, source, user, host, key, destination, printer, title, format, copies, state, status,
                  reason, message, evidence, expires_at, attempts, reprint_of, reported, created_at, updated_at)
VALUES ('u', 1, 'relay', 'anna', 'pc', 'k', 'TICKET', '', 'Bar', 'text', 2, 'pending', 'queued',
        '', '', '', NULL, 0, NULL, 0, 5, 6)
"""


async def test_a_journal_of_the_version_before_folders_keeps_everything(tmp_path: Path) -> None:
    db = opened(tmp_path / "journal.db", isolation_level=None)
    for _, sql in migrations()[:2]:
        db.executescript(sql)
    db.execute("PRAGMA user_version = 2")
    content = b"Hello world"
    db.execute("INSERT INTO documents VALUES (1, ?, 11, 'text/plain', 'a.txt', ?)", (digest_of(content), content))
    db.execute(OLD_JOB)
    body = f'{{"source":"relay","uid":"u","status":"queued","document":"{digest_of(content)}","created_at":5}}'
    digest = link(GENESIS, 1, 6, "job-accepted", 1, body)
    db.execute("INSERT INTO events VALUES (1, 6, 'job-accepted', 1, ?, ?)", (body, digest))
    db.execute("UPDATE head SET seq = 1, hash = ?", (digest,))
    (uid,) = db.execute("SELECT uid FROM identity").fetchone()
    db.close()
    assert verify(tmp_path / "journal.db").findings == [], "before it is brought up to date, too"
    journal = await open_journal("", tmp_path, FakeClock())
    assert journal.uid == uid
    (job,) = await journal.unreported("relay")
    assert (job.uid, job.origin, job.key, job.title, job.copies) == ("u", Origin("relay", "anna", "pc"), "k", "Bar", 2)
    assert (job.attributes, job.original) == ({}, None)
    assert await journal.content(job.document) == content
    assert [event.hash for event in await journal.events()] == [digest]
    assert await journal.ledger.known("any") == {}
    await journal.close()
    assert verify(tmp_path / "journal.db").findings == []


OLD_ORIGINAL = """
INSERT INTO originals (source, path, size, mtime_ns, inode, here, document, digest, media_type, name, is_lot,
                       deliveries, state, message, step, after, moved_to, place, keep_until, taken_at, updated_at)
VALUES ('in', 'a.txt', 11, 1, 1, 0, 1, ?, 'text/plain', 'a.txt', 0, 0, 'kept', '', 'keep', 0, '', '', 2000, 6, 6)
"""


async def test_a_journal_of_the_version_before_the_archive_keeps_everything(tmp_path: Path) -> None:
    """What a route keeps of folders goes on being kept, as before: its business date is known to nobody here."""
    db = opened(tmp_path / "journal.db", isolation_level=None)
    for _, sql in migrations()[:3]:
        db.executescript(sql)
    db.execute("PRAGMA user_version = 3")
    content = b"Hello world"
    digest = digest_of(content)
    db.execute("INSERT INTO documents VALUES (1, ?, 11, 'text/plain', 'a.txt', ?)", (digest, content))
    db.execute(OLD_ORIGINAL, (digest,))
    body = (
        f'{{"original":1,"source":"in","path":"a.txt","size":11,"digest":"{digest}","step":"keep","state":"kept",'
        f'"keep_until":2000}}'
    )
    hash_of_it = link(GENESIS, 1, 6, "file-taken", None, body)
    db.execute("INSERT INTO events VALUES (1, 6, 'file-taken', NULL, ?, ?)", (body, hash_of_it))
    db.execute("UPDATE head SET seq = 1, hash = ?", (hash_of_it,))
    db.close()
    assert verify(tmp_path / "journal.db").findings == [], "before it is brought up to date, too"
    journal = await open_journal("", tmp_path, FakeClock())
    assert await journal.keeping.after(0, 10) == []
    original = await journal.ledger.original(1)
    assert original is not None
    assert await journal.content(original.document) == content
    await journal.purge(1000, 1999)
    assert await journal.content(original.document) == content
    await journal.purge(1000, 2001)
    forgotten = await journal.ledger.original(1)
    assert forgotten is None
    assert (await filed(journal)).number == 1
    await journal.close()
    assert verify(tmp_path / "journal.db").findings == []
