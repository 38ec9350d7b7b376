"""Which pages may do what: a bare GET opens a drawer for an allowed script, and for nobody else (promise 6)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from aiohttp.test_utils import make_mocked_request

from comptoir.web.guard import Policy, may_send
from comptoir.web.sender import sender_of

LOCAL = Policy("127.0.0.1", 22549, frozenset({"caisse.example.com"}), frozenset({"https://shop.example.com"}))


def taken(method: str, path: str, **headers: str) -> bool:
    names = {"Host": "127.0.0.1:22549", **{name.replace("_", "-"): value for name, value in headers.items()}}
    request = make_mocked_request(method, path, headers=names)
    return may_send(sender_of(names, names["Host"]), request, LOCAL)


SHOP, EVIL = "https://shop.example.com", "https://evil.example.com"
SCRIPT = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "empty"}
PICTURE = {**SCRIPT, "Sec_Fetch_Dest": "image"}
LINK = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
FRAME = {**LINK, "Sec_Fetch_Dest": "iframe"}


@pytest.mark.parametrize(
    ("allowed", "method", "headers"),
    [
        (True, "POST", {}),  # a program
        (True, "POST", {"Origin": "http://127.0.0.1:22549", "Sec_Fetch_Site": "same-origin"}),  # our page
        (True, "POST", {"Origin": SHOP, "Sec_Fetch_Site": "cross-site"}),  # allowed
        (True, "GET", {"Sec_Fetch_Site": "none", "Sec_Fetch_Mode": "navigate"}),  # the address bar
        (False, "POST", {"Sec_Fetch_Site": "none", "Sec_Fetch_Mode": "navigate"}),  # no address bar sends a form
        (True, "GET", LINK),
        (False, "GET", FRAME),
        (False, "POST", {"Origin": EVIL}),  # a form, or fetch
        (False, "POST", {"Origin": EVIL, **LINK}),
        (False, "POST", LINK),
        (False, "POST", {"Origin": "null"}),  # a sandboxed frame, a file
        (False, "GET", PICTURE),
        (False, "GET", {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "cors"}),
        (False, "GET", {"Origin": "http://127.0.0.1:8080"}),  # another service of this machine
        (False, "GET", {"Origin": "http://localhost:22549"}),  # ours, under another name than the one called
        (False, "POST", {"Origin": "https://shop.example.com.evil.com"}),
        (False, "POST", {"Origin": "http://shop.example.com"}),  # the same name without TLS
        (False, "OPTIONS", {"Origin": EVIL}),
    ],
)
def test_whose_request_is_taken(allowed: bool, method: str, headers: dict[str, str]) -> None:
    assert taken(method, "/print", **headers) == allowed


@pytest.mark.parametrize(
    ("allowed", "headers"),
    [
        (True, {}),  # a program
        (True, {"Sec_Fetch_Site": "same-origin", "Sec_Fetch_Mode": "cors"}),  # our page
        (True, {**SCRIPT, "Referer": f"{SHOP}/"}),  # the earlier till's own call
        (True, {"Origin": SHOP, **SCRIPT, "Sec_Fetch_Mode": "cors"}),
        (True, {"Referer": f"{SHOP}/pos/ui", "User_Agent": "Mozilla/5.0"}),  # a browser of before 2023
        (False, {**SCRIPT, "Referer": f"{EVIL}/"}),
        (False, SCRIPT),  # a page that hides whose it is
        (False, {"User_Agent": "Mozilla/5.0 (old)"}),
        (False, {"User_Agent": "Mozilla/5.0 (old)", "Accept": "text/html"}),  # its address bar, or a link
        (False, {"Referer": f"{SHOP}/", "User_Agent": "Mozilla/5.0 (old)", "Accept": "text/html"}),  # a link
        (True, {"User_Agent": "Mozilla/5.0 (Windows NT 10.0) WindowsPowerShell/5.1"}),
        (False, {"Referer": f"{EVIL}/", "User_Agent": "Mozilla/5.0"}),
        (False, {"Origin": EVIL, **SCRIPT, "Sec_Fetch_Mode": "cors"}),
        (False, {**SCRIPT, "Referer": f"{SHOP}.evil.com/"}),
        (False, {**SCRIPT, "Referer": f"https://evil.com/{SHOP}/"}),
        *((False, {**how, "Referer": f"{who}/"}) for how in (PICTURE, LINK, FRAME) for who in (SHOP, EVIL)),
        (False, {"Sec_Fetch_Site": "none", "Sec_Fetch_Mode": "navigate"}),  # typed, or fetched while it is typed
        (False, {"Sec_Fetch_Site": "none", "Sec_Fetch_Mode": "cors", "Sec_Fetch_Dest": "empty"}),  # an extension
        (False, {"Origin": "null", **SCRIPT, "Referer": f"{SHOP}/"}),  # a frame in a sandbox
        (False, {"Origin": "http://127.0.0.1:22549", **SCRIPT}),  # another service, as its browser says
        (False, {"Origin": "app://127.0.0.1:22549"}),  # an application that has no server
        (False, {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "script"}),
    ],
)
def test_a_bare_get_that_acts_is_taken_from_an_allowed_script_only(allowed: bool, headers: dict[str, str]) -> None:
    """odoo.md A8: the earlier till calls without Origin and without a preflight."""
    assert taken("GET", "/open-cash-drawer", **headers) == allowed


CHROME = "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("allowed", "unnamed", "path", "headers"),
    [
        (True, True, "/open-cash-drawer", {**SCRIPT, "User-Agent": CHROME.format(156)}),
        (False, False, "/open-cash-drawer", {**SCRIPT, "User-Agent": CHROME.format(156)}),
        (False, True, "/open-cash-drawer", {**SCRIPT, "User-Agent": CHROME.format(141)}),
        (False, True, "/open-cash-drawer", {**SCRIPT, "Sec-Fetch-Site": "same-site", "User-Agent": CHROME.format(156)}),
        (False, True, "/open-cash-drawer", {**SCRIPT, "Sec-Fetch-Site": "none", "User-Agent": CHROME.format(156)}),
        (False, True, "/open-cash-drawer", {**PICTURE, "User-Agent": CHROME.format(156)}),
        (False, True, "/open-cash-drawer", {**FRAME, "User-Agent": CHROME.format(156)}),
        (False, True, "/open-cash-drawer", {**SCRIPT, "Origin": "null", "User-Agent": CHROME.format(156)}),
        (False, True, "/open-cash-drawer", {**SCRIPT, "Sec-Purpose": "prefetch", "User-Agent": CHROME.format(156)}),
        (False, True, "/open-cash-drawer", {**SCRIPT, "Referer": EVIL, "User-Agent": CHROME.format(156)}),
        (False, True, "/invoice-printer/purge", {**SCRIPT, "User-Agent": CHROME.format(156)}),
    ],
)
def test_a_page_that_cannot_name_itself_is_let_in_by_the_owner_where_the_browser_asks_people(
    allowed: bool, unnamed: bool, path: str, headers: dict[str, str]
) -> None:
    """Chromium sends neither Origin nor Referer with a bare GET from a page over HTTPS to http://localhost."""
    names = {"Host": "localhost:22548", **{name.replace("_", "-"): value for name, value in headers.items()}}
    request = make_mocked_request("GET", path, headers=names)
    policy = replace(LOCAL, unnamed=unnamed)
    assert may_send(sender_of(names, names["Host"]), request, policy) == allowed


CORS = {"Origin": SHOP, **SCRIPT, "Sec_Fetch_Mode": "cors"}


@pytest.mark.parametrize(
    "path",
    ["/config/access", "/config/login", "/config/logout", "/config/save", "/pair", "/api/pair", "/logs/purge",
     "/journal/verify", "/printers/TICKET/drawer", "/jobs/1/reprint", "/access/clients", "/stations/pair", "/"],
)  # fmt: skip
def test_an_allowed_site_sells_and_does_not_administer(path: str) -> None:
    assert not taken("POST", path, **CORS)
    assert not taken("DELETE", path, **CORS)
    assert taken("POST", path, Origin="http://127.0.0.1:22549", Sec_Fetch_Site="same-origin")
    assert taken("POST", path), "a program"


@pytest.mark.parametrize("path", ["/api/print", "/api/jobs/1/reprint", "/api/printers/TICKET/probe", "/print"])
def test_what_an_allowed_site_does(path: str) -> None:
    assert taken("POST", path, **CORS)
    assert not taken("POST", path, Origin=SHOP, **LINK), "by a form"
    assert not taken("POST", path, Origin=SHOP, **FRAME)
    assert not taken("POST", f"{path}x".replace("/api/", "/apis/").replace("/printx", "/printers"), **CORS)


@pytest.mark.parametrize("site", [SHOP, EVIL])
def test_no_other_site_signs_anybody_out(site: str) -> None:
    """Another service of this machine is same-site: its links carry the cookie."""
    for how in (LINK, SCRIPT, PICTURE, {**LINK, "Sec_Fetch_Site": "same-site"}):
        assert not taken("GET", "/config/logout", Referer=f"{site}/", **how)
    assert taken("GET", "/config/logout", Sec_Fetch_Site="same-origin", Sec_Fetch_Mode="navigate")
    assert taken("GET", "/config/logout", Sec_Fetch_Site="none", Sec_Fetch_Mode="navigate")


def test_an_allowed_site_acts_by_scripts_not_by_forms() -> None:
    cors = {"Origin": SHOP, **SCRIPT, "Sec_Fetch_Mode": "cors"}
    assert taken("POST", "/api/drawer/open", **cors)
    assert not taken("POST", "/api/drawer/open", Origin=SHOP, **LINK)
    assert not taken("POST", "/cgi-bin/epos/service.cgi", Origin=SHOP, **FRAME)
