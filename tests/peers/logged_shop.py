"""A running station whose log is kept, and its clock."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.peers.clock import FakeClock
from tests.peers.logged import logging_to
from tests.peers.site import Site

from comptoir.logbook import Logbook

log = logging.getLogger("comptoir.test")

DAY = 86_400_000


@dataclass
class Shop:
    """A station whose log is kept, and its clock."""

    site: Site
    book: Logbook
    clock: FakeClock

    def earlier(self) -> str:
        """A line, and a day later another one; that earlier day."""
        log.info("hier")
        self.book.flush()
        self.clock.advance(DAY)
        log.info("aujourd'hui")
        self.book.flush()
        return str(self.book.files.day_of(self.clock.at) - timedelta(1))

    async def kinds(self, kind: str) -> list[dict[str, Any]]:
        return [json.loads(e.body) for e in await self.site.journal.events(limit=1000) if e.kind == kind]


@asynccontextmanager
async def shop(folder: Path, **config: Any) -> AsyncIterator[Shop]:
    clock = FakeClock()
    with logging_to(folder, clock) as book:
        site = Site.station(folder, **config)
        site.clock = clock
        site.service._clock = clock
        async with site:
            yield Shop(site, book, clock)
