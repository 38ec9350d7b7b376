"""The archive as people use it: what a program hands over appears by itself, is searched while one types, gone through
by keyboard, taken along and put on hold. Real Chromium, a real service."""

from __future__ import annotations

import re
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.peers.browser import DESKTOP, PHONE, chromium
from tests.peers.services import Service, free_port, stop_all

pytestmark = pytest.mark.xdist_group("browser-archive")

SOON = 20_000  # ms
NARROW = {"width": 360, "height": 740}
REPORTS = ("Main courante", "TVA par taux", "Balance des clients débiteurs", "Liste des arrivées")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data, port = tmp_path_factory.mktemp("data"), free_port()
    service = Service(["station", "--data", str(data), "--port", str(port)], f"http://127.0.0.1:{port}")
    service.start(str(port))
    yield service
    stop_all([service])


@pytest.fixture(scope="module")
def full(station: Service) -> Service:
    """A night's reports are in the archive, and can be found by their words."""
    for number, title in enumerate(REPORTS):
        hand_over(station, title, f"Hôtel du Lac\n{title}\nchambre {number + 101} taxe de séjour 2,10", f"u{number}")
    return station


def hand_over(station: Service, title: str, text: str, uid: str) -> None:
    url = f"{station.url}/api/documents?title={quote(title)}&user=nuit&printer=audit&uid={uid}"
    order = urllib.request.Request(url, text.encode(), {"Content-Type": "text/plain"})
    with urllib.request.urlopen(order, timeout=20) as answer:
        assert answer.status in (200, 201)


def visit(browser: Browser, station: Service, path: str, viewport: dict[str, int] = DESKTOP, **more: object) -> Page:
    page = browser.new_context(viewport=viewport, locale="fr-FR", **more).new_page()  # type: ignore[arg-type]
    page.goto(f"{station.url}{path}")
    return page


def test_what_comes_appears_and_is_found_while_one_types(browser: Browser, full: Service) -> None:
    page = visit(browser, full, "/archive")
    expect(page.locator("#q")).to_be_focused()
    hand_over(full, "Petits-déjeuners", "chambre 203 deux cafés", "late")
    # Nobody reloads.
    expect(page.get_by_text("Petits-déjeuners")).to_be_visible(timeout=SOON)
    page.keyboard.type("cafes")
    expect(page.locator("mark", has_text="cafés")).to_be_visible(timeout=SOON)
    expect(page.locator(".found li")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/archive\?q=cafes$"))
    page.reload()
    expect(page.locator(".found li")).to_have_count(1)


def test_it_is_gone_through_by_keyboard_with_a_preview_beside(browser: Browser, full: Service) -> None:
    page = visit(browser, full, "/archive?q=sejour")
    expect(page.locator(".found li")).to_have_count(4, timeout=SOON)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#beside h2")).to_have_text("Balance des clients débiteurs")
    expect(page.locator("#beside img")).to_have_js_property("complete", True)
    assert page.locator("#beside img").evaluate("image => image.naturalWidth") > 100
    page.keyboard.press("x")
    expect(page.locator(".found input:checked")).to_have_count(1)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(re.compile("Liste des arrivées|TVA par taux"))
    expect(page.locator(".text mark").first).to_have_text("séjour")


def test_what_is_ticked_is_taken_along_or_put_on_hold(browser: Browser, full: Service, tmp_path: Path) -> None:
    page = visit(browser, full, "/archive?q=sejour")
    page.get_by_label("TVA par taux").check(timeout=SOON)
    page.get_by_label("Main courante").check()
    expect(page.get_by_text("Ce qui est coché : 2")).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Les fichiers (zip)").click()
    downloading.value.save_as(tmp_path / "archive.zip")
    with zipfile.ZipFile(tmp_path / "archive.zip") as taken:
        assert taken.testzip() is None
        assert len(taken.namelist()) == 3
    page.get_by_role("button", name="Protéger de la suppression").click()
    page.get_by_label("Pourquoi ils doivent rester").fill("contrôle fiscal")
    page.get_by_role("button", name="Protéger de la suppression").click()
    expect(page).to_have_url(re.compile(r"/archive\?q=sejour$"))
    expect(page.locator(".found .badge", has_text="Protégé")).to_have_count(2, timeout=SOON)


def test_it_is_printed_again_without_a_script(browser: Browser, full: Service) -> None:
    page = visit(browser, full, "/archive?q=balance", java_script_enabled=False)
    page.get_by_role("link", name=re.compile("Balance")).click()
    page.get_by_role("button", name="Réimprimer avec la mention DUPLICATA").click()
    expect(page).to_have_url(re.compile(r"/jobs/\d+$"))
    expect(page.locator("h1 .stamp")).to_have_text("DUPLICATA")


@pytest.mark.parametrize(
    ("viewport", "script"), [(DESKTOP, True), (PHONE, False), (NARROW, True)], ids=["desktop", "phone", "narrow"]
)
def test_nothing_scrolls_sideways(browser: Browser, full: Service, viewport: dict[str, int], script: bool) -> None:
    hand_over(full, "un-titre-sans-fin-" * 20, "mot" * 200, "long")
    page = visit(browser, full, "/", viewport, java_script_enabled=script)
    for path in ("/", "/archive?more=1&see=1", "/archive/1", "/archive/6"):
        page.goto(f"{full.url}{path}")
        expect(page.locator("h1")).to_be_visible()
        width = page.locator("html").evaluate("html => html.scrollWidth")
        assert width <= viewport["width"], path
