"""Requests to the archive: the token goes to its address only, no cookie is kept, and nothing hangs for ever."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp import web
from tests.peers.far_maarch import FarMaarch
from tests.peers.maarch import TOKEN
from tests.peers.tls import authority, serving

from comptoir.core.errors import NotSent
from comptoir.destinations import MaarchConfig
from comptoir.sinks.maarch_exchange import Exchange
from comptoir.wire.maarch import Trouble


class Odd:
    """A server that answers any question as a test wants; it remembers what it was asked."""

    def __init__(self) -> None:
        self.answer: Callable[[], web.Response] = web.Response
        self.seen: list[web.BaseRequest] = []

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        self.seen.append(request)
        return self.answer()


@pytest.fixture
def odd() -> Odd:
    return Odd()


@pytest.fixture
async def exchange(odd: Odd, tmp_path: Path) -> AsyncIterator[Exchange]:
    runner = web.ServerRunner(web.Server(odd))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    (tmp_path / "laabs.token").write_text(TOKEN)
    url = f"http://localhost:{runner.addresses[0][1]}/rm/"  # of an address no jar keeps cookies
    one = Exchange(MaarchConfig(name="a", url=url, token_file="laabs.token", timeout="5 s"), tmp_path)
    yield one
    await one.close()
    await one.close()
    await runner.cleanup()


async def test_a_redirection_is_not_followed(exchange: Exchange, odd: Odd) -> None:
    odd.answer = lambda: web.Response(status=302, headers={"Location": "/elsewhere"})
    assert await exchange.exists("cpt_1") == Trouble("elsewhere", "a redirection (302)")
    (asked,) = odd.seen
    assert asked.path == "/rm/recordsManagement/archive/cpt_1/Exists"


async def test_its_cookies_are_not_kept(exchange: Exchange, odd: Odd) -> None:
    def answer() -> web.Response:
        said = web.Response()
        said.set_cookie("LAABS-AUTH", "another")
        said.set_cookie("PHPSESSID", "1")
        return said

    odd.answer = answer
    await exchange.exists("a")
    await exchange.exists("b")
    assert [one.headers["Cookie"] for one in odd.seen] == ["LAABS-AUTH=bGFhYnM%2B%2FdG9rZW4%2F%2BYQ%3D%3D"] * 2


async def test_no_half_of_a_long_token_is_made_known(exchange: Exchange, odd: Odd, tmp_path: Path) -> None:
    """What a server says is cut only after the token was looked for."""
    token = b64encode(bytes(range(256))).decode()
    (tmp_path / "laabs.token").write_text(token)
    odd.answer = lambda: web.json_response({"message": f"no such token: {token}"}, status=400)
    said = await exchange.exists("a")
    assert isinstance(said, Trouble)
    assert exchange.hidden(said.words) == "no such token: …"


async def test_a_server_that_repeats_the_token_does_not_make_it_known(exchange: Exchange, odd: Odd) -> None:
    await exchange.exists("a")
    encoded = "bGFhYnM%2B%2FdG9rZW4%2F%2BYQ%3D%3D"
    assert exchange.hidden(f"you said {TOKEN} and {encoded}.") == "you said … and …."


async def test_an_answer_without_end_is_read_to_a_bound(exchange: Exchange, odd: Odd) -> None:
    odd.answer = lambda: web.Response(body=b'"' + b"x" * 1_000_000)
    assert isinstance(await exchange.exists("a"), Trouble)


async def test_who_is_not_there(tmp_path: Path) -> None:
    async with FarMaarch(tmp_path) as far:
        one = Exchange(far.nobody(), tmp_path)
        with pytest.raises(NotSent, match=r"127\.0\.0\.1 cannot be reached"):
            await one.exists("a")
        await one.close()


async def test_what_it_has_is_asked_for(tmp_path: Path) -> None:
    async with FarMaarch(tmp_path) as far:
        one = Exchange(far.config(), tmp_path)
        assert await one.exists("a") is False
        assert await one.hashes("a", "00") == frozenset()
        far.lock()
        assert await one.exists("a") == Trouble("token", "Missing authentication credential")
        await one.close()


async def test_a_certificate_must_be_known(odd: Odd, tmp_path: Path) -> None:
    signed_by = authority()
    (tmp_path / "ca.pem").write_bytes(signed_by.certificate)
    (tmp_path / "laabs.token").write_text(TOKEN)
    runner = web.ServerRunner(web.Server(odd))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=serving(tmp_path, signed_by)).start()
    url = f"https://127.0.0.1:{runner.addresses[0][1]}"
    stranger = Exchange(MaarchConfig(name="a", url=url, token_file="laabs.token"), tmp_path)
    with pytest.raises(NotSent, match="certificate is not trusted"):
        await stranger.exists("a")
    known = Exchange(MaarchConfig(name="a", url=url, token_file="laabs.token", authority="ca.pem"), tmp_path)
    await known.exists("a")
    assert len(odd.seen) == 1
    await stranger.close()
    await known.close()
    await runner.cleanup()
