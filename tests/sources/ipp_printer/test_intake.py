"""What a document is, its bytes tell; what is wished of it becomes words; large ones go through no memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.capture_printer import CapturePrinter

from comptoir.core.errors import JournalError
from comptoir.core.kept import Capture, Filed
from comptoir.sources.ipp_printer.answers import Answers
from comptoir.sources.ipp_printer.intake import INLINE, Intake, Said, Unwanted, told, wishes_of
from comptoir.sources.ipp_printer.print_job import PrintJob, Standing
from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Range, Tag, Value
from comptoir.wire.ipp_codes import JobState


class Coming:
    def __init__(self, *parts: bytes, broken: str = "") -> None:
        self.broken = broken
        self._parts = parts

    async def pieces(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            yield part


def job() -> PrintJob:
    return PrintJob(4, "urn:uuid:x", "Rapport", "anne", "h", 0)


async def taken(
    printer: CapturePrinter, coming: Coming, said: Said | None = None, of: PrintJob | None = None
) -> Capture:
    captures: list[Capture] = []

    async def take(capture: Capture) -> Filed:
        captures.append(capture)
        return Filed(1, True)

    intake = Intake("nuit", printer.journal, take, Answers(printer.folder, printer.clock))
    await intake.take(of or job(), said or Said(1), coming)
    return captures[0]


@pytest.mark.parametrize(
    ("head", "said", "expected"),
    [
        (b"%PDF-1.4", "application/octet-stream", "application/pdf"),
        (b"%!PS-Adobe-3.0", "application/pdf", "application/postscript"),
        (b"UNIRAST\0\0", "image/pwg-raster", "image/urf"),
        (b"RaS2PwgRaster", "", "image/pwg-raster"),
        (b"bonjour", "application/pdf", "text/plain"),
        (b"d\xe9j\xe0 vu", "text/plain; charset=iso-8859-1", "text/plain"),
        (b"\x1b@d\xe9j\xe0", "text/plain", "application/octet-stream"),
        (b"\0\1\2", "text/plain", "application/octet-stream"),
    ],
)
def test_what_a_document_is(head: bytes, said: str, expected: str) -> None:
    assert told(head, said) == expected


def test_wishes_as_words() -> None:
    template = {
        "sides": v.keyword("one-sided"),
        "media": v.keyword("na_letter_8.5x11in"),
        "page-ranges": (Value(Tag.RANGE, Range(1, 3)), Value(Tag.RANGE, Range(5, 5))),
        "printer-resolution": v.dots(600),
        "print-quality": v.enum(5),
        "job-hold-until": v.keyword("no-hold"),
    }
    assert wishes_of(template) == {
        "sides": "one-sided", "media": "na_letter_8.5x11in", "page-ranges": "1-3,5-5",
        "printer-resolution": "600-600-3", "print-quality": "5",
    }  # fmt: skip
    assert wishes_of({"media-col": v.collection({"media-source": v.keyword("auto")})}) == {}


async def test_a_small_one_is_a_row_and_a_large_one_a_file(printer: CapturePrinter) -> None:
    small = await taken(printer, Coming(b"x" * 10, b"y"))
    assert small.document.content == b"x" * 10 + b"y"
    large = await taken(printer, Coming(b"x" * INLINE, b"y" * 10))
    assert (large.document.content, large.document.size) == (None, INLINE + 10)


async def test_its_titles_and_names(printer: CapturePrinter) -> None:
    second = await taken(printer, Coming(b"x"), Said(2, name="a.pdf"))
    assert (second.title, second.document.name, second.attributes["document-name"]) == ("Rapport (2)", "a.pdf", "a.pdf")
    assert second.uid.startswith("urn:uuid:x/2/")
    assert (await taken(printer, Coming(b"x"), Said(1, name="/etc/passwd"))).document.name == ""


async def test_a_part_has_another_identity_than_the_whole(printer: CapturePrinter) -> None:
    whole = await taken(printer, Coming(b"x"))
    part = await taken(printer, Coming(b"x", broken="gone"))
    assert part.partial == "gone"
    assert part.uid != whole.uid


async def test_a_job_that_was_cancelled_meanwhile(printer: CapturePrinter) -> None:
    one = job()
    one.end = Standing(JobState.CANCELED, ("job-canceled-by-user",))
    with pytest.raises(Unwanted):
        await taken(printer, Coming(b"x" * 20_000), of=one)


async def test_what_a_disk_says_is_told(printer: CapturePrinter, tmp_path: Path) -> None:
    async def take(capture: Capture) -> Filed:
        if capture.document.content == b"x":
            raise JournalError("full")
        return Filed(1, True)

    intake = Intake("nuit", printer.journal, take, Answers(tmp_path, printer.clock))
    heard: list[str | None] = []
    intake.on_trouble = lambda error: heard.append(None if error is None else error.message)
    with pytest.raises(JournalError):
        await intake.take(job(), Said(1), Coming(b"x"))
    await intake.take(job(), Said(1), Coming(b"y"))
    await intake.take(job(), Said(1), Coming())
    assert heard == ["full", None]
