"""Held jobs on disk: found again with all that is known of them; what cannot be written is not acknowledged."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from comptoir.core.errors import JournalError, TooLarge
from comptoir.sources.ipp_printer.held import Held, Waiting
from comptoir.sources.ipp_printer.print_job import PrintJob
from comptoir.wire import ipp_values as v


def job(number: int = 7) -> PrintJob:
    template = {"copies": v.integer(2), "media-col": v.collection({"media-source": v.keyword("manual")})}
    return PrintJob(number, "urn:uuid:x", "Clôture", "anne", "10.0.0.3", 5, template, True, held=True)


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def content(held: Held, one: PrintJob, number: int = 0) -> bytes:
    return b"".join([piece async for piece in held.stored(one, held.documents(one)[number]).pieces()])


async def test_they_are_found_again(tmp_path: Path) -> None:
    held = Held(tmp_path)
    assert await held.load() == []
    await held.add(job(), Waiting(1, "application/pdf", "a.pdf"), pieces(b"%PDF", b"-1"))
    await held.add(job(), Waiting(2), pieces(b"two"))
    later = Held(tmp_path)
    (found,) = await later.load()
    assert (found.number, found.name, found.user, found.host, found.created) == (7, "Clôture", "anne", "10.0.0.3", 5)
    assert (found.template, found.held, found.documents, found.named) == (job().template, True, 2, True)
    assert later.documents(found) == [Waiting(1, "application/pdf", "a.pdf"), Waiting(2)]
    assert [await content(later, found, n) for n in (0, 1)] == [b"%PDF-1", b"two"]
    await later.forget(found)
    assert await Held(tmp_path).load() == []


async def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x"
        raise TooLarge("too large")

    held = Held(tmp_path)
    with pytest.raises(TooLarge):
        await held.add(job(), Waiting(1), broken())
    assert list(tmp_path.rglob("*.bin")) == []
    assert held.documents(job()) == []


async def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "held").write_text("no folder")
    held = Held(tmp_path)
    with pytest.raises(JournalError, match="cannot be kept"):
        await held.add(job(), Waiting(1), pieces(b"x"))
    with pytest.raises(JournalError, match="cannot be kept"):
        await held.note(job())


async def test_what_cannot_be_read_stays_where_it_is(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    held = Held(tmp_path)
    await held.add(job(), Waiting(1), pieces(b"x"))
    path = next(tmp_path.rglob("job.json"))
    for text in ("", "{}", '{"number": 1}', "[]"):
        path.write_text(text)
        assert await Held(tmp_path).load() == []
    assert "cannot be read" in caplog.text
    assert list(tmp_path.rglob("*.bin"))


async def test_a_document_that_is_gone(tmp_path: Path) -> None:
    held = Held(tmp_path)
    await held.add(job(), Waiting(1), pieces(b"x"))
    next(tmp_path.rglob("*.bin")).unlink()
    with pytest.raises(JournalError, match="cannot be read"):
        await content(held, job())
