"""The calls about the archive: search, a document with all its sides, what is handed over, what a person may decide."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientPayloadError, web
from aiohttp.test_utils import TestClient, TestServer
from tests.peers.archive_scene import PNG, WEBP, FakeArchive
from tests.peers.clock import FakeClock

from comptoir.core.document import Document, Origin, Submission
from comptoir.core.kept import Part
from comptoir.journal import open_journal
from comptoir.web.answers import answering
from comptoir.web.archive_api import ArchiveApi
from comptoir.web.desk import Desk, Parts
from comptoir.web.render import Renderer
from comptoir.web.server import explain_to_programs


@pytest.fixture
def archive() -> FakeArchive:
    made = FakeArchive()
    for number, title in enumerate(("Main courante", "TVA par taux", "Ticket 4512"), 1):
        made.put(
            title, b"%PDF-" + bytes([number]), f"Hôtel du Lac, {title}", source="caisse" if number == 3 else "audit"
        )
    made.pictures = {1}
    return made


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    journal = await open_journal("", tmp_path, FakeClock())
    nothing: Any = lambda *_: None  # noqa: E731
    parts = Parts(lambda s: [s], nothing, nothing, nothing, list, nothing, nothing)
    yield Desk("station", "caisse-1", journal, FakeClock(), parts)
    await journal.close()


@pytest.fixture
async def client(desk: Desk, archive: FakeArchive) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    async def admit(request: web.Request) -> None:
        return None

    app = web.Application(middlewares=[answering(admit, explain_to_programs)])
    app.add_routes(ArchiveApi(desk, archive, Renderer("fr")).routes())
    async with TestClient(TestServer(app)) as one:
        yield one


async def test_documents_are_found_newest_first_page_by_page(client: Any) -> None:
    said = await (await client.get("/api/documents")).json()
    assert ([one["id"] for one in said["documents"]], said["next"], said["total"]) == ([3, 2, 1], None, 3)
    said = await (await client.get("/api/documents?limit=2")).json()
    assert ([one["id"] for one in said["documents"]], said["next"]) == ([3, 2], 2)
    said = await (await client.get("/api/documents?limit=2&below=2")).json()
    assert [one["id"] for one in said["documents"]] == [1]
    (one,) = (await (await client.get("/api/documents?q=tva&source=audit")).json())["documents"]
    assert (one["title"], one["title_marks"], one["marks"]) == ("TVA par taux", [[0, 3]], [[14, 17]])
    assert (await client.get("/api/documents?since=soon")).status == 400
    assert (await (await client.get("/api/documents/facets")).json())["sources"][0] == {
        "value": "audit",
        "documents": 2,
    }


async def test_prints_are_listed_as_the_earlier_design_did(client: Any, archive: FakeArchive) -> None:
    said = await (await client.get("/api/prints/list?q=ticket")).json()
    (one,) = said["prints"]
    assert (one["id"], one["title"], one["user"], one["hash"]) == (
        3,
        "Ticket 4512",
        "marie",
        archive.kept[2].document.digest,
    )
    assert not any("path" in key for key in one)


async def test_a_document_is_told_with_its_life(client: Any, desk: Desk, archive: FakeArchive) -> None:
    archive.jobs[1] = [(await desk.submit(Submission(Document.of(b"x"), Origin("audit"), "TICKET"))).job]
    said = await (await client.get("/api/documents/1")).json()
    assert (said["title"], said["jobs"][0]["printer"], said["events"][0]["kind"]) == (
        "Main courante",
        "TICKET",
        "document-kept",
    )
    for path in (
        "/api/documents/9",
        f"/api/documents/{'9' * 30}",
        "/api/documents/9/text",
        "/api/documents/9/document",
    ):
        assert (await client.get(path)).status == 404, path


async def test_bytes_are_given_out_as_a_file_and_never_shown(client: Any, desk: Desk, archive: FakeArchive) -> None:
    async def stored(content: bytes, media_type: str = "") -> Document:
        return (await desk.submit(Submission(Document.of(content, media_type), Origin("f"), "x"))).job.document

    evil, raw = await stored(b"<script>alert(1)</script>", "text/html"), await stored(b"\x1b@raw")
    kept = archive.put("Été.html", document=evil, others=(Part(raw, "printed"),))
    answer = await client.get(f"/api/documents/{kept.id}/document")
    assert await answer.read() == b"<script>alert(1)</script>"
    assert (
        answer.headers["Content-Disposition"]
        == "attachment; filename=\"_t_.html\"; filename*=UTF-8''%C3%89t%C3%A9.html"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert await (await client.get(f"/api/documents/{kept.id}/document?part=1")).read() == b"\x1b@raw"
    for part in ("2", "-1", "x"):
        assert (await client.get(f"/api/documents/{kept.id}/document?part={part}")).status == 404


async def test_text_and_pictures_cannot_act_either(client: Any, archive: FakeArchive) -> None:
    archive.texts[1] = "<script>alert(1)</script>"
    text = await client.get("/api/documents/1/text")
    assert (text.content_type, await text.text()) == ("text/plain", archive.texts[1])
    small, page = (
        await client.get("/api/documents/1/thumbnail"),
        await client.get("/api/documents/1/pages/2?width=99999"),
    )
    assert ((await small.read()), small.content_type) == (WEBP, "image/webp")
    assert ((await page.read()), page.content_type) == (PNG, "image/png")
    assert archive.asked == [("page", 1, 2, 2_400)]
    for answer in (text, small, page):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    for path, status in (
        ("2/thumbnail", 404), ("1/pages/3", 404), ("1/pages/0", 404), (f"1/pages/{'9' * 20}", 404),
        ("1/pages/1?width=wide", 400),
    ):  # fmt: skip
        assert (await client.get(f"/api/documents/{path}")).status == status, path


async def test_documents_are_taken_along(client: Any, archive: FakeArchive) -> None:
    answer = await client.get("/api/documents.zip?n=1&n=3")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="archive.zip"'
    names = zipfile.ZipFile(io.BytesIO(await answer.read())).namelist()
    assert len(names) == 3
    assert (await client.head("/api/documents.zip")).headers["Content-Type"] == "application/zip"
    answer = await client.get("/api/documents.csv?q=tva", headers={"Accept-Language": "en"})
    lines = (await answer.read()).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "TVA par taux" in lines[1]


async def test_a_transfer_that_fails_is_no_whole_zip(client: Any, archive: FakeArchive) -> None:
    del archive.contents[archive.kept[1].document.digest]
    with pytest.raises(ClientPayloadError):
        await (await client.get("/api/documents.zip?n=1&n=2")).read()
    assert (await client.get("/api/documents.zip?n=2")).status == 503


async def test_it_is_printed_again_and_put_on_hold(client: Any, desk: Desk, archive: FakeArchive) -> None:
    archive.reprinted = (await desk.submit(Submission(Document.of(b"x"), Origin("audit"), "TICKET"))).job
    answer = await client.post("/api/documents/2/reprint", json={"printer": "TICKET"}, headers={"Idempotency-Key": "k"})
    assert (answer.status, answer.headers["Location"]) == (202, f"/api/jobs/{archive.reprinted.id}")
    assert archive.asked == [("reprint", 2, "TICKET", "api", "k")]
    assert (await client.post("/api/documents/2/reprint", json={})).status == 400
    said = await (await client.post("/api/documents/2/hold", json={"reason": " contrôle "})).json()
    assert said["held"] == "contrôle"
    assert (await (await client.post("/api/documents/2/hold", json={"reason": ""})).json())["held"] == ""
    assert (await client.post("/api/documents/9/hold", json={"reason": "x"})).status == 404


async def test_searches_are_kept_under_names(client: Any) -> None:
    put = await client.put("/api/searches", json={"name": "TVA", "query": "?q=TVA&source=audit&below=3"})
    assert await put.json() == {"searches": [{"name": "TVA", "query": "q=TVA&source=audit"}]}
    assert (await client.put("/api/searches", json={"name": "x", "query": "since=soon"})).status == 400
    assert (await (await client.delete("/api/searches/TVA")).json()) == {"searches": []}
    assert (await client.delete("/api/searches/TVA")).status == 404
