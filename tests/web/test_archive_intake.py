"""Documents that programs hand over: streamed, filed once, refused with a reason."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from tests.peers.archive_scene import FakeArchive
from tests.peers.clock import FakeClock

from comptoir.core.errors import JournalError
from comptoir.core.kept import Capture, Filed
from comptoir.journal import open_journal
from comptoir.web import archive_intake
from comptoir.web.answers import answering, json_answer
from comptoir.web.server import explain_to_programs


class Full(FakeArchive):
    """An archive whose disk is full."""

    async def take(self, capture: Capture) -> Filed:
        raise JournalError("nothing can be written")


@pytest.fixture
def archive() -> FakeArchive:
    return FakeArchive()


@pytest.fixture
async def client(archive: FakeArchive, tmp_path: Path) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    journal = await open_journal("", tmp_path, FakeClock())
    intake = archive_intake.ArchiveIntake(journal, archive)

    async def admit(request: web.Request) -> None:
        return None

    async def take(request: web.Request) -> web.StreamResponse:
        filed = await intake.take(request)
        return json_answer({"number": filed.number, "fresh": filed.fresh})

    app = web.Application(middlewares=[answering(admit, explain_to_programs)])
    app.router.add_post("/", take)
    async with TestClient(TestServer(app)) as one:
        yield one
    await journal.close()


async def test_what_the_address_says_is_what_is_filed(client: Any, archive: FakeArchive) -> None:
    where = {"source": "browser", "title": "Été", "address": "https://pms.example/r?x=1", "user": "nuit", "uid": "u-1"}
    answer = await client.post("/", params=where, data=b"%PDF-1", headers={"Content-Type": "application/pdf"})
    assert await answer.json() == {"number": 1, "fresh": True}
    (kept,) = archive.kept
    assert (kept.title, kept.uid, kept.document.media_type) == ("Été", "u-1", "application/pdf")
    assert (kept.origin.source, kept.origin.user, kept.origin.host) == ("browser", "nuit", "127.0.0.1")
    assert kept.attributes == {"address": "https://pms.example/r?x=1"}


async def test_the_bytes_say_what_they_are_where_the_sender_does_not(client: Any, archive: FakeArchive) -> None:
    await client.post("/?name=a", data=b"%PDF-1", headers={"Content-Type": "application/octet-stream"})
    await client.post("/?name=b", data=b"bonjour", skip_auto_headers=["Content-Type"])
    assert [(one.title, one.document.media_type, one.origin.source) for one in archive.kept] == [
        ("a", "application/pdf", "api"),
        ("b", "text/plain", "api"),
    ]


async def test_the_same_again_is_recognised_and_another_content_refused(client: Any, archive: FakeArchive) -> None:
    key = {"Idempotency-Key": '"k1"', "Content-Type": "application/pdf"}
    assert (await (await client.post("/", data=b"%PDF-1", headers=key)).json())["fresh"] is True
    assert await (await client.post("/", data=b"%PDF-1", headers=key)).json() == {"number": 1, "fresh": False}
    answer = await client.post("/", data=b"%PDF-2", headers=key)
    assert (answer.status, (await answer.json())["error"]["code"]) == (422, "key-conflict")
    assert len(archive.kept) == 1
    # Without a key each is one of its own.
    for _ in range(2):
        await client.post("/", data=b"%PDF-1")
    assert len({one.uid for one in archive.kept}) == 3


@pytest.mark.parametrize("query", ["source=Not+a+name", "title=" + "x" * 401, "color=red", "uid=" + "x" * 256])
async def test_an_address_that_is_not_right_is_refused(client: Any, archive: FakeArchive, query: str) -> None:
    assert (await client.post(f"/?{query}", data=b"%PDF-1")).status == 400
    assert archive.kept == []


async def test_nothing_and_too_much_are_refused(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await client.post("/", data=b"")).status == 400
    monkeypatch.setattr(archive_intake, "LARGEST_DOCUMENT", 5)
    assert (await client.post("/", data=b"%PDF-1")).status == 413


@pytest.mark.parametrize("archive", [Full()])
async def test_what_is_not_on_disk_is_not_accepted(client: Any) -> None:
    assert (await client.post("/", data=b"%PDF-1")).status == 503
