"""How the log goes on, as a page hears of it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.peers.logged_shop import Shop, shop
from tests.peers.signed_in import SignedIn

from comptoir.station import log_tail

log = logging.getLogger("comptoir.test")


@asynccontextmanager
async def following(one: Shop, owner: SignedIn, query: str = "") -> AsyncIterator[Any]:
    headers = {"Cookie": owner.cookie, "Accept-Language": "fr"}
    async with one.site.session.get(f"{one.site.url}/journal/log/tail{query}", headers=headers) as stream:
        assert stream.status == 200
        assert await stream.content.readline() == b"retry: 1000\n"
        yield stream


async def told(stream: Any) -> dict[str, str]:
    """The next line that is told."""
    while not (line := await asyncio.wait_for(stream.content.readline(), 20)).startswith(b"data: "):
        assert line, "the stream ended"
    found: dict[str, str] = json.loads(line[6:])
    return found


async def test_new_lines_are_told_as_they_are_written(tmp_path: Path) -> None:
    async with shop(tmp_path) as one, following(one, await SignedIn.of(one.site)) as stream:
        log.info("one %s", "\x1b<b>")
        log.error("two")
        lines = [await told(stream), await told(stream)]
    assert [(line["text"], line["tone"], line["word"]) for line in lines] == [
        ("one \\x1b<b>", "", ""),
        ("two", "bad", "Erreur"),
    ]


async def test_only_what_is_wanted_is_told(tmp_path: Path) -> None:
    async with shop(tmp_path) as one, following(one, await SignedIn.of(one.site), "?level=WARNING&q=papier") as stream:
        log.warning("no")
        log.info("papier")
        log.warning("plus de Papier")
        assert (await told(stream))["text"] == "plus de Papier"


async def test_it_is_for_who_is_signed_in_and_ends_with_the_session(tmp_path: Path) -> None:
    async with shop(tmp_path) as one:
        assert (await one.site.ask("GET", "/journal/log/tail")).status == 401
        owner = await SignedIn.of(one.site)
        async with following(one, owner) as stream:
            await owner.post("/config/logout")
            while await asyncio.wait_for(stream.content.readline(), 20):
                pass
        assert (await owner.get("/journal/log/tail", Accept="*/*")).status == 401


async def test_who_reads_too_slowly_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_tail, "BEHIND", 3)
    async with shop(tmp_path) as one, following(one, await SignedIn.of(one.site)) as stream:
        one.site.service._log_tail._tell([str(number) for number in range(10)])
        while await asyncio.wait_for(stream.content.readline(), 20):
            pass
