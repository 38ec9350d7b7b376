"""What the contract suite of journals is run on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.journals import OPENERS, Again

from comptoir.core.ports import Journal
from comptoir.journal import open_journal


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=OPENERS)
async def again(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> AsyncIterator[Again]:
    """Opens the journal; called again, closes it and opens it again."""
    opened: list[Journal] = []

    async def reopen() -> Journal:
        if opened:
            await opened.pop().close()
        opened.append(await open_journal(OPENERS[request.param](tmp_path), tmp_path / "data", clock))
        return opened[0]

    yield reopen
    for one in opened:
        await one.close()


@pytest.fixture
async def journal(again: Again) -> Journal:
    return await again()
