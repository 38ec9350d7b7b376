"""A station becomes known to a hub: addresses as people type them, and what is kept."""

from __future__ import annotations

import os
import stat
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.services import free_port
from tests.peers.site import Site

from comptoir.config import Config, RelayConfig, StationConfig
from comptoir.core.errors import ComptoirError, ConfigError, RequestError
from comptoir.station.pairing import (
    LINK_FILE,
    TOKEN_FILE,
    Hub,
    PairingFailed,
    exchange,
    find,
    keep,
    relay_url,
)


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("hub.example.com", "ws://hub.example.com/relay"),
        (" hub:22549 ", "ws://hub:22549/relay"),
        ("http://hub:22549/", "ws://hub:22549/relay"),
        ("https://hub.example.com", "wss://hub.example.com/relay"),
        ("wss://hub.example.com/relay", "wss://hub.example.com/relay"),
        ("https://example.com/print/hub/", "wss://example.com/print/hub/relay"),
        ("http://[fd00::2]:22549", "ws://[fd00::2]:22549/relay"),
    ],
)
def test_addresses_as_people_type_them(typed: str, url: str) -> None:
    assert relay_url(typed) == url


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "ftp://hub",
        "http://",
        "http://:80",
        "http://@",
        "file:///etc/passwd",
        "http://[",
        "https://[::1",
        "http://hub:99999",
        "http://hub:port",
        "http://a b",
        "http://a\x00b",
    ],
)
def test_what_is_no_address_is_a_sentence(typed: str) -> None:
    with pytest.raises(RequestError) as caught:
        relay_url(typed)
    assert caught.value.hint


@given(st.text(max_size=50))
def test_any_text_is_an_address_or_a_request_error(typed: str) -> None:
    with suppress(RequestError):
        assert relay_url(typed).startswith(("ws://", "wss://"))


# -- with a hub ------------------------------------------------------------------------------------------


async def test_a_code_becomes_a_token(tmp_path: Path) -> None:
    async with Site.hub(tmp_path) as hub:
        code, _ = await hub.access.pairing_code()
        found = await exchange(hub.url, code, "bar")
        assert (found.url, found.station) == (f"ws://127.0.0.1:{hub.service.port}/relay", "bar")
        assert [c.name for c in await hub.access.stations()] == ["bar"]


async def test_the_hubs_own_words_are_passed_on(tmp_path: Path) -> None:
    async with Site.hub(tmp_path) as hub:
        with pytest.raises(PairingFailed, match="code") as caught:
            await exchange(hub.url, "WRONG", "bar")
        assert "Stations" in caught.value.hint


async def test_nobody_there() -> None:
    with pytest.raises(PairingFailed, match=r"does not answer: Connection refused$") as caught:
        await exchange(f"http://127.0.0.1:{free_port()}", "CODE", "bar")
    assert caught.value.hint


@pytest.fixture
async def stranger() -> AsyncIterator[tuple[str, dict[str, bytes]]]:
    """Another web server; `says` is what it answers to everything."""
    says = {"body": b""}

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=says["body"], content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", says
    await runner.cleanup()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"ok": true}',
        b'{"token": "x"}',
        b'{"error": "no"}',
        b'{"error": {}}',
        b"\xff",
        b'{"token": "x\\ny", "station": "bar"}',
        '{"token": "clé", "station": "bar"}'.encode(),
        b'{"token": " ", "station": "bar"}',
        b'{"token": "x", "station": "bar", "more": "' + b"x" * 100_000 + b'"}',
    ],
)
async def test_what_is_no_hub_is_called_so(stranger: tuple[str, dict[str, bytes]], body: bytes) -> None:
    address, says = stranger
    says["body"] = body
    with pytest.raises(PairingFailed, match="is no Comptoir hub"):
        await exchange(address, "CODE", "bar")


async def test_a_hub_that_has_moved_is_named_and_not_followed() -> None:
    async def moved(request: web.Request) -> web.Response:
        raise web.HTTPMovedPermanently("https://hub.example.com/pair")

    app = web.Application()
    app.router.add_post("/pair", moved)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    with pytest.raises(PairingFailed, match=r"sends on to https://hub\.example\.com/pair"):
        await exchange(f"http://127.0.0.1:{runner.addresses[0][1]}", "CODE", "bar")
    await runner.cleanup()


@pytest.mark.parametrize("address", ["http://hub:99999", "http://a b", "http://é" + "x" * 300, "http://[::1%25lo]:1"])
async def test_an_address_that_leads_nowhere_is_a_sentence(address: str) -> None:
    with pytest.raises(ComptoirError):
        await exchange(address, "CODE", "bar")


# -- what is kept ----------------------------------------------------------------------------------------

HUB = Hub("ws://hub/relay", "secret", "bar")


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert find(Config(), folder) is None
    keep(folder, HUB)
    assert find(Config(), folder) == HUB
    keep(folder, Hub("wss://other/relay", "new", "x"))
    assert find(Config(), folder) == Hub("wss://other/relay", "new", "x")
    assert sorted(path.name for path in folder.iterdir()) == [LINK_FILE, TOKEN_FILE]


def test_the_token_is_for_this_user_only(tmp_path: Path) -> None:
    keep(tmp_path, HUB)
    assert stat.S_IMODE((tmp_path / TOKEN_FILE).stat().st_mode) == 0o600
    assert b"secret" not in (tmp_path / LINK_FILE).read_bytes()


def test_the_configuration_comes_first(tmp_path: Path) -> None:
    keep(tmp_path, HUB)
    (tmp_path / "mine.token").write_text("  other\n")
    config = Config(relay=RelayConfig(url="wss://fixed/relay", token_file="mine.token"))
    assert find(config, tmp_path) == Hub("wss://fixed/relay", "other", "bar")


@pytest.mark.parametrize("content", [None, "café".encode("latin-1"), "é".encode()])
def test_a_token_that_cannot_be_read_says_what_to_do(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / TOKEN_FILE).write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        find(Config(relay=RelayConfig(url="ws://hub/relay")), tmp_path)
    assert "comptoir pair" in caught.value.hint


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"url": 5}', b"\xff", b"null"])
def test_a_damaged_link_file_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    keep(tmp_path, HUB)
    (tmp_path / LINK_FILE).write_bytes(content)
    with pytest.raises(ConfigError):
        find(Config(), tmp_path)


async def test_a_full_disk_keeps_the_old_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(tmp_path, HUB)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep(tmp_path, Hub("ws://new/relay", "new", "x"))
    monkeypatch.undo()
    assert find(Config(), tmp_path) == HUB
    assert sorted(path.name for path in tmp_path.iterdir()) == [LINK_FILE, TOKEN_FILE]


async def test_token_and_address_change_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full when the first of the two is written: a new token is no use at the old hub."""
    keep(tmp_path, HUB)
    sync, calls = os.fsync, []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        sync(handle)

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep(tmp_path, Hub("ws://new/relay", "new", "x"))
    monkeypatch.undo()
    assert find(Config(), tmp_path) == HUB


def test_a_file_that_a_crash_left_gives_its_rights_to_nobody(tmp_path: Path) -> None:
    left = tmp_path / f"{TOKEN_FILE}.new"
    left.write_text("half")
    left.chmod(0o666)
    keep(tmp_path, HUB)
    assert stat.S_IMODE((tmp_path / TOKEN_FILE).stat().st_mode) == 0o600


def test_the_shape_on_disk_is_fixed(tmp_path: Path) -> None:
    keep(tmp_path, HUB)
    assert msgspec.json.decode((tmp_path / LINK_FILE).read_bytes()) == {
        "url": "ws://hub/relay",
        "station": "bar",
    }
    assert (tmp_path / TOKEN_FILE).read_bytes() == b"secret\n"
    assert StationConfig().name == "caisse-1"
