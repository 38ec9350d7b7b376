"""Draws the pictures of docs/archive-keeping.md: what a hotel has kept for eleven years, in real Chromium.

    python docs/pictures/keeping.py

A station runs in a folder of its own, and its clock is set; nothing of this computer's own station is touched.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[2]))

from screens import draw, visits
from tests.peers.browser import chromium
from tests.peers.clock import FakeClock
from tests.peers.shelf import Shelf
from tests.peers.signed_in import SignedIn
from tests.peers.site import Site

from comptoir.config import RouteConfig

MORNING: Final = datetime(2026, 11, 21, 9, 12, 40)  # noqa: DTZ001 - on the wall of the hotel, wherever it is
DAY: Final = 86_400_000  # ms
ROUTES: Final = (
    RouteConfig(source="audit", keep="10 years", keep_from="year-end"),
    RouteConfig(source="caisse", match=("Z*",), keep="6 years", keep_from="business-date", hold=True),
    RouteConfig(source="api", keep="30 days", to=("TICKET",)),
)
REPORTS: Final = ("Balance générale", "Journal des ventes", "Occupation", "Clôture de caisse", "Départs du jour")


#: the folder of this station is any; a date field is shown with what people write into it
AS_IN_A_HOTEL: Final = r"""() => {
  document.querySelectorAll('code').forEach(one => {
    one.textContent = one.textContent.replace(/^.*\/comptoir\/exports/, '/var/lib/comptoir/exports');
  });
  document.querySelectorAll('input[name=since]').forEach(field => { field.value = '2026-10-01' });
  document.querySelectorAll('input[name=until]').forEach(field => { field.value = '2026-10-31' });
}"""


async def fill(shelf: Shelf) -> None:
    """Nights of eleven years; what is on hold, and what went last year."""
    for year in range(2013, 2017):
        for day in range(1, 12):
            for title in REPORTS:
                content = f"%PDF-1.4 {title} {year} {day}".encode() * 2_000
                await shelf.file(title, content, f"{year}-12-{day:02}", kept_for=0)
    for day in range(1, 9):
        await shelf.file(f"Z {day}", f"Z {day}".encode() * 400, f"2019-10-{day:02}", source="caisse", kept_for=0)
    await shelf.file("Balance générale", b"%PDF-1.4", "2026-11-20")


async def live(site: Any) -> None:
    shelf, keeping = Shelf(site.journal, site.clock), site.service.keeping
    await fill(shelf)
    await keeping.hold("2014-12-04", "2014-12-06", "", "Contrôle fiscal, avis du 12 novembre", "marie")
    gone = [kept.id for day in range(1, 12) for kept in await site.journal.keeping.of_date(f"2013-12-{day:02}")]
    await site.journal.keeping.eliminate(gone, "marie", "Durée de conservation passée")
    await keeping.export("2026-11-20", "2026-11-20", "marie")
    site.clock.advance(DAY // 24)


def draw_all(url: str, cookie: str) -> None:
    name, _, value = cookie.partition("=")
    with chromium() as browser:
        for page, which in visits(browser, [{"name": name, "value": value, "url": url}]):
            for path, picture in (("", "keeping"), ("/eliminate?source=audit&year=2015", "keeping-eliminate")):
                page.goto(f"{url}/archive/keeping{path}")
                page.evaluate(AS_IN_A_HOTEL)
                draw(page, f"{picture}-{which}")


async def main() -> None:
    clock = FakeClock(int(MORNING.timestamp() * 1000))
    with tempfile.TemporaryDirectory() as made:
        site: Any = Site.station(Path(made) / "comptoir", routes=ROUTES, name="Hôtel du Phare")
        site.clock = site.service._clock = clock
        async with site:
            await live(site)
            owner = await SignedIn.of(site)
            await asyncio.to_thread(draw_all, site.url, owner.cookie)


if __name__ == "__main__":
    asyncio.run(main())
