"""Hub and station in one process: from a web site's post to the paper, through cuts, faults and restarts."""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from tests.peers.link import Link
from tests.peers.watch import eventually

from comptoir.config import PrinterConfig
from comptoir.core.job import OUTCOME_UNKNOWN
from comptoir.core.retry import Backoff
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.sources import relay as relay_source


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reconnect at once: what is tested is that it does, not when."""
    monkeypatch.setattr(relay_source, "LINK", Backoff(first=5, most=50))
    monkeypatch.setattr(relay_source, "REFUSED_WAIT", 0.01)


@pytest.fixture
async def server() -> AsyncIterator[VirtualPrinterServer]:
    async with VirtualPrinterServer() as one:
        yield one


@pytest.fixture
async def link(tmp_path: Path, server: VirtualPrinterServer) -> AsyncIterator[Link]:
    printers = [
        PrinterConfig(name="TICKET", device=f"socket://127.0.0.1:{server.port}?timeout=2&stall=2"),
        PrinterConfig(name="BAR", device="virtual:"),
        PrinterConfig(name="FILE", device=(tmp_path / "out.bin").as_uri()),
    ]
    one = Link(tmp_path, printers)
    try:
        await one.start()
        yield one
    finally:
        await one.stop()


async def test_a_post_comes_out_and_its_evidence_comes_back(link: Link, server: VirtualPrinterServer) -> None:
    told = await link.post({"content": "Hello world", "title": "Cuisine"})
    assert (told["status"], told["station"]) == ("queued", "caisse-1")
    job = await link.at_hub.status(told["id"], "printed")
    assert job.evidence is not None
    assert job.evidence.kind == "processed"
    text = (await server.next_printed()).paper.text
    assert "Hello world" in text
    assert "Cuisine" in text
    assert link.at_hub.statuses(job.id) == ["queued", "sent", "printed"]
    _, life = await link.ask("GET", f"/print/{job.id}")
    assert life["content"] == "Hello world"
    assert life["events"][-1]["evidence"]["kind"] == "processed"


async def test_one_identity_from_the_page_to_the_paper(link: Link) -> None:
    told = await link.post({"content": "x"}, Idempotency_Key="order-1")
    at_hub = await link.at_hub.status(told["id"], "printed")
    assert link.station is not None
    at_station = await link.station.journal.job_by_key("relay", f"{at_hub.id}.{at_hub.uid}")
    assert at_station is not None
    assert (at_station.uid, at_station.created_at) == (at_hub.uid, at_hub.created_at)
    again = await link.post({"content": "x"}, Idempotency_Key="order-1")
    assert (again["id"], again["status"]) == (told["id"], "printed")


async def test_the_printer_may_be_named(link: Link) -> None:
    told = await link.post({"content": "x", "printer": "BAR", "station": "caisse-1"})
    assert (await link.at_hub.status(told["id"], "printed")).printer == "BAR"
    with pytest.raises(AssertionError, match="TICKET"):
        await link.post({"content": "x", "printer": "NOPE"})
    with pytest.raises(AssertionError, match="caisse-1"):
        await link.post({"content": "x", "station": "NOPE"})


async def test_a_fault_of_the_printer_is_told_by_the_hub(link: Link, server: VirtualPrinterServer) -> None:
    server.set_faults("paper")
    told = await link.post({"content": "patient"})
    job = await link.at_hub.reason(told["id"], "media-empty-error")
    assert job.status == "sent"
    await eventually(lambda: link.hub and any(p.reason == "media-empty-error" for p in link.hub.places()))
    server.set_faults()
    await link.at_hub.status(told["id"], "printed")
    await eventually(lambda: link.hub and all(p.ready for p in link.hub.places()))
    await server.next_printed()
    assert server.printed.empty()


async def test_an_unknown_outcome_is_held_at_the_hub_until_a_person_decides(
    link: Link, server: VirtualPrinterServer
) -> None:
    server.set_faults("close")
    jobs = [(await link.post({"content": f"broken {n} " * 30}))["id"] for n in range(3)]
    for number in jobs:
        job = await link.at_hub.status(number, "unknown")
        assert (job.state, job.reason) == ("pending-held", OUTCOME_UNKNOWN)
    server.set_faults()
    status, told = await link.ask("POST", f"/print/{jobs[0]}/confirm")
    assert (status, told["status"], told["evidence"]["kind"]) == (200, "printed", "person")
    status, told = await link.ask("POST", f"/print/{jobs[1]}/give-up")
    assert (status, told["status"], told["state"]) == (200, "unknown", "aborted")
    status, again = await link.ask("POST", f"/print/{jobs[2]}/reprint")
    assert (status, again["reprint_of"]) == (200, jobs[2])
    await link.at_hub.status(again["id"], "printed")
    while "DUPLICATA" not in (await server.next_printed()).paper.text:
        pass  # the torn papers of the three
    status, refused = await link.ask("POST", f"/print/{jobs[0]}/confirm")
    assert (status, refused["error"]["code"]) == (409, "wrong-state")


async def test_jobs_wait_for_a_station_that_is_away(link: Link, server: VirtualPrinterServer) -> None:
    await link.stop_station()
    await link.unlinked()
    numbers = [(await link.post({"content": f"m{n}"}))["id"] for n in range(5)]
    _, told = await link.ask("GET", f"/print/{numbers[0]}")
    assert (told["status"], told["reason"]) == ("queued", "station-offline")
    assert "caisse-1" in told["message"]
    _, canceled = await link.ask("DELETE", f"/print/{numbers[1]}")
    assert canceled["status"] == "canceled"
    await link.start_station()
    for number in (numbers[0], *numbers[2:]):
        await link.at_hub.status(number, "printed")
    texts = [(await server.next_printed()).paper.text for _ in range(4)]
    assert [f"m{n}" in text for n, text in zip((0, 2, 3, 4), texts, strict=True)] == [True] * 4


async def test_a_job_at_the_station_is_cancelled_from_the_hub(link: Link, server: VirtualPrinterServer) -> None:
    server.set_faults("paper")
    first = (await link.post({"content": "first"}))["id"]
    await link.at_hub.reason(first, "media-empty-error")
    status, _ = await link.ask("DELETE", f"/print/{first}")
    assert status == 200
    assert (await link.at_hub.status(first, "canceled")).state == "canceled"
    server.set_faults()
    second = (await link.post({"content": "second"}))["id"]
    await link.at_hub.status(second, "printed")
    assert "second" in (await server.next_printed()).paper.text
    assert server.printed.empty()
    status, told = await link.ask("DELETE", f"/print/{second}")
    assert (status, told["error"]["code"]) == (409, "wrong-state")


async def test_what_was_printed_while_the_hub_was_away_is_confirmed_later(
    link: Link, server: VirtualPrinterServer
) -> None:
    server.set_faults("paper")
    number = (await link.post({"content": "late news"}))["id"]
    await link.at_hub.reason(number, "media-empty-error")
    await link.stop_hub()
    server.set_faults()
    await link.at_station.status(1, "printed")
    await link.start_hub()
    await link.linked()
    job = await link.at_hub.status(number, "printed")
    assert job.evidence is not None
    assert job.evidence.kind == "processed"
    assert link.station is not None
    await eventually(lambda: True)
    assert server.printed.qsize() == 1


async def test_confirmations_survive_a_restart_of_the_station(link: Link, server: VirtualPrinterServer) -> None:
    server.set_faults("paper")
    number = (await link.post({"content": "x"}))["id"]
    await link.at_hub.reason(number, "media-empty-error")
    await link.stop_hub()
    server.set_faults()
    await link.at_station.status(1, "printed")
    await link.stop_station()
    await link.start_station()
    await link.start_hub()
    await link.at_hub.status(number, "printed")
    assert link.station is not None
    while await link.station.journal.unreported("relay"):
        await asyncio.sleep(0)
    assert server.printed.qsize() == 1


async def test_nothing_is_lost_or_doubled_while_both_are_restarted(link: Link, server: VirtualPrinterServer) -> None:
    numbers: list[int] = []
    for restart in range(4):
        numbers += [(await link.post({"content": f"<{len(numbers) + n}>"}))["id"] for n in range(10)]
        if restart % 2:
            await link.stop_hub()
            await link.start_hub()
        else:
            await link.stop_station()
            await link.start_station()
    jobs = [await link.at_hub.status(number, "printed", "unknown") for number in numbers]
    printed = "".join(server.printed.get_nowait().paper.text for _ in range(server.printed.qsize()))
    for number, job in enumerate(jobs):
        assert printed.count(f"<{number}>") == 1 or (job.status == "unknown" and printed.count(f"<{number}>") <= 1)


async def test_a_station_that_lost_its_memory_leaves_its_jobs_unknown(
    link: Link, server: VirtualPrinterServer, tmp_path: Path
) -> None:
    server.set_faults("paper")
    number = (await link.post({"content": "x"}))["id"]
    await link.at_hub.reason(number, "media-empty-error")
    await link.stop_station()
    shutil.rmtree(tmp_path / "station" / "station")
    await link.start_station()
    job = await link.at_hub.status(number, "unknown")
    assert "memory" in job.message
    server.set_faults()
    after = (await link.post({"content": "after"}))["id"]
    await link.at_hub.status(after, "printed")
    assert server.printed.qsize() == 1


async def test_a_large_document_travels_beside_while_small_jobs_overtake_it(
    link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Raw bytes as large as they may be; they are fetched by HTTP and their digest is checked."""
    go = asyncio.Event()
    fetch = relay_source.RelaySource._fetch

    async def held(self: object, *arguments: object) -> AsyncIterator[bytes]:
        await go.wait()
        async for piece in fetch(self, *arguments):  # type: ignore[arg-type]
            yield piece

    monkeypatch.setattr(relay_source.RelaySource, "_fetch", held)
    content = os.urandom(1024) * (50 * 1024)
    assert link.session is not None
    assert link.hub is not None
    url = f"http://127.0.0.1:{link.hub.port}/print?printer=FILE&format=raw"
    async with link.session.post(url, data=io.BytesIO(content)) as answer:
        large = (await answer.json())["id"]
        assert answer.status == 202
    small = (await link.post({"content": "quick"}))["id"]
    await link.at_hub.status(small, "printed")
    assert link.at_hub.statuses(large) == ["queued"]
    go.set()
    job = await link.at_hub.status(large, "printed", patience=60)
    assert job.evidence is not None
    assert job.evidence.kind == "sent"
    assert await asyncio.to_thread((link.folder / "out.bin").read_bytes) == content


async def test_a_document_damaged_on_its_way_is_fetched_again(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch = relay_source.RelaySource._fetch
    fetched = 0

    async def damaged(self: object, *arguments: object) -> AsyncIterator[bytes]:
        nonlocal fetched
        fetched += 1
        async for piece in fetch(self, *arguments):  # type: ignore[arg-type]
            yield piece[:-1] + b"!" if fetched == 1 else piece

    monkeypatch.setattr(relay_source.RelaySource, "_fetch", damaged)
    told = await link.post({"content": "long " * 10_000, "format": "text", "printer": "BAR"})
    await link.at_hub.status(told["id"], "printed")
    assert fetched == 2


async def test_one_document_that_cannot_be_fetched_does_not_keep_the_link_down(
    link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 5: the link comes back although this document never will."""
    asked = asyncio.Event()

    async def never(self: object, *arguments: object) -> AsyncIterator[bytes]:
        asked.set()
        raise relay_source.NotSent("the document could not be fetched")
        yield b""

    monkeypatch.setattr(relay_source.RelaySource, "_fetch", never)
    await link.post({"content": "long " * 10_000, "format": "text"})
    await asked.wait()
    await link.stop_hub()
    await link.start_hub()
    await link.linked()
    told = await link.post({"content": "small"})
    await link.at_hub.status(told["id"], "printed")


async def test_the_link_survives_a_hub_that_talks_nonsense(link: Link) -> None:
    """Whatever comes over the link, the station dials again."""
    assert link.hub is not None
    (wire,) = [one.wire for one in link.hub._stations.links.values()]
    await wire.send_str("no JSON")
    told = await link.post({"content": "after the nonsense"})
    await link.at_hub.status(told["id"], "printed")


async def test_an_expired_job_is_not_printed(link: Link, server: VirtualPrinterServer) -> None:
    server.set_faults("paper")
    told = await link.post({"content": "stale", "expires_in": 0.2})
    job = await link.at_hub.status(told["id"], "expired")
    assert job.reason == "job-expired"
    server.set_faults()
    after = await link.post({"content": "after"})
    await link.at_hub.status(after["id"], "printed")
    assert "after" in (await server.next_printed()).paper.text
    assert server.printed.empty()


async def test_a_hub_without_stations_says_what_to_do(tmp_path: Path) -> None:
    link = Link(tmp_path)
    link.session = aiohttp.ClientSession()
    await link.start_hub()
    try:
        with pytest.raises(AssertionError, match="comptoir pair"):
            await link.post({"content": "x"})
    finally:
        await link.stop()


async def test_retention_forgets_the_job_and_not_the_event(link: Link) -> None:
    told = await link.post({"content": "x"})
    await link.at_hub.status(told["id"], "printed")
    assert link.hub is not None
    assert await link.hub.journal.purge(link.clock.now() + 1000) == 1
    status, error = await link.ask("GET", f"/print/{told['id']}")
    assert (status, error["error"]["code"]) == (404, "unknown-name")
    kinds = [event.kind for event in await link.hub.journal.events(told["id"])]
    assert kinds[0] == "job-accepted"
    assert json.loads((await link.hub.journal.events())[-1].body)["count"] == 1
