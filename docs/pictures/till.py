"""Draws the pictures of docs/odoo.md: our pages, and a page that stands for Odoo's till, in real Chromium.

    python docs/pictures/till.py

A station runs in a folder of its own, with a virtual printer; nothing of this computer's own station is touched.
"""

from __future__ import annotations

import runpy
import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Locator, Page

FOLDER: Final = Path(__file__).parent
ROOT: Final = FOLDER.parents[1]
sys.path.insert(0, str(ROOT))

from tests.peers.browser import chromium, installed  # noqa: E402
from tests.peers.pages import BROWSER, Pages  # noqa: E402
from tests.peers.pos_page import till_with_addon  # noqa: E402
from tests.peers.services import stop_all  # noqa: E402
from tests.peers.till_station import TillStation  # noqa: E402

SIZE: Final = {"width": 860, "height": 560}
PASSWORD: Final = "for a picture only"  # noqa: S105
#: the ports of these servers are any; a shop's station has its own, its Odoo none
AS_IN_A_SHOP: Final = """() => {
  const shown = text => text.replace(/(127\\.0\\.0\\.1|localhost):(?!22548)\\d+/g, '$1:22548')
    .replace(/(\\.example):\\d+/g, '$1');
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) walk.currentNode.data = shown(walk.currentNode.data);
  document.querySelectorAll('textarea, input').forEach(field => { field.value = shown(field.value) });
}"""
EXTENSION: Final = ROOT / "clients" / "extension"


def page_of(browser: Browser, address: str) -> Page:
    context = browser.new_context(
        viewport=SIZE,  # type: ignore[arg-type]
        locale="en-GB",
        ignore_https_errors=True,
    )
    page = context.new_page()
    page.goto(address)
    return page


def draw(what: Page | Locator, name: str) -> None:
    page = what if isinstance(what, Page) else what.page
    page.evaluate(AS_IN_A_SHOP)
    what.screenshot(path=FOLDER / name, animations="disabled")


def draw_till(browser: Browser, pages: Pages, station: TillStation) -> None:
    """The question and the answer, in the language of most who read them there."""
    pages.pages.update(till_with_addon(station.url, "17", "fr_FR"))
    page = page_of(browser, f"{pages.origin('https')}/pos/ui")
    page.get_by_role("button", name="Ouvrir le tiroir").click()
    draw(page, "odoo-reason.png")
    page.get_by_role("button", name="Faire de la monnaie").click()
    page.get_by_text("a été ouvert").wait_for()
    draw(page, "odoo-till.png")


def draw_console(browser: Browser, pages: Pages, station: TillStation) -> None:
    """The settings that docs/odoo.md sends its readers to."""
    shop = page_of(browser, pages.origin("https", "shop.example"))
    shop.evaluate("u => fetch(u + '/api/drawer/open', {method: 'POST', body: '{}'}).catch(() => null)", station.url)
    page = page_of(browser, f"{station.url}/config/login")
    page.locator("#password").fill(PASSWORD)
    page.locator("#confirm").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    page.goto(f"{station.url}/config/access")
    draw(page, "odoo-access.png")
    page.goto(f"{station.url}/config")
    draw(page.locator("section", has_text="Address for Odoo"), "odoo-epos.png")


def draw_options(browser: Browser, folder: Path) -> None:
    """The extension's own page."""
    runpy.run_path(str(EXTENSION / "pack.py"))["pack"](folder)
    context = browser.browser_type.launch_persistent_context(
        tempfile.mkdtemp(dir=folder.parent),
        executable_path=installed(),
        headless=False,
        args=["--headless=new", "--no-sandbox", f"--load-extension={folder}", f"--disable-extensions-except={folder}"],
        viewport=SIZE,  # type: ignore[arg-type]
        locale="en-GB",
    )
    worker = context.service_workers[0] if context.service_workers else context.wait_for_event("serviceworker")
    page = context.new_page()
    page.goto(worker.url.replace("background.js", "options.html"))
    page.get_by_label("Sites of the till").fill("https://shop.example.com")
    draw(page.locator("main"), "odoo-extension.png")
    context.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as made, Pages.running(Path(made)) as pages, chromium(*BROWSER) as browser:
        folder = Path(made)
        (folder / "station").mkdir()
        station = TillStation.started(folder / "station", (pages.origin("https"),))
        try:
            draw_till(browser, pages, station)
            draw_console(browser, pages, station)
            draw_options(browser, folder / "extension")
        finally:
            stop_all([station.service])


if __name__ == "__main__":
    main()
