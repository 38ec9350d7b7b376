"""What a job looks like on paper, as a picture."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from tests.peers.clock import FakeClock
from tests.peers.papers import submission
from tests.peers.pdfs import pdf

from comptoir.core.page import Media
from comptoir.core.profile import Profile
from comptoir.journal.sqlite import SqliteJournal
from comptoir.web import preview as module
from comptoir.web.preview import Preview


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path, FakeClock())
    yield one
    await one.close()


async def drawn(
    journal: SqliteJournal, content: bytes | str, profile: Profile | None = None, **more: object
) -> bytes | None:
    job = (await journal.accept(submission(content, **more))).job  # type: ignore[arg-type]
    preview = Preview(journal) if profile is None else Preview(journal, lambda job: profile)
    return await preview.paper(job)


def size(png: bytes | None) -> tuple[int, int]:
    assert png is not None
    with Image.open(BytesIO(png)) as picture:
        assert picture.format == "PNG"
        return picture.size


async def test_a_message_is_drawn(journal: SqliteJournal) -> None:
    width, height = size(await drawn(journal, "Hello world"))
    assert width >= 576
    assert height > 100


async def test_the_paper_is_that_of_the_printer(journal: SqliteJournal) -> None:
    wide, narrow = size(await drawn(journal, "x")), size(await drawn(journal, "x", Profile(media=Media(384, 32))))
    assert narrow[0] < wide[0]


async def test_raw_bytes_are_shown_as_a_printer_would_print_them(journal: SqliteJournal) -> None:
    one = await drawn(journal, b"\x1b@Hello\n\x1dV\x00", format="raw")
    other = await drawn(journal, b"\x1b@Hello\nmore\n\x1dV\x00", format="raw")
    assert one != other


@pytest.mark.parametrize(("content", "form"), [(b"\xff\xfe", "message"), (b"no picture", "image"), (b"x", "docx")])
async def test_what_cannot_be_drawn_is_none(journal: SqliteJournal, content: bytes, form: str) -> None:
    assert await drawn(journal, content, format=form) is None


async def test_what_is_too_large_or_gone_is_none(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "LARGEST_TEXT", 10)
    assert await drawn(journal, "longer than ten") is None
    monkeypatch.undo()
    job = (await journal.accept(submission("large " * 10_000, format="text"))).job
    stored = await journal.job(job.id)
    assert stored is not None
    (file,) = (path for path in (tmp_path / "documents").rglob("*") if path.is_file())
    file.unlink()
    assert await Preview(journal).paper(stored) is None


async def test_an_office_printers_paper_is_a_whole_sheet(journal: SqliteJournal) -> None:
    preview = Preview(journal, on_sheets=lambda job: True)
    for content, form, media in (("Bonjour", "text", ""), (pdf("", ""), "pdf", "a5")):
        one = (await journal.accept(submission(content, format=form, attributes={"media": media}))).job  # type: ignore[arg-type]
        assert size(await preview.paper(one)) == ((583, 827) if media else (827, 1169))
    broken = (await journal.accept(submission(b"%PDF-1.7", format="pdf"))).job
    assert await preview.paper(broken) is None
