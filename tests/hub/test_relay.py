"""The hub's doors for stations: who gets in, what is heard, and what a bad visitor gets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest
from tests.peers.site import Site
from tests.peers.watch import eventually

from comptoir.wire import relay

PRINTERS = [relay.Printer("TICKET"), relay.Printer("BAR", False, "media-empty-error", "No paper")]


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Site]:
    async with Site.hub(tmp_path) as site:
        yield site


class Caller:
    """A station that the test speaks for, on a real WebSocket."""

    def __init__(self, wire: aiohttp.ClientWebSocketResponse) -> None:
        self.wire = wire
        self._heard: list[relay.FromHub] = []

    async def say(self, *messages: relay.FromStation) -> None:
        await self.wire.send_str(relay.encode(list(messages)))

    async def hear(self) -> relay.FromHub:
        while not self._heard:
            message = await self.wire.receive(10)
            assert message.type is aiohttp.WSMsgType.TEXT, message
            self._heard += relay.from_hub(message.data)
        return self._heard.pop(0)

    async def end(self) -> int:
        """The code with which the hub hangs up."""
        while (await self.wire.receive(10)).type is aiohttp.WSMsgType.TEXT:
            pass
        assert self.wire.close_code is not None
        return self.wire.close_code


async def dial(hub: Site, token: str) -> Caller:
    wire = await hub.session.ws_connect(f"{hub.url}/relay", headers={"Authorization": f"Bearer {token}"})
    return Caller(wire)


async def greeted(hub: Site, name: str = "caisse-1", protocol: int = relay.PROTOCOL) -> Caller:
    caller = await dial(hub, await hub.access.add_station(name))
    await caller.say(relay.Hello(protocol, "1.0", "journal-1", PRINTERS))
    return caller


async def test_a_station_says_hello_and_is_welcome(hub: Site) -> None:
    caller = await greeted(hub)
    welcome = await caller.hear()
    assert isinstance(welcome, relay.Welcome)
    assert (welcome.protocol, welcome.station, welcome.time) == (relay.PROTOCOL, "caisse-1", hub.clock.now())
    await eventually(lambda: any(place.connected for place in hub.service.places()))
    told = (await hub.ask("GET", "/stations")).json["stations"]
    assert [p["name"] for p in told[0]["printers"]] == ["TICKET", "BAR"]
    await caller.wire.close()
    await eventually(lambda: not any(place.connected for place in hub.service.places()))
    told = (await hub.ask("GET", "/stations")).json["stations"]
    assert (told[0]["connected"], [p["name"] for p in told[0]["printers"]]) == (False, ["TICKET", "BAR"]), "remembered"


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_without_its_token_nobody_gets_in(hub: Site, token: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await dial(hub, token)
    assert caught.value.status == 401


@pytest.mark.parametrize(("protocol", "older"), [(relay.PROTOCOL + 1, "hub"), (0, "station")])
async def test_another_protocol_is_refused_and_told_who_is_older(hub: Site, protocol: int, older: str) -> None:
    caller = await greeted(hub, protocol=protocol)
    refused = await caller.hear()
    assert isinstance(refused, relay.Refused)
    assert f"update the {older}" in refused.message
    assert await caller.end() == 4001


@pytest.mark.parametrize(
    "frame",
    [
        "no json",
        "[]",
        '[{"type":"ping"}]',
        '[{"type":"hello"}]',
        '{"type":"hello"}',
        "[" * 10_000,
        '[{"type":"welcome","protocol":1,"version":"","station":"x","time":0}]',
    ],
)
async def test_who_does_not_say_hello_is_hung_up_on(hub: Site, frame: str) -> None:
    caller = await dial(hub, await hub.access.add_station("caisse-1"))
    await caller.wire.send_str(frame)
    assert await caller.end() == 1002
    assert hub.service._stations.links == {}


async def test_junk_after_the_hello_ends_the_link_and_its_jobs_are_offered_again(hub: Site) -> None:
    caller = await greeted(hub)
    await caller.hear()
    assert (await hub.ask("POST", "/print", {"content": "x"})).status == 202
    offer = await caller.hear()
    await caller.wire.send_str("junk")
    assert await caller.end() == 1002
    again = await greeted(hub)
    await again.hear()
    assert await again.hear() == offer


@pytest.mark.parametrize("kind", ["binary", "too large"])
async def test_frames_that_are_none_end_the_link(hub: Site, kind: str) -> None:
    caller = await greeted(hub)
    await caller.hear()
    if kind == "binary":
        await caller.wire.send_bytes(b"\x00")
    else:
        with suppress(ConnectionError):  # the hub hangs up while we still speak
            await caller.wire.send_str("x" * (relay.FRAME + 1))
    await caller.end()
    await eventually(lambda: hub.service._stations.links == {})
    assert (await hub.ask("GET", "/healthz")).status == 200


async def test_who_says_nothing_is_hung_up_on(hub: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "HEARTBEAT", 0.05)
    caller = await dial(hub, await hub.access.add_station("caisse-1"))
    assert await caller.end() == 4002


async def test_the_printers_change(hub: Site) -> None:
    caller = await greeted(hub)
    await caller.hear()
    await caller.say(relay.Printers([relay.Printer("NEW")]), relay.Ping())
    assert await caller.hear() == relay.Pong()
    assert [place.name for place in hub.service.places()] == ["NEW"]
    await eventually(lambda: any("NEW" in c.data for c in hub.access._of("station")))


async def test_a_revoked_station_is_cut_off_and_a_client_of_its_name_does_not_matter(hub: Site) -> None:
    caller = await greeted(hub)
    await caller.hear()
    await hub.access.add_client("caisse-1")
    await hub.access.revoke("client", "caisse-1")
    await caller.say(relay.Ping())
    assert await caller.hear() == relay.Pong()
    await hub.access.revoke("station", "caisse-1")
    assert await caller.end() == 4003


async def test_a_document_is_for_its_station_only(hub: Site) -> None:
    mine, other = await hub.access.add_station("mine"), await hub.access.add_station("other")
    for name in ("mine", "other"):
        hub.service.add_station(name)
    content = b"large " * 10_000
    answer = await hub.ask(
        "POST", "/print?station=mine&format=raw", content, {"Content-Type": "application/octet-stream"}
    )
    job = await hub.journal.job(answer.json["id"])
    path = f"{relay.DOCUMENTS}/{relay.ref_of(job)}"

    async def get(path: str, token: str, **headers: str) -> tuple[int, bytes]:
        got = await hub.ask("GET", path, headers={"Authorization": f"Bearer {token}", **headers})
        return got.status, got.body

    assert await get(path, mine) == (200, content)
    assert await get(path, mine, Range="bytes=59990-") == (206, content[59990:])
    assert (await get(path, other))[0] == 404
    assert (await get(path, "wrong"))[0] == 403
    for ref in (f"{job.id}.{'f' * 32}", "x", "1", f"{'9' * 30}.x", "0.x"):
        assert (await get(f"{relay.DOCUMENTS}/{ref}", mine))[0] == 404


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"code": 5, "name": "x"}', b'{"code": "x"}', b"x" * 10_000, b"\xff"]
)
async def test_a_bad_pairing_is_a_sentence(hub: Site, body: bytes) -> None:
    answer = await hub.ask("POST", "/pair", body, {"Content-Type": "application/json"})
    assert (answer.status, answer.error["code"]) == (400, "bad-request")
    assert answer.error["hint"]


async def test_a_paired_station_may_get_jobs_at_once(hub: Site) -> None:
    code, _ = await hub.access.pairing_code()
    assert (await hub.ask("POST", "/pair", {"code": code, "name": "new"})).json["station"] == "new"
    assert (await hub.ask("POST", "/print", {"content": "x", "station": "new"})).status == 202


async def test_two_connections_of_one_station_and_the_last_one_counts(hub: Site) -> None:
    token = await hub.access.add_station("caisse-1")
    hello = relay.Hello(relay.PROTOCOL, "1.0", "journal-1", PRINTERS)
    first, second = await dial(hub, token), await dial(hub, token)
    await first.say(hello)
    await first.hear()
    await second.say(hello)
    await second.hear()
    assert await first.end() == 4000
    assert (await hub.ask("POST", "/print", {"content": "x"})).status == 202
    assert isinstance(await asyncio.wait_for(second.hear(), 10), relay.Offer)


async def test_a_token_that_is_revoked_before_the_hello_links_nothing(hub: Site) -> None:
    caller = await dial(hub, await hub.access.add_station("caisse-1"))
    await hub.access.revoke("station", "caisse-1")
    await caller.say(relay.Hello(relay.PROTOCOL, "1.0", "journal-1", PRINTERS))
    assert await caller.end() == 4003
    assert not hub.service._stations.links


async def test_what_another_version_remembered_of_a_station_is_forgotten_and_the_hub_starts(tmp_path: Path) -> None:
    async with Site.hub(tmp_path) as hub:
        await hub.access.add_station("caisse-1")
        await hub.access.seen("caisse-1", '[{"name":"TICKET"}]')
    async with Site.hub(tmp_path) as hub:
        assert [place.station for place in hub.service.places()] == ["caisse-1"]


async def test_who_was_here_is_known_after_a_restart(tmp_path: Path) -> None:
    async with Site.hub(tmp_path) as hub:
        caller = await greeted(hub)
        await caller.hear()
        await eventually(lambda: any("journal-1" in c.data for c in hub.access._of("station")))
    async with Site.hub(tmp_path) as hub:
        assert hub.service._stations.journals == {"caisse-1": "journal-1"}
        assert [place.name for place in hub.service.places()] == [printer.name for printer in PRINTERS]
