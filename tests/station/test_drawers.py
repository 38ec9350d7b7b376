"""Who opened the drawer, from where and why: over HTTP at a running station, with its journal."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from tests.peers.site import Site

from comptoir.config import PrinterConfig
from comptoir.core.errors import JournalError, TooMany
from comptoir.devices.virtual import VirtualDevice
from comptoir.sinks.drawer import DrawerOffline
from comptoir.station.drawers import Asker
from comptoir.web.shapes import DrawerOrder

VIRTUAL = (PrinterConfig(name="TICKET", device="virtual:?drawer=high"), PrinterConfig(name="BAR", device="virtual:"))


def device(site: Site, name: str = "TICKET") -> VirtualDevice:
    found = site.service._counters[name].device
    assert isinstance(found, VirtualDevice)
    return found


async def noted(site: Site, kind: str) -> list[dict[str, Any]]:
    events = await site.service.journal.events(limit=1000)
    return [json.loads(event.body) for event in events if event.kind == kind]


async def opened(site: Site, **order: object) -> Any:
    return await site.ask("POST", "/api/drawer/open", order)


async def test_it_opens_and_the_journal_says_who_and_why(tmp_path: Path) -> None:
    async with Site.station(tmp_path, VIRTUAL) as site:
        answer = await opened(site, reason="change", order="0042")
        assert (answer.status, answer.json) == (200, {"printer": "TICKET", "outcome": "processed"})
        assert device(site).drawer.open
        (asked,) = await noted(site, "drawer-asked")
        (done,) = await noted(site, "drawer-opened")
    assert (asked["reason"], asked["order"], asked["host"], asked["source"]) == ("change", "0042", "127.0.0.1", "api")
    assert (done["outcome"], done["order"]) == ("processed", "0042")


async def test_what_was_asked_is_written_while_the_printer_is_waited_for(tmp_path: Path) -> None:
    async with Site.station(tmp_path, VIRTUAL) as site:
        async with site.service._counters["TICKET"].channel.turn():
            opening = asyncio.ensure_future(site.service.drawers.open(DrawerOrder(reason="change"), Asker()))
            while not (asked := await noted(site, "drawer-asked")):
                await asyncio.sleep(0)
            assert asked[0]["reason"] == "change"
            assert not opening.done()
        await opening


async def test_what_was_asked_stands_before_what_came_of_it(tmp_path: Path) -> None:
    async with Site.station(tmp_path, VIRTUAL) as site:
        await site.service.drawers.open(DrawerOrder(), Asker())
        device(site, "BAR").set_faults(["paper"])
        with pytest.raises(DrawerOffline):
            await site.service.drawers.open(DrawerOrder("BAR"), Asker())
        kinds = [event.kind for event in await site.service.journal.events() if event.kind.startswith("drawer-")]
        assert kinds == ["drawer-asked", "drawer-opened", "drawer-asked", "drawer-failed"]


async def test_who_gives_up_is_in_the_journal(tmp_path: Path) -> None:
    """The pulse may have left."""
    async with Site.station(tmp_path, VIRTUAL) as site:
        async with site.service._counters["TICKET"].channel.turn():
            opening = asyncio.ensure_future(site.service.drawers.open(DrawerOrder(), Asker()))
            await asyncio.sleep(0)
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
        while not await noted(site, "drawer-asked"):
            await asyncio.sleep(0)


async def test_an_empty_body_opens_the_first_drawer(tmp_path: Path) -> None:
    async with Site.station(tmp_path, VIRTUAL) as site:
        assert (await site.ask("POST", "/api/drawer/open")).json["printer"] == "TICKET"


async def test_it_does_not_open_and_the_journal_says_why(tmp_path: Path) -> None:
    async with Site.station(tmp_path, VIRTUAL) as site:
        device(site).set_faults(["paper"])
        answer = await opened(site)
        assert (answer.status, answer.error["code"]) == (503, "drawer-offline")
        device(site).set_faults([])
        (failed,) = await noted(site, "drawer-failed")
        assert failed["error"] == "drawer-offline"
        assert not await noted(site, "drawer-opened")
        assert not device(site).printer.pulses


async def test_nobody_fires_it_a_hundred_times_a_second(tmp_path: Path) -> None:
    async with Site.station(tmp_path, VIRTUAL) as site:
        answers = await asyncio.gather(*(opened(site) for _ in range(100)))
        assert sorted(answer.status for answer in answers) == [200] + [429] * 99
        assert len(device(site).printer.pulses) == 1
        assert len(await noted(site, "drawer-refused")) == 1, "and they are one line of the journal"
        # Not over HTTP: the guard has had enough of this caller.
        await site.service.drawers.open(DrawerOrder("BAR"), Asker())
        assert len(device(site, "BAR").printer.pulses) == 1, "another drawer is another drawer"


async def test_a_second_later_it_opens_again(tmp_path: Path) -> None:
    async with Site.station(tmp_path, VIRTUAL) as site:
        await site.service.drawers.open(DrawerOrder(), Asker())
        with pytest.raises(TooMany):
            await site.service.drawers.open(DrawerOrder(), Asker())
        site.service.drawers._last["TICKET"] -= 1000
        await site.service.drawers.open(DrawerOrder(), Asker())


async def test_its_sensor_is_learned_and_its_closing_noticed(tmp_path: Path) -> None:
    async with Site.station(tmp_path, VIRTUAL) as site:
        assert (await site.ask("GET", "/api/drawer")).json["drawers"][0]["state"] == ""
        answer = await site.ask("POST", "/api/drawer/learn", {})
        assert (answer.status, answer.json) == (200, {"printer": "TICKET", "state": "open", "sensor": True})
        closed = asyncio.Event()
        site.service._counters["TICKET"].drawer.on_moved.append(lambda is_open: is_open or closed.set())
        device(site).drawer.close()
        await asyncio.wait_for(closed.wait(), 20)
        assert (await site.ask("GET", "/api/drawer")).json["drawers"][0]["state"] == "closed"
        while not await noted(site, "drawer-is-closed"):
            await asyncio.sleep(0)
        site.service.drawers._last.clear()
        assert (await opened(site)).json["outcome"] == "opened"
        kinds = [event.kind for event in await site.service.journal.events() if event.kind.startswith("drawer-")]
        assert kinds[-3:] == ["drawer-asked", "drawer-is-open", "drawer-opened"]
        printers = (await site.ask("GET", "/api/printers")).json["printers"]
        assert printers[0]["drawer"] == "open"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"printer": "NADA"}, 404, "unknown-name"),
        ({"why": "x"}, 400, "bad-request"),
        ({"reason": 1}, 400, "bad-request"),
    ],
)
async def test_a_wrong_order_opens_nothing(tmp_path: Path, body: dict[str, object], status: int, code: str) -> None:
    async with Site.station(tmp_path, VIRTUAL) as site:
        answer = await site.ask("POST", "/api/drawer/open", body)
        assert (answer.status, answer.error["code"]) == (status, code)
        assert not device(site).printer.pulses


async def test_get_and_head_open_nothing(tmp_path: Path) -> None:
    async with Site.station(tmp_path, VIRTUAL) as site:
        for method in ("GET", "HEAD", "OPTIONS"):
            assert (await site.ask(method, "/api/drawer/open")).status in (404, 405)
        assert not device(site).printer.pulses


async def test_no_second_pulse_waits_behind_the_first(tmp_path: Path) -> None:
    """Who asks again while the printer is busy does not open the drawer twice when it is free."""
    async with Site.station(tmp_path, VIRTUAL) as site:
        drawers, order = site.service.drawers, DrawerOrder()
        async with site.service._counters["TICKET"].channel.turn():
            first = asyncio.ensure_future(drawers.open(order, Asker()))
            await asyncio.sleep(0)
            drawers._last.clear()
            with pytest.raises(TooMany):
                await drawers.open(order, Asker())
        await first
        assert len(device(site).printer.pulses) == 1


async def test_who_gives_up_is_in_the_journal_all_the_same(tmp_path: Path) -> None:
    """The pulse may have left."""
    async with Site.station(tmp_path, VIRTUAL) as site:
        async with site.service._counters["TICKET"].channel.turn():
            asking = asyncio.ensure_future(site.service.drawers.open(DrawerOrder(reason="change"), Asker()))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
        async with asyncio.timeout(20):
            while not await noted(site, "drawer-asked"):
                await asyncio.sleep(0)


async def test_a_full_disk_does_not_hide_why_a_drawer_did_not_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with Site.station(tmp_path, VIRTUAL) as site:
        device(site).set_faults(["paper"])

        async def full(kind: str, body: object) -> None:
            raise JournalError("the disk is full")

        monkeypatch.setattr(site.service.journal, "note", full)
        answer = await opened(site)
        assert (answer.status, answer.error["code"]) == (503, "drawer-offline")
        site.service.drawers._moved(site.service._counters["TICKET"].drawer, True)
        while site.service.drawers._noting:
            await asyncio.sleep(0)
        assert caplog.text.count("the disk is full") == 3
        monkeypatch.undo()
