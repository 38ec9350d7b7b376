"""After this computer has slept, the link is made anew at once, and what lay in the old one is not believed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.hub import Conversation, FakeHub, Station
from tests.peers.watch import eventually
from tests.sources.test_relay import offer

from comptoir.core.retry import Backoff
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sources import relay as module


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LINK", Backoff(first=300_000, most=300_000))


@pytest.fixture
async def hub() -> AsyncIterator[FakeHub]:
    one = FakeHub()
    await one.start()
    yield one
    await one.stop()


@pytest.fixture
async def station(hub: FakeHub, tmp_path: Path) -> AsyncIterator[Station]:
    clock = FakeClock()
    journal = await SqliteJournal.open("", tmp_path, clock)
    one = Station(journal, clock, hub)
    one.run()
    yield one
    await one.stop()
    await journal.close()


async def linked(station: Station) -> Conversation:
    conversation = await station.called()
    await conversation.welcome(station.clock)
    await eventually(lambda: station.source.state.connected)
    return conversation


async def test_the_link_is_made_anew_at_once(station: Station) -> None:
    await linked(station)
    station.source.woke()
    await linked(station)


async def test_a_hub_that_was_not_there_is_looked_for_at_once(station: Station) -> None:
    talk = await linked(station)
    await talk.wire.close()
    await eventually(lambda: not station.source.state.connected)
    station.source.woke()
    await linked(station)


async def test_an_offer_that_lay_there_over_night_is_not_believed(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its time to live ran while nobody counted: the hub offers it again with what is left."""
    talk = await linked(station)
    began = asyncio.get_running_loop().time()
    monkeypatch.setattr(module, "steady", lambda: began + 28_800)
    await talk.say(offer(expires_in=5_000))
    await linked(station)
    assert (await station.journal.counts()) == {}
