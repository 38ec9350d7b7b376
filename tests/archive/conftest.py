"""A journal, and the index of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock

from comptoir.archive.shelf import Shelf
from comptoir.core.ports import Journal
from comptoir.journal import open_journal


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    one = await open_journal("", tmp_path / "data", FakeClock())
    yield one
    await one.close()


@pytest.fixture
async def shelf(tmp_path: Path, journal: Journal) -> AsyncIterator[Shelf]:
    one = Shelf(tmp_path / "archive" / "index.db", journal.uid)
    await one.open()
    yield one
    await one.close()
