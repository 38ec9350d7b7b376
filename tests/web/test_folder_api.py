"""The calls about folders: what lies there and was taken, page by page, and what a person or program may decide."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from tests.peers.clock import FakeClock
from tests.peers.folder_scene import FakeFolders

from comptoir.core.document import Document, Origin, Submission
from comptoir.journal import open_journal
from comptoir.web.answers import answering
from comptoir.web.desk import Desk, Parts
from comptoir.web.folder_api import FolderApi
from comptoir.web.folder_desk import DryRow
from comptoir.web.server import explain_to_programs


@pytest.fixture
def folders() -> FakeFolders:
    found = FakeFolders()
    found.folder("À trier", ("a.pdf", "waiting", "end"), ("b.pdf", "failed", "rights"), ("c.part", "ignored", "*.part"))
    for number in range(5):
        found.original(f"F{number}.pdf", "failed" if number == 2 else "kept", source="À trier")
    return found


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    journal = await open_journal("", tmp_path, FakeClock())
    nothing: Any = lambda *_: None  # noqa: E731
    parts = Parts(lambda s: [s], nothing, nothing, nothing, list, nothing, nothing)
    yield Desk("station", "caisse-1", journal, FakeClock(), parts)
    await journal.close()


@pytest.fixture
async def client(desk: Desk, folders: FakeFolders) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    async def admit(request: web.Request) -> None:
        return None

    app = web.Application(middlewares=[answering(admit, explain_to_programs)])
    app.add_routes(FolderApi(desk, folders).routes())
    async with TestClient(TestServer(app)) as one:
        yield one


AT = "/api/folders/%C3%80%20trier"


async def test_folders_are_listed_with_their_sums(client: Any) -> None:
    (folder,) = (await (await client.get("/api/folders")).json())["folders"]
    assert (folder["name"], folder["seen"], folder["waiting"]) == ("À trier", 3, {"end": 1})
    assert folder["originals"] == {"kept": 4, "failed": 1}
    assert await (await client.get(AT)).json() == folder
    assert (await client.get("/api/folders/NADA")).status == 404


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ("", ["c.part", "a.pdf", "b.pdf", "F4.pdf", "F3.pdf", "F2.pdf", "F1.pdf", "F0.pdf"]),
        ("?kind=waiting", ["a.pdf"]),
        ("?kind=ignored", ["c.part"]),
        ("?kind=failed", ["b.pdf", "F2.pdf"]),
        ("?kind=taken&q=f1", ["F1.pdf"]),
        ("?q=B.PDF", ["b.pdf"]),
    ],
)
async def test_files_are_found_by_kind_and_name(client: Any, query: str, paths: list[str]) -> None:
    said = await (await client.get(f"{AT}/files{query}")).json()
    assert [one["path"] for one in said["files"]] == paths
    assert said["next"] is None


async def test_what_was_taken_comes_page_by_page(client: Any) -> None:
    seen, below = [], ""
    for _ in range(9):
        said = await (await client.get(f"{AT}/files?kind=taken&limit=2{below}")).json()
        seen += [one["original"] for one in said["files"]]
        if said["next"] is None:
            break
        below = f"&below={said['next']}"
    assert seen == [5, 4, 3, 2, 1]


@pytest.mark.parametrize("path", ["/files?kind=burnt", "/files?below=x", "/rules?days=4000", "/rules?days=-1"])
async def test_what_cannot_be_asked_is_refused(client: Any, path: str) -> None:
    assert (await client.get(f"{AT}{path}")).status == 400


async def test_a_file_is_told_tried_again_and_left(client: Any, folders: FakeFolders) -> None:
    folders.happens("file-taken", original=3)
    said = await (await client.get("/api/originals/3")).json()
    assert (said["path"], said["state"], said["events"][0]["kind"]) == ("F2.pdf", "failed", "file-taken")
    answer = await client.post("/api/originals/3/retry")
    assert (answer.status, await answer.json()) == (200, {"jobs": 1})
    answer = await client.post("/api/originals/3/leave")
    assert (answer.status, (await answer.json())["error"]["code"]) == (409, "wrong-state")
    folders.original("x", "failed")
    assert (await (await client.post("/api/originals/6/leave")).json())["state"] == "kept"
    assert folders.asked == [("retry", 3, "api"), ("leave", 6, "api")]


@pytest.mark.parametrize("number", ["77", "9" * 30])
async def test_a_number_that_is_none_is_not_found(client: Any, number: str) -> None:
    for answer in (await client.get(f"/api/originals/{number}"), await client.post(f"/api/originals/{number}/leave")):
        assert answer.status == 404


async def test_a_folder_is_looked_through_and_its_rules_tried(client: Any, folders: FakeFolders) -> None:
    folders.rows = [DryRow("a.pdf", 1, "application/pdf", 0, ("archives",), "b.pdf", "delete")]
    assert (await client.post(f"{AT}/rescan")).status == 202
    (row,) = (await (await client.get(f"{AT}/rules?days=3")).json())["files"]
    assert (row["destinations"], row["name"], row["original"]) == (["archives"], "b.pdf", "delete")
    assert folders.asked == [("rescan", "À trier"), ("dry-run", "À trier", 3)]


async def test_the_bytes_that_were_kept_are_given_out_as_a_file(client: Any, desk: Desk, folders: FakeFolders) -> None:
    job = (await desk.submit(Submission(Document.of(b"<script>"), Origin("f"), "x"))).job
    folders.original("evil.html", "kept", document=job.document)
    answer = await client.get("/api/originals/6/document")
    assert (answer.status, await answer.read()) == (200, b"<script>")
    assert answer.headers["Content-Disposition"].startswith("attachment")
