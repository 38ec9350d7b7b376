"""What a source is told of the printer behind it: an answer, its trouble, whether its drawer was opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.peers.capture_source import CONFIG, MADE, station
from tests.peers.site import Site
from tests.peers.watch import eventually


async def test_a_question_is_put_to_the_printer_of_its_route(shop: Site) -> None:
    answer = await MADE["audit"].surroundings.ask("audit", b"\x10\x04\x01", 2)
    assert len(answer) == 1
    assert await MADE["audit"].surroundings.ask("nobody", b"\x10\x04\x01", 2) == b""


async def test_a_pulse_opens_the_drawer_of_its_printer_for_who_is_near(shop: Site) -> None:
    pulse = MADE["audit"].surroundings.pulse
    assert pulse is not None
    assert not await pulse("audit", "192.0.2.7", b"\x1bp\x00\x19\xfa"), "another machine's till is not allowed"
    assert await pulse("audit", "127.0.0.1", b"\x1bp\x00\x19\xfa")
    opened = [event for event in shop.watch.events if event.kind == "drawer-opened"]
    assert [json.loads(event.body)["source"] for event in opened] == ["audit"]
    assert not await pulse("nobody", "127.0.0.1", b"\x1bp\x00\x19\xfa")


async def test_the_trouble_of_its_printer_is_known(shop: Site) -> None:
    trouble = MADE["audit"].surroundings.trouble
    await eventually(lambda: trouble("audit") is None)
    shop.service.set_faults("TICKET", ["paper"])
    await eventually(lambda: trouble("audit") is not None)
    assert trouble("nobody") is None


@pytest.mark.usefixtures("driven")
async def test_a_source_without_a_printer_has_nobody_to_ask(tmp_path: Path) -> None:
    async with station(tmp_path, replace(CONFIG, route=())):
        assert await MADE["audit"].surroundings.ask("audit", b"\x10\x04\x01", 2) == b""
        assert MADE["audit"].surroundings.trouble("audit") is None
