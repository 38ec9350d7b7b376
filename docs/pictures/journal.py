"""Draws the pictures of docs/journal.md: a day of a shop on the pages of the journal and of the log, in real Chromium.

    python docs/pictures/journal.py

A station runs in a folder of its own, and its clock is set; nothing of this computer's own station is touched.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[2]))

from screens import draw, visits
from tests.peers.browser import chromium
from tests.peers.clock import FakeClock
from tests.peers.logged import logging_to
from tests.peers.signed_in import SignedIn
from tests.peers.site import Site

MORNING: Final = datetime(2026, 11, 21, 8, 2, 17)  # noqa: DTZ001 - on the wall of the shop, wherever it is
MINUTE: Final = 60_000  # ms
TILL: Final = {"printer": "TICKET", "host": "127.0.0.1", "site": "https://odoo.example.com", "source": "till"}
AWAY: Final = {**TILL, "host": "192.168.1.20"}
#: minutes after the one before, kind of event, what it tells
DAY: Final[tuple[tuple[int, str, Mapping[str, object]], ...]] = (
    (0, "signed-in", {"peer": "127.0.0.1"}),
    (3, "settings-changed", {"keys": ["station.allowed_origins"], "user": "owner", "host": "127.0.0.1"}),
    (26, "drawer-opened", {**TILL, "outcome": "opened", "order": "Order 00042-003-0001"}),
    (11, "drawer-opened", {**TILL, "outcome": "opened", "order": "Order 00042-003-0002"}),
    (7, "drawer-opened", {**TILL, "outcome": "opened", "reason": "monnaie", "user": "owner", "site": ""}),
    (18, "page-refused", {"site": "https://other.example", "path": "/open-cash-drawer", "peer": "127.0.0.1",
                          "reason": "page", "count": 3}),
    (4, "drawer-opened", {**AWAY, "outcome": "processed", "printer": "BAR", "order": "Order 00042-003-0003"}),
    (9, "drawer-failed", {**TILL, "error": "drawer-offline", "order": "Order 00042-003-0004"}),
    (2, "drawer-opened", {**TILL, "outcome": "opened", "order": "Order 00042-003-0004"}),
    (31, "drawer-opened", {**AWAY, "outcome": "sent", "printer": "BAR"}),
)  # fmt: skip


async def live(site: Site) -> None:
    """The day, event by event."""
    for minutes, kind, body in DAY:
        site.clock.advance(minutes * MINUTE)
        await site.journal.note(kind, body)
        for _ in range(5):  # until it is said in the log, at this minute
            await asyncio.sleep(0)
    site.clock.advance(5 * MINUTE)


def draw_all(url: str, cookie: str) -> None:
    name, _, value = cookie.partition("=")
    with chromium() as browser:
        for page, which in visits(browser, [{"name": name, "value": value, "url": url}]):
            for path, picture in (("/journal", "journal"), ("/journal/log", "log")):
                page.goto(f"{url}{path}?day={MORNING:%Y-%m-%d}")
                draw(page, f"{picture}-{which}")


async def main() -> None:
    clock = FakeClock(int(MORNING.timestamp() * 1000))
    with tempfile.TemporaryDirectory() as made, logging_to(Path(made), clock):
        logging.getLogger("comptoir.station").setLevel(logging.ERROR)  # of its certificate: not of this day
        site: Any = Site.station(Path(made))
        site.clock = site.service._clock = clock
        async with site:
            await live(site)
            owner = await SignedIn.of(site)
            await asyncio.to_thread(draw_all, site.url, owner.cookie)


if __name__ == "__main__":
    asyncio.run(main())
