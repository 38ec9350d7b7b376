"""What the tills of Odoo 13 to 19 send to an IoT box, at a running station: the right paper, the right pulse, and true
only for what was done."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.peers.clock import FakeClock
from tests.peers.odoo import ODOO, Rolls, RpcError, Till, receipt
from tests.peers.pdfs import pdf
from tests.peers.site import Site

from comptoir.config import Config, DialectConfig, PrinterConfig, StationConfig
from comptoir.core.document import Document
from comptoir.devices.virtual import VirtualDevice
from comptoir.station.app import Station
from comptoir.station.till import hw_proxy
from comptoir.web.desk import Place

PRINTERS = (PrinterConfig(name="TICKET", device="virtual:"), PrinterConfig(name="CUISINE", device="virtual:"))
ACTION = "/hw_drivers/action"


def till_site(folder: Path, **dialect: Any) -> Site:
    clock = FakeClock()
    station = StationConfig(port=0, allowed_origins=(ODOO,))
    config = Config(language="fr", station=station, printer=PRINTERS, hw_proxy=DialectConfig(**dialect))
    return Site(Station(config, folder / "data", clock), clock)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with till_site(tmp_path) as one:
        yield one


@pytest.fixture
def till(site: Site) -> Till:
    return Till(site)


def device(site: Site, name: str = "TICKET") -> VirtualDevice:
    found = site.service._counters[name].device
    assert isinstance(found, VirtualDevice)
    return found


async def said(site: Site, printer: str = "") -> Any:
    listener = {"session_id": "s", "devices": [printer or "TICKET"], "last_event": 0}
    return await Till(site).rpc("/hw_drivers/event", {"listener": listener})


# -- a till of Odoo 13 to 19 ------------------------------------------------------------------------------------------


async def test_it_connects(site: Site, till: Till) -> None:
    assert await till.hello()
    assert (await site.ask("GET", "/hw_proxy/hello")).body == b"ping"
    assert await till.rpc("/hw_proxy/handshake") is True
    state = await till.rpc("/hw_proxy/status_json")
    assert state == {"printer": {"status": "connected", "messages": []}, "escpos": state["printer"]}


@pytest.mark.parametrize("prefix", ["", "data:image/png;base64,"])
async def test_a_receipt_comes_out_dot_for_dot(site: Site, till: Till, prefix: str) -> None:
    rolls = Rolls(device(site))
    picture, dots = receipt()
    assert await till.print(prefix + picture)
    assert rolls.dots == [dots]
    (job,) = (await site.ask("GET", "/api/jobs")).json["prints"]
    assert (job["status"], job["source"], job["format"]) == ("printed", "hw_proxy", "image")


async def test_a_receipt_in_jpeg(site: Site, till: Till) -> None:
    rolls = Rolls(device(site))
    picture, dots = receipt(kind="JPEG")
    assert await till.print(picture)
    wrong = sum((a ^ b).bit_count() for a, b in zip(rolls.dots[0], dots, strict=True))
    assert wrong < len(dots) * 8 / 100, "JPEG blurs edges"


async def test_the_drawer_opens(site: Site, till: Till) -> None:
    assert await till.cashbox() is True
    assert device(site).drawer.open
    events = await site.journal.events(limit=1000)
    (done,) = [json.loads(event.body) for event in events if event.kind == "drawer-opened"]
    assert (done["source"], done["site"]) == ("hw_proxy", ODOO)


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        ("paper", "error", "plus de papier"),
        ("cover", "error", "capot"),
        ("off", "disconnected", "ne répond pas"),
    ],
)
async def test_it_cannot_and_says_so(site: Site, till: Till, fault: str, status: str, words: str) -> None:
    device(site).set_faults([fault])
    rolls = Rolls(device(site))
    assert not await till.print(receipt()[0])
    assert await till.cashbox() is False
    state = (await till.rpc("/hw_proxy/status_json"))["printer"]
    assert state["status"] == status
    assert words in state["messages"][0]
    device(site).set_faults([])
    assert await till.print(receipt(mark=9)[0])
    assert rolls.dots == [receipt(mark=9)[1]], "the till was told that the first was not printed"
    assert not device(site).printer.pulses, "and no pulse waits"


async def test_sent_again_while_the_first_waits_for_paper_it_comes_out_once(site: Site, till: Till) -> None:
    device(site).set_faults(["paper=20"])
    rolls = Rolls(device(site))
    picture, dots = receipt(height=600)
    assert not await till.print(picture), "it stopped in the middle"
    again = asyncio.ensure_future(till.print(picture))
    await asyncio.sleep(0)
    device(site).set_faults([])
    assert await again
    assert rolls.dots == [dots]
    assert len((await site.ask("GET", "/api/jobs")).json["prints"]) == 1


# -- an IoT box of Odoo 13 to 19 --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [ACTION, "/iot_drivers/action"])
@pytest.mark.parametrize("in_a_text", [True, False])
@pytest.mark.parametrize("key", ["device_identifier", "device_id"])
async def test_to_a_device(site: Site, till: Till, path: str, in_a_text: bool, key: str) -> None:
    rolls = Rolls(device(site, "CUISINE"))
    picture, dots = receipt()
    data = {"action": "print_receipt", "receipt": picture}
    params = {"session_id": "abc", key: "CUISINE", "data": json.dumps(data) if in_a_text else data}
    assert await till.rpc(path, params) is True
    assert rolls.dots == [dots]
    event = await said(site, "CUISINE")
    assert (event["status"], event["message"], event["owner"]) == ("success", "", "abc")


async def test_the_drawer_of_a_device(site: Site, till: Till) -> None:
    params = {"session_id": "abc", "device_identifier": "CUISINE", "data": {"action": "cashbox"}}
    assert await till.rpc(ACTION, params) is True
    assert device(site, "CUISINE").drawer.open
    assert not device(site).drawer.open


async def test_a_test_page(site: Site, till: Till) -> None:
    rolls = Rolls(device(site))
    params = {"session_id": "abc", "device_identifier": "TICKET", "data": {"action": "status"}}
    assert await till.rpc(ACTION, params) is True
    assert "caisse-1" in rolls.texts[0]
    assert "TICKET" in rolls.texts[0]


@pytest.mark.parametrize(
    ("document", "form"),
    [(pdf("BT /F1 24 Tf 20 60 Td (Facture) Tj ET"), "pdf"), (b"plain text\n", "text"), (b"\x1b@raw\n\x1dV\0", "raw")],
)
async def test_any_document(site: Site, till: Till, document: bytes, form: str) -> None:
    data = {"document": base64.b64encode(document).decode(), "print_id": 7}
    params = {"session_id": "abc", "device_identifier": "TICKET", "data": data}
    assert await till.rpc(ACTION, params) is True
    (job,) = (await site.ask("GET", "/api/jobs")).json["prints"]
    assert (job["status"], job["format"]) == ("printed", form)


def test_labels_go_to_a_label_printer_as_they_are() -> None:
    label = Document.of(b"^XA^FO20,20^FDcaf\xc3\xa9^FS^XZ")
    assert hw_proxy._form(label, Place("ETIQUETTE", language="zpl")) == "raw"
    assert hw_proxy._form(label, Place("TICKET", language="escpos")) == "text"


async def test_who_waits_for_events_hears_of_the_paper(site: Site, till: Till) -> None:
    waiting = asyncio.ensure_future(said(site))
    while not site.service._hw_proxy.events._waiting:
        await asyncio.sleep(0)
    device(site).set_faults(["paper"])
    assert not await till.print(receipt()[0])
    event = await waiting
    assert (event["status"], event["message"], event["session_id"]) == ("error", "ERROR_NO_PAPER", "s")


async def test_the_station_stops_although_somebody_waits(tmp_path: Path) -> None:
    async with till_site(tmp_path) as site:
        waiting = asyncio.ensure_future(said(site))
        while not site.service._hw_proxy.events._waiting:
            await asyncio.sleep(0)
        await site.service.stop()
        assert await waiting is None, "an answer, and no broken connection"


# -- which printer ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bound", "asked", "goes_to"),
    [
        ("", "", "TICKET"),
        ("", "CUISINE", "CUISINE"),
        ("", "EPSON_1234", None),
        ("CUISINE", "", "CUISINE"),
        ("CUISINE", "EPSON_1234", "CUISINE"),
        ("CUISINE", "TICKET", "TICKET"),
    ],
)
async def test_which_printer(tmp_path: Path, bound: str, asked: str, goes_to: str | None) -> None:
    async with till_site(tmp_path, printer=bound) as site:
        rolls = {name: Rolls(device(site, name)) for name in ("TICKET", "CUISINE")}
        params = {"session_id": "abc", "device_identifier": asked, "data": {"action": "status"}}
        assert await Till(site).rpc(ACTION, params) is (goes_to is not None)
        assert [name for name, one in rolls.items() if one.papers] == ([goes_to] if goes_to else [])


async def test_the_state_is_that_of_the_bound_printer(tmp_path: Path) -> None:
    async with till_site(tmp_path, printer="CUISINE") as site:
        device(site, "CUISINE").set_faults(["paper"])
        assert not await Till(site).print(receipt()[0])
        assert (await Till(site).rpc("/hw_proxy/status_json"))["printer"]["status"] == "error"


# -- what is not done -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["scan", 7, ["x"], {"a": 1}, "print"])
async def test_an_unknown_action_is_false(till: Till, action: object) -> None:
    params = {"session_id": "abc", "device_identifier": "TICKET", "data": {"action": action}}
    assert await till.rpc(ACTION, params) is False


async def test_receipts_of_odoo_12_are_not_taken_for_printed_and_its_drawer_opens(site: Site, till: Till) -> None:
    assert await till.rpc("/hw_proxy/print_xml_receipt", {"receipt": "<receipt/>"}) is False
    assert await till.rpc("/hw_proxy/print_receipt", {"receipt": {}}) is False
    assert await till.rpc("/hw_proxy/open_cashbox") is True
    assert device(site).drawer.open


async def test_a_picture_that_is_none(site: Site, till: Till) -> None:
    assert not await till.print(base64.b64encode(b"\xff\xd8\xffno picture").decode())


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"data": None},
        {"data": {"action": "print_receipt"}},
        {"data": {"action": "print_receipt", "receipt": ""}},
        {"data": {"action": "print_receipt", "receipt": "é"}},
        {"data": {"action": "print_receipt", "receipt": "iVBO*w0KGgo="}},
        {"data": {"action": "print_receipt", "receipt": "data:image/png"}},
    ],
)
async def test_what_is_missing_is_said(till: Till, params: dict[str, Any]) -> None:
    with pytest.raises(RpcError, match="data") as caught:
        await till.rpc("/hw_proxy/default_printer_action", params)
    assert caught.value.code == -32602
    assert till.status == 200


@pytest.mark.parametrize("data", ["", "{", "[]", "7", "\udc00"])
async def test_an_action_that_is_no_json(till: Till, data: str) -> None:
    with pytest.raises(RpcError):
        await till.rpc(ACTION, {"session_id": "abc", "device_identifier": "TICKET", "data": data})


async def test_there_is_no_scale_and_no_log_to_take(site: Site, till: Till) -> None:
    with pytest.raises(RpcError, match="no scale"):
        await till.rpc("/hw_proxy/scale_read")
    assert await till.rpc("/hw_proxy/log", {"arguments": ["x" * 1000]}) is True
    for path in ("/hw_drivers/download_logs", "/iot_drivers/download_logs"):
        assert (await site.ask("GET", path)).status == 403
    shown = await site.ask("GET", "/hw_proxy/status")
    assert (shown.status, shown.headers["Location"]) == (303, "/printers")


async def test_an_address_that_is_not_here_is_told_as_an_error_of_the_call(till: Till) -> None:
    with pytest.raises(RpcError):
        await till.rpc("/hw_proxy/test_ownership")
    assert till.status == 404


async def test_a_page_that_is_not_allowed_does_nothing(site: Site) -> None:
    foreign = {"Origin": "https://evil.example.com", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    body = {"id": 1, "params": {"data": {"action": "cashbox"}}}
    answer = await site.ask("POST", "/hw_proxy/default_printer_action", body, foreign)
    assert answer.status == 403
    assert answer.json["error"]["data"]["name"]
    form = {"Content-Type": "text/plain"}
    answer = await site.ask("POST", "/hw_proxy/default_printer_action", json.dumps(body).encode(), form)
    assert answer.json["error"]["code"] == -32600
    assert not device(site).printer.pulses


async def test_a_printer_too_slow_for_the_till(site: Site, till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hw_proxy, "PRINTS_WITHIN", 0.05)
    device(site).set_faults(["stall"])
    assert not await till.print(receipt()[0])
    assert (await said(site))["status"] == "error"


async def test_switched_off_and_on_again(tmp_path: Path) -> None:
    async with till_site(tmp_path, enabled=False) as site:
        for method, path in (
            ("GET", "/hw_proxy/hello"),
            ("POST", ACTION),
            ("POST", "/hw_proxy/default_printer_action"),
        ):
            answer = await site.ask(method, path, {"id": 1, "params": {"data": {"action": "cashbox"}}})
            assert (answer.status, answer.error["code"]) == (404, "unknown-name")
        assert not device(site).printer.pulses
        site.service.apply(Config(printer=PRINTERS))
        assert (await site.ask("GET", "/hw_proxy/hello")).status == 200


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    st.sampled_from([ACTION, "/hw_drivers/event", "/hw_proxy/log", "/hw_proxy/status_json"]),
    st.binary(max_size=60)
    | st.dictionaries(st.text(max_size=5), st.none(), max_size=2).map(lambda d: json.dumps(d).encode()),
)
async def test_no_body_is_an_error_of_ours(site: Site, path: str, body: bytes) -> None:
    answer = await site.ask("POST", path, body, {"Content-Type": "application/json"})
    assert answer.status == 200
    assert json.loads(answer.body)["jsonrpc"] == "2.0"
