"""Who may do what, decided from what a request is: nobody opens the till by accident (promise 6)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.clock import FakeClock
from tests.peers.site import Site, own_address

from comptoir.core.errors import TooMany
from comptoir.web.guard import Limiter, Policy, caller_of, host_is_ours, host_name, is_loopback, is_near

LOCAL = Policy("127.0.0.1", 22549, frozenset({"caisse.example.com"}), frozenset({"https://shop.example.com"}))
OPEN = Policy("0.0.0.0", 22549, frozenset({"hub.example.com"}))


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "::ffff:127.0.0.1", "::1%lo"])
def test_loopback(address: str) -> None:
    assert is_loopback(address)


@pytest.mark.parametrize(
    "address", ["", "0.0.0.0", "::", "192.168.1.2", "::ffff:192.168.1.2", "example.com", "127.0.0.1.evil.com"]
)
def test_what_is_not_loopback(address: str) -> None:
    assert not is_loopback(address)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("Caisse.Example.COM:8080", "caisse.example.com"),
        ("[::1]:22549", "::1"),
        ("localhost.", "localhost"),
        ("", ""),
        ("127.0.0.1", "127.0.0.1"),
        ("[FE80::1%eth0]:1", "fe80::1%eth0"),
        ("localhost:", "localhost"),
        # No browser sends these; what is no name is nobody's.
        ("[fe80::1", ""),
        ("[127.0.0.1].evil.com", ""),
        ("[localhost]", ""),
        ("localhost:evil", ""),
        ("localhost:80@evil.com", ""),
        ("localhost..", "localhost."),
        ("\udcff", "\udcff"),
    ],
)
def test_the_name_in_a_host_header(host: str, name: str) -> None:
    assert host_name(host) == name


@pytest.mark.parametrize(
    "host", ["127.0.0.1:22549", "localhost:22549", "[::1]:22549", "LOCALHOST", "caisse.example.com"]
)
def test_our_names(host: str) -> None:
    assert host_is_ours(host, LOCAL)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example.com",
        "192.168.1.5:22549",
        "127.0.0.1.evil.com",
        "localhost.evil.com",
        "",
        "evil.com:127.0.0.1",
        "[evil]",
        "[127.0.0.1].evil.com",
        "[::1]evil.com",
        "localhost:80@evil.com",
        "localhost/evil.com",
        "localhost..",
        "2130706433",
    ],
)
def test_foreign_names_even_if_they_lead_here(host: str) -> None:
    """Somebody makes his name point to 127.0.0.1: the browser of the counter then calls us by that name."""
    assert not host_is_ours(host, LOCAL)


def test_opened_to_the_network_an_address_is_ours_and_a_foreign_name_is_not() -> None:
    for host in ("192.168.1.5:22549", "[fd00::2]:22549", "hub.example.com", "localhost"):
        assert host_is_ours(host, OPEN)
    for host in ("evil.example.com", "192.168.1.5.evil.com", ""):
        assert not host_is_ours(host, OPEN)
        assert not host_is_ours(host, Policy("", 22549)), "listening everywhere is no name"


@given(st.text(max_size=40))
def test_any_host_header_is_ours_or_not(host: str) -> None:
    assert host_is_ours(host, LOCAL) in (True, False)
    if host_is_ours(host, LOCAL):
        assert host_name(host) in {"127.0.0.1", "localhost", "::1", "caisse.example.com"}


@pytest.mark.parametrize(
    ("near", "address"),
    [
        (True, "127.0.0.1"),
        (True, "::1"),
        (True, "192.168.1.77"),
        (True, "::ffff:192.168.1.77"),
        (False, "192.168.2.1"),
        (False, "10.0.0.1"),
        (False, ""),
        (False, "::ffff:10.0.0.1"),
    ],
)
def test_the_owner_may_bring_other_machines_near(near: bool, address: str) -> None:
    assert is_near(address, Policy("0.0.0.0", 1, networks=(ip_network("192.168.1.0/24"),))) == near


# -- the real thing --------------------------------------------------------------------------------------


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Site]:
    async with Site.hub(tmp_path, allowed_origins=("https://shop.example.com",)) as site:
        site.service.add_station("caisse-1")
        yield site


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/print"),
        ("GET", "/print"),
        ("GET", "/"),
        ("POST", "/"),
        ("DELETE", "/print/1"),
        ("POST", "/stations/pair"),
        ("GET", "/healthz"),
        ("GET", "/openapi.json"),
        ("GET", "/relay"),
        ("POST", "/pair"),
        ("GET", "/static/comptoir.css"),
        ("GET", "/nowhere"),
    ],
)
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example.com"},
        {"Origin": "https://evil.example.com"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"},
    ],
    ids=["rebinding", "fetch", "no-cors"],
)
async def test_a_foreign_page_gets_nothing_from_any_address(
    hub: Site, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = await hub.ask(method, path, headers=headers)
    assert (answer.status, answer.error["code"]) == (403, "not-allowed")
    assert answer.error["hint"]
    assert len(await hub.journal.events()) == 0


async def test_an_allowed_page_may_print(hub: Site) -> None:
    answer = await hub.ask("POST", "/print", {"content": "x"}, {"Origin": "https://shop.example.com"})
    assert answer.status == 202


async def test_an_allowed_page_may_read_the_answer_and_ask_what_it_may_send(hub: Site) -> None:
    """Fetch standard, §3.2; Private Network Access: a public site that calls this machine."""
    origin = {"Origin": "https://shop.example.com"}
    answer = await hub.ask("GET", "/print", headers=origin)
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example.com"
    asked = {
        **origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,idempotency-key",
        "Access-Control-Request-Private-Network": "true",
    }
    told = await hub.ask("OPTIONS", "/print", headers=asked)
    assert told.status == 204
    assert "POST" in told.headers["Access-Control-Allow-Methods"]
    assert "Idempotency-Key" in told.headers["Access-Control-Allow-Headers"]
    assert told.headers["Access-Control-Allow-Private-Network"] == "true"
    assert "Access-Control-Allow-Credentials" not in told.headers


async def test_nobody_else_is_told_anything_about_reading(hub: Site) -> None:
    for headers in ({}, {"Origin": hub.url}, {"Origin": "https://evil.example.com"}):
        answer = await hub.ask("GET", "/print", headers=headers)
        assert not [name for name in answer.headers if name.startswith("Access-Control")]


async def test_a_preflight_needs_no_sign_in_because_it_carries_none(tmp_path: Path) -> None:
    async with Site.hub(tmp_path, host="0.0.0.0", allowed_origins=("https://shop.example.com",)) as hub:
        asked = {"Origin": "https://shop.example.com", "Access-Control-Request-Method": "POST"}
        assert (await hub.ask("OPTIONS", "/print", headers=asked)).status == 204
        answer = await hub.ask("POST", "/print", {"content": "x"}, {"Origin": "https://shop.example.com"})
        assert answer.status == 401
        assert answer.headers["Access-Control-Allow-Origin"], "so that the page can tell why"


async def test_a_proxys_header_is_not_believed(tmp_path: Path) -> None:
    """X-Forwarded-For says what a caller wants it to say."""
    async with Site.hub(tmp_path, rate=1, burst=2) as hub:
        for number in range(2):
            assert (await hub.ask("GET", "/healthz", headers={"X-Forwarded-For": f"10.0.0.{number}"})).status == 200
        assert (await hub.ask("GET", "/healthz", headers={"X-Forwarded-For": "10.0.0.9"})).status == 429
    async with Site.hub(tmp_path / "open", host="0.0.0.0") as hub:
        assert (await hub.ask("GET", "/print", headers={"X-Forwarded-For": "127.0.0.1"})).status == 401


# -- how often -------------------------------------------------------------------------------------------


async def test_a_caller_that_asks_too_often_waits(tmp_path: Path) -> None:
    async with Site.hub(tmp_path, rate=2, burst=3) as hub:
        for _ in range(3):
            assert (await hub.ask("GET", "/healthz")).status == 200
        answer = await hub.ask("GET", "/healthz")
        assert (answer.status, answer.error["code"]) == (429, "too-many")
        assert answer.headers["Retry-After"]
        hub.clock.advance(500)
        assert (await hub.ask("GET", "/healthz")).status == 200
        assert (await hub.ask("GET", "/healthz")).status == 429


def test_callers_do_not_wait_for_each_other_and_this_machine_not_at_all() -> None:
    clock = FakeClock()
    limiter = Limiter(clock, burst=2)
    for _ in range(1000):
        limiter.check("127.0.0.1")
    for _ in range(2):
        limiter.check("10.0.0.1")
    with pytest.raises(TooMany):
        limiter.check("10.0.0.1")
    limiter.check("10.0.0.2")
    clock.advance(10)
    limiter.check("10.0.0.1")
    clock.advance(-100_000)
    with pytest.raises(TooMany):
        limiter.check("10.0.0.1")


def test_a_million_callers_do_not_fill_the_memory() -> None:
    limiter = Limiter(FakeClock())
    for number in range(25_000):
        limiter.check(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(limiter._buckets) <= 10_001


def test_of_ipv6_a_network_is_one_caller_since_a_machine_has_all_its_addresses() -> None:
    limiter = Limiter(FakeClock(), burst=2)
    limiter.check("2001:db8::1")
    limiter.check("2001:db8::2%eth0")
    with pytest.raises(TooMany):
        limiter.check("2001:db8:0:0:ffff::3")
    limiter.check("2001:db8:0:1::1")


@pytest.mark.parametrize(
    ("address", "caller"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::1"),
        ("", ""),
        ("nowhere", "nowhere"),
    ],
)
def test_who_is_counted_together(address: str, caller: str) -> None:
    assert caller_of(address) == caller


async def test_bytes_that_are_no_text_are_refused_as_what_they_are(tmp_path: Path) -> None:
    """A journal that cannot write one event must not be made to lose those of everybody else."""
    async with Site.station(tmp_path) as station:
        for head in (
            "Host: \xff",
            "Host: localhost\nOrigin: https://\xff.example",
            "Host: localhost\nReferer: a://\xff/",
        ):
            status, _ = await station.raw(
                f"POST /api/print HTTP/1.1\n{head}\nUser-Agent: Mozilla/5.0\nContent-Length: 0"
            )
            assert status == 403, head
        for head in ("Cookie: comptoir_session=\xff", "Authorization: Bearer \xff"):
            status, _ = await station.raw(f"GET /config HTTP/1.1\nHost: localhost\n{head}")
            assert status == 401, head
        await station.service.refusals.stop()
        assert [event.kind for event in await station.journal.events()].count("page-refused") == 3


# -- opened to the network -------------------------------------------------------------------------------


async def test_a_hub_open_to_the_network_asks_who_is_there_from_the_first_request(tmp_path: Path) -> None:
    async with Site.hub(tmp_path, host="0.0.0.0") as hub:
        for method, path in (
            ("POST", "/print"),
            ("GET", "/print"),
            ("GET", "/"),
            ("GET", "/stations"),
            ("GET", "/docs"),
            ("POST", "/stations/pair"),
            ("POST", "/access/clients"),
            ("POST", "/access/password"),
            ("GET", "/openapi.json"),
            ("GET", "/metrics"),
            ("GET", "/events"),
            ("GET", "/nowhere"),
        ):
            answer = await hub.ask(method, path)
            assert (answer.status, answer.error["code"]) == (401, "sign-in"), path
        assert (await hub.ask("GET", "/healthz")).status == 200
        assert (await hub.ask("GET", "/signin")).status == 200
        page = await hub.ask("GET", "/", headers={"Accept": "text/html"})
        assert (page.status, page.headers["Location"][:7]) == (303, "/signin")


async def test_what_is_public_is_a_list_and_no_prefix_of_something_else(tmp_path: Path) -> None:
    """A page that is called /signin-log or /pairings later must not be open by its name."""
    async with Site.hub(tmp_path, host="0.0.0.0") as hub:
        for path in ("/pairings", "/signinx", "/healthz/secrets", "/relayed"):
            assert (await hub.ask("GET", path)).status == 401, path


async def test_a_station_open_to_the_network_cannot_be_taken_over_from_there(tmp_path: Path) -> None:
    """Pairing gives the paper to the owner of a hub: only this machine may ask for it."""
    address = own_address()
    if address is None:
        pytest.skip("this machine has no address but loopback")
    async with Site.station(tmp_path, host="0.0.0.0") as station:
        station.address = address
        assert (await station.ask("GET", "/healthz")).status == 200
        for method, path in (
            ("POST", "/pair"),
            ("POST", "/api/pair"),
            ("POST", "/api/print"),
            ("GET", "/api/jobs"),
            ("GET", "/"),
        ):
            assert (await station.ask(method, path)).status in (401, 403), path


async def test_ipv6(tmp_path: Path) -> None:
    async with Site.hub(tmp_path, host="::1") as hub:
        hub.address = "[::1]"
        assert (await hub.ask("GET", "/healthz")).status == 200
        assert (await hub.ask("GET", "/print")).status == 200, "loopback is loopback in both"
        assert (await hub.ask("GET", "/print", headers={"Host": "evil.example.com"})).status == 403


async def test_where_the_hub_is_concerns_the_stations_own_machine_only(tmp_path: Path) -> None:
    address = own_address()
    if address is None:
        pytest.skip("this machine has no address but loopback")
    async with Site.station(tmp_path, host="0.0.0.0") as station:
        assert "hub" in (await station.ask("GET", "/healthz")).json
        station.address = address
        assert "hub" not in (await station.ask("GET", "/healthz")).json
