"""The papers of virtual printers over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.peers.site import Site

from comptoir.config import PrinterConfig

PRINTERS = (
    PrinterConfig(name="TICKET", device="virtual:"),
    PrinterConfig(name="A B", device="virtual:"),
    PrinterConfig(name="50% ? #é", device="virtual:"),
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


@pytest.mark.parametrize("name", ["A B", "50% ? #é"])
async def test_a_printers_name_may_have_what_an_address_may_not(station: Site, name: str) -> None:
    await printed(station, "x", name)
    papers = (await station.ask("GET", f"/api/printers/{quote(name)}/papers")).json["papers"]
    assert [paper["number"] for paper in papers] == [1]
    assert (await station.ask("GET", papers[0]["url"].replace(".png", ".bin"))).status == 200


@pytest.mark.parametrize(("kind", "begins"), [("png", b"\x89PNG"), ("txt", b"--"), ("bin", b"")])
async def test_a_paper_that_is_not_drawn_yet_is_drawn(station: Site, tmp_path: Path, kind: str, begins: bytes) -> None:
    """It is kept before it is drawn; a power cut may come between the two."""
    await printed(station, "x")
    data = (await station.ask("GET", "/api/printers/TICKET/papers/1.bin")).body
    (tmp_path / "printers" / "TICKET" / "000777.bin").write_bytes(data)
    answer = await station.ask("GET", f"/api/printers/TICKET/papers/777.{kind}")
    assert (answer.status, answer.body.startswith(begins)) == (200, True)


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
