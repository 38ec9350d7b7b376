"""The archive of a running station, put together: what is filed is found, and what is derived is made anew."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.peers.site import Site
from tests.peers.watch import PATIENCE

from comptoir.core.document import Document, Origin
from comptoir.core.kept import Capture, Part
from comptoir.core.search import Search


def capture(text: str) -> Capture:
    return Capture(Origin("api"), text, (Part(Document.of(text.encode())),), title=f"Note {text}")


async def found(site: Site, text: str) -> None:
    """Returns when document 1 is found by this, looked at after each change of the archive."""
    news = asyncio.Event()
    site.service.archive.on_change.append(lambda number: news.set())
    async with asyncio.timeout(PATIENCE):
        while [hit.number for hit in (await site.service.archive.search(Search(text))).hits] != [1]:
            await news.wait()
            news.clear()


async def test_what_is_filed_is_found_by_its_title_and_by_its_words(tmp_path: Path) -> None:
    async with Site.station(tmp_path) as site:
        await site.service.filer(capture("langoustines"))
        await found(site, "note")
        await found(site, "langoust")


async def test_what_is_derived_is_made_anew_where_it_was_deleted(tmp_path: Path) -> None:
    async with Site.station(tmp_path) as site:
        await site.service.filer(capture("une"))
    for path in (tmp_path / "station" / "archive").rglob("*"):
        if path.is_file():
            path.unlink()
    async with Site.station(tmp_path) as site:
        await found(site, "note")
