"""The papers of virtual printers over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.site import Site

from comptoir.config import PrinterConfig

PRINTERS = (
    PrinterConfig(name="TICKET", device="virtual:"),
    PrinterConfig(name="A B", device="virtual:"),
    PrinterConfig(name="REAL", device="socket://192.0.2.1"),
)


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Site]:
    async with Site.station(tmp_path, PRINTERS) as site:
        yield site


async def printed(station: Site, content: str, printer: str = "TICKET") -> None:
    answer = await station.ask("POST", "/api/print", {"content": content, "printer": printer})
    await station.watch.status(answer.json["id"], "printed")


async def test_papers_are_listed_newest_first_and_shown(station: Site) -> None:
    assert (await station.ask("GET", "/api/printers/TICKET/papers")).json == {"papers": []}
    await printed(station, "first")
    await printed(station, "second")
    papers = (await station.ask("GET", "/api/printers/TICKET/papers")).json["papers"]
    assert [paper["number"] for paper in papers] == [2, 1]
    assert "second" in papers[0]["text"]
    assert papers[0]["url"] == "/api/printers/TICKET/papers/2.png"
    assert papers[0]["at"].endswith("Z")
    data = await station.ask("GET", "/api/printers/TICKET/papers/1.bin")
    assert b"first" in data.body
    assert data.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_printers_name_may_have_a_blank(station: Site) -> None:
    await printed(station, "x", "A B")
    papers = (await station.ask("GET", "/api/printers/A%20B/papers")).json["papers"]
    assert [paper["number"] for paper in papers] == [1]
    assert (await station.ask("GET", papers[0]["url"].replace(".png", ".bin"))).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/printers/REAL/papers",
        "/api/printers/NOPE/papers",
        "/api/printers/TICKET/papers/9.png",
        "/api/printers/TICKET/papers/0.bin",
    ],
)
async def test_what_there_is_not_is_a_sentence(station: Site, path: str) -> None:
    answer = await station.ask("GET", path)
    assert (answer.status, answer.error["code"]) == (404, "unknown-name")
    assert answer.error["hint"]


@pytest.mark.parametrize(
    "path", ["../../journal.db", "%2e%2e%2fjournal.db", "1.exe", "0000001", "1.png/..", "99999999999.png"]
)
async def test_nothing_else_can_be_read(station: Site, path: str) -> None:
    assert (await station.ask("GET", f"/api/printers/TICKET/papers/{path}")).status == 404
