"""The Windows of the journeys: one for each group of tests that xdist keeps together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.peers.program_file import ProgramFile, built
from tests.peers.wine import Wine


@pytest.fixture(scope="session")
def wine() -> Iterator[Wine]:
    with Wine.running() as one:
        yield one


@pytest.fixture(scope="session")
def program(wine: Wine, tmp_path_factory: pytest.TempPathFactory) -> ProgramFile:
    return built(wine, tmp_path_factory.mktemp("program"))
