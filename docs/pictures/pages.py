"""Draws the pictures of docs/screens.md that settings.py and journal.py do not: a morning of a shop at its station and
its hub, in real Chromium.

    python docs/pictures/pages.py

Hub and station run in a folder of their own, with virtual printers on sockets; nothing of this computer's own station
is touched.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parents[2]))

from screens import draw, visits
from tests.peers.browser import chromium
from tests.peers.clock import FakeClock
from tests.peers.logged import logging_to
from tests.peers.owner import KEY, Counter, Owner
from tests.peers.shop import Loop, NetworkPrinter
from tests.peers.signed_in import FORM
from tests.peers.site import Site

from comptoir.core.document import Document, Origin, Submission
from comptoir.core.job import OUTCOME_UNKNOWN, Change, Job
from comptoir.web.access import COOKIE

MORNING: Final = datetime(2026, 11, 21, 9, 41, 12)  # noqa: DTZ001 - on the wall of the shop, wherever it is
MINUTE: Final = 60_000  # ms
#: of which there is a log besides
DAYS: Final = 2
PASSWORD: Final = "for a picture only"  # noqa: S105
SHOP: Final = """
[station]
port = 0
allowed_origins = ["https://odoo.example.com"]
[drawer]
sensor = "high"
[[printer]]
name = "TICKET"
device = "socket://127.0.0.1:{ticket}"
profile = "TM-T88V"
[[printer]]
name = "CUISINE"
device = "socket://127.0.0.1:{kitchen}"
profile = "TM-T20III"
"""
BILL: Final = """^^^Le Bistrot du Port
12 quai des Brumes
76600 Le Havre

21/11/2026 {time} | Table {table}
{{width: * 3 8}}
-
{lines}
-
{{width: auto}}
^^^"TOTAL" | ^^^"{total} €"
Carte bancaire | {total} €

"Merci et à bientôt"
"""
#: table, what was had, what it comes to
BILLS: Final = (
    (7, "Espresso | 2| 4,40 €\nPain au chocolat | 1| 2,10 €", "6,50"),
    (3, "Grand crème | 1| 4,20 €\nTartine beurrée | 2| 5,00 €\nJus d'orange | 1| 4,50 €", "13,70"),
    (12, "Thé vert | 2| 8,00 €\nCroissant | 3| 5,40 €", "13,40"),
)
ORDER: Final = "Table {table}\n\n2 Croque-monsieur\n1 Salade de chèvre\n1 Omelette aux herbes"
STATION: Final = {
    "overview": "/",
    "jobs": "/jobs",
    "job": "/jobs/3",
    "printers": "/printers",
    "purge": "/logs/purge",
    "docs": "/docs",
    "failed": "/jobs/99",
}
HUB: Final = {"jobs": "/jobs", "stations": "/stations", "access": "/access"}


@dataclass
class Day:
    """The shop, its printers and its hub, in the thread of `loop`."""

    loop: Loop
    clock: FakeClock
    hub: Site
    owner: Owner
    ticket: NetworkPrinter
    kitchen: NetworkPrinter

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now() / 1000)  # noqa: DTZ006 - as MORNING

    @property
    def url(self) -> str:
        return self.owner.site.url

    def ask(self, site: Site, path: str, body: Any) -> Any:
        """The answer of the API."""
        return self.loop.run(site.ask("POST", path, body)).json

    def later(self, minutes: float) -> None:
        self.loop.do(lambda: self.clock.advance(int(minutes * MINUTE)))

    def printed(self, site: Site, job: int) -> None:
        self.loop.run(site.watch.status(job, "printed"))


@contextmanager
def opened(folder: Path) -> Iterator[Day]:
    """Hub and station, not paired yet, at the beginning of the morning."""
    with ExitStack() as ends:
        loop = ends.enter_context(Loop())
        clock = FakeClock(int(MORNING.timestamp() * 1000) - DAYS * 24 * 60 * MINUTE)
        book = ends.enter_context(logging_to(folder, clock))
        for _ in range(DAYS):
            logging.getLogger("comptoir").info("the shop was open")
            book.flush()
            clock.advance(24 * 60 * MINUTE)
        ticket, kitchen = NetworkPrinter(loop), NetworkPrinter(loop)
        ends.callback(kitchen.close)
        ends.callback(ticket.close)
        toml = SHOP.format(ticket=ticket.port, kitchen=kitchen.port)
        counter: Any = loop.do(lambda: Counter(folder, toml))
        hub: Any = loop.do(lambda: Site.hub(folder))
        for site in (counter.site, hub):
            site.clock = site.service._clock = clock
        for one in (hub, counter):
            loop.run(one.__aenter__())
            ends.callback(lambda one=one: loop.run(one.__aexit__(None, None, None)))
        yield Day(loop, clock, hub, counter.owner, ticket, kitchen)


def live(day: Day) -> None:
    """Bills and orders; one print of which nobody knows; the kitchen without paper; a web site that nobody knows."""
    station = day.owner.site
    for table, lines, total in BILLS:
        bill = BILL.format(table=table, time=f"{day.now:%H:%M}", lines=lines, total=total)
        order = {"printer": "TICKET", "format": "ticket", "content": bill, "title": f"Addition, table {table}"}
        day.printed(station, day.ask(station, "/api/print", order)["id"])
        day.later(4)
    day.loop.run(_held(day))
    day.later(3)
    day.printed(day.hub, day.ask(day.hub, "/print", {"content": ORDER.format(table=4), "printer": "CUISINE"})["id"])
    day.later(6)
    day.kitchen.faults("paper")
    waiting = day.ask(station, "/api/print", {"printer": "CUISINE", "content": ORDER.format(table=9), "format": "text"})
    day.loop.run(station.watch.reason(waiting["id"], "media-empty-error"))
    refusals = day.owner.station.refusals
    for _ in range(3):
        day.loop.do(
            lambda: refusals.add("https://caisse.example.org", "/open-cash-drawer", "localhost", "127.0.0.1", "page")
        )
    day.later(2)


async def _held(day: Day) -> Job:
    """A bill that was under way when the power went: written by hand, because nothing else makes it so at will."""
    journal = day.owner.site.journal
    text = BILL.format(table=5, time=f"{day.now:%H:%M}", lines="Espresso | 1| 2,20 €", total="2,20").encode()
    origin = Origin("epos", "", "127.0.0.1")
    order = Submission(Document.of(text), origin, "TICKET", title="Addition, table 5", format="ticket")
    job: Job = (await journal.accept(order)).job
    await journal.record([Change(job.id, "processing")])
    await journal.record([Change(job.id, "pending-held", OUTCOME_UNKNOWN, "the printer hung up while it printed")])
    return job


def pair(day: Day) -> None:
    code, _ = day.loop.run(day.hub.access.pairing_code("caisse-1"))
    day.ask(day.owner.site, "/api/pair", {"hub": day.hub.url, "code": code})
    day.loop.run(day.hub.access.add_client("boutique.example.com"))


def settle(page: Page) -> None:
    """Until what it shows is drawn: its papers, too, of which some load only when they are seen."""
    page.evaluate("""() => Promise.all([...document.images].map(image => {
      image.loading = 'eager';
      return image.decode().catch(() => null);
    }))""")


def draw_signin(browser: Browser, site: Site, path: str, name: str) -> None:
    """Before the first password, and with one."""
    for page, which in visits(browser):
        page.goto(site.url + path)
        draw(page, f"{name}-{which}")


def draw_station(browser: Browser, day: Day) -> None:
    cookie = {"name": COOKIE, "value": KEY, "url": day.url}
    for page, which in visits(browser, [cookie], day.now):
        for name, path in STATION.items():
            page.goto(day.url + path)
            settle(page)
            draw(page, f"station-{name}-{which}")
        draw_restart(page, day, which)


def draw_restart(page: Page, day: Day, which: str) -> None:
    """The station is asked to, but stays as it is."""
    page.goto(f"{day.url}/config")
    page.evaluate("""() => {
      const form = document.createElement('form');
      form.method = 'post';
      form.action = '/config/restart';
      form.append(document.querySelector('[name=csrf]').cloneNode());
      document.body.append(form);
      form.submit();
    }""")
    page.wait_for_url("**/config/restart")
    draw(page, f"station-restart-{which}")


def draw_hub(browser: Browser, day: Day) -> None:
    for page, which in visits(browser, now=day.now):
        page.goto(f"{day.hub.url}/?sent=1")
        settle(page)
        draw(page, f"hub-print-{which}")
        for name, path in HUB.items():
            page.goto(day.hub.url + path)
            draw(page, f"hub-{name}-{which}")
        page.goto(f"{day.hub.url}/stations")
        page.locator("form[action='/stations/pair'] button").click()
        draw(page, f"hub-pairing-{which}")


def main() -> None:
    with tempfile.TemporaryDirectory() as made, opened(Path(made)) as day, chromium() as browser:
        draw_signin(browser, day.owner.site, "/config/login", "station-first-password")
        draw_signin(browser, day.hub, "/signin", "hub-first-password")
        pair(day)
        live(day)
        draw_station(browser, day)
        draw_hub(browser, day)
        for site, path, name in ((day.owner.site, "/config/login", "station"), (day.hub, "/signin", "hub")):
            fields = {"password": PASSWORD, "confirm_password": PASSWORD}
            day.loop.run(site.ask("POST", path, urlencode(fields).encode(), FORM))
            draw_signin(browser, site, path, f"{name}-signin")


if __name__ == "__main__":
    main()
