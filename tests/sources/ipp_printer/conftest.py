"""A printer that listens, with a real journal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.capture_printer import CapturePrinter


@pytest.fixture
async def printer(tmp_path: Path) -> AsyncIterator[CapturePrinter]:
    async with CapturePrinter(tmp_path) as one:
        yield one
