"""Signing in at a station: its addresses, what needs it, what does not, how it ends."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.site import Answer, Site, own_address

from comptoir.web.access import COOKIE, LONGEST_WAIT, SESSION_LIFE, hashed

PASSWORD = "correct horse"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Site]:
    async with Site.station(tmp_path, allowed_origins=("https://odoo.example.com",)) as site:
        yield site


async def sign_in(site: Site, password: str = PASSWORD, **fields: str) -> Answer:
    body = "&".join(f"{name}={value.replace(' ', '+')}" for name, value in {"password": password, **fields}.items())
    return await site.ask("POST", "/config/login", body, FORM)


async def session(site: Site) -> dict[str, str]:
    answer = await sign_in(site)
    assert (answer.status, answer.headers["Location"]) == (302, "/config")
    return {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}


def with_secret(headers: dict[str, str]) -> dict[str, str]:
    return {**headers, "X-CSRF-Token": hashed(f"csrf {headers['Cookie'].partition('=')[2]}")}


async def kinds(site: Site) -> list[str]:
    return [event.kind for event in await site.journal.events()]


async def test_settings_need_somebody_who_is_signed_in_and_the_counter_does_not(station: Site) -> None:
    page = {"Accept": "text/html"}
    for path in ("/config", "/config/access", "/config/anything"):
        answer = await station.ask("GET", path, headers=page)
        assert (answer.status, answer.headers["Location"].partition("?")[0]) == (302, "/config/login"), path
        assert (await station.ask("GET", path)).error["code"] == "sign-in"
    assert (await station.ask("POST", "/config/save", b"port=1", FORM)).status == 401
    for path in ("/", "/jobs", "/printers", "/api/jobs", "/status"):
        assert (await station.ask("GET", path)).status == 200, path


async def test_the_first_password_is_typed_twice(station: Site) -> None:
    assert (await sign_in(station, confirm_password="something else")).status == 400
    assert (await sign_in(station, "short", confirm_password="short")).status == 400
    assert (await sign_in(station, confirm_password=PASSWORD)).status == 302
    assert [kind for kind in await kinds(station) if kind != "certificate-made"] == ["password-set", "signed-in"]


async def test_from_the_network_the_first_password_takes_the_start_code(tmp_path: Path) -> None:
    address = own_address()
    if address is None:
        pytest.skip("this machine has no address but loopback")
    async with Site.station(tmp_path, host="0.0.0.0") as station:
        station.address = address
        assert (await sign_in(station)).status == 403
        assert (await station.ask("GET", "/config/login", headers={"Accept": "text/html"})).status == 200
        assert (await sign_in(station, code=station.service.access.start_code)).status == 302


async def test_another_machine_is_let_in_by_its_address_or_by_signing_in(tmp_path: Path) -> None:
    address = own_address()
    if address is None:
        pytest.skip("this machine has no address but loopback")
    async with Site.station(tmp_path / "a", host="0.0.0.0") as station:
        headers = await session(station)
        station.address = address
        assert (await station.ask("GET", "/status")).status == 200
        assert (await station.ask("GET", "/api/jobs")).status == 401
        assert (await station.ask("POST", "/api/print", {"content": "x"})).status == 401
        assert (await station.ask("GET", "/api/jobs", headers=headers)).status == 200
    async with Site.station(tmp_path / "b", host="0.0.0.0", allowed_addresses=(f"{address}/32",)) as station:
        station.address = address
        assert (await station.ask("POST", "/api/print", {"content": "x"})).status == 202
        assert (await station.ask("GET", "/config")).status == 401, "near is not signed in"


async def test_a_stolen_cookie_dies_with_signing_out(station: Site) -> None:
    headers = await session(station)
    stolen = dict(headers)
    assert (await station.ask("POST", "/config/logout", headers=with_secret(headers))).status == 302
    assert (await station.ask("GET", "/config/access", headers=stolen)).status == 401


async def test_the_earlier_way_to_sign_out(station: Site) -> None:
    headers = await session(station)
    assert (await station.ask("HEAD", "/config/logout", headers=headers)).status == 405
    answer = await station.ask("GET", "/config/logout", headers=headers)
    assert (answer.status, answer.headers["Location"]) == (302, "/config/login")
    assert (await station.ask("GET", "/config/access", headers=headers)).status == 401
    assert (await kinds(station))[-1] == "signed-out"


async def test_signing_out_everywhere(station: Site) -> None:
    first, second = await session(station), await session(station)
    assert len(await station.service.access.sessions()) == 2
    request = type("Request", (dict,), {"remote": "127.0.0.1", "cookies": {}})()
    await station.service.access.sign_out_everywhere(request)
    for headers in (first, second):
        assert (await station.ask("GET", "/config/access", headers=headers)).status == 401


async def test_a_session_survives_a_restart_and_ends_by_itself(tmp_path: Path) -> None:
    async with Site.station(tmp_path) as station:
        headers = await session(station)
    async with Site.station(tmp_path) as station:
        assert (await station.ask("GET", "/config/none", headers=headers)).status == 404
        station.clock.advance(SESSION_LIFE + 1)
        assert (await station.ask("GET", "/config/none", headers=headers)).status == 401


async def test_a_clock_that_is_set_back_prolongs_no_session_and_locks_nobody_out(station: Site) -> None:
    headers = await session(station)
    station.clock.advance(-24 * 3_600_000)
    assert (await station.ask("GET", "/config/none", headers=headers)).status == 404
    station.clock.advance(SESSION_LIFE + 1)
    assert (await station.ask("GET", "/config/none", headers=headers)).status == 401, "an hour is an hour"
    for _ in range(20):
        await sign_in(station, "wrong")
        station.clock.advance(1000)
    assert (await sign_in(station)).status == 429
    station.clock.advance(-24 * 3_600_000)
    assert (await sign_in(station)).status == 302


async def test_guessing_is_slowed_more_and_more_and_is_seen(station: Site) -> None:
    await session(station)
    tried = waited = 0
    while waited < 3_600_000:
        answer = await sign_in(station, "wrong")
        tried += answer.status == 403
        station.clock.advance(1000)
        waited += 1000
    assert tried < 20, "an hour of guessing, once a second"
    assert (await kinds(station)).count("sign-in-refused") == tried
    station.clock.advance(LONGEST_WAIT)
    assert (await sign_in(station)).status == 302


async def test_a_page_of_another_site_cannot_use_the_session(station: Site) -> None:
    headers = await session(station)
    for origin in ("https://evil.example.com", "http://localhost:1", "null"):
        answer = await station.ask("POST", "/config/logout", headers={**headers, "Origin": origin})
        assert answer.status == 403
    # One that the owner allows to print may not change settings either: it has no secret of a form.
    allowed = {**headers, "Origin": "https://odoo.example.com", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
    assert (await station.ask("POST", "/config/logout", headers=allowed)).status != 200
    assert (await station.ask("GET", "/config/none", headers=headers)).status == 404, "still signed in"


async def test_nothing_secret_is_kept_or_told(station: Site) -> None:
    headers = await session(station)
    cookie = headers["Cookie"].partition("=")[2]
    told = json.dumps([event.body for event in await station.journal.events()])
    page = (await station.ask("GET", "/", headers={**headers, "Accept": "text/html"})).body.decode()
    for text in (told, page, (await station.ask("GET", "/openapi.json")).body.decode()):
        assert PASSWORD not in text
        assert cookie not in text
    assert COOKIE.startswith("comptoir")
