"""The journal and the log as the owner uses them: sign in, see an opening arrive, check, purge. Real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from tests.peers.browser import DESKTOP, PHONE, chromium
from tests.peers.services import Service, ask, free_port, stop_all

pytestmark = pytest.mark.xdist_group("browser")

SOON = 10_000  # ms
PASSWORD = "a long enough password"
PAGES = ("/journal", "/journal?show=access", "/journal/log", "/logs/purge")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A station with a virtual printer, whose password is chosen, and on which the drawer was opened once."""
    folder: Path = tmp_path_factory.mktemp("shop")
    port = free_port()
    service = Service(["station", "--data", str(folder), "--port", str(port)], f"http://127.0.0.1:{port}")
    service.start(str(port))
    ask(f"{service.url}/api/drawer/open", {"reason": "float", "order": "0041"})
    yield service
    stop_all([service])


def owner(
    browser: Browser, station: Service, viewport: dict[str, int] = DESKTOP, locale: str = "en-GB", script: bool = True
) -> Page:
    """Signed in; the first one chooses the password. `page.errors` is what the browser complained of."""
    context = browser.new_context(viewport=viewport, locale=locale, java_script_enabled=script)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{station.url}/journal")
    for name in ("password", "confirm_password"):
        field = page.locator(f"input[name={name}]")
        if field.count():
            field.fill(PASSWORD)
    page.locator("main button").click()
    expect(page.locator("h1")).to_have_text("Journal")
    return page


def test_an_opening_arrives_on_the_page_and_in_the_log(browser: Browser, station: Service) -> None:
    journal, log = owner(browser, station), owner(browser, station)
    log.goto(f"{station.url}/journal/log")
    rows = journal.locator("table tbody tr")
    expect(rows.filter(has_text="0041")).to_have_count(1)
    before = rows.count()
    ask(f"{station.url}/api/drawer/open", {"order": "0042"})
    expect(rows).to_have_count(before + 1, timeout=SOON)
    expect(rows.first).to_contain_text("0042")
    expect(log.locator("#log li").first).to_contain_text("vente 0042", timeout=SOON)


def test_the_journal_is_checked_by_a_button(browser: Browser, station: Service) -> None:
    page = owner(browser, station)
    page.get_by_role("button", name="Check the journal").click()
    expect(page.locator("#proof")).to_contain_text("The journal is as it was written", timeout=SOON)


def test_a_purge_asks_and_leaves_the_journal(browser: Browser, station: Service) -> None:
    page = owner(browser, station)
    page.goto(f"{station.url}/journal/log")
    page.get_by_role("link", name="Purge the log…").click()
    page.get_by_role("button", name="Delete 1 file of the log").click()
    expect(page.get_by_text("The log is purged.")).to_be_visible()
    expect(page.locator("#log li").last).to_contain_text("Logs purgés")
    page.goto(f"{station.url}/journal")
    expect(page.locator("table tbody tr").filter(has_text="0041")).to_have_count(1)
    page.goto(f"{station.url}/journal?show=access")
    expect(page.locator(".notes")).to_contain_text("Log purged: 1 file(s)")


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_page_fits_and_the_browser_has_nothing_to_complain_of(
    browser: Browser, station: Service, viewport: dict[str, int], locale: str
) -> None:
    page = owner(browser, station, viewport, locale)
    complaints: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page.on("console", complain)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in PAGES:
        page.goto(station.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(node => node.id)")
        assert len(ids) == len(set(ids)), path
        unnamed = page.locator("input:not([type=hidden]), select").evaluate_all(
            "nodes => nodes.filter(node => !node.labels.length).length"
        )
        assert unnamed == 0, path
    assert complaints == []


def test_without_scripts_everything_can_be_read(browser: Browser, station: Service) -> None:
    page = owner(browser, station, script=False)
    expect(page.locator("table tbody tr").filter(has_text="0041")).to_have_count(1)
    page.goto(f"{station.url}/journal/log?q=nothing-has-this-word")
    expect(page.locator("#log")).to_have_text("No line with this filter.")
