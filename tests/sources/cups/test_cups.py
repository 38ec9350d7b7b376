"""The source of a configuration."""

from __future__ import annotations

from tests.peers.prints import Prints

from comptoir.arrivals import CupsSourceConfig
from comptoir.sources.cups import make


async def test_it_is_made_as_it_is_configured(prints: Prints) -> None:
    made = make(CupsSourceConfig(name="queues", server="printserver"), prints.surroundings())
    assert (made.name, made.state().kind, made.state().addresses) == ("queues", "cups", ("printserver",))
    await made.close()
