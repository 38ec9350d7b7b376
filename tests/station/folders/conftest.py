"""A journal and a folder whose files are taken."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.taken import Taken

from comptoir.journal.sqlite import SqliteJournal


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def office(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Taken]:
    journal = await SqliteJournal.open("", tmp_path / "journal", clock)
    (tmp_path / "in").mkdir()
    yield Taken(journal, clock, tmp_path / "in")
    await journal.close()
