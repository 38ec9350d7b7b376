"""What somebody gets who guesses, hurries, or sends what no form of ours sends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import bcrypt
import pytest
from tests.peers.site import Site

from comptoir.core.errors import NotAllowed, TooMany
from comptoir.web.access import COOKIE, MOST_GUESSES, SESSION_LIFE, Access

PASSWORD = "correct horse"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Site]:
    async with Site.station(tmp_path) as site:
        yield site


class Caller(dict[Any, Any]):
    """A request from an address, as far as `Access` asks."""

    def __init__(self, remote: str) -> None:
        super().__init__()
        self.remote = remote
        self.cookies: dict[str, str] = {}


async def kinds(site: Site) -> list[str]:
    return [event.kind for event in await site.journal.events()]


async def test_of_two_who_set_the_first_password_at_once_one_is_told_that_it_is_set(station: Site) -> None:
    access: Access = station.service.access
    told = await asyncio.gather(
        *(access.set_password(Caller("127.0.0.1"), f"{PASSWORD} {n}") for n in range(5)),  # type: ignore[arg-type]
        return_exceptions=True,
    )
    assert told[0] is None
    assert all(isinstance(one, NotAllowed) for one in told[1:])
    assert (await kinds(station)).count("password-set") == 1
    assert await access.sign_in(Caller("127.0.0.1"), f"{PASSWORD} 0")  # type: ignore[arg-type]


async def test_a_machine_guesses_once_from_all_its_addresses_of_ipv6(station: Site) -> None:
    access: Access = station.service.access
    await access.set_password(Caller("127.0.0.1"), PASSWORD)  # type: ignore[arg-type]
    said = []
    for number in range(12):
        try:
            await access.sign_in(Caller(f"2001:db8::{number:x}"), "a wrong one")  # type: ignore[arg-type]
        except (NotAllowed, TooMany) as error:
            said.append(type(error))
    assert said == [NotAllowed] * 5 + [TooMany] * 7
    assert await access.sign_in(Caller("2001:db8:0:1::1"), PASSWORD)  # type: ignore[arg-type]


async def test_many_machines_that_guess_at_once_are_compared_one_by_one(
    station: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Comparing takes a quarter of a second: it must not take all threads, nor keep the owner out."""
    access: Access = station.service.access
    await access.set_password(Caller("127.0.0.1"), PASSWORD)  # type: ignore[arg-type]
    at_once, most = 0, 0
    compare = bcrypt.checkpw

    def counted(given: bytes, known: bytes) -> bool:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        try:
            return compare(given, known)
        finally:
            at_once -= 1

    monkeypatch.setattr(bcrypt, "checkpw", counted)
    guesses = [access.sign_in(Caller(f"10.0.{n}.1"), "a wrong one") for n in range(100)]  # type: ignore[arg-type]
    answers = asyncio.gather(*guesses, return_exceptions=True)
    owner = asyncio.ensure_future(access.sign_in(Caller("127.0.0.1"), PASSWORD))  # type: ignore[arg-type]
    told = await answers
    assert sum(isinstance(one, NotAllowed) for one in told) == MOST_GUESSES
    assert sum(isinstance(one, TooMany) for one in told) == 100 - MOST_GUESSES
    assert most == 1
    assert await owner


async def test_a_session_that_has_ended_does_not_come_back_with_the_clock(station: Site) -> None:
    async def sign_in() -> dict[str, str]:
        answer = await station.ask("POST", "/config/login", f"password={PASSWORD.replace(' ', '+')}", FORM)
        return {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}

    old = await sign_in()
    station.clock.advance(SESSION_LIFE + 1)
    await sign_in()
    station.clock.advance(-SESSION_LIFE)
    assert (await station.ask("GET", "/config/none", headers=old)).status == 401


async def test_accents_are_one_letter_however_they_are_typed(station: Site) -> None:
    access: Access = station.service.access
    await access.set_password(Caller("127.0.0.1"), "cafe\u0301 au comptoir")  # type: ignore[arg-type]
    assert await access.sign_in(Caller("127.0.0.1"), "café au comptoir")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "body",
    [
        b"password=",
        b"password=%00" + b"x" * 20,
        b"password=" + b"x" * 73,
        b"password=%ED%A0%80aaaaaaaaaaaaaaaaaaaaaaaa%FF" + b"x" * 70,
        b"password=" + b"x" * 900_000,
        b"confirm_password=x",
        b"&&&&;;;;=",
    ],
)
async def test_what_is_no_password_is_refused_and_nothing_breaks(station: Site, body: bytes) -> None:
    answer = await station.ask("POST", "/config/login", body, FORM)
    assert 400 <= answer.status < 500
    assert "password-set" not in await kinds(station)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded; charset=punycode", b"password=aaaaaaaaaaaaaaa-kva"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"password=correct+ACA-horse"),
        ("application/x-www-form-urlencoded; charset=unicode_escape", b"password=\\ud800 correct horse"),
        (
            "multipart/form-data; boundary=b",
            b"--b\r\nContent-Disposition: form-data; name=password\r\n"
            b"Content-Type: text/plain; charset=punycode\r\n\r\n"
            b"aaaaaaaaaaaaaaa-kva\r\n--b--\r\n",
        ),
    ],
    ids=["punycode", "utf-7", "escapes", "multipart"],
)
async def test_a_form_is_read_as_ours_are_written_and_in_no_other_way(station: Site, kind: str, body: bytes) -> None:
    """Some character sets take minutes for a megabyte (punycode), and all that while nobody else is answered."""
    answer = await station.ask("POST", "/config/login", body, {"Content-Type": kind})
    assert answer.status == 400
    assert "password-set" not in await kinds(station)


async def test_several_cookies_of_one_name_are_no_session(station: Site) -> None:
    answer = await station.ask("POST", "/config/login", f"password={PASSWORD.replace(' ', '+')}", FORM)
    mine = answer.headers["Set-Cookie"].partition(";")[0]
    for cookies, status in (
        (mine, 404),
        (f"{COOKIE}=planted", 401),
        (f"__Host-{mine}", 401),
        (f"x{mine}", 401),
        (mine.upper(), 401),
        (f'{COOKIE}=""', 401),
    ):
        assert (await station.ask("GET", "/config/none", headers={"Cookie": cookies})).status == status, cookies
