"""The browser's extension with its second ability, in real Chromium: what a chosen site prints reaches the archive."""

from __future__ import annotations

import json
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.peers.browser import chromium
from tests.peers.extension import EXTENSION, ORIGIN, packed
from tests.peers.extension import installation as extended
from tests.peers.pages import Body, Pages
from tests.peers.services import ask, stop_all
from tests.peers.till_station import TillStation

pytestmark = pytest.mark.xdist_group("browser")

SOON = 10_000  # ms
REPORT = "<!doctype html><meta charset=utf-8><title>Rapport du 20/11 «été»</title><h1>Chiffre d’affaires 1 234,50</h1>"
#: puts a print aside as the extension does
WAITS = """print => new Promise(resolve => {
    const request = indexedDB.open("prints", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("waiting", { autoIncrement: true });
    request.onsuccess = () => {
        const change = request.result.transaction("waiting", "readwrite");
        change.objectStore("waiting").add(print);
        change.oncomplete = () => resolve(request.result.close());
    };
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    with Pages.running(tmp_path_factory.mktemp("pages")) as one:
        one.pages["/report"] = Body(REPORT)
        yield one


@pytest.fixture(scope="module")
def installation(browser: Browser, pages: Pages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """A browser that has the extension with its second ability."""
    extension = packed(tmp_path_factory.mktemp("extension"), prints=True)
    with extended(browser, tmp_path_factory.mktemp("profile"), extension) as context:
        yield context


@pytest.fixture
def station(tmp_path: Path) -> Iterator[TillStation]:
    one = TillStation.started(tmp_path, (ORIGIN,))
    yield one
    stop_all([one.service])


def choose(installation: BrowserContext, station: str, *sites: str) -> None:
    page = installation.new_page()
    page.goto(f"{ORIGIN}/options.html")
    page.get_by_label("Address of the station").fill(station)
    page.get_by_label("Sites whose prints are sent").fill("\n".join(sites))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved", timeout=SOON)
    page.wait_for_function(
        "n => chrome.scripting.getRegisteredContentScripts().then(all => all.length === n)", arg=2 * bool(sites)
    )
    page.close()


def kept(station: TillStation) -> list[dict[str, Any]]:
    """What the archive has, oldest first."""
    numbers = [one["kept"] for one in station.events("document-kept")]
    return [ask(f"{station.service.url}/api/documents/{number}") for number in numbers]


def until(page: Page, station: TillStation, count: int) -> list[dict[str, Any]]:
    """What is kept, once there is so much of it."""
    for _ in range(100):
        if len(found := station.events("document-kept")) >= count:
            break
        page.wait_for_timeout(50)
    found = kept(station)
    assert len(found) == count
    return found


def report(installation: BrowserContext, pages: Pages, scheme: str = "https") -> Page:
    page = installation.new_page()
    page.goto(f"{pages.origin(scheme)}/report?night=20#top")
    return page


def test_what_a_page_prints_is_kept_with_title_and_address(
    installation: BrowserContext, pages: Pages, station: TillStation
) -> None:
    choose(installation, station.url, pages.origin("https"))
    page = report(installation, pages)
    page.evaluate("window.print()")
    (document,) = until(page, station, 1)
    assert document["title"] == "Rapport du 20/11 «été»"
    assert document["parts"][0]["media_type"] == "application/pdf"
    assert document["source"] == "browser"
    assert document["attributes"] == {"address": f"{pages.origin('https')}/report?night=20"}
    page.close()


def test_a_print_by_the_keyboard_is_kept_too(installation: BrowserContext, pages: Pages, station: TillStation) -> None:
    """The browser tells the page after its dialogue has closed; without a window there is none, so it is told here."""
    choose(installation, station.url, pages.origin("https"))
    page = report(installation, pages)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    until(page, station, 1)
    page.close()


def test_other_sites_print_unseen(installation: BrowserContext, pages: Pages, station: TillStation) -> None:
    choose(installation, station.url, pages.origin("https"))
    other, page = report(installation, pages, "http"), report(installation, pages)
    other.evaluate("window.print()")
    page.evaluate("window.print()")
    (document,) = until(page, station, 1)
    assert document["attributes"]["address"].startswith("https://")
    other.close()
    page.close()


def test_a_station_that_is_away_gets_it_later_and_once(
    installation: BrowserContext, pages: Pages, tmp_path: Path
) -> None:
    station = TillStation.started(tmp_path, (ORIGIN,))
    try:
        choose(installation, station.url, pages.origin("https"))
        station.service.kill()
        page = report(installation, pages)
        page.evaluate("window.print()")
        worker = installation.service_workers[0]
        for _ in range(200):
            if worker.evaluate("chrome.action.getBadgeText({})") == "1":
                break
            page.wait_for_timeout(50)
        assert "does not answer" in worker.evaluate("chrome.action.getTitle({})")
        station.service.start(station.service.url.rpartition(":")[2])
        second = report(installation, pages)
        second.evaluate("document.title = 'Second'; window.print()")
        assert [one["title"] for one in until(page, station, 2)] == ["Rapport du 20/11 «été»", "Second"]
        page.close()
        second.close()
    finally:
        stop_all([station.service])


def test_what_the_station_never_takes_holds_up_no_other(
    installation: BrowserContext, pages: Pages, station: TillStation
) -> None:
    choose(installation, station.url, pages.origin("https"))
    worker = installation.service_workers[0]
    worker.evaluate(WAITS, {"title": "Nothing", "address": "", "key": "1", "pdf": ""})
    page = report(installation, pages)
    page.evaluate("history.replaceState(0, '', '/report?' + 'é'.repeat(3000)); document.title = '長'.repeat(999)")
    page.evaluate("window.print()")
    (document,) = until(page, station, 1)
    assert document["title"] == "長" * 300
    for _ in range(200):
        if worker.evaluate("chrome.action.getBadgeText({})") == "1":
            break
        page.wait_for_timeout(50)
    assert "nothing to keep" in worker.evaluate("chrome.action.getTitle({})")
    worker.evaluate("indexedDB.deleteDatabase('prints')")
    page.close()


def test_without_the_second_ability_it_asks_for_no_more_rights() -> None:
    made = runpy.run_path(str(EXTENSION / "pack.py"))
    plain, printing = (
        set(json.loads(dict(made["contents"](prints))["manifest.json"])["permissions"]) for prints in (False, True)
    )
    assert "debugger" not in plain
    assert printing - plain == {"alarms", "debugger", "unlimitedStorage"}
