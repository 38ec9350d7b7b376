"""The owner's browser on another machine, by plain HTTP: it says nothing of whose page asks, and must get in anyhow.

Chromium sends Sec-Fetch-Site to trustworthy addresses only: this machine's name, and HTTPS.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.peers.browser import chromium
from tests.peers.services import Service, ask, free_port, stop_all
from tests.peers.site import own_address

pytestmark = pytest.mark.xdist_group("browser")

SHOP = """
language = "en"
[station]
host = "0.0.0.0"
[[printer]]
name = "TICKET"
device = "virtual:TICKET?drawer=high"
"""
PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Service]:
    (tmp_path / "comptoir.toml").write_text(SHOP, "utf-8")
    port = free_port()
    service = Service(["station", "--data", str(tmp_path), "--port", str(port)], f"http://127.0.0.1:{port}")
    service.start(str(port))
    yield service
    stop_all([service])


def test_the_owner_signs_in_from_another_machine_and_the_drawer_stays_shut(station: Service, browser: Browser) -> None:
    here = own_address()
    if here is None:
        pytest.skip("this machine has no address but loopback")
    far = station.url.replace("127.0.0.1", here)
    page = browser.new_page()
    page.goto(f"{station.url}/config/login")
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=confirm_password]", PASSWORD)
    page.click("main form button")
    page.wait_for_url(f"{station.url}/config")

    other = browser.new_context().new_page()
    said = other.goto(f"{far}/open-cash-drawer")
    assert said is not None
    assert said.status == 403
    other.goto(f"{far}/config")
    assert other.url == f"{far}/config/login"
    other.fill("input[name=password]", PASSWORD)
    other.click("main form button")
    other.wait_for_url(f"{far}/config")
    said = other.goto(f"{far}/config/access")
    assert said is not None
    assert said.status == 200
    said = other.goto(f"{far}/open-cash-drawer")
    assert said is not None
    assert said.status == 403, "not by the address bar, whoever is signed in"
    assert ask(f"{station.url}/api/printers/TICKET/faults")["pulses"] == 0
