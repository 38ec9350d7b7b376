"""The drawer by ePOS-Print: alone, with a receipt, and what the till hears of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.epos_client import document, pulse, send
from tests.peers.epos_shop import DRAWER, HELLO, PRINTERS, WITH_DRAWER, Shop
from tests.peers.site import Site
from tests.peers.watch import eventually

from comptoir.sinks import drawer as drawer_sink


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    async with Site.station(tmp_path, PRINTERS) as site:
        yield Shop(site)


async def test_a_pulse_alone_opens_the_drawer_and_is_no_job(shop: Shop) -> None:
    answer = await send(shop.site, pulse())
    assert (answer.success, answer.code, answer.http) == (True, "", 200)
    assert shop.pulses == 1
    assert not await shop.jobs()
    (asked,) = await shop.noted("drawer-asked")
    assert (asked["source"], asked["host"], asked["reason"]) == ("epos", "127.0.0.1", "")


async def test_a_pulse_in_a_receipt_opens_it_once_as_a_sale(shop: Shop) -> None:
    assert (await send(shop.site, WITH_DRAWER)).success
    assert shop.pulses == 1, "the receipt itself brings none"
    assert shop.texts == ["Total 9,99 €"]
    (asked,) = await shop.noted("drawer-asked")
    assert (asked["source"], asked["reason"]) == ("epos", "sale")


async def test_a_pulse_in_a_command_goes_the_same_way(shop: Shop) -> None:
    assert (await send(shop.site, document("<command>1b70001afa</command>"))).success
    (asked,) = await shop.noted("drawer-asked")
    assert (asked["source"], shop.pulses) == ("epos", 1)
    assert not await shop.jobs()


async def test_the_drawer_of_the_shop_opens_wherever_it_hangs(shop: Shop) -> None:
    shop.configure(drawer="BAR")
    assert (await send(shop.site, WITH_DRAWER)).success
    assert (len(shop.papers), shop.pulses, shop.at("BAR").snapshot().pulses) == (1, 0, 1)
    assert (await send(shop.site, pulse(), path="/cgi-bin/epos/service.cgi?devid=TICKET")).success
    assert shop.pulses == 1, "that of a printer that is named is its own"
    shop.configure(printer="BAR")
    shop.site.clock.advance(1000)
    assert (await send(shop.site, pulse())).success
    assert (shop.pulses, shop.at("BAR").snapshot().pulses) == (1, 2)


async def test_a_pulse_in_two_commands_is_one(shop: Shop) -> None:
    assert (await send(shop.site, document("<command>1b70</command>", "<command>001afa</command>"))).success
    assert (shop.pulses, len(shop.papers)) == (1, 0)


async def test_who_has_just_opened_it_is_not_refused(shop: Shop) -> None:
    """A till prints the receipt with its pulse, and sends the pulse once more."""
    assert (await send(shop.site, WITH_DRAWER)).success
    assert (await send(shop.site, pulse())).success
    assert shop.pulses == 1, "and the drawer is spared"


async def test_another_till_is_not_told_that_its_pulse_came(tmp_path: Path) -> None:
    sites = ("https://one.example", "https://two.example")
    async with Site.station(tmp_path, PRINTERS, allowed_origins=sites) as site:
        asks = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
        first, again, other = [
            await send(site, pulse(), **asks, Origin=origin) for origin in (sites[0], sites[0], sites[1])
        ]
        assert (first.success, again.success) == (True, True)
        assert (other.success, other.code) == (False, "TooManyRequests")


async def test_who_asks_too_often_is_refused(shop: Shop) -> None:
    await shop.site.ask("POST", "/api/drawer/open", {"reason": "change"})
    answer = await send(shop.site, pulse())
    assert (answer.success, answer.code) == (False, "TooManyRequests"), "somebody else has opened it"
    assert (await send(shop.site, WITH_DRAWER)).success, "but the receipt is printed"
    assert shop.pulses == 1
    shop.site.clock.advance(1000)
    assert (await send(shop.site, pulse())).success
    assert shop.pulses == 2


async def test_a_busy_printer_opens_no_drawer_later(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawer_sink, "PATIENCE", 0.05)
    async with shop.site.service._counters["TICKET"].channel.turn():
        answer = await send(shop.site, pulse())
    assert (answer.success, answer.code) == (False, "EX_DEVICE_BUSY")
    assert (await send(shop.site, HELLO)).success
    assert shop.pulses == 0


async def test_a_receipt_is_printed_though_its_drawer_sticks(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is about the paper: who hears that it failed prints it again."""
    monkeypatch.setattr(drawer_sink, "MOVES", 0.2)
    await shop.site.ask("POST", "/api/drawer/learn", {})
    shop.device.drawer.close()
    shop.site.clock.advance(1000)
    shop.device.set_faults(["locked"])
    assert (await send(shop.site, WITH_DRAWER)).success
    assert await shop.noted("drawer-failed")
    shop.site.clock.advance(1000)
    answer = await send(shop.site, pulse())
    assert (answer.success, answer.code) == (False, "PrintSystemError")


async def test_the_level_of_the_drawer_is_in_the_status(shop: Shop) -> None:
    await shop.site.ask("POST", "/api/drawer/learn", {})
    assert (await send(shop.site, document())).status & DRAWER
    shop.device.drawer.close()
    await eventually(lambda: shop.site.service._counters["TICKET"].channel.state.drawer_high is False)
    assert not (await send(shop.site, document())).status & DRAWER
