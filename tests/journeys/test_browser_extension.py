"""The browser's extension in real Chromium, on pages that stand for the till's: its button opens the drawer and says
what became of it, on the sites that were chosen and on no others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.peers.browser import chromium
from tests.peers.extension import EXTENSION, ORIGIN, packed
from tests.peers.extension import installation as extended
from tests.peers.pages import Pages
from tests.peers.pos_page import SALE, SCREENS, till
from tests.peers.services import free_port, stop_all
from tests.peers.till_station import TillStation

pytestmark = pytest.mark.xdist_group("browser")

SOON = 10_000  # ms
BUTTON = "Open the drawer"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    with Pages.running(tmp_path_factory.mktemp("pages")) as one:
        yield one


@pytest.fixture(scope="module")
def installation(browser: Browser, pages: Pages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """A browser that has the extension; the till's pages are far away, on the Internet."""
    far = f"--ip-address-space-overrides=127.0.0.1:{pages.http}=public,127.0.0.1:{pages.https}=public"
    extension = packed(tmp_path_factory.mktemp("extension"))
    with extended(browser, tmp_path_factory.mktemp("profile"), extension, far) as context:
        yield context


@pytest.fixture
def options(installation: BrowserContext) -> Iterator[Page]:
    page = installation.new_page()
    page.goto(f"{ORIGIN}/options.html")
    yield page
    page.close()


Start = Callable[..., TillStation]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[TillStation] = []

    def one(*origins: str, more: str = "") -> TillStation:
        running.append(TillStation.started(tmp_path, origins, more))
        return running[-1]

    yield one
    stop_all([station.service for station in running])


def choose(options: Page, station: str, *sites: str, cash: bool = False) -> None:
    """Set it up as the owner does."""
    options.get_by_label("Address of the station").fill(station)
    options.get_by_label("Sites of the till").fill("\n".join(sites))
    options.get_by_label("Language").select_option("en")
    options.get_by_label("Open the drawer when cash is chosen").set_checked(cash)
    options.get_by_role("button", name="Save").click()
    expect(options.get_by_role("status")).to_contain_text("Saved", timeout=SOON)
    # The browser has heard which pages the script is for.
    options.wait_for_function(
        "n => chrome.scripting.getRegisteredContentScripts().then(all => all.length === n)", arg=int(bool(sites))
    )


def till_of(context: BrowserContext, pages: Pages, version: str, scheme: str = "https", path: str = "/pos/ui") -> Page:
    pages.pages["/pos/ui"] = till(version)
    page = context.new_page()
    page.goto(f"{pages.origin(scheme)}{path}?config_id=1")
    return page


def press(page: Page) -> None:
    page.get_by_role("button", name=BUTTON).click(timeout=SOON)
    page.get_by_role("button", name="Change").click()


@pytest.mark.parametrize("version", SCREENS)
def test_its_button_opens_the_drawer_once_and_says_so(
    installation: BrowserContext, options: Page, pages: Pages, start: Start, version: str
) -> None:
    station = start(ORIGIN)
    choose(options, station.url, pages.origin("https"))
    page = till_of(installation, pages, version)
    press(page)
    expect(page.get_by_role("status")).to_contain_text("has been opened", timeout=SOON)
    assert station.pulses == 1
    opened: list[dict[str, Any]] = station.events("drawer-opened")
    assert [(one["reason"], one["order"]) for one in opened] == [("Change", SALE)]
    page.close()


def test_it_works_on_a_till_without_https(
    installation: BrowserContext, options: Page, pages: Pages, start: Start
) -> None:
    station = start(ORIGIN)
    choose(options, station.url, pages.origin("http"))
    page = till_of(installation, pages, "17", "http")
    press(page)
    expect(page.get_by_role("status")).to_contain_text("has been opened", timeout=SOON)
    assert station.pulses == 1
    page.close()


def test_a_station_that_does_not_allow_it_is_told(
    installation: BrowserContext, options: Page, pages: Pages, start: Start
) -> None:
    station = start()
    choose(options, station.url, pages.origin("https"))
    page = till_of(installation, pages, "18")
    press(page)
    expect(page.get_by_role("status")).to_contain_text("does not let this page open the drawer", timeout=SOON)
    assert station.pulses == 0
    assert ORIGIN in {refused["site"] for refused in station.events("page-refused")}
    page.close()


def test_a_station_that_is_off_is_told(installation: BrowserContext, options: Page, pages: Pages) -> None:
    choose(options, f"http://localhost:{free_port()}", pages.origin("https"))
    page = till_of(installation, pages, "17")
    press(page)
    expect(page.get_by_role("status")).to_contain_text("The station does not answer", timeout=SOON)
    page.close()


def test_there_is_no_button_on_other_sites_nor_beside_the_till(
    installation: BrowserContext, options: Page, pages: Pages, start: Start
) -> None:
    station = start(ORIGIN)
    choose(options, station.url, pages.origin("https"))
    page = till_of(installation, pages, "17")
    expect(page.get_by_role("button", name=BUTTON)).to_have_count(1, timeout=SOON)
    pages.pages["/shop"] = till("17")
    for scheme, path in (("http", "/pos/ui"), ("https", "/shop")):
        other = till_of(installation, pages, "17", scheme, path)
        # It is at work in the first page; had it come to this one, it would stand there by now.
        page.reload()
        expect(page.get_by_role("button", name=BUTTON)).to_have_count(1, timeout=SOON)
        expect(other.get_by_role("button", name=BUTTON)).to_have_count(0)
        other.close()
    page.close()


def test_another_port_of_a_chosen_host_is_another_site(
    installation: BrowserContext, options: Page, pages: Pages, tmp_path: Path
) -> None:
    """The browser gives rights on a host, whatever its port; the owner chose a site."""
    choose(options, "http://localhost:22548", pages.origin("https"))
    with Pages.running(tmp_path) as others:
        other = till_of(installation, others, "17")
        page = till_of(installation, pages, "17")
        expect(page.get_by_role("button", name=BUTTON)).to_have_count(1, timeout=SOON)
        assert other.evaluate("document.title") == "Caisse"
        expect(other.get_by_role("button", name=BUTTON)).to_have_count(0)
        other.close()
        page.close()


def test_cash_opens_only_where_it_was_chosen_and_once_for_a_sale(
    installation: BrowserContext, options: Page, pages: Pages, start: Start
) -> None:
    station = start(ORIGIN)
    choose(options, station.url, pages.origin("https"))
    page = till_of(installation, pages, "17")
    expect(page.get_by_role("button", name=BUTTON)).to_have_count(1, timeout=SOON)
    page.locator(".payment-method-display").click()
    choose(options, station.url, pages.origin("https"), cash=True)
    page.reload()
    expect(page.get_by_role("button", name=BUTTON)).to_have_count(1, timeout=SOON)
    assert station.pulses == 0
    page.locator(".payment-method-display").click()
    expect(page.get_by_role("status")).to_contain_text("has been opened", timeout=SOON)
    assert station.pulses == 1
    page.locator(".payment-method-display").click()
    expect(page.get_by_role("status")).to_contain_text("for this sale already", timeout=SOON)
    assert station.pulses == 1
    assert [one["reason"] for one in station.events("drawer-opened")] == ["cash"]
    page.close()


def test_what_the_owner_writes_wrongly_is_told_and_not_kept(options: Page, pages: Pages) -> None:
    choose(options, "http://localhost:22548", pages.origin("https"))
    options.get_by_label("Address of the station").fill("the till")
    options.get_by_role("button", name="Save").click()
    expect(options.get_by_role("status")).to_contain_text("no address of a station")
    options.get_by_label("Address of the station").fill("localhost:22548")
    options.get_by_label("Sites of the till").fill("https://*.example.com")
    options.get_by_role("button", name="Save").click()
    expect(options.get_by_role("status")).to_contain_text("This is no site: https://*.example.com")
    options.reload()
    assert options.get_by_label("Sites of the till").input_value() == pages.origin("https")
    assert options.get_by_text(ORIGIN).is_visible(), "the owner must allow it at the station by this name"


def test_it_asks_for_no_right_on_sites_that_nobody_chose() -> None:
    manifest = json.loads((EXTENSION / "manifest.json").read_text("utf-8"))
    loopback = {f"{scheme}://{host}/*" for scheme in ("http", "https") for host in ("localhost", "127.0.0.1")}
    assert set(manifest["host_permissions"]) == loopback
    assert "content_scripts" not in manifest
    assert set(manifest["permissions"]) == {"activeTab", "scripting", "storage"}


def test_both_languages_say_the_same_things() -> None:
    french, english = (
        json.loads((EXTENSION / "_locales" / language / "messages.json").read_text("utf-8"))
        for language in ("fr", "en")
    )
    assert set(french) == set(english)
