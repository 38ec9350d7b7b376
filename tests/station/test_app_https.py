"""A running station over HTTPS: real clients that trust its authority, and such as do not; renewal while it serves."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.sync_api import Error
from tests.peers.browser import chromium
from tests.peers.command import port_of, running
from tests.peers.programs import installed
from tests.peers.tls import trusting

from comptoir.clock import SystemClock
from comptoir.config import Config, StationConfig
from comptoir.core.errors import ConfigError
from comptoir.station.app import Station
from comptoir.station.certificates import AUTHORITY, FOLDER, KEY, SERVER
from comptoir.station.stores import Home
from comptoir.station.trust import Machine, Trust

CONFIG = Config(station=StationConfig(port=0))


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Station]:
    one = Station(CONFIG, tmp_path, SystemClock())
    await one.start()
    yield one
    await one.stop()


async def asked(station: Station, url: str, trusts: ssl.SSLContext | bool = True) -> tuple[int, str, bytes]:
    """Status, type and body."""
    async with aiohttp.ClientSession() as session, session.get(url.format(station.port), ssl=trusts) as answer:
        return answer.status, answer.content_type, await answer.read()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
async def test_the_same_port_answers_http_and_https(station: Station, host: str) -> None:
    trusts = trusting(station.certificates.authority_pem())
    assert (await asked(station, f"http://{host}:{{}}/healthz"))[0] == 200
    assert (await asked(station, f"https://{host}:{{}}/healthz", trusts))[0] == 200


async def test_the_tills_call_works_over_https_with_its_words(station: Station) -> None:
    """Odoo once called https://localhost:22548, and browsers turn http into https."""
    trusts = trusting(station.certificates.authority_pem())
    status, kind, body = await asked(station, "https://localhost:{}/status", trusts)
    assert (status, kind) == (200, "application/json")
    assert b'"scheme":"https"' in body
    status, _, body = await asked(station, "https://localhost:{}/open-cash-drawer", trusts)
    assert status == 200, body


async def test_a_page_may_send_forms_to_itself_over_https(station: Station) -> None:
    trusts = trusting(station.certificates.authority_pem())
    own = {"Origin": f"https://localhost:{station.port}", "Sec-Fetch-Site": "same-origin"}
    async with aiohttp.ClientSession() as session:
        url = f"https://localhost:{station.port}/api/print"
        async with session.post(
            url, data=b"Hello", headers={**own, "Content-Type": "text/plain"}, ssl=trusts
        ) as answer:
            assert answer.status == 202
        other = {**own, "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        async with session.post(url, data=b"Hello", headers=other, ssl=trusts) as answer:
            assert answer.status == 403


async def test_who_does_not_trust_the_authority_gets_nothing(station: Station) -> None:
    with pytest.raises(aiohttp.ClientConnectorCertificateError):
        await asked(station, "https://localhost:{}/healthz")


async def test_the_authority_can_be_fetched_and_is_the_one_in_use(station: Station) -> None:
    status, kind, pem = await asked(station, "http://127.0.0.1:{}/certificate")
    assert (status, kind) == (200, "application/x-x509-ca-cert")
    assert (await asked(station, "https://localhost:{}/healthz", trusting(pem)))[0] == 200
    _, _, der = await asked(station, "http://127.0.0.1:{}/certificate?form=der")
    assert ssl.DER_cert_to_PEM_cert(der).split() == pem.decode().split()


async def test_nothing_secret_is_handed_out(station: Station, tmp_path: Path) -> None:
    secret = (tmp_path / FOLDER / KEY).read_bytes().splitlines()[1]
    for path in ("/certificate", f"/certificate?form={KEY}", "/openapi.json"):
        assert secret not in (await asked(station, "http://127.0.0.1:{}" + path))[2]


async def test_a_renewed_certificate_is_shown_to_the_next_and_disturbs_nobody(station: Station, tmp_path: Path) -> None:
    trusts = trusting(station.certificates.authority_pem())
    address = ("127.0.0.1", station.port)
    async with aiohttp.ClientSession() as session:
        url = f"https://localhost:{station.port}/healthz"
        async with session.get(url, ssl=trusts) as answer:
            assert answer.status == 200
        before = await asyncio.to_thread(ssl.get_server_certificate, address)
        (tmp_path / FOLDER / SERVER).unlink()
        await station.certificates.check()
        async with session.get(url, ssl=trusts) as answer:  # the same connection
            assert answer.status == 200
        assert await asyncio.to_thread(ssl.get_server_certificate, address) != before
    assert (await asked(station, "https://localhost:{}/healthz", trusts))[0] == 200


async def test_what_was_made_is_on_record(tmp_path: Path) -> None:
    """Once: the next start makes nothing."""
    for _ in range(2):
        one = Station(CONFIG, tmp_path, SystemClock())
        await one.start()
        await one.stop()
    run = subprocess.run(
        [sys.executable, "-m", "comptoir", "journal", "export", "--data", tmp_path],
        capture_output=True,
        check=True,
        text=True,
    )
    assert run.stdout.count('"certificate-made"') == 2


async def test_a_key_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / FOLDER / KEY).mkdir(parents=True)
    with pytest.raises(ConfigError, match="certificates"):
        await Station(CONFIG, tmp_path, SystemClock()).start()


async def test_the_owners_certificate_has_no_authority_to_fetch(station: Station, tmp_path: Path) -> None:
    pem = (tmp_path / FOLDER / SERVER).read_bytes()
    trusts = trusting(station.certificates.authority_pem())
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "mine.pem").write_bytes(pem)
    own = StationConfig(port=0, certificate="mine.pem", private_key="mine.pem")
    one = Station(Config(station=own), folder, SystemClock())
    await one.start()
    try:
        assert (await asked(one, "https://localhost:{}/healthz", trusts))[0] == 200
        assert (await asked(one, "http://127.0.0.1:{}/certificate"))[0] == 404
    finally:
        await one.stop()


async def test_openssl_is_satisfied(station: Station, tmp_path: Path) -> None:
    openssl = installed("openssl")
    words = [
        openssl, "s_client", "-connect", f"127.0.0.1:{station.port}", "-CAfile", tmp_path / FOLDER / AUTHORITY,
        "-verify_return_error", "-verify_hostname", "localhost", "-alpn", "h2,http/1.1",
    ]  # fmt: skip
    run = await asyncio.to_thread(subprocess.run, words, input=b"Q\n", capture_output=True, check=False, timeout=20)
    assert b"Verify return code: 0 (ok)" in run.stdout
    assert b"ALPN protocol: http/1.1" in run.stdout


async def test_a_client_of_tls_1_1_is_refused(station: Station) -> None:
    """RFC 8996. Not by the client: it would take it."""
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await asyncio.open_connection("127.0.0.1", station.port, ssl=old)


async def test_a_stop_is_clean_while_clients_are_connected(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    one = Station(CONFIG, tmp_path, SystemClock())
    await one.start()
    trusts = trusting(one.certificates.authority_pem())
    reader, writer = await asyncio.open_connection("localhost", one.port, ssl=trusts)
    silent = await asyncio.open_connection("127.0.0.1", one.port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
    async with asyncio.timeout(15):
        await one.stop()
        with suppress(ConnectionError, ssl.SSLError):
            await reader.read()
        assert await silent[0].read() == b""
    for each in (writer, silent[1]):
        each.close()
    assert "Traceback" not in caplog.text


def test_a_station_that_had_no_descriptors_left_answers_when_it_has(tmp_path: Path) -> None:
    """Connections that it cannot take do not end its listening."""
    if not Path("/proc/self/fd").exists():
        pytest.skip("only Linux tells and limits the descriptors of another process")
    import resource  # noqa: PLC0415 - not to be had on Windows

    with running(tmp_path) as station:
        pid, address = station.process.pid, ("127.0.0.1", int(port_of(station)))
        left = len(os.listdir(f"/proc/{pid}/fd")) + 5
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (left, resource.prlimit(pid, resource.RLIMIT_NOFILE)[1]))
        held = [socket.create_connection(address) for _ in range(40)]
        closed = sum(is_closed(one) for one in held)
        assert closed > 0, "it has run out of them"
        for one in held:
            one.close()
        assert any(answers(address) for _ in range(100))


def is_closed(one: socket.socket) -> bool:
    """Whether the other side has hung up, or never answered."""
    one.settimeout(0.05)
    try:
        return one.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def answers(address: tuple[str, int]) -> bool:
    try:
        with socket.create_connection(address, timeout=5) as one:
            one.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return one.recv(12) == b"HTTP/1.1 200"
    except ConnectionError:
        return False


# -- a real browser ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("used_before", [False, True])
def test_chromium_opens_the_page_without_a_warning_once_it_trusts_it(tmp_path: Path, used_before: bool) -> None:
    """Whether its database is ours, because it never ran, or its own: that stands elsewhere."""
    installed("certutil")
    home = tmp_path / "home"
    home.mkdir()
    machine = Machine("linux", False, frozenset({"certutil", "chromium"}), (Home("marie", home),), Path("/nowhere"))
    with running(tmp_path / "data") as station:
        url = f"https://localhost:{port_of(station)}/"
        if used_before:
            with chromium(home=home) as browser, pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
                browser.new_page().goto(url)
        trust = Trust(tmp_path / "data" / FOLDER / AUTHORITY, machine)
        for store in trust.look():
            trust.change(store.name, install=True)
        with chromium(home=home) as browser:
            page = browser.new_page()
            answer: Any = page.goto(url)
            assert answer.status == 200
            assert page.evaluate("isSecureContext && location.protocol") == "https:"
            assert page.evaluate("fetch('/healthz').then(answer => answer.ok)")
            answer = page.goto(f"https://127.0.0.1:{port_of(station)}/")
            assert answer.status == 200
