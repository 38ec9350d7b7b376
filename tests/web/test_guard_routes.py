"""Every address of a real station: who may call it stands here, so that a new one cannot be forgotten (design §7).

Then each of them is called in the ways in which nothing may happen.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
from tests.peers.site import Site, own_address

from comptoir.config import PrinterConfig
from comptoir.web import levels

TICKET: Final = PrinterConfig(name="TICKET", device="virtual:TICKET?drawer=high")
EVIL: Final = "https://evil.example"
SHOP: Final = "https://shop.example.com"

#: anybody who reaches the service
PUBLIC: Final = frozenset({
    "/healthz", "/status", "/invoice-printer/status", "/static/{name}", "/config/login", "/config/logout",
    "/logs",  # judges by itself: network_logs
})  # fmt: skip
#: this machine, and those that the owner lets near
LOCAL: Final = frozenset({
    "/archive", "/archive/take", "/archive/hold", "/archive/searches", "/archive/searches/forget", "/archive/{id}",
    "/archive/{id}/reprint", "/archive/{id}/hold",
    "/api/documents", "/api/documents.csv", "/api/documents.zip", "/api/documents/facets", "/api/documents/{id}",
    "/api/documents/{id}/document", "/api/documents/{id}/text", "/api/documents/{id}/thumbnail",
    "/api/documents/{id}/pages/{number}", "/api/documents/{id}/reprint", "/api/documents/{id}/hold",
    "/api/searches", "/api/searches/{name}", "/api/prints/list",
    "/folders", "/folders/{name}", "/folders/{name}/rules", "/folders/{name}/rescan", "/folders/{name}/retry",
    "/capture", "/api/captures",
    "/api/documents.pdf", "/api/nights", "/api/nights/{day}", "/api/nights/{day}/pack",
    "/nights", "/nights/{day}", "/nights/{day}/pack.pdf", "/nights/{day}/note", "/nights/{day}/sign",
    "/nights/{day}/deliver",
    "/originals/{id}", "/originals/{id}/retry", "/originals/{id}/leave",
    "/", "/jobs", "/jobs/{id}", "/jobs/{id}/{action}", "/printers", "/printers/{name}/drawer",
    "/printers/{name}/drawer/close", "/printers/{name}/drawer/learn", "/printers/{name}/faults",
    "/printers/{name}/probe", "/printers/{name}/test", "/pair", "/docs", "/openapi.json", "/metrics", "/certificate",
    "/open-cash-drawer", "/invoice-printer/purge",
    "/api/print", "/api/jobs", "/api/jobs/{id}", "/api/jobs/{id}/document", "/api/jobs/{id}/paper.png",
    "/api/jobs/{id}/{action}", "/api/events", "/api/pair", "/api/drawer", "/api/drawer/open", "/api/drawer/learn",
    "/api/folders", "/api/folders/{name}", "/api/folders/{name}/files", "/api/folders/{name}/rules",
    "/api/folders/{name}/rescan", "/api/originals/{id}", "/api/originals/{id}/document", "/api/originals/{id}/retry",
    "/api/originals/{id}/leave",
    "/api/printers", "/api/printers/{name}/probe", "/api/printers/{name}/faults", "/api/printers/{name}/drawer/close",
    "/api/printers/{name}/papers", "/api/printers/{name}/papers/{number}.{kind}",
    "/api/archive/exports",
    "/cgi-bin/epos/service.cgi",
    "/hw_proxy/hello", "/hw_proxy/handshake", "/hw_proxy/status", "/hw_proxy/status_json", "/hw_proxy/log",
    "/hw_proxy/default_printer_action", "/hw_proxy/open_cashbox", "/hw_proxy/print_receipt",
    "/hw_proxy/print_xml_receipt", "/hw_proxy/scale_read",
    "/hw_drivers/action", "/hw_drivers/event", "/hw_drivers/download_logs",
    "/iot_drivers/action", "/iot_drivers/event", "/iot_drivers/download_logs",
})  # fmt: skip
#: the owner
SIGNED_IN: Final = frozenset({
    "/config", "/config/save", "/config/restart", "/config/password", "/config/remains",
    "/config/access", "/config/access/allow", "/config/access/dismiss", "/config/access/sign-out",
    "/config/certificates", "/config/certificates/install", "/config/hub", "/config/hub/unlink",
    "/config/drawer", "/config/drawer/learn", "/config/drawer/try",
    "/config/printers", "/config/printers/add", "/config/printers/found", "/config/printers/search",
    "/config/printers/search/stop", "/config/printers/try", "/config/printers/trial/{number}",
    "/config/printers/trial/{number}/test", "/config/printers/named/{name}", "/config/printers/named/{name}/remove",
    "/config/sources", "/config/sources/add", "/config/sources/named/{name}", "/config/sources/named/{name}/remove",
    "/config/captures/add/{kind}", "/config/captures/named/{name}", "/config/captures/named/{name}/remove",
    "/config/destinations", "/config/destinations/add/{kind}", "/config/destinations/named/{name}",
    "/config/destinations/named/{name}/remove",
    "/config/night", "/config/night/take", "/config/night/reports/add", "/config/night/reports/{number}",
    "/config/night/reports/{number}/remove",
    "/config/sources/routes/add", "/config/sources/routes/{number}", "/config/sources/routes/{number}/remove",
    "/archive/keeping", "/archive/keeping/eliminate", "/archive/keeping/eliminations.csv", "/archive/keeping/hold",
    "/archive/keeping/release", "/archive/keeping/export", "/archive/keeping/exports/remove",
    "/archive/keeping/exports/{name}.zip",
    "/journal", "/journal/verify", "/journal/log", "/journal/log/tail", "/logs/purge", "/api/drawer/openings",
})  # fmt: skip

LEVELS: Final[dict[str, frozenset[str]]] = {"public": PUBLIC, "local": LOCAL, "signed-in": SIGNED_IN}
#: what a reader of events gets: an answer that does not end
ENDLESS: Final = frozenset({"/api/events", "/journal/log/tail"})
#: what a station tells the network without being asked who is there
TOLD: Final = frozenset({200, 302, 403, 404, 405})

#: parts of an address that vary → one that there is
VALUES: Final = {"id": "1", "action": "reprint", "name": "TICKET", "number": "1", "kind": "png", "day": "2026-11-20"}


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Site]:
    async with Site.station(tmp_path, (TICKET,), host="0.0.0.0", allowed_origins=(SHOP,)) as site:
        yield site


def routes(site: Site) -> set[tuple[str, str]]:
    """(method, address) of each."""
    found = site.service._server._app.router.routes()
    return {(route.method, route.resource.canonical) for route in found}


def address(canonical: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda part: VALUES[part[1]], canonical)


async def noted(site: Site) -> list[str]:
    """The kinds of what the journal has, but for refusals and what the station does by itself."""
    await site.service.refusals.stop()
    kinds = [event.kind for event in await site.journal.events(limit=1000)]
    return [kind for kind in kinds if kind not in ("page-refused", "certificate-made")]


async def test_every_address_has_the_level_that_stands_here(station: Site) -> None:
    known = {path for paths in LEVELS.values() for path in paths}
    there = {path for _, path in routes(station)}
    assert there - known == set(), "say in this file who may call it"
    assert known - there == set(), "no longer there: take it out of this file"
    for level, paths in LEVELS.items():
        for path in paths:
            assert levels.station(address(path)) == level, path


async def test_of_what_acts_every_address_exists(station: Site) -> None:
    there = {path for _, path in routes(station)}
    assert there >= levels.ACTING
    assert there >= levels.LEAVING
    for part in levels.FOR_SITES:
        assert part == "/print" or any(path == part or path.startswith(part + "/") for path in there), part


async def test_the_network_gets_what_is_public_and_nothing_else(station: Site) -> None:
    here = own_address()
    if here is None:
        pytest.skip("this machine has no address but loopback")
    station.address = here
    for method, path in sorted(routes(station)):
        for one in ("GET", "POST", "PUT", "DELETE") if method == "*" else (method,):
            station.clock.advance(100)  # another machine may ask so often, and no more
            answer = await station.ask(one, address(path))
            if path in PUBLIC:
                assert answer.status in TOLD, (one, path, answer.status)
            elif path == "/logs/purge":
                assert answer.status == 302
                assert answer.headers["Location"] == "/config/login"
            else:
                # A printer of Epson's says in its own words that it has not done it.
                assert answer.status in (401, 403) or b'success="false"' in answer.body, (one, path)
    assert await noted(station) == []


async def test_the_owner_signs_in_over_the_network_with_a_browser_that_says_nothing(station: Site) -> None:
    """By plain HTTP over a network no browser sends Sec-Fetch-Site (measured: Chromium 156)."""
    here = own_address()
    if here is None:
        pytest.skip("this machine has no address but loopback")
    station.address = here
    browser = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)", "Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    assert (await station.ask("GET", "/status", headers=browser)).status == 200
    assert (await station.ask("GET", "/config", headers=browser)).headers["Location"] == "/config/login"
    assert (await station.ask("GET", "/config/login", headers=browser)).status == 200
    ours = {**browser, "Referer": f"{station.url}/config/login"}
    assert (await station.ask("GET", "/static/comptoir.css", headers={**ours, "Accept": "text/css"})).status == 200
    form = {**ours, "Origin": station.url, "Content-Type": "application/x-www-form-urlencoded"}
    code = station.service.access.start_code
    answer = await station.ask("POST", "/config/login", f"password=correct+horse&code={code}", form)
    assert (answer.status, answer.headers["Location"]) == (302, "/config")
    mine = {**ours, "Cookie": answer.headers["Set-Cookie"].partition(";")[0]}
    assert (await station.ask("GET", "/config", headers=mine)).status == 200
    # Another site's page that leads there carries no cookie, and acts neither with nor without.
    for path in (*levels.ACTING, *levels.LEAVING):
        assert (await station.ask("GET", path, headers={**browser, "Referer": f"{EVIL}/"})).status in (403, 405), path


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PROPFIND"])
async def test_a_method_that_does_not_act_does_nothing_anywhere(station: Site, method: str) -> None:
    for path in sorted({path for _, path in routes(station)}):
        answer = await station.ask(method, address(path), headers={"X-HTTP-Method-Override": "POST"})
        assert answer.status < 500, path
    assert await noted(station) == []


SCRIPT: Final = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"}
WAYS: Final = {
    "script": {**SCRIPT, "Referer": f"{EVIL}/"},
    "script that hides": SCRIPT,
    "picture": {**SCRIPT, "Sec-Fetch-Dest": "image"},
    "frame": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    "speculation": {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Purpose": "prefetch"},
    "CORS": {"Origin": EVIL, **SCRIPT, "Sec-Fetch-Mode": "cors"},
    "another service of this machine": {"Origin": "http://127.0.0.1:8069", **SCRIPT, "Sec-Fetch-Site": "same-site"},
    "null": {"Origin": "null", **SCRIPT},
    "rebound": {"Host": "evil.example"},
    "old browser": {"User-Agent": "Mozilla/5.0", "Referer": f"{EVIL}/"},
    "old browser that hides": {"User-Agent": "Mozilla/5.0"},
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_page_of_another_site_gets_nothing_of_any_address(station: Site, way: str) -> None:
    for method, path in sorted(routes(station)):
        for one in ("GET", "POST") if method == "*" else (method,):
            answer = await station.ask(one, address(path), headers=WAYS[way])
            assert answer.status == 403, (one, path)
            assert "Access-Control-Allow-Origin" not in answer.headers
        # 405: an ePOS printer's answer to all but POST.
        assert (await station.ask("OPTIONS", address(path), headers=WAYS[way])).status in (403, 405)
    assert await noted(station) == []


@pytest.mark.parametrize("site", [SHOP, EVIL])
async def test_a_link_or_a_form_of_another_site_shows_a_page_and_does_nothing(station: Site, site: str) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    for method, path in sorted(routes(station)):
        for one in ("GET", "POST") if method == "*" else (method,):
            if path in ENDLESS:
                continue
            answer = await station.ask(one, address(path), headers={**link, "Referer": f"{site}/"})
            if one not in ("GET", "HEAD", "OPTIONS") or path in levels.ACTING or path in levels.LEAVING:
                assert answer.status == 403, (one, path)
    assert await noted(station) == []


async def test_an_allowed_site_reads_no_document(station: Site) -> None:
    """It may sell; what others have printed is none of its business."""
    cors = {"Origin": SHOP, **SCRIPT, "Sec-Fetch-Mode": "cors"}
    telling = ("document", "archive", "night", "original", "folder", "searches", "prints", "captur", "paper")
    for method, path in sorted(routes(station)):
        shows = path == "/" or path.startswith("/jobs") or any(word in path for word in telling)
        if method == "GET" and shows:
            answer = await station.ask("GET", address(path), headers=cors)
            assert answer.status in (401, 403), path


async def test_an_allowed_site_does_what_tills_do_and_no_more(station: Site) -> None:
    cors = {"Origin": SHOP, **SCRIPT, "Sec-Fetch-Mode": "cors"}
    for method, path in sorted(routes(station)):
        if method in ("GET", "HEAD", "OPTIONS", "*"):
            continue
        answer = await station.ask(method, address(path), headers=cors)
        if path in SIGNED_IN | PUBLIC or not path.startswith(("/api/", "/cgi-bin/", "/hw_", "/iot_")):
            assert answer.status == 403, (method, path)
        assert (answer.status == 403) == (not levels.may_a_site(method, address(path))), (method, path, answer.status)
    for path in ("/pair", "/api/pair", "/printers/TICKET/drawer"):
        assert (await station.ask("POST", path, headers=cors)).status == 403, path
