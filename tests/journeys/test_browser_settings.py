"""The settings as people use them: a printer is found, set up and tried; a wrong value is said; a restart comes back.

Real Chromium, a real service, a network printer that is virtual.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.peers.browser import DESKTOP, PHONE, chromium
from tests.peers.services import Service, free_port, stop_all
from tests.peers.shop import Loop, NetworkPrinter

pytestmark = pytest.mark.xdist_group("browser")

SOON = 20_000  # ms
NARROW = {"width": 360, "height": 740}
PASSWORD = "correct horse"
PAGES = (
    "",
    "/printers",
    "/printers/add",
    "/drawer",
    "/sources",
    "/sources/routes/add",
    "/destinations",
    "/destinations/add/maarch",
    "/destinations/add/sftp",
    "/access",
    "/hub",
    "/certificates",
    "/password",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Service]:
    """A station without a printer, at a port of its file."""
    port = free_port()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "comptoir.toml").write_text(f"# my shop\n[station]\nport = {port}\n", "utf-8")
    service = Service(["station", "--data", str(tmp_path / "data")], f"http://127.0.0.1:{port}")
    service.start(str(port))
    yield service
    stop_all([service])


@pytest.fixture
def printer() -> Iterator[NetworkPrinter]:
    with Loop() as loop:
        one = NetworkPrinter(loop)
        yield one
        one.close()


def signed_in(
    browser: Browser,
    station: Service,
    viewport: dict[str, int] = DESKTOP,
    *,
    script: bool = True,
    locale: str = "en-GB",
) -> Page:
    context = browser.new_context(viewport=viewport, locale=locale, java_script_enabled=script)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{station.url}/config/login")
    for field in page.locator("main input[type=password]").all():
        field.fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/config")
    return page


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_printer_is_set_up_from_its_address_to_the_paper(
    station: Service, browser: Browser, printer: NetworkPrinter, script: bool
) -> None:
    page = signed_in(browser, station, script=script)
    page.get_by_role("navigation", name="Settings").get_by_role("link", name="Printers").click()
    page.get_by_role("link", name="Add a printer").click()
    page.get_by_label("Address").fill(f"127.0.0.1:{printer.port}")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("It says who it is")).to_be_visible(timeout=SOON)
    expect(page.get_by_label("Name")).to_have_value("TICKET")
    page.get_by_label("Characters in a line").fill("42")
    page.get_by_role("button", name="Save this printer").click()
    expect(page.get_by_text("Saved as TICKET")).to_be_visible()
    page.get_by_role("button", name="Print a test").click()
    expect(page.get_by_text("Did it come out?")).to_be_visible(timeout=SOON)
    printer.until(lambda: bool(printer.papers))
    assert "If you can read this line" in printer.papers[0]
    page.get_by_role("link", name="No, or not as it should").click()
    expect(page.get_by_text("Signs that nobody can read", exact=True)).to_be_visible()
    page.get_by_role("link", name="Yes, and it can be read").click()
    expect(page.get_by_text("The printer TICKET is set up.")).to_be_visible()
    toml = (Path(station.arguments[2]) / "comptoir.toml").read_text("utf-8")
    assert "# my shop" in toml
    assert "columns = 42" in toml


def test_an_archive_is_set_up_with_a_pasted_token_and_a_route_leads_to_it(station: Service, browser: Browser) -> None:
    page = signed_in(browser, station)
    page.goto(f"{station.url}/config/destinations/add/maarch")
    page.locator("#name").fill("archives")
    page.locator("#url").fill("https://rm.example.com")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#token_file-wrong")).to_be_visible()
    page.locator("[name='secret:token_file']").fill("dG9rZW4=")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="archives")).to_be_visible()
    page.goto(f"{station.url}/config/sources/routes/add")
    page.locator("#from").fill("api")
    page.get_by_label("archives").check()
    page.locator("#original").select_option("move:")
    page.locator("#original_to").fill("done")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="api → archives")).to_be_visible()


def test_a_restart_from_the_page_comes_back_at_the_new_port(station: Service, browser: Browser) -> None:
    page = signed_in(browser, station)
    port = free_port()
    page.get_by_label("Port").fill(str(port))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Applies from the next start:")).to_be_visible()
    page.get_by_role("button", name="Restart now").click()
    page.wait_for_url(f"http://127.0.0.1:{port}/config", timeout=SOON)
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    expect(page.get_by_text("Applies from the next start:")).to_have_count(0)
    page.goto(f"http://127.0.0.1:{port}/config/access")
    expect(page.get_by_text(station.url)).to_have_count(0)
    page.goto(f"http://127.0.0.1:{port}/journal?show=access")
    expect(page.get_by_text("Web page refused")).to_have_count(0)


def test_a_restart_that_cannot_have_the_port_comes_back_and_says_why(station: Service, browser: Browser) -> None:
    page = signed_in(browser, station)
    with socket.create_server(("127.0.0.1", 0)) as other:
        page.get_by_label("Port").fill(str(other.getsockname()[1]))
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Restart now").click()
        page.wait_for_url(f"{station.url}/config", timeout=SOON)
        expect(page.get_by_text("The last restart did not work")).to_be_visible()
        expect(page.get_by_text("is used by another program")).to_be_visible()


def test_a_wrong_value_is_said_at_its_field_by_keyboard_alone(station: Service, browser: Browser) -> None:
    page = signed_in(browser, station)
    retention = page.get_by_label("Finished prints are shown for")
    retention.fill("3 moons")
    retention.press("Enter")
    wrong = page.locator("#retention-wrong")
    expect(wrong).to_contain_text("A number and a unit")
    expect(retention).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("30 days")
    expect(retention).to_have_value("30 days")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It applies already.")).to_be_visible()


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
def test_nothing_scrolls_sideways_on_a_phone(station: Service, browser: Browser, locale: str) -> None:
    page = signed_in(browser, station, NARROW, locale=locale)
    for path in PAGES:
        page.goto(f"{station.url}/config{path}")
        for more in page.locator("details > summary").all():
            more.click()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        unlabelled = page.evaluate(
            "[...document.querySelectorAll('main :is(input, select, textarea):not([type=hidden], [hidden])')]"
            ".filter(one => !one.labels.length).map(one => one.name)"
        )
        assert unlabelled == [], path


def test_the_phone_has_all_of_the_navigation(station: Service, browser: Browser) -> None:
    page = signed_in(browser, station, PHONE)
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Settings").click()
    expect(page.get_by_role("navigation", name="Settings").get_by_role("link")).to_have_count(10)
