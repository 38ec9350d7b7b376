"""Who we are to an HTTP service."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from tests.peers.clock import FakeClock
from tests.peers.http_service import tokens
from tests.peers.services import free_port

from comptoir.core.errors import NotSent
from comptoir.destinations import HttpConfig
from comptoir.sinks.http_login import Login


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as one:
        yield one


def login(folder: Path, clock: FakeClock | None = None, **keys: Any) -> Login:
    (folder / "secret").write_text("s3crèt\n", "utf-8")
    return Login(HttpConfig(name="a", url="http://x", **keys), folder, clock or FakeClock())


async def test_nobody_in_particular(tmp_path: Path, session: ClientSession) -> None:
    assert await login(tmp_path).headers(session) == {}


async def test_a_user_and_a_password(tmp_path: Path, session: ClientSession) -> None:
    one = login(tmp_path, auth="basic", user="shop", password_file="secret")
    (value,) = (await one.headers(session)).values()
    assert base64.b64decode(value.removeprefix("Basic ")).decode() == "shop:s3crèt"
    assert {"s3crèt", value.removeprefix("Basic ")} <= one.secrets


async def test_a_token_in_its_header(tmp_path: Path, session: ClientSession) -> None:
    assert await login(tmp_path, auth="bearer", token_file="secret").headers(session) == {
        "Authorization": "Bearer s3crèt"
    }
    keys = {"token_header": "X-Api-Key", "token_scheme": ""}
    assert await login(tmp_path, auth="bearer", token_file="secret", **keys).headers(session) == {"X-Api-Key": "s3crèt"}


async def test_a_token_that_ends_is_asked_for_again(tmp_path: Path, session: ClientSession) -> None:
    clock = FakeClock()
    answers = [(200, f'{{"access_token": "t{number}", "expires_in": 60}}') for number in range(3)]
    async with tokens(answers) as (url, asked):
        one = login(tmp_path, clock, auth="oauth", token_url=url, client_id="a b", client_secret_file="secret")
        assert (await one.headers(session))["Authorization"] == "Bearer t0"
        clock.advance(29_000)
        assert (await one.headers(session))["Authorization"] == "Bearer t0"
        clock.advance(2_000)
        assert (await one.headers(session))["Authorization"] == "Bearer t1"
        one.forget()
        assert (await one.headers(session))["Authorization"] == "Bearer t2"
    # RFC 6749 §2.3.1
    assert base64.b64decode(asked[0][0].removeprefix("Basic ")).decode() == "a+b:s3cr%C3%A8t"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((401, '{"error": "invalid_client s3crèt"}'), "client_secret_file"),
        ((200, "no json"), "token_url"),
        ((200, '{"access_token": 7}'), "token_url"),
        ((200, '{"access_token": "a\\nb"}'), "token_url"),
        ((200, "[]"), "token_url"),
        ((503, ""), "token_url"),
    ],
)
async def test_no_token_means_not_sent(
    tmp_path: Path, session: ClientSession, answer: tuple[int, str], words: str
) -> None:
    async with tokens([answer]) as (url, _):
        one = login(tmp_path, auth="oauth", token_url=url, client_id="a", client_secret_file="secret")
        with pytest.raises(NotSent) as caught:
            await one.headers(session)
    assert words in caught.value.hint
    assert "s3crèt" not in caught.value.sentences


async def test_a_server_of_tokens_that_is_not_there(tmp_path: Path, session: ClientSession) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    one = login(tmp_path, auth="oauth", token_url=url, client_id="a", client_secret_file="secret")
    with pytest.raises(NotSent, match=r"127\.0\.0\.1 cannot be reached"):
        await one.headers(session)
