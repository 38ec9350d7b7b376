"""Draws the pictures of docs/settings.md: every settings page, and a printer that is set up, in real Chromium.

    python docs/pictures/settings.py

A station runs in a folder of its own, with virtual printers; nothing of this computer's own station is touched.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parents[2]))

from screens import draw, visits
from tests.peers.browser import chromium
from tests.peers.owner import KEY, Counter
from tests.peers.shop import Loop, NetworkPrinter

from comptoir.station.finding import How, Ways
from comptoir.web.access import COOKIE

SHOP: Final = """
[station]
port = 0
allowed_origins = ["https://odoo.example.com"]
[[printer]]
name = "TICKET"
device = "virtual:TICKET?drawer=high"
profile = "TM-T88V"
[[printer]]
name = "CUISINE"
device = "virtual:CUISINE"
profile = "80mm"
[[source]]
kind = "folder"
name = "factures"
path = "C:/Factures"
match = ["*.pdf"]
[[route]]
from = "factures"
to = ["TICKET"]
keep = "10 years"
"""
#: printers of Windows, as if this were one
WINDOWS: Final[list[tuple[str, str, How]]] = [
    ("winspool:TICKET", "TICKET", "windows"),
    ("winspool:HP LaserJet M404", "HP LaserJet M404", "windows"),
]
PAGES: Final = {
    "general": "/config",
    "printers": "/config/printers",
    "printer": "/config/printers/named/CUISINE",
    "remove": "/config/printers/named/TICKET/remove",
    "add": "/config/printers/add",
    "drawer": "/config/drawer",
    "folders": "/config/sources",
    "access": "/config/access",
    "hub": "/config/hub",
    "certificates": "/config/certificates",
    "password": "/config/password",
}


def set_up(page: Page, url: str, which: str) -> None:
    """From the search to the question whether the test came out."""
    page.goto(f"{url}/config/printers/add")
    page.locator("form[action='/config/printers/search'] button").click()
    page.locator("progress[value='254']").wait_for()
    draw(page, f"settings-found-{which}")
    page.locator("form:has(input[value^='socket:']) button").click()
    page.locator("#name").wait_for()
    page.locator("form.settings button").click()
    page.locator("#test form button").click()
    page.locator("#test .ask").wait_for()
    draw(page, f"settings-set-up-{which}")
    # As it was, for the next picture.
    page.goto(f"{url}/config/printers")
    page.locator(".entries li").last.locator("a").last.click()
    page.locator("button.danger").click()


def draw_all(browser: Browser, url: str) -> None:
    cookie = {"name": COOKIE, "value": KEY, "url": url}
    for page, which in visits(browser, [cookie]):
        for name, path in PAGES.items():
            page.goto(url + path)
            draw(page, f"settings-{name}-{which}")
        set_up(page, url, which)


def main() -> None:
    with tempfile.TemporaryDirectory() as made, Loop() as loop:
        printer = NetworkPrinter(loop)
        counter: Any = loop.do(lambda: Counter(Path(made), SHOP))
        owner = loop.run(counter.__aenter__())
        addresses = [f"127.0.0.{number}" for number in range(1, 255)]
        ways = Ways(lambda: {"127.0.0.0/24": addresses}, None, lambda: WINDOWS, printer.port)
        owner.station.configuring.setup._ways = ways
        site = "https://shop.example.org"
        loop.do(lambda: owner.station.refusals.add(site, "/open-cash-drawer", "localhost", "127.0.0.1", "page"))
        with chromium() as browser:
            draw_all(browser, owner.site.url)
        loop.run(counter.__aexit__(None, None, None))
        printer.close()


if __name__ == "__main__":
    main()
