"""A shop moves in: the earlier settings and password are taken over, the owner signs in, moves the port, restarts."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from tests.peers.command import comptoir
from tests.peers.earlier_config import TEXT
from tests.peers.services import Service, ask, free_port, stop_all


class Person:
    """Somebody at a page, with a browser that keeps cookies and fills in the token of each form."""

    def __init__(self) -> None:
        self._browser = build_opener(HTTPCookieProcessor(CookieJar()))
        self._token = ""

    def get(self, url: str) -> str:
        return self._page(url, None)

    def post(self, url: str, **fields: str) -> str:
        return self._page(url, urlencode({"csrf": self._token, **fields}).encode())

    def _page(self, url: str, form: bytes | None) -> str:
        with self._browser.open(url, form, timeout=30) as answer:
            page: str = answer.read().decode()
        if found := re.search(r'name="csrf" value="([^"]+)"', page):
            self._token = found[1]
        return page


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Service]:
    """Configured by the earlier service's file; running."""
    port = free_port()
    (tmp_path / "config.ini").write_text(TEXT.replace("22548", str(port)), "utf-8")
    data = tmp_path / "data"
    assert comptoir("import-config", tmp_path, "--data", data, "--yes").returncode == 0
    service = Service(["station", "--data", str(data)], f"http://127.0.0.1:{port}")
    try:
        service.start("Station ")
        yield service
    finally:
        stop_all([service])


def test_the_owner_signs_in_with_the_earlier_password_and_restarts_from_the_page(station: Service) -> None:
    owner = Person()
    owner.get(f"{station.url}/config/login")
    page = owner.post(f"{station.url}/config/login", password="tiroir1")
    assert 'action="/config/restart"' not in page, "nothing waits for a restart"
    moved = free_port()
    page = owner.post(f"{station.url}/config", **{"station.port": str(moved)})
    assert 'action="/config/restart"' in page
    since = len(station.says)
    page = owner.post(f"{station.url}/config/restart")
    assert f"http://127.0.0.1:{moved}/config" in page
    station.wait_for(f":{moved}/", since)
    page = owner.get(f"http://127.0.0.1:{moved}/config")
    assert f'value="{moved}"' in page, "still signed in, at the new port"
    assert 'action="/config/restart"' not in page
    assert ask(f"http://127.0.0.1:{moved}/status")["message"] == "Service actif"


def test_a_port_that_is_taken_is_said_on_the_page(station: Service) -> None:
    owner = Person()
    owner.get(f"{station.url}/config/login")
    owner.post(f"{station.url}/config/login", password="tiroir1")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        owner.post(f"{station.url}/config", **{"station.port": str(other.getsockname()[1])})
        since = len(station.says)
        owner.post(f"{station.url}/config/restart")
        station.wait_for("starts with the configuration that it had before", since)
        station.wait_for("Station ", since)
    page = owner.get(f"{station.url}/config")
    assert "est occupée par un autre programme" in page
    assert 'action="/config/restart"' in page, "it can be tried again"
