"""Reading the journal of a service that runs, without touching it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.peers.databases import opened
from tests.peers.papers import submission
from tests.peers.shelf import LARGE, PDF, Shelf

from comptoir.core.errors import JournalError
from comptoir.core.record import EventQuery
from comptoir.journal.read_only import ReadOnlyJournal


async def test_all_is_read_while_another_writes(tmp_path: Path) -> None:
    shelf = await Shelf.at(tmp_path)
    await shelf.file("small", PDF)
    (tmp_path / "documents" / "incoming-x").write_bytes(b"on its way")
    reading = ReadOnlyJournal(tmp_path)
    await shelf.file("large", LARGE)
    assert [kept.title for kept in await reading.keeping.after(0, 9)] == ["small", "large"]
    assert [await reading.content(kept.document) for kept in await reading.keeping.after(0, 9)] == [PDF, LARGE]
    assert reading.uid == shelf.journal.uid
    assert list(await reading.history(EventQuery(apart=False))) == list(await shelf.journal.history(EventQuery()))
    await reading.close()
    assert (tmp_path / "documents" / "incoming-x").exists(), "what a running service takes in is its own"
    await shelf.file("still writing")
    await shelf.journal.close()


async def test_it_reads_what_lies_still(tmp_path: Path) -> None:
    shelf = await Shelf.at(tmp_path)
    await shelf.file("one")
    await shelf.journal.close()
    reading = ReadOnlyJournal(tmp_path)
    assert (await reading.keeping.kept(1)) is not None
    await reading.close()
    again = await Shelf.at(tmp_path)
    assert await again.file("two", uid="u2") == 2
    await again.journal.close()


async def test_nothing_can_be_written(tmp_path: Path) -> None:
    shelf = await Shelf.at(tmp_path)
    await shelf.file()
    reading = ReadOnlyJournal(tmp_path)
    for write in (
        reading.note("kind", {}),
        reading.keeping.hold([1], "why", "me"),
        reading.keeping.eliminate([1], "me", "why"),
        reading.accept(submission()),
    ):
        with pytest.raises(JournalError, match="reading only"):
            await write
    assert len(await shelf.journal.keeping.after(0, 9)) == 1
    await reading.close()
    await shelf.journal.close()


async def test_what_is_no_journal_of_this_version_is_said(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="there is no journal"):
        ReadOnlyJournal(tmp_path)
    shelf = await Shelf.at(tmp_path / "old")
    await shelf.journal.close()
    with opened(tmp_path / "old" / "journal.db") as db:
        db.execute("PRAGMA user_version = 3")
    db.close()
    with pytest.raises(JournalError, match="another version"):
        ReadOnlyJournal(tmp_path / "old")
    shutil.rmtree(tmp_path / "old")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "journal.db").write_bytes(b"no database" * 100)
    with pytest.raises(JournalError, match="cannot be"):
        ReadOnlyJournal(tmp_path / "old")
