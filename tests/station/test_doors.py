"""Pairing over HTTP, for the command line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.services import free_port
from tests.peers.site import Site
from tests.peers.watch import eventually


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Site]:
    async with Site.station(tmp_path / "station") as site:
        yield site


async def test_a_running_station_is_linked(station: Site, tmp_path: Path) -> None:
    async with Site.hub(tmp_path) as hub:
        code, _ = await hub.access.pairing_code()
        answer = await station.ask("POST", "/api/pair", {"hub": hub.url, "code": code})
        assert (answer.status, answer.json) == (200, {"station": "caisse-1"})
        await eventually(lambda: any(place.connected for place in hub.service.places()))
        kinds = [event.kind for event in await station.journal.events()]
        assert "paired" in kinds


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"hub": "x"}', b'{"hub": 1, "code": "x"}', b"\xff", b"x" * 9000]
)
async def test_a_bad_pairing_is_a_sentence(station: Site, body: bytes) -> None:
    answer = await station.ask("POST", "/api/pair", body, {"Content-Type": "application/json"})
    assert (answer.status, answer.error["code"]) == (400, "bad-request")


async def test_a_form_of_another_page_cannot_pair(station: Site) -> None:
    """A form can send text/plain without asking anybody; it is not taken for JSON."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        assert (
            await station.ask("POST", "/api/pair", b'{"hub": "x", "code": "y"}', {"Content-Type": kind})
        ).status == 400


@pytest.mark.parametrize("hub", ["ftp://x", "", "http://[", "http://hub:99999"])
async def test_a_bad_address_is_a_sentence(station: Site, hub: str) -> None:
    answer = await station.ask("POST", "/api/pair", {"hub": hub, "code": "x"})
    assert answer.status in (400, 502)
    assert answer.error["message"]


async def test_a_hub_that_does_not_answer(station: Site) -> None:
    answer = await station.ask("POST", "/api/pair", {"hub": f"127.0.0.1:{free_port()}", "code": "x"})
    assert (answer.status, answer.error["code"]) == (502, "pairing")
    assert answer.error["hint"]
