"""A station whose sources a test drives."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers import capture_source
from tests.peers.capture_source import station
from tests.peers.site import Site

from comptoir.sources import CAPTURING
from comptoir.station.capture import capturing


@pytest.fixture
def driven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CAPTURING, "lpd", f"{capture_source.__name__}:make")
    monkeypatch.setattr(capturing, "AGAIN", 0.0)


@pytest.fixture
async def shop(driven: None, tmp_path: Path) -> AsyncIterator[Site]:
    async with station(tmp_path) as one:
        yield one
