"""What happens, as it happens; and what was missed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.peers.site import Site

from comptoir.web import feed as module


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Site]:
    async with Site.hub(tmp_path) as site:
        site.service.add_station("caisse-1")
        yield site


class Reader:
    """One reader of the stream. `next()` gives (id, event, data) of the next message."""

    def __init__(self, hub: Site, last: str | None = None, query: str = "") -> None:
        self._hub = hub
        self._headers = {} if last is None else {"Last-Event-ID": last}
        self._query = query

    async def __aenter__(self) -> Reader:
        self._answer = await self._hub.session.get(f"{self._hub.url}/events{self._query}", headers=self._headers)
        assert self._answer.headers["Content-Type"].startswith("text/event-stream")
        assert await self._block() == {"retry": "1000"}
        return self

    async def __aexit__(self, *exception: object) -> None:
        self._answer.close()

    async def _block(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        async with asyncio.timeout(10):
            while line := (await self._answer.content.readline()).decode().rstrip("\n"):
                name, _, value = line.partition(": ")
                fields[name] = value
        return fields

    async def next(self) -> tuple[int, str, Any]:
        fields = await self._block()
        return int(fields.get("id", 0)), fields["event"], json.loads(fields["data"])

    async def ended(self) -> bool:
        async with asyncio.timeout(10):
            return await self._answer.content.read() == b""


async def test_the_changes_of_a_folder_are_told_once_for_all_of_a_moment(hub: Site) -> None:
    feed = hub.service._feed
    feed.folder_changed("nobody hears it")
    async with Reader(hub) as reader:
        for _ in range(1_000):
            feed.folder_changed("factures")
        feed.folder_changed("archives")
        assert await reader.next() == (0, "folders", {"name": "archives"})
        assert await reader.next() == (0, "folders", {"name": "factures"})
        feed.folder_changed("factures")
        assert await reader.next() == (0, "folders", {"name": "factures"})
        feed.folder_changed("factures")  # and the service stops meanwhile


async def test_what_comes_into_the_archive_is_told_in_one(hub: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.web.feed.CALMLY", 0.05)
    feed = hub.service._feed
    feed.document_changed(1)  # nobody hears it
    async with Reader(hub) as reader:
        for _ in range(1_000):
            feed.document_changed(7)
        assert await reader.next() == (0, "documents", {"number": 7})
        feed.document_changed(7)
        feed.document_changed(8)
        assert await reader.next() == (0, "documents", {"number": None})
        feed.document_changed(None)  # and the service stops meanwhile


async def post(hub: Site, count: int = 1) -> None:
    for number in range(count):
        assert (await hub.ask("POST", "/print", {"content": str(number)})).status == 202


async def test_it_tells_what_happens_to_jobs(hub: Site) -> None:
    async with Reader(hub) as reader:
        await post(hub)
        await hub.ask("DELETE", "/print/1")
        assert await reader.next() == (
            1,
            "job",
            {
                "job": 1,
                "seq": 1,
                "at": "2026-11-18T11:06:40.000Z",
                "kind": "job-accepted",
                "status": "queued",
                "reason": "",
                "message": "",
                "by": "",
                "evidence": None,
            },
        )
        number, _, data = await reader.next()
        assert (number, data["status"], data["by"]) == (2, "canceled", "api")


async def test_who_comes_back_gets_what_was_missed(hub: Site) -> None:
    await post(hub, 3)
    async with Reader(hub, last="1") as reader:
        assert [(await reader.next())[0] for _ in range(2)] == [2, 3]
        await post(hub)
        assert (await reader.next())[0] == 4
    async with Reader(hub, query="?since=3") as reader:
        assert (await reader.next())[0] == 4


async def test_however_much_was_missed(hub: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gap that nobody is told of would be a lie: the reader believes that it has seen everything."""
    monkeypatch.setattr(module, "MISSED", 5)
    await post(hub, 12)
    async with Reader(hub, last="0") as reader:
        assert [(await reader.next())[0] for _ in range(12)] == list(range(1, 13))


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "9" * 30, "²"])
async def test_a_strange_last_event_is_as_none(hub: Site, last: str) -> None:
    await post(hub)
    async with Reader(hub, last="" if last == "²" else last, query="?since=%C2%B2" if last == "²" else "") as reader:
        await post(hub)
        assert (await reader.next())[0] == 2


async def test_what_belongs_to_no_job_is_not_told(hub: Site) -> None:
    async with Reader(hub) as reader:
        await hub.journal.note("sign-in-refused", {"peer": "10.0.0.1"})
        await post(hub)
        assert (await reader.next())[0] == 2


async def test_the_printers_are_told_when_they_change(hub: Site) -> None:
    async with Reader(hub) as reader:
        hub.service._feed.places_changed()
        _, kind, data = await reader.next()
        assert (kind, data[0]["station"]) == ("places", "caisse-1")


async def test_a_reader_that_is_too_slow_is_cut_off_and_nobody_waits_for_it(
    hub: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = hub.service._feed
    monkeypatch.setattr(module, "BEHIND", 4)
    async with Reader(hub) as slow:
        (queue,) = feed._readers
        async with Reader(hub) as quick:
            for _ in range(4):
                queue.put_nowait((0, b": x\n\n"))
            feed.tell("a", 1)
            assert queue not in feed._readers
            assert (await quick.next())[1] == "a"
        assert await asyncio.wait_for(slow._answer.content.read(), 10) == b": x\n\n" * 3, "then the stream ends"


async def test_a_reader_that_has_gone_is_forgotten(hub: Site) -> None:
    feed = hub.service._feed
    async with Reader(hub):
        assert len(feed._readers) == 1
    async with asyncio.timeout(10):
        while feed._readers:
            feed.tell("x", 1)
            await asyncio.sleep(0)


async def test_a_quiet_stream_is_kept_open(hub: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUIET", 0.01)
    async with Reader(hub) as reader:
        assert await reader._block() == {"": "still here"}


async def test_stopping_ends_every_stream(hub: Site) -> None:
    async with Reader(hub) as reader:
        await asyncio.gather(hub.service.stop(), reader.ended())
    await hub.service.start()


async def test_a_thousand_readers_are_possible(hub: Site) -> None:
    connector = aiohttp.TCPConnector(limit=0)
    hub.session, before = aiohttp.ClientSession(connector=connector), hub.session
    readers = [await Reader(hub).__aenter__() for _ in range(100)]
    await post(hub)
    for reader in readers:
        assert (await reader.next())[0] == 1
    for reader in readers:
        await reader.__aexit__()
    await before.close()


async def test_a_number_of_another_journal_hides_nothing(hub: Site) -> None:
    """After a restored backup a browser comes back with the number of an event that there is not yet."""
    async with Reader(hub, last="999999") as reader:
        await post(hub)
        assert (await reader.next())[0] == 1


async def test_a_head_request_has_no_stream(hub: Site) -> None:
    assert (await hub.ask("HEAD", "/events")).status == 405
    assert not hub.service._feed._readers


async def test_who_may_not_read_any_more_is_cut_off(tmp_path: Path) -> None:
    async with Site.hub(tmp_path, host="0.0.0.0") as hub:
        hub.service.add_station("caisse-1")
        tokens = {name: await hub.access.add_client(name) for name in ("shop", "other")}
        streams = {
            name: await hub.session.get(f"{hub.url}/events", headers={"Authorization": f"Bearer {token}"})
            for name, token in tokens.items()
        }
        assert all(stream.status == 200 for stream in streams.values())
        await hub.access.revoke("client", "shop")
        async with asyncio.timeout(10):
            assert await streams["shop"].content.read() == b"retry: 1000\n\n"
        assert list(hub.service._feed._readers.values()) == ["other"]
        streams["other"].close()
