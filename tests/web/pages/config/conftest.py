"""The owner of a small shop at the settings of its station."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.owner import SHOP, Counter, Owner


@pytest.fixture
async def owner(tmp_path: Path) -> AsyncIterator[Owner]:
    async with Counter(tmp_path, SHOP) as one:
        yield one
