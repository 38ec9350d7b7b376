"""Tokens, the password, sessions, codes: what is known, what it may do, and how guessing ends."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.site import Answer, Site, own_address

from comptoir.core.errors import NotAllowed, RequestError, TooMany
from comptoir.web.access import ALPHABET, CODE_LIFE, COOKIE, SESSION_LIFE, hashed

PASSWORD = "correct horse"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Site]:
    """Open to the network, as on a server."""
    async with Site.hub(tmp_path, host="0.0.0.0") as site:
        site.service.add_station("caisse-1")
        yield site


async def sign_in(hub: Site, password: str = PASSWORD) -> Answer:
    return await hub.ask("POST", "/signin", f"password={password.replace(' ', '+')}", FORM)


async def session(hub: Site) -> dict[str, str]:
    """Set the password, sign in; the header of the session."""
    answer = await sign_in(hub)
    assert answer.status == 303, answer.body
    cookie = answer.headers["Set-Cookie"]
    return {"Cookie": cookie.partition(";")[0]}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_the_first_password_is_set_from_this_machine(hub: Site) -> None:
    assert hub.access.start_code
    headers = await session(hub)
    assert (await hub.ask("GET", "/print", headers=headers)).status == 200
    assert hub.access.start_code == "", "the code is worth nothing any more"
    kinds = [event.kind for event in await hub.journal.events()]
    assert kinds == ["password-set", "signed-in"]


async def test_from_the_network_it_takes_the_start_code(hub: Site) -> None:
    address = own_address()
    if address is None:
        pytest.skip("this machine has no address but loopback")
    hub.address = address
    assert (await sign_in(hub)).status == 403
    assert (await hub.ask("POST", "/signin", f"password={PASSWORD}&code=WRONG", FORM)).status == 403
    assert (await hub.ask("POST", "/signin", f"password={PASSWORD}&code=caf%C3%A9", FORM)).status == 403
    code = hub.access.start_code
    assert (await hub.ask("POST", "/signin", f"password={PASSWORD}&code={code}", FORM)).status == 303


async def test_on_loopback_the_password_can_be_changed_by_who_sits_there(tmp_path: Path) -> None:
    async with Site.hub(tmp_path) as hub:
        for password in ("first password", "second password"):
            body = f"password={password.replace(' ', '+')}"
            assert (await hub.ask("POST", "/access/password", body, FORM)).status == 303
        assert (await sign_in(hub, "first password")).status == 403
        assert (await sign_in(hub, "second password")).status == 303


async def test_the_cookie_is_for_this_service_only(hub: Site) -> None:
    cookie = (await sign_in(hub)).headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize("password", ["short", "x" * 73, "é" * 37])
async def test_a_password_has_a_length_that_bcrypt_reads(hub: Site, password: str) -> None:
    answer = await hub.ask("POST", "/signin", {"x": "y"} and f"password={password}", FORM)
    assert answer.status == 400
    assert not await hub.access.has_password()


async def test_nothing_secret_is_on_disk(hub: Site, tmp_path: Path) -> None:
    headers = await session(hub)
    token = await hub.access.add_client("shop")
    await hub.service.stop()
    content = b"".join(path.read_bytes() for path in (tmp_path / "hub").rglob("*") if path.is_file())
    for secret in (PASSWORD, token, headers["Cookie"].partition("=")[2]):
        assert secret.encode() not in content
    await hub.service.start()
    assert (await hub.ask("GET", "/print", headers=bearer(token))).status == 200, "and after a restart they still work"
    assert (await hub.ask("GET", "/print", headers=headers)).status == 200


# -- sessions --------------------------------------------------------------------------------------------


async def test_a_session_ends_an_hour_after_its_last_request(hub: Site) -> None:
    headers = await session(hub)
    for _ in range(3):
        hub.clock.advance(SESSION_LIFE - 1000)
        assert (await hub.ask("GET", "/print", headers=headers)).status == 200
    hub.clock.advance(SESSION_LIFE + 1)
    assert (await hub.ask("GET", "/print", headers=headers)).status == 401


async def test_signing_out_ends_it(hub: Site) -> None:
    headers = await session(hub)
    assert (await hub.ask("POST", "/signout", headers={**headers, "Sec-Fetch-Site": "same-origin"})).status == 403
    secret = {"X-CSRF-Token": hashed(f"csrf {headers['Cookie'].partition('=')[2]}")}
    assert (await hub.ask("POST", "/signout", headers={**headers, **secret})).status == 303
    assert (await hub.ask("GET", "/print", headers=headers)).status == 401


async def test_a_forged_cookie_is_nobody(hub: Site) -> None:
    await session(hub)
    for value in ("", "x", "x" * 5000, "%00"):
        assert (await hub.ask("GET", "/print", headers={"Cookie": f"{COOKIE}={value}"})).status == 401


async def test_what_changes_something_needs_the_forms_secret(hub: Site) -> None:
    """A cookie travels by itself; the secret does not."""
    headers = await session(hub)
    assert (await hub.ask("POST", "/access/clients", "name=shop", {**headers, **FORM})).status == 403
    wrong = await hub.ask("POST", "/access/clients", "name=shop", {**headers, **FORM, "X-CSRF-Token": "x"})
    assert wrong.status == 403
    page = await hub.ask("GET", "/access", headers={**headers, "Accept": "text/html"})
    found = re.search(rb'name="csrf" value="([0-9a-f]{64})"', page.body)
    assert found is not None, "every form carries it"
    secret = found[1].decode()
    assert secret == hashed(f"csrf {headers['Cookie'].partition('=')[2]}")
    assert (await hub.ask("POST", "/access/clients", f"name=shop&csrf={secret}", {**headers, **FORM})).status == 200
    answer = await hub.ask("POST", "/print", {"content": "x"}, {**headers, "X-CSRF-Token": secret})
    assert answer.status == 202


@pytest.mark.parametrize("secret", ["é", "\udcff", "x" * 10_000])
async def test_a_strange_secret_of_a_form_is_refused_and_no_error_of_ours(hub: Site, secret: str) -> None:
    headers = await session(hub)
    body = b"name=shop&csrf=" + secret.encode("utf-8", "surrogateescape")
    assert (await hub.ask("POST", "/access/clients", body, {**headers, **FORM})).status == 403


# -- tokens ----------------------------------------------------------------------------------------------


async def test_a_program_prints_with_its_token_and_does_nothing_else(hub: Site) -> None:
    token = await hub.access.add_client("shop")
    answer = await hub.ask("POST", "/print", {"content": "x"}, bearer(token))
    assert (answer.status, answer.json["user"]) == (202, "shop")
    assert (await hub.ask("GET", f"/print/{answer.json['id']}", headers=bearer(token))).status == 200
    assert (await hub.ask("GET", "/stations", headers=bearer(token))).status == 200
    for method, path, body in (
        ("POST", "/stations/pair", b""),
        ("POST", "/stations/revoke", b"name=caisse-1"),
        ("POST", "/access/clients", b"name=x"),
        ("POST", "/access/revoke", b"name=x"),
        ("POST", "/access/password", b"password=1234567890"),
        ("GET", "/access", b""),
        ("GET", "/", b""),
        ("GET", "/jobs", b""),
    ):
        assert (await hub.ask(method, path, body, {**bearer(token), **FORM})).status in (401, 403), path


async def test_a_stations_token_opens_the_relay_and_does_not_print(hub: Site) -> None:
    token = await hub.access.add_station("caisse-1")
    assert (await hub.ask("POST", "/print", {"content": "x"}, bearer(token))).status == 401
    client = await hub.access.add_client("shop")
    assert (await hub.ask("GET", "/relay", headers=bearer(client))).status == 401


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer wrong", "bearer\twrong", "Bearer é"])
async def test_what_is_no_token_is_nobody(hub: Site, value: str) -> None:
    assert (await hub.ask("GET", "/print", headers={"Authorization": value})).status == 401


async def test_a_revoked_token_is_worth_nothing_at_once_and_after_a_restart(hub: Site) -> None:
    token = await hub.access.add_client("shop")
    assert await hub.access.revoke("client", "shop")
    assert not await hub.access.revoke("client", "shop")
    assert (await hub.ask("GET", "/print", headers=bearer(token))).status == 401
    await hub.service.stop()
    await hub.service.start()
    assert (await hub.ask("GET", "/print", headers=bearer(token))).status == 401


async def test_a_new_token_ends_the_old_one(hub: Site) -> None:
    old, new = await hub.access.add_client("shop"), await hub.access.add_client("shop")
    assert (await hub.ask("GET", "/print", headers=bearer(old))).status == 401
    assert (await hub.ask("GET", "/print", headers=bearer(new))).status == 200


async def test_revoking_while_the_station_is_just_connecting_holds(hub: Site) -> None:
    token = await hub.access.add_station("caisse-1")
    await asyncio.gather(hub.access.revoke("station", "caisse-1"), hub.access.seen("caisse-1", "[]"))
    assert [c.name for c in await hub.access.stations()] == []
    assert (await hub.ask("GET", "/relay", headers=bearer(token))).status == 401
    assert await hub.journal.credentials("station") == []


# -- pairing ---------------------------------------------------------------------------------------------


async def pair(hub: Site, code: str, name: str = "caisse-2") -> Answer:
    return await hub.ask("POST", "/pair", {"code": code, "name": name})


async def test_a_code_is_good_once_and_for_ten_minutes(hub: Site) -> None:
    code, until = await hub.access.pairing_code()
    assert (len(code), set(code) <= set(ALPHABET), until) == (8, True, hub.clock.now() + CODE_LIFE)
    spoken = f" {code[:4].lower()}-{code[4:]} "
    answer = await pair(hub, spoken)
    assert (answer.status, answer.json["station"]) == (200, "caisse-2")
    assert len(answer.json["token"]) > 40
    assert (await pair(hub, code)).status == 403
    late, _ = await hub.access.pairing_code()
    hub.clock.advance(CODE_LIFE + 1)
    assert (await pair(hub, late)).status == 403


async def test_the_hub_may_give_the_name(hub: Site) -> None:
    code, _ = await hub.access.pairing_code("bar")
    assert (await pair(hub, code, "something else")).json["station"] == "bar"


@pytest.mark.parametrize("name", ["", "  ", "a/b", "x" * 65, "a\nb"])
async def test_a_name_that_cannot_be_shown_is_refused_and_the_code_stays_good(hub: Site, name: str) -> None:
    code, _ = await hub.access.pairing_code()
    assert (await pair(hub, code, name)).status == 400
    assert (await pair(hub, code)).status == 200


# -- against guessing ------------------------------------------------------------------------------------


async def test_guessing_gets_slower_and_slower(hub: Site) -> None:
    await session(hub)
    for _ in range(5):
        assert (await sign_in(hub, "wrong password")).status == 403
    assert (await sign_in(hub)).status == 429, "even the right one waits"
    hub.clock.advance(2001)
    assert (await sign_in(hub, "wrong password")).status == 403
    hub.clock.advance(2001)
    assert (await sign_in(hub)).status == 429, "twice as long now"
    hub.clock.advance(2001)
    assert (await sign_in(hub)).status == 303
    assert (await sign_in(hub, "wrong password")).status == 403, "and it begins anew"


async def test_guessing_at_once_is_no_way_around(hub: Site) -> None:
    """Fifty guesses in one moment are not fifty answers about the password."""
    await session(hub)
    answers = await asyncio.gather(*(sign_in(hub, "wrong password") for _ in range(30)))
    assert sum(answer.status == 403 for answer in answers) <= 8
    assert sum(answer.status == 429 for answer in answers) >= 22


async def test_codes_cannot_be_guessed_either(hub: Site) -> None:
    for _ in range(5):
        assert (await pair(hub, "WRONG")).status == 403
    assert (await pair(hub, "WRONG")).status == 429
    refused = [event for event in await hub.journal.events() if event.kind == "pairing-refused"]
    assert len(refused) == 5


async def test_the_rules_without_http(hub: Site) -> None:
    with pytest.raises(NotAllowed):
        await hub.access.redeem("10.0.0.1", "NONE", "x")
    code, _ = await hub.access.pairing_code()
    with pytest.raises(RequestError):
        await hub.access.redeem("10.0.0.1", code, "")
    for _ in range(4):
        with pytest.raises(NotAllowed):
            await hub.access.redeem("10.0.0.1", "NONE", "x")
    with pytest.raises(TooMany):
        await hub.access.redeem("10.0.0.1", code, "x")
    assert (await hub.access.redeem("10.0.0.2", code, "x"))[0] == "x", "another caller does not wait for the first"


async def test_a_new_password_ends_the_other_sessions(hub: Site) -> None:
    mine = await session(hub)
    others = {"Cookie": (await sign_in(hub)).headers["Set-Cookie"].partition(";")[0]}
    assert (await hub.ask("GET", "/print", headers=others)).status == 200
    secret = hashed(f"csrf {mine['Cookie'].partition('=')[2]}")
    body = f"password=another+password&csrf={secret}"
    assert (await hub.ask("POST", "/access/password", body, {**mine, **FORM})).status == 303
    assert (await hub.ask("GET", "/print", headers=mine)).status == 200
    assert (await hub.ask("GET", "/print", headers=others)).status == 401


async def test_how_long_to_wait_is_the_same_in_the_header_and_in_the_sentence(hub: Site) -> None:
    await session(hub)
    for _ in range(6):
        await sign_in(hub, "wrong password")
        hub.clock.advance(2001)
    await sign_in(hub, "wrong password")
    answer = await hub.ask("POST", "/pair", {"code": "x", "name": "y"})
    assert answer.status == 429
    assert f"in {answer.headers['Retry-After']} s" in answer.error["hint"]


async def test_what_our_page_sends_over_plain_http_is_known_by_its_session(hub: Site) -> None:
    """Browsers say where a request comes from to trustworthy origins only."""
    headers = await session(hub)
    secret = hashed(f"csrf {headers['Cookie'].partition('=')[2]}")
    answer = await hub.ask("POST", "/print", {"content": "x"}, {**headers, "X-CSRF-Token": secret})
    assert answer.json["source"] == "web"


@pytest.mark.parametrize(
    "body", [b'{"code":"\xff","name":"x"}', b"[" * 1_500, b'{"code": 5}', b"", b'{"code": "' + b"x" * 9_000]
)
async def test_a_pairing_that_is_none_is_a_sentence(hub: Site, body: bytes) -> None:
    answer = await hub.ask("POST", "/pair", body, {"Content-Type": "application/json"})
    assert (answer.status, answer.error["code"]) == (400, "bad-request")


async def test_a_pairing_may_come_in_pieces(hub: Site) -> None:
    code, _ = await hub.access.pairing_code()

    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"code": "'
        await asyncio.sleep(0)
        yield code.encode() + b'", "name": "bar"}'

    assert (await hub.ask("POST", "/pair", pieces(), {"Content-Type": "application/json"})).status == 200


@pytest.mark.parametrize("path", ["/signin", "/"])
async def test_a_form_in_a_character_set_that_there_is_not(hub: Site, path: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=nope"}
    assert (await hub.ask("POST", path, b"password=x", headers)).status in (400, 401)
