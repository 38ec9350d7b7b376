"""What is kept, on paper once more: always marked as a second copy, also where it was never printed from here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.peers.clock import FakeClock

from comptoir.core.document import Document, Keep, Origin, Submission
from comptoir.core.errors import RequestError
from comptoir.core.job import Change, Job
from comptoir.core.kept import Capture, Filing, Kept, Part
from comptoir.journal import open_journal
from comptoir.station.archive.reprinting import reprint
from comptoir.web.desk import Desk, Parts

#: prints two words, cuts, and opens the drawer
RECEIPT = b"\x1b@Merci beaucoup\n\n\x1dV\x00\x1bp\x00\x19\xfa"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    journal = await open_journal("", tmp_path, FakeClock())
    nothing: Any = lambda *_: None  # noqa: E731
    parts = Parts(lambda s: [s], nothing, nothing, nothing, list, nothing, nothing, lambda name: name != "archives")
    yield Desk("station", "caisse-1", journal, FakeClock(), parts)
    await journal.close()


async def keep(
    desk: Desk, content: bytes, media_type: str = "", *jobs: Submission, **more: Any
) -> tuple[Kept, list[Job]]:
    capture = Capture(
        Origin("audit", "nuit"), "u1", (Part(Document.of(content, media_type, "x")),), "Main courante", **more
    )
    filed = await desk.journal.keeping.file(Filing(capture, Keep(None, "2026-11-20"), jobs))
    assert filed.number is not None
    kept = await desk.journal.keeping.kept(filed.number)
    assert kept is not None
    return kept, list(filed.jobs)


def order(form: str, **more: Any) -> Submission:
    return Submission(Document.of(b""), Origin("audit"), "BUREAU", format=form, **more)


@pytest.mark.parametrize(
    ("content", "media_type", "form"),
    [
        (b"%PDF-1", "", "pdf"),
        (b"bonjour", "", "text"),
        (b"\x89PNG\r\n\x1a\nx", "", "image"),
        (b"RaS2", "", "raster"),
        (b"%!PS", "", "postscript"),
    ],
)
async def test_what_was_never_printed_from_here_is_a_duplicata(
    desk: Desk, content: bytes, media_type: str, form: str
) -> None:
    kept, jobs = await keep(desk, content, media_type, attributes={"sides": "two-sided-long-edge", "odd": "x"})
    job = await reprint(desk, kept, jobs, "TICKET", "marie", "k1")
    assert (job.destination, job.format, job.title, job.kept) == ("TICKET", form, "Main courante", kept.id)
    assert job.reprint_of is not None
    assert job.document.digest == kept.document.digest
    assert (job.origin.source, job.origin.user) == ("reprint", "marie")
    assert job.attributes == {"sides": "two-sided-long-edge"}
    assert (await reprint(desk, kept, jobs, "TICKET", "marie", "k1")).id == job.id
    assert [one.id for one in await desk.journal.keeping.jobs_of(kept.id)] == [job.id]


async def test_it_is_printed_as_the_first_time(desk: Desk) -> None:
    kept, jobs = await keep(desk, b"bonjour", "", order("message", attributes={"sides": "one-sided"}))
    await desk.journal.record([Change(jobs[0].id, "processing"), Change(jobs[0].id, "completed")])
    job = await reprint(desk, kept, jobs, "BUREAU", "marie")
    assert (job.format, job.reprint_of, job.attributes) == ("message", jobs[0].id, {"sides": "one-sided"})
    assert (await reprint(desk, kept, jobs, "TICKET", "marie")).attributes == {}


async def test_a_receipt_is_drawn_so_that_it_is_marked_and_opens_nothing(desk: Desk, tmp_path: Path) -> None:
    kept, jobs = await keep(desk, RECEIPT, "application/octet-stream", order("raw"))
    job = await reprint(desk, kept, jobs, "BUREAU", "marie")
    assert (job.format, job.document.media_type) == ("image", "image/png")
    content = await desk.journal.content(job.document)
    assert RECEIPT not in content
    (tmp_path / "drawn.png").write_bytes(content)
    with Image.open(tmp_path / "drawn.png") as picture:
        assert picture.width == 576
        assert picture.convert("L").getextrema() == (0, 255)


@pytest.mark.parametrize("media_type", ["application/vnd.hp-PCL", "application/vnd.hp-PJL", "application/zip"])
async def test_what_cannot_be_marked_is_not_printed(desk: Desk, media_type: str) -> None:
    kept, jobs = await keep(desk, b"bytes", media_type, order("raw"))
    with pytest.raises(RequestError) as caught:
        await reprint(desk, kept, jobs, "BUREAU", "marie")
    assert "DUPLICATA" in caught.value.message


async def test_what_prints_nothing_is_no_printer(desk: Desk) -> None:
    kept, jobs = await keep(desk, b"bonjour")
    with pytest.raises(RequestError):
        await reprint(desk, kept, jobs, "archives", "marie")


async def test_what_is_too_long_is_not_drawn(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.station.archive.reprinting.LARGEST", 3)
    kept, jobs = await keep(desk, RECEIPT, "application/octet-stream")
    with pytest.raises(RequestError):
        await reprint(desk, kept, jobs, "BUREAU", "marie")
