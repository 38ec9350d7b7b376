"""Nights for programs, and documents as one PDF."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from tests.peers.archive_scene import FakeArchive
from tests.peers.nights import House, house

from comptoir.config import ReportConfig
from comptoir.web.answers import answering
from comptoir.web.night_api import NightApi
from comptoir.web.render import Renderer
from comptoir.web.server import explain_to_programs

FRIDAY = date(2026, 11, 20)


@pytest.fixture
async def hotel(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        one.expects(ReportConfig(title="Manager Flash", by="04:00"), ReportConfig(title="Balance"))
        yield one


@pytest.fixture
async def client(hotel: House) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    async def admit(request: web.Request) -> None:
        return None

    archive = FakeArchive()
    archive.put("Manager Flash")
    app = web.Application(middlewares=[answering(admit, explain_to_programs)])
    app.add_routes(NightApi(hotel.nights, archive, Renderer("fr")).routes())
    async with TestClient(TestServer(app)) as one:
        yield one


async def test_a_night_with_its_reports_and_documents(hotel: House, client: Any) -> None:
    filed = await hotel.hotel.prints(FRIDAY, "Manager Flash {d}", "02:10")
    await hotel.nights.sign(FRIDAY, "Camille", 1)
    night = await (await client.get("/api/nights/2026-11-20")).json()
    assert [(one["state"], one["name"], one["documents"]) for one in night["reports"]] == [
        ("missing", "Balance", []),
        ("present", "Manager Flash", [filed.number]),
    ]
    assert night["reports"][1]["by"] == "2026-11-21T04:00"
    (document,) = night["documents"]
    assert (document["title"], document["expected"], document["user"]) == ("Manager Flash 2026-11-20", True, "camille")
    assert (night["over"], night["complete"], night["signed_by"], night["sends_at"]) == (True, False, "Camille", None)


async def test_nights_of_a_while(hotel: House, client: Any) -> None:
    await hotel.hotel.prints(FRIDAY - timedelta(1), "Menu")
    nights = (await (await client.get("/api/nights?since=2026-11-19&until=2026-12-31")).json())["nights"]
    assert [(one["date"], one["state"], one["missing"]) for one in nights] == [
        ("2026-11-19", "incomplete", 2), ("2026-11-20", "incomplete", 2), ("2026-11-21", "running", 0),
    ]  # fmt: skip
    assert len((await (await client.get("/api/nights")).json())["nights"]) == 31


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/nights/2026-11-31", 400),
        ("/api/nights/2026-11-22", 404),
        ("/api/nights/2026-11-22/pack", 404),
        ("/api/nights?since=x", 400),
        ("/api/nights?since=2001-01-01", 400),
        ("/api/documents.pdf?n=99", 404),
        ("/api/documents.pdf?n=x", 400),
    ],
)
async def test_what_cannot_be_is_said(client: Any, path: str, status: int) -> None:
    answer = await client.get(path)
    assert answer.status == status
    assert (await answer.json())["error"]["message"]


async def test_the_pack_and_a_selection_are_pdfs_for_the_browser_to_show(hotel: House, client: Any) -> None:
    await hotel.hotel.prints(FRIDAY, "Manager Flash")
    for path, name in (("/api/nights/2026-11-20/pack", "2026-11-20.pdf"), ("/api/documents.pdf?n=1", "archive.pdf")):
        answer = await client.get(path)
        assert answer.status == 200
        assert answer.headers["Content-Disposition"] == f'inline; filename="{name}"'
        assert (await answer.read()).startswith(b"%PDF-")
        head = await client.head(path)
        assert (head.status, head.content_type) == (200, "application/pdf")


async def test_nothing_that_was_found_is_one_page(hotel: House, client: Any) -> None:
    assert (await client.get(f"/api/documents.pdf?since={FRIDAY + timedelta(1)}")).status in (200, 404)
