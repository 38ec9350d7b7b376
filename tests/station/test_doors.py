"""Pairing over HTTP, for the command line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.services import free_port
from tests.peers.site import Site
from tests.peers.watch import eventually

from comptoir.station import pairing


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
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"hub": "x"}',
        b'{"hub": 1, "code": "x"}',
        b"\xff",
        b"x" * 9000,
        b"[" * 1500,
        b'{"x": ' + b"[" * 1500,
    ],
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


async def test_a_pairing_may_come_in_pieces(station: Site) -> None:
    body = b'{"hub": "ftp://x", "code": "y"}'
    head = (
        f"POST /api/pair HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", station.service.port)
    writer.write(f"{head}\r\n\r\n".encode() + body[:10])
    await writer.drain()
    for _ in range(3):  # the service has worked through what it has
        assert (await station.ask("GET", "/healthz")).status == 200
    writer.write(body[10:])
    answer = await asyncio.wait_for(reader.readuntil(b"}}"), 10)
    writer.close()
    assert b"is no address of a hub" in answer


async def test_a_token_that_cannot_be_kept_is_a_sentence(
    station: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(folder: Path, hub: pairing.Hub) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pairing, "keep", full)
    async with Site.hub(tmp_path) as hub:
        code, _ = await hub.access.pairing_code()
        answer = await station.ask("POST", "/api/pair", {"hub": hub.url, "code": code})
    assert answer.status == 502
    assert "No space left on device" in answer.error["message"]
    assert answer.error["hint"]
