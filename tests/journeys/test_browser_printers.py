"""The printers page as people use it: a fault is seen on the card, its end too, and a drawer answers. Real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.peers.browser import DESKTOP, PHONE, chromium
from tests.peers.services import Service, ask, free_port, stop_all

pytestmark = pytest.mark.xdist_group("browser")

SOON = 10_000  # ms
SHOP = """
[[printer]]
name = "TICKET"
device = "virtual:TICKET?drawer=high"
[[printer]]
name = "MIDDLE"
device = "virtual:MIDDLE?faults=paper%3D3"
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def station(tmp_path: Path) -> Iterator[str]:
    """The address of a station with two virtual printers, the second with paper for three lines."""
    (tmp_path / "shop.toml").write_text(SHOP, "utf-8")
    port = free_port()
    arguments = ["station", "--data", str(tmp_path / "data"), "--config", str(tmp_path / "shop.toml")]
    service = Service([*arguments, "--port", str(port)], f"http://127.0.0.1:{port}")
    service.start(str(port))
    yield service.url
    stop_all([service])


def page_of(browser: Browser, viewport: dict[str, int] = DESKTOP, *, script: bool = True) -> Page:
    context = browser.new_context(viewport=viewport, locale="en-GB", java_script_enabled=script)  # type: ignore[arg-type]
    return context.new_page()


def card_of(page: Page, name: str = "TICKET") -> Locator:
    return page.locator(f"article[id='{name}']")


def set_fault(card: Locator, fault: str, *, to: bool) -> None:
    """Break a virtual printer by its card, or mend it."""
    if not card.get_by_label(fault).is_visible():
        card.get_by_text("Break it, to see").click()
    card.get_by_label(fault).set_checked(to)
    card.get_by_role("button", name="Set these faults").click()


def send(station: str, printer: str, text: str) -> str:
    """The address of the job's page."""
    order = {"printer": printer, "format": "text", "content": text}
    return f"{station}/jobs/{ask(f'{station}/api/print', order)['id']}"


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_no_paper_is_seen_on_the_card_and_the_print_comes_when_there_is_some(
    station: str, browser: Browser, script: bool
) -> None:
    page = page_of(browser, script=script)
    page.goto(f"{station}/printers")
    card = card_of(page)
    set_fault(card, "No paper", to=True)
    address = send(station, "TICKET", "Two coffees")
    watching = page_of(browser)
    watching.goto(address)
    expect(watching.locator(".outcome")).to_contain_text("has no paper", timeout=SOON)
    if not script:
        page.reload()
    state = card.locator(".state")
    expect(state).to_contain_text("Not ready", timeout=SOON)
    expect(state).to_contain_text("The printer TICKET has no paper. 1 print waits for it.", timeout=SOON)
    expect(state).to_contain_text("Put in a roll")
    set_fault(card, "No paper", to=False)
    # Nobody loads this page again.
    expect(watching.locator(".outcome")).to_contain_text("Printed", timeout=SOON)
    if not script:
        page.reload()
    expect(state).to_contain_text("Ready", timeout=SOON)
    expect(state).not_to_contain_text("no paper")


def test_stopped_in_the_middle_it_waits_there_and_then_has_the_printers_number(station: str, browser: Browser) -> None:
    page, watching = page_of(browser), page_of(browser)
    page.goto(f"{station}/printers")
    card = card_of(page, "MIDDLE")
    card.get_by_text("Set up", exact=True).click()
    card.get_by_role("button", name="Ask the printer").click()
    expect(card.locator(".flash")).to_contain_text("its card says what it can", timeout=SOON)
    watching.goto(send(station, "MIDDLE", "\n".join(map(str, range(20)))))
    outcome = watching.locator(".outcome")
    expect(outcome).to_contain_text("Stopped", timeout=SOON)
    expect(outcome).to_contain_text("It stopped in the middle of this; it prints on when it can.")
    # The fault came by itself, and is ticked on the card without a reload.
    expect(card.get_by_label("No paper")).to_be_checked(timeout=SOON)
    set_fault(card, "No paper", to=False)
    expect(outcome).to_contain_text("Printed", timeout=SOON)
    expect(outcome).to_contain_text("confirms that it is on paper (process id ")
    expect(watching.locator(".life")).to_contain_text("It prints on")


def test_a_sensor_that_was_found_is_told_to_everybody_who_looks(station: str, browser: Browser) -> None:
    page, other = page_of(browser), page_of(browser)
    page.goto(f"{station}/printers")
    other.goto(f"{station}/printers")
    card = card_of(page)
    card.get_by_text("Set up", exact=True).click()
    card.get_by_role("button", name="Open it, and look for the sensor").click()
    expect(card.locator(".flash")).to_contain_text("The drawer has a sensor", timeout=SOON)
    expect(card_of(other).locator(".badge", has_text="Open")).to_be_visible(timeout=SOON)
    card.get_by_role("button", name="Push the drawer shut").click()
    expect(card_of(other).locator(".badge", has_text="Closed")).to_be_visible(timeout=SOON)


def test_a_drawer_that_cannot_be_opened_says_why_on_its_card(station: str, browser: Browser) -> None:
    page = page_of(browser)
    page.goto(f"{station}/printers")
    card = card_of(page, "MIDDLE")
    set_fault(card, "Cover open", to=True)
    expect(card.locator(".state")).to_contain_text("has its cover open", timeout=SOON)
    card.get_by_label("Reason").fill("change")
    card.get_by_role("button", name="Open the drawer").click()
    expect(card.locator(".flash.bad")).to_contain_text("The drawer was not opened", timeout=SOON)
    expect(card.locator(".flash.bad")).to_be_in_viewport()
    assert card.get_by_label("Reason").input_value() == "change"


def test_what_came_of_it_is_not_told_again_when_the_page_is_loaded_again(station: str, browser: Browser) -> None:
    page = page_of(browser)
    page.goto(f"{station}/printers")
    card = card_of(page)
    card.get_by_role("button", name="Open the drawer").click()
    expect(card.locator(".flash")).to_contain_text("The printer has sent the pulse", timeout=SOON)
    page.reload()
    expect(card.locator(".flash")).to_have_count(0)


def test_it_fits_a_phone(station: str, browser: Browser) -> None:
    page = page_of(browser, PHONE)
    page.goto(f"{station}/printers")
    card = card_of(page)
    set_fault(card, "Little paper left", to=True)
    expect(card.locator(".state")).to_contain_text("Little paper left", timeout=SOON)
    for summary in page.locator("summary").all():
        if summary.locator("..").get_attribute("open") is None:
            summary.click()
    assert fits(page)
    page.goto(station)
    expect(page.locator(".card", has_text="TICKET")).to_contain_text("Little paper left", timeout=SOON)
    assert fits(page)
