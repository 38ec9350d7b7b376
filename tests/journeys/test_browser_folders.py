"""The page Folders as people see it: a file that is put there is told of by itself, and its life is a click away.

Real Chromium, a real service, real files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.peers.browser import DESKTOP, PHONE, chromium
from tests.peers.services import Service, free_port, stop_all

pytestmark = pytest.mark.xdist_group("browser")

SOON = 20_000  # ms
NARROW = {"width": 360, "height": 740}
SHOP = """
[station]
port = {port}
[[source]]
kind = "folder"
name = "factures"
path = '{folder}'
match = ["*.pdf", "*.txt"]
quiet = "100 ms"
[[destination]]
kind = "folder"
name = "copies"
path = '{copies}'
[[route]]
from = "factures"
to = ["copies"]
original = "delete"
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("data", "factures", "copies"):
        (tmp_path / name).mkdir()
    return tmp_path / "factures"


@pytest.fixture
def station(folder: Path) -> Iterator[Service]:
    """A station with one folder, whose files are copied to another."""
    port, data = free_port(), folder.parent / "data"
    toml = SHOP.format(port=port, folder=folder, copies=folder.parent / "copies")
    (data / "comptoir.toml").write_text(toml, "utf-8")
    service = Service(["station", "--data", str(data)], f"http://127.0.0.1:{port}")
    service.start(str(port))
    yield service
    stop_all([service])


def visit(browser: Browser, station: Service, path: str, viewport: dict[str, int] = DESKTOP, **more: object) -> Page:
    page = browser.new_context(viewport=viewport, locale="en-GB", **more).new_page()  # type: ignore[arg-type]
    page.goto(f"{station.url}{path}")
    return page


def test_a_file_is_followed_from_the_folder_to_its_end(browser: Browser, station: Service, folder: Path) -> None:
    page = visit(browser, station, "/folders")
    expect(page.get_by_text("Everything is taken.")).to_be_visible(timeout=SOON)
    (folder / "cut.pdf").write_bytes(b"%PDF-1.7 cut")
    (folder / "FAC-1.txt").write_text("an invoice", "utf-8")
    # Nobody reloads.
    expect(page.get_by_text("Its end is missing: it looks cut off.")).to_be_visible(timeout=SOON)
    expect(page.get_by_text(re.compile("1 file · 1 arrived"))).to_be_visible(timeout=SOON)
    assert not (folder / "FAC-1.txt").exists()
    page.get_by_role("link", name="factures").click()
    page.get_by_label("Find a file by its name").fill("fac-1")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(r"\?q=fac-1$"))
    page.get_by_role("link", name=re.compile("FAC-1")).click()
    life = page.locator(".life")
    expect(life.get_by_text("Complete; copied and kept")).to_be_visible()
    expect(life.get_by_text("The file was removed from its folder")).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download what was kept").click()
    assert Path(downloading.value.path()).read_text("utf-8") == "an invoice"


def test_the_numbers_change_without_moving_anything(browser: Browser, station: Service, folder: Path) -> None:
    page = visit(browser, station, "/folders")
    expect(page.get_by_text("Everything is taken.")).to_be_visible(timeout=SOON)
    sums = page.locator(".sum > div")
    before = [box.bounding_box() for box in sums.all()]
    for number in range(30):
        (folder / f"{number}.txt").write_text("x", "utf-8")
    expect(page.get_by_text(re.compile("30 arrived"))).to_be_visible(timeout=SOON)
    assert [box.bounding_box() for box in sums.all()] == before


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE, NARROW], ids=["desktop", "phone", "narrow"])
def test_nothing_scrolls_sideways(
    browser: Browser, station: Service, folder: Path, viewport: dict[str, int], script: bool
) -> None:
    (folder / f"{'a-very-long-name-' * 8}.pdf").write_bytes(b"%PDF-1.7 cut")
    (folder / "FAC-1.txt").write_text("an invoice", "utf-8")
    page = visit(browser, station, "/folders", viewport, java_script_enabled=script)
    for _ in range(100):
        if re.search("1 arrived", page.content()):
            break
        page.wait_for_timeout(100)
        page.reload()
    for path in ("/folders", "/folders/factures", "/folders/factures/rules", "/originals/1"):
        page.goto(f"{station.url}{path}")
        expect(page.locator("h1")).to_be_visible()
        width = page.locator("html").evaluate("html => html.scrollWidth")
        assert width <= viewport["width"], path


def test_a_press_looks_through_the_folder(browser: Browser, station: Service) -> None:
    page = visit(browser, station, "/folders/factures", java_script_enabled=False)
    page.get_by_role("button", name="Look through now").click()
    expect(page).to_have_url(f"{station.url}/folders/factures")
    page.get_by_role("link", name="What would the rules do?").click()
    expect(page.get_by_text("No file lies in the folder")).to_be_visible()
