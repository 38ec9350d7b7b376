"""Draws the pictures of docs/screens.md about captured prints, the archive and the nights: a month of a small hotel
(`hotel.py`), in real Chromium.

    python docs/pictures/archive.py

The station runs in a folder of its own, and its clock is set; nothing of this computer's own station is touched.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pypdfium2
from hotel import BREAKFAST, LAST, Hotel, paper
from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parents[2]))

from screens import FOLDER, LANGUAGES, draw, in_few_colours, visits
from tests.peers.browser import chromium
from tests.peers.owner import KEY, Counter
from tests.peers.shop import Loop

from comptoir.sources.cups_spool import DAMAGED
from comptoir.web.access import COOKIE

MORNING: Final = datetime(2026, 11, 21, 8, 12, 40)  # noqa: DTZ001 - on the wall of the hotel, wherever it is
HOTEL: Final = """
[station]
name = "Hôtel du Phare"
port = 0
[[printer]]
name = "HP-RECEPTION"
device = "ipp://127.0.0.1:9/ipp/print"
[[printer]]
name = "TICKET"
device = "virtual:TICKET"
profile = "TM-T88V"
[[source]]
kind = "ipp_printer"
name = "audit"
port = 0
[[source]]
kind = "port9100"
name = "bar"
port = 0
[[source]]
kind = "cups_backend"
name = "reception"
spool = "{folder}/spool"
[[source]]
kind = "cups"
name = "bureau"
server = "{folder}/cups.sock"
[[source]]
kind = "folder"
name = "numerisations"
path = "{folder}/scans"
[[destination]]
kind = "email"
name = "direction"
host = "mail.example.com"
from = "comptoir@example.com"
to = ["direction@example.com"]
[[route]]
from = "audit"
to = ["HP-RECEPTION"]
keep = "10 years"
keep_from = "year-end"
[[route]]
from = "reception"
to = []
keep = "10 years"
keep_from = "year-end"
[[route]]
from = "bar"
to = ["TICKET"]
keep = "6 years"
[[route]]
from = "numerisations"
to = []
keep = "10 years"
[night]
sources = ["audit"]
[[report]]
title = "Manager Flash"
by = "03:00"
[[report]]
title = "Main courante"
by = "03:00"
[[report]]
title = "Clôture de caisse*"
name = "Clôtures de caisse"
copies = 2
by = "04:00"
"""
PAGES: Final = {
    "station-hotel": "/",
    "station-archive": "/archive?q=dupont",
    "station-archive-all": "/archive",
    "station-archive-document": "/archive/{document}?q=dupont",
    "station-archive-ticket": "/archive/{ticket}",
    "station-nights": "/nights",
    "station-night": f"/nights/{LAST}",
    "station-capture": "/capture",
    "settings-captures": "/config/sources",
    "settings-night": "/config/night",
}
#: said when the nights are there: a station sends at once what should have gone out
SENDING: Final = {
    "archive.day_starts": "06:00", "night.learn": "on", "night.nights": "28", "source": "audit",
    "night.send_to": "direction", "night.send_at": "09:00", "archive.ocr": "auto", "archive.ocr_languages": "fra+eng",
}  # fmt: skip
#: the folder of this station is any
AS_IN_A_HOTEL: Final = r"""folder => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    walk.currentNode.data = walk.currentNode.data.replaceAll(folder + '/spool', '/var/spool/comptoir')
      .replaceAll(folder + '/cups.sock', '/run/cups/cups.sock').replaceAll(folder, '/srv')
      .replace(/ipp:\/\/localhost:\d+/g, 'ipp://localhost:22631');
  }
}"""


def damage(spool: Path) -> None:
    """A print that CUPS has left, and that cannot be taken."""
    (spool / DAMAGED).mkdir(parents=True)
    aside = spool / DAMAGED / "reception-417.why"
    aside.write_text("its file reception-417.1.document is not what was written", "utf-8")
    at = MORNING.timestamp() - 3_600
    os.utime(aside, (at, at))


async def sell(station: Any, bill: bytes) -> None:
    """The till of the bar prints, at the port that stands for its printer."""
    taken = asyncio.Event()
    station.capturing.on_change.append(lambda name: taken.set())

    def bar() -> Any:
        return next(one for one in station.capturing.states() if one.name == "bar")

    address = urlsplit(bar().addresses[0])
    _, till = await asyncio.open_connection(address.hostname, address.port)
    till.write(bill)
    till.close()
    while not bar().taken:
        taken.clear()
        await taken.wait()


def draw_pack(pdf: bytes, name: str) -> None:
    """The first page of the night's PDF."""
    with pypdfium2.PdfDocument(pdf) as pack:
        first = pack[0].render(scale=1.25).to_pil().convert("RGB")
    in_few_colours(first).save(FOLDER / f"{name}.png", optimize=True)


def settle(page: Page) -> None:
    """Until what it shows is drawn, the last page of a document as well."""
    page.evaluate("""() => Promise.all([...document.images].map(image => {
      image.loading = 'eager';
      return image.decode().catch(() => null);
    }))""")


async def read_through(archive: Any) -> None:
    """Until every document has been read and drawn."""
    news = asyncio.Event()
    archive.on_change.append(lambda number: news.set())
    while (await archive.facets()).behind:
        news.clear()
        await news.wait()


def draw_all(browser: Browser, url: str, folder: Path, numbers: dict[str, int]) -> None:
    cookie = {"name": COOKIE, "value": KEY, "url": url}
    for page, which in visits(browser, [cookie], MORNING):
        for name, path in PAGES.items():
            page.goto(url + path.format(**numbers))
            settle(page)
            page.evaluate(AS_IN_A_HOTEL, str(folder))
            draw(page, f"{name}-{which}")


def main() -> None:
    with tempfile.TemporaryDirectory() as made, Loop() as loop, chromium() as browser:
        folder = Path(made)
        for name in ("data", "scans"):
            (folder / name).mkdir()
        damage(folder / "spool")
        counter: Any = loop.do(lambda: Counter(folder / "data", HOTEL.format(folder=folder)))
        counter.site.clock.at = int(MORNING.timestamp() * 1000)
        owner = loop.run(counter.__aenter__())
        hotel = Hotel(owner.site)
        loop.run(hotel.live())
        loop.run(sell(owner.station, paper(BREAKFAST)))
        loop.run(owner.post("/config/night", **SENDING))
        loop.run(read_through(owner.station.archive))
        for language in LANGUAGES:
            pack = loop.run(owner.look(f"/nights/{LAST}/pack.pdf?lang={language}", language))
            draw_pack(pack.body, f"night-pack-{language}")
        draw_all(browser, owner.site.url, folder, hotel.numbers)
        loop.run(counter.__aexit__(None, None, None))


if __name__ == "__main__":
    main()
