"""What the protocol brings besides itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from tests.peers.nights import House, house

from comptoir.station.archive.nights import NightKeeper
from comptoir.web.night_desk import NightDesk


@pytest.fixture
async def hotel(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        yield one


async def test_what_a_person_has_seen_is_the_newest_document_whenever_it_was_printed(hotel: House) -> None:
    day = date(2026, 11, 20)
    assert (await hotel.nights.night(day)).newest == 0
    for at in ("03:00", "01:00"):
        filed = await hotel.hotel.prints(day, "x", at)
    assert (await hotel.nights.night(day)).newest == filed.number


def test_the_station_offers_what_pages_ask() -> None:
    """Checked by the type checker; here for who runs tests only."""
    asked = {name for name in vars(NightDesk) if not name.startswith("_")}
    assert asked <= {*vars(NightKeeper), "on_change"}
