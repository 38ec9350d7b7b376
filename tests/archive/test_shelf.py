"""The index on its threads, and what becomes of a damaged one."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.indexed import kept

from comptoir.archive.index import Index
from comptoir.archive.shelf import ArchiveError, Shelf


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    one = Shelf(tmp_path / "archive" / "index.db", "journal")
    await one.open()
    yield one
    await one.close()


def count(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM document").fetchone()[0])


async def test_what_is_written_is_read(shelf: Shelf) -> None:
    await shelf.write(lambda index: index.add([kept(1)]))
    assert await shelf.read(count) == 1


async def test_renewed_it_is_empty_and_says_so(shelf: Shelf) -> None:
    told: list[str] = []
    shelf.on_renewed.append(lambda: told.append("renewed"))
    await shelf.write(lambda index: index.add([kept(1)]))
    await shelf.read(count)
    await shelf.renew()
    assert await shelf.read(count) == 0
    assert told == ["renewed"]


async def test_one_whose_folder_was_removed_is_made_anew(shelf: Shelf, tmp_path: Path) -> None:
    await shelf.write(lambda index: index.add([kept(1)]))
    shutil.rmtree(tmp_path / "archive")
    assert await shelf.read(count) == 0
    await shelf.write(lambda index: index.add([kept(1)]))
    assert await shelf.read(count) == 1


async def test_a_damaged_one_is_made_anew(shelf: Shelf, tmp_path: Path) -> None:
    await shelf.write(lambda index: index.add([kept(number) for number in range(1, 2000)]))
    await shelf.close()
    path = tmp_path / "archive" / "index.db"
    content = bytearray(path.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    path.write_bytes(content)
    again = Shelf(path, "journal")
    await again.open()
    told: list[str] = []
    again.on_renewed.append(lambda: told.append("renewed"))
    assert await again.read(count) == 0
    assert len(told) <= 1
    await again.write(lambda index: index.add([kept(1)]))
    assert await again.write(Index.newest) == (1, kept(1).document.digest)
    await again.close()


async def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file")
    shelf = Shelf(tmp_path / "archive" / "index.db", "journal")
    with pytest.raises(ArchiveError, match="cannot be used"):
        await shelf.open()
    await shelf.close()


async def test_another_fault_is_no_reason_to_make_it_anew(shelf: Shelf) -> None:
    await shelf.write(lambda index: index.add([kept(1)]))
    with pytest.raises(ArchiveError):
        await shelf.read(lambda db: db.execute("SELECT no_such_column FROM document"))
    assert await shelf.read(count) == 1


async def test_closed_it_refuses(shelf: Shelf) -> None:
    await shelf.close()
    with pytest.raises(ArchiveError, match="closed"):
        await shelf.read(count)
