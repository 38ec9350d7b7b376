"""The earlier till service's answers, byte for byte. The bytes stand here as Flask's jsonify wrote them (Flask 3.1)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.clock import FakeClock
from tests.peers.site import Answer, Site, own_address

from comptoir.arrivals import FolderSourceConfig
from comptoir.config import Config, PrinterConfig, RouteConfig, StationConfig, TillConfig
from comptoir.core.errors import JournalError
from comptoir.destinations import FolderConfig
from comptoir.devices.virtual import VirtualDevice
from comptoir.station.app import Station
from comptoir.station.till.earlier import Earlier, answer
from comptoir.web.answers import Broken

ODOO = "https://shop.odoo.com"
PRINTERS = (PrinterConfig(name="TICKET", device="virtual:"), PrinterConfig(name="FACTURE", device="virtual:"))
#: as a till's page sends it: without Origin
NO_CORS = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"}

REFUSED = b'{"message":"Acc\\u00e8s refus\\u00e9 - Local uniquement","status":"error"}\n'
OPENED = b'{"message":"Tiroir-caisse ouvert","status":"success"}\n'
ACTING = ("/open-cash-drawer", "/invoice-printer/purge")
ALL = (*ACTING, "/status", "/invoice-printer/status")


def till(folder: Path, **more: Any) -> Site:
    clock = FakeClock()
    fields = {"station": StationConfig(port=0, allowed_origins=(ODOO,)), "printer": PRINTERS, **more}
    return Site(Station(Config(**fields), folder / "data", clock), clock)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with till(tmp_path) as one:
        yield one


def device(site: Site) -> VirtualDevice:
    found = site.service._counters["TICKET"].device
    assert isinstance(found, VirtualDevice)
    return found


async def noted(site: Site, kind: str) -> list[dict[str, Any]]:
    return [json.loads(event.body) for event in await site.journal.events(limit=1000) if event.kind == kind]


def check(answered: Answer, status: int, body: bytes) -> None:
    assert (answered.status, answered.body) == (status, body)
    assert answered.headers["Content-Type"] == "application/json"


# -- success ----------------------------------------------------------------------------------------------------------


async def test_the_drawer_opens(site: Site) -> None:
    check(await site.ask("GET", "/open-cash-drawer"), 200, OPENED)
    assert device(site).drawer.open
    (done,) = await noted(site, "drawer-opened")
    assert (done["source"], done["host"], done["printer"], done["reason"]) == ("till", "127.0.0.1", "TICKET", "")


async def test_status(site: Site) -> None:
    body = b'{"message":"Service actif","remote_addr":"127.0.0.1","scheme":"http","status":"running"}\n'
    check(await site.ask("GET", "/status"), 200, body)


async def test_status_over_https(site: Site) -> None:
    async with site.session.get(f"https://127.0.0.1:{site.service.port}/status", ssl=False) as told:
        body = b'{"message":"Service actif","remote_addr":"127.0.0.1","scheme":"https","status":"running"}\n'
        assert await told.read() == body


async def test_the_folder_of_invoices_as_it_is_configured(tmp_path: Path) -> None:
    downloads = FolderSourceConfig(name="factures", path="C:\\Users\\Public\\Downloads", scan="5 s")
    route = RouteConfig(source="factures", to=("FACTURE",))
    async with till(tmp_path, source=(downloads,), route=(route,)) as site:
        body = (
            b'{"autoprint":"enabled","download_folder":"C:\\\\Users\\\\Public\\\\Downloads","printer_name":"FACTURE",'
            b'"remote_addr":"127.0.0.1","scan_frequency":"5","scheme":"http","status":"running"}\n'
        )
        check(await site.ask("GET", "/invoice-printer/status"), 200, body)


async def test_the_folder_of_invoices_where_there_is_none(site: Site) -> None:
    body = (
        b'{"autoprint":"disabled","download_folder":"","printer_name":"FACTURE",'
        b'"remote_addr":"127.0.0.1","scan_frequency":"5","scheme":"http","status":"running"}\n'
    )
    check(await site.ask("GET", "/invoice-printer/status"), 200, body)


@pytest.mark.parametrize(
    ("invoices", "told"),
    [
        ("", ("disabled", "/a", "", "30")),
        ("b", ("enabled", "/b", "FACTURE", "0.5")),
        ("c", ("disabled", "/c", "", "0")),
    ],
)
async def test_which_folder_is_meant(tmp_path: Path, invoices: str, told: tuple[str, ...]) -> None:
    """Without a route its files are left alone; a route to nowhere prints nothing, and neither does an archive."""
    sources = (
        FolderSourceConfig(name="a", path="/a"),
        FolderSourceConfig(name="b", path="/b", scan="500 ms"),
        FolderSourceConfig(name="c", path="/c", scan=""),
    )
    copies = FolderConfig(name="copies", path=str(tmp_path))
    routes = (RouteConfig(source="b", to=("copies", "FACTURE", "TICKET")), RouteConfig(source="c", to=("copies",)))
    more = {"source": sources, "route": routes, "destination": (copies,), "till": TillConfig(invoices=invoices)}
    async with till(tmp_path, **more) as site:
        said = (await site.ask("GET", "/invoice-printer/status")).json
    assert (said["autoprint"], said["download_folder"], said["printer_name"], said["scan_frequency"]) == told


async def test_a_purge_takes_nothing_that_is_not_printed(tmp_path: Path) -> None:
    folder = tmp_path / "dl"
    folder.mkdir()
    source = FolderSourceConfig(name="factures", path=str(folder), match=("*.pdf",), ignore=("brouillon*",))
    path = json.dumps(str(folder))[1:-1].encode()
    async with till(tmp_path, source=(source,)) as site:
        body = b'{"message":"Dossier ' + path + b' purg\\u00e9 avec succ\\u00e8s","status":"success"}\n'
        check(await site.ask("GET", "/invoice-printer/purge"), 200, body)
        for name in ("1.PDF", "2.pdf", "photo.jpg", "Brouillon.pdf"):
            (folder / name).write_bytes(b"%PDF-")
        told = (await site.ask("GET", "/invoice-printer/purge")).json
        assert told["status"] == "success"
        assert told["message"].startswith(f"Dossier {folder} purgé avec succès ; 2 fichier(s) pas encore imprimé(s)")
        assert len(list(folder.iterdir())) == 4
        first, second = await noted(site, "invoices-purged")
    who = {"host": "127.0.0.1", "user": "", "site": ""}
    assert first == {"source": "factures", "removed": 0, "left": 0, **who}
    assert second["left"] == 2


async def test_a_purge_removes_what_is_printed_whatever_its_route_says(tmp_path: Path) -> None:
    folder = tmp_path / "dl"
    folder.mkdir()
    source = FolderSourceConfig(name="factures", path=str(folder), quiet="20 ms", scan="200 ms")
    route = RouteConfig(source="factures", to=("FACTURE",), match=("FAC*",), original="keep")
    async with till(tmp_path, source=(source,), route=(route,)) as site:
        for name in ("FAC-1.txt", "FAC-2.txt", "other.txt"):
            (folder / name).write_text(name)
        await site.watch.until(lambda: sum(event.kind == "file-delivered" for event in site.watch.events) == 2)
        with (folder / "FAC-2.txt").open("w") as writing:
            writing.write("another invoice")
            writing.flush()
            told = (await site.ask("GET", "/invoice-printer/purge")).json["message"]
        assert told.endswith("purgé avec succès ; 2 fichier(s) pas encore imprimé(s) : gardé(s)")
        (done,) = await noted(site, "invoices-purged")
    assert (done["removed"], done["left"]) == (1, 2)
    assert (folder / "FAC-2.txt").read_text() == "another invoice"
    assert sorted(path.name for path in folder.iterdir()) == ["FAC-2.txt", "other.txt"]


# -- failure ----------------------------------------------------------------------------------------------------------


async def test_without_paper_it_says_why_in_french(site: Site) -> None:
    device(site).set_faults(["paper"])
    body = (
        b'{"message":"Le tiroir n\\u2019a pas \\u00e9t\\u00e9 ouvert : son imprimante n\\u2019est pas utilisable pour '
        b'l\\u2019instant. L\\u2019imprimante n\\u2019a plus de papier.","status":"error"}\n'
    )
    check(await site.ask("GET", "/open-cash-drawer"), 500, body.replace(b"ouvert :", b"ouvert\\u00a0:"))
    assert not device(site).printer.pulses


async def test_a_printer_that_is_off(site: Site) -> None:
    device(site).set_faults(["off"])
    told = await site.ask("GET", "/open-cash-drawer")
    assert (told.status, told.json["status"]) == (500, "error")
    assert told.json["message"].startswith("Le tiroir n’a pas été ouvert\N{NO-BREAK SPACE}: ")
    assert "Est-elle allumée et branchée" in told.json["message"]


async def test_twice_within_a_second(site: Site) -> None:
    first, second = await asyncio.gather(*(site.ask("GET", "/open-cash-drawer") for _ in range(2)))
    opened, refused = sorted((first, second), key=lambda one: one.status)
    check(opened, 200, OPENED)
    assert (refused.status, refused.json["status"], refused.headers["Retry-After"]) == (429, "error", "1")
    assert refused.json["message"].startswith("L’ouverture du tiroir vient d’être demandée")
    assert len(device(site).printer.pulses) == 1


async def test_where_nothing_is_known_it_says_what_it_said(site: Site) -> None:
    earlier = next(one for one in site.service.dialects if isinstance(one, Earlier))
    told = []
    for error in (Broken("something went wrong inside"), JournalError("the disk is full", "Make room.")):
        said = earlier.explain(make_mocked_request("GET", "/open-cash-drawer"), error)
        assert said is not None
        assert isinstance(said.body, bytes)
        assert said.status == 500
        told.append(said.body)
    assert told[0] == b'{"message":"Erreur lors de l\'ouverture du tiroir","status":"error"}\n'
    assert json.loads(told[1])["message"].startswith("Rien ne peut être écrit sur le disque")


async def test_a_folder_that_is_not_there_and_none_at_all(tmp_path: Path, site: Site) -> None:
    body = b'{"message":"Aucun dossier de factures n\'est configur\\u00e9","status":"error"}\n'
    check(await site.ask("GET", "/invoice-printer/purge"), 500, body)
    source = FolderSourceConfig(name="factures", path="/nowhere/at all")
    async with till(tmp_path / "other", source=(source,)) as other:
        body = b'{"message":"Erreur lors de la purge du dossier /nowhere/at all","status":"error"}\n'
        check(await other.ask("GET", "/invoice-printer/purge"), 500, body)
        assert not await noted(other, "invoices-purged")


# -- who may, and how -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ACTING)
@pytest.mark.parametrize(
    "headers",
    [
        {**NO_CORS, "Referer": "https://evil.example.com/"},
        NO_CORS,
        {"Origin": "https://evil.example.com"},
        {"Host": "evil.example.com"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image", "Referer": f"{ODOO}/"},
    ],
)
async def test_a_page_that_the_owner_has_not_allowed(site: Site, path: str, headers: dict[str, str]) -> None:
    check(await site.ask("GET", path, headers=headers), 403, REFUSED)
    assert not device(site).printer.pulses


async def test_the_till_of_an_allowed_odoo(site: Site) -> None:
    asked = "/open-cash-drawer?reason=vente&order=00042"
    check(await site.ask("GET", asked, headers={**NO_CORS, "Referer": f"{ODOO}/"}), 200, OPENED)
    (done,) = await noted(site, "drawer-opened")
    assert (done["site"], done["reason"], done["order"]) == (ODOO, "vente", "00042")


@pytest.mark.parametrize(
    "query", ["reason=%ED%A0%80%00%0A&order=" + "9" * 500, "reason=" + "x" * 5000, "x=%", "reason"]
)
async def test_whatever_is_given_as_the_reason_it_opens(site: Site, query: str) -> None:
    check(await site.ask("GET", f"/open-cash-drawer?{query}"), 200, OPENED)
    (done,) = await noted(site, "drawer-opened")
    assert len(done["reason"]) <= 200
    assert len(done["order"]) <= 64
    assert (done["reason"] + done["order"]).isprintable()


async def test_from_another_machine(tmp_path: Path) -> None:
    address = own_address()
    if address is None:
        pytest.skip("this machine has no address besides loopback")
    async with till(tmp_path, station=StationConfig(port=0, host="0.0.0.0")) as site:
        site.address = address
        for path in ACTING:
            check(await site.ask("GET", path), 403, REFUSED)
        assert (await site.ask("GET", "/status")).json["remote_addr"] == address
        assert (await site.ask("GET", "/invoice-printer/status")).json["remote_addr"] == address
        assert not device(site).printer.pulses


async def test_from_a_machine_that_the_owner_allows(tmp_path: Path) -> None:
    address = own_address()
    if address is None:
        pytest.skip("this machine has no address besides loopback")
    station = StationConfig(port=0, host="0.0.0.0", allowed_addresses=(f"{address}/32",))
    async with till(tmp_path, station=station) as site:
        site.address = address
        check(await site.ask("GET", "/open-cash-drawer"), 200, OPENED)


async def test_over_ipv6(site: Site) -> None:
    """From ::1 the earlier service refused: it knew 127.0.0.1 only, and a browser may choose either for localhost."""
    site.address = "[::1]"
    check(await site.ask("GET", "/open-cash-drawer"), 200, OPENED)
    assert (await site.ask("GET", "/status")).json["remote_addr"] == "::1"


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_no_other_method(site: Site, path: str, method: str) -> None:
    told = await site.ask(method, path)
    assert (told.status, told.headers["Allow"]) == (405, "OPTIONS, HEAD, GET")
    assert told.headers["Content-Type"] == "text/html; charset=utf-8"
    assert told.body == (
        b"<!doctype html>\n<html lang=en>\n<title>405 Method Not Allowed</title>\n<h1>Method Not Allowed</h1>\n"
        b"<p>The method is not allowed for the requested URL.</p>\n"
    )
    assert not device(site).printer.pulses


@pytest.mark.parametrize("path", ALL)
async def test_options_and_head_do_nothing(site: Site, path: str) -> None:
    told = await site.ask("OPTIONS", path)
    assert (told.status, told.headers["Allow"], told.body) == (200, "OPTIONS, HEAD, GET", b"")
    told = await site.ask("HEAD", path)
    assert (told.status, told.body) == (405 if path in ACTING else 200, b"")
    assert not device(site).printer.pulses
    assert not await noted(site, "invoices-purged")


async def test_switched_off_there_is_nothing_here_and_on_again_there_is(tmp_path: Path) -> None:
    async with till(tmp_path, till=TillConfig(enabled=False)) as site:
        for path in ALL:
            told = await site.ask("GET", path)
            assert (told.status, told.error["code"]) == (404, "unknown-name")
        assert not device(site).printer.pulses
        site.service.apply(Config(printer=PRINTERS))
        check(await site.ask("GET", "/open-cash-drawer"), 200, OPENED)


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=50), max_size=5))
def test_json_is_ascii_in_order_and_reads_back(body: dict[str, str]) -> None:
    told = answer(body).body
    assert isinstance(told, bytes)
    assert told.isascii()
    assert told.endswith(b"}\n")
    assert told.count(b"\n") == 1
    assert json.loads(told) == body
    assert list(json.loads(told)) == sorted(body)
