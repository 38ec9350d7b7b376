"""Draws the pictures of docs/screens.md about folders and destinations: a real folder that is really watched, in real
Chromium.

    python docs/pictures/folders.py

The station runs in a folder of its own, with a virtual printer; nothing of this computer's own station is touched.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parents[2]))

from screens import draw, visits
from tests.peers.browser import chromium
from tests.peers.owner import KEY, Counter
from tests.peers.shop import Loop

from comptoir.clock import SystemClock
from comptoir.web.access import COOKIE

SHOP: Final = """
[station]
port = 0
[[printer]]
name = "FACTURE"
device = "virtual:FACTURE"
[[source]]
kind = "folder"
name = "factures"
path = "{folder}/Factures"
match = ["FAC-*"]
quiet = "100 ms"
[[source]]
kind = "folder"
name = "courrier"
path = "{folder}/Courrier"
[[destination]]
kind = "folder"
name = "copies"
path = "{folder}/Copies"
[[destination]]
kind = "maarch"
name = "archives"
url = "https://rm.example.com"
token_file = "secrets/archives-token"
profile = "FACTURE"
[[route]]
from = "factures"
to = ["FACTURE", "copies"]
name = "{{modified|date:%Y}}_{{file}}"
original = "delete"
"""
INVOICE: Final = "Facture n° {number}\n\nEspresso            4,40 €\nPain au chocolat    2,10 €\n"
PAGES: Final = {
    "station-watched": "/folders",
    "station-folder": "/folders/factures",
    "station-original": "/originals/1",
    "station-rules": "/folders/factures/rules",
    "settings-destinations": "/config/destinations",
    "settings-destination": "/config/destinations/named/archives",
    "settings-route": "/config/sources/routes/0",
}
#: what stands for the folders of this computer
AS_ON_A_COUNTER: Final = r"""folder => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    walk.currentNode.data = walk.currentNode.data.replaceAll(folder, 'D:').replaceAll('D:/', 'D:\\');
  }
}"""


def fill(folder: Path) -> None:
    """Invoices, one of which is cut off, and what is none; a folder that is not there."""
    place = folder / "Factures"
    place.mkdir()
    for number in range(412, 420):
        (place / f"FAC-2026-{number:04}.txt").write_text(INVOICE.format(number=number), "utf-8")
    (place / "FAC-2026-0420.pdf").write_bytes(b"%PDF-1.7\n%cut off")
    (place / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "Copies").mkdir()
    secrets = folder / "data" / "secrets"
    secrets.mkdir(parents=True)
    (secrets / "archives-token").write_text("none", "utf-8")


def draw_all(browser: Browser, url: str, folder: Path) -> None:
    cookie = {"name": COOKIE, "value": KEY, "url": url}
    for page, which in visits(browser, [cookie]):
        page.goto(f"{url}/folders")
        page.locator("text=/· 8 arri/").first.wait_for()
        for name, path in PAGES.items():
            page.goto(url + path)
            page.evaluate(AS_ON_A_COUNTER, str(folder))
            draw(page, f"{name}-{which}")


def main() -> None:
    with tempfile.TemporaryDirectory() as made, Loop() as loop, chromium() as browser:
        folder = Path(made)
        fill(folder)
        counter: Any = loop.do(lambda: Counter(folder / "data", SHOP.format(folder=folder)))
        # Files have the time of this computer; so has the station.
        counter.site.clock = counter.site.service._clock = SystemClock()
        owner = loop.run(counter.__aenter__())
        draw_all(browser, owner.site.url, folder)
        loop.run(counter.__aexit__(None, None, None))


if __name__ == "__main__":
    main()
