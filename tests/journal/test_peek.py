"""A look into a journal that others may be writing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from comptoir.clock import SystemClock
from comptoir.core.record import Credential
from comptoir.journal import open_journal
from comptoir.journal.peek import has_password, newer_schema


async def test_a_password_is_seen_while_the_journal_is_open(tmp_path: Path) -> None:
    assert not has_password(tmp_path)
    journal = await open_journal("", tmp_path, SystemClock())
    try:
        assert not has_password(tmp_path)
        await journal.put_credential(Credential("session", "x", "y", 1))
        assert not has_password(tmp_path)
        await journal.put_credential(Credential("password", "owner", "y", 1))
        assert has_password(tmp_path)
    finally:
        await journal.close()
    assert has_password(tmp_path)


def test_what_is_no_journal_has_none(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"no journal" * 1000)
    assert not has_password(tmp_path)


async def test_a_schema_to_come_is_seen(tmp_path: Path) -> None:
    assert newer_schema(tmp_path) == 0
    journal = await open_journal("", tmp_path, SystemClock())
    await journal.close()
    assert newer_schema(tmp_path) == 0
    with closing(sqlite3.connect(tmp_path / "journal.db")) as db:
        db.execute("PRAGMA user_version = 999")
    assert newer_schema(tmp_path) == 999
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "journal.db").write_bytes(b"no journal" * 1000)
    assert newer_schema(tmp_path / "other") == 0
