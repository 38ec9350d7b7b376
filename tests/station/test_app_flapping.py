"""A printer that comes and goes, or stays away: log and journal stay readable, and other jobs keep their life."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.peers.services import free_port
from tests.peers.site import Site

from comptoir.config import PrinterConfig
from comptoir.devices.virtual import VirtualDevice
from comptoir.sinks import channel as ways
from comptoir.sinks.channel import Channel


def way(site: Site) -> Channel:
    return site.service._counters["TICKET"].channel


def device(site: Site) -> VirtualDevice:
    found = site.service._counters["TICKET"].device
    assert isinstance(found, VirtualDevice)
    return found


async def until(site: Site, done: Callable[[], bool]) -> None:
    news = asyncio.Event()
    way(site).on_change.append(news.set)
    async with asyncio.timeout(20):
        while not done():
            news.clear()
            await news.wait()
    way(site).on_change.remove(news.set)


async def test_a_printer_that_stays_away_is_one_line_of_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(ways, "AGAIN", (0.001,))
    printer = PrinterConfig(name="TICKET", device=f"socket://127.0.0.1:{free_port()}")
    async with Site.station(tmp_path, (printer,)) as site:
        async with asyncio.timeout(20):
            while way(site)._failures < 20:
                await asyncio.sleep(0)
    assert caplog.text.count("connecting-to-device") == 1


async def test_a_cover_that_opens_a_hundred_times_is_nothing_for_the_journal(
    tmp_path: Path,
) -> None:
    async with Site.station(tmp_path) as site:
        await until(site, lambda: way(site).state.heard)
        before = len(await site.journal.events(limit=1000))
        for _ in range(100):
            device(site).set_faults(["cover"])
            await until(site, lambda: way(site).trouble is not None)
            device(site).set_faults([])
            await until(site, lambda: way(site).trouble is None)
        assert len(await site.journal.events(limit=1000)) == before


async def test_what_waits_behind_a_job_without_paper_expires_and_is_cancelled_as_ever(tmp_path: Path) -> None:
    async with Site.station(tmp_path) as site:
        await until(site, lambda: way(site).state.heard)
        device(site).set_faults(["paper=2"])
        long = "\n".join(f"line {number}" for number in range(10))
        first, expires, canceled, last = [
            (await site.ask("POST", "/api/print", {"content": content, **more})).json["id"]
            for content, more in ((long, {}), ("a", {"expires_in": 60}), ("b", {}), ("last", {}))
        ]
        await until(site, lambda: way(site).trouble is not None)
        site.clock.advance(3_600_000)
        assert (await site.ask("DELETE", f"/api/jobs/{canceled}")).status == 200
        await site.watch.status(expires, "expired")
        await site.watch.status(canceled, "canceled")
        job = await site.journal.job(first)
        assert (job.state, job.reason) == ("processing-stopped", "media-empty-error")
        device(site).set_faults([])
        assert (await site.watch.status(first, "printed")).evidence.kind == "printed"
        await site.watch.status(last, "printed")
        states = [json.loads(e.body)["state"] for e in await site.journal.events(first) if e.kind != "job-accepted"]
        assert states == ["processing", "processing-stopped", "processing", "completed"]


async def test_what_waited_for_paper_is_printed_when_there_is_some(tmp_path: Path) -> None:
    """The printer says so: the clock of this test stands, so that no next attempt is ever due."""
    async with Site.station(tmp_path) as site:
        device(site).set_faults(["paper"])
        await until(site, lambda: way(site).trouble is not None)
        number = (await site.ask("POST", "/api/print", {"content": "Hello world"})).json["id"]
        await site.watch.reason(number, "media-empty-error")
        device(site).set_faults([])
        await site.watch.status(number, "printed")
