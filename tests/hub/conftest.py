"""A hub's stations, for the tests that speak for one of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.scene import Scene
from tests.peers.watch import Watch

from comptoir.hub.stations import Stations
from comptoir.journal.sqlite import SqliteJournal


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    clock = FakeClock()
    journal = await SqliteJournal.open("", tmp_path, clock)
    one = Scene(journal, clock, Stations(journal, clock), Watch(journal))
    await one.stations.start(["caisse-1"])
    yield one
    await one.stations.stop()
    await journal.close()
