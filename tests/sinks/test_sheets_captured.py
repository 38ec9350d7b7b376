"""What was captured in one printer's language goes to another printer: as it is where that takes it, else drawn."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.counter import channel, sink
from tests.peers.decoders import pcl_pages, pwg_pages
from tests.peers.ipp_delivery import Delivery as IppDelivery
from tests.peers.ipp_printer import PDF, RASTER, IppPrinterPeer
from tests.peers.listener import Listener
from tests.peers.papers import submission
from tests.peers.pdfs import pdf, text
from tests.peers.rasters import pwg, sheet, urf

from comptoir.core.errors import Refused
from comptoir.core.print_header import UEL
from comptoir.core.sheet import A4, Setup
from comptoir.devices import device
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.journal import sqlite
from comptoir.journal.sqlite import SqliteJournal
from comptoir.languages import sheet_language
from comptoir.sinks import ghostscript, ipp_job
from comptoir.sinks.ghostscript import program
from comptoir.sinks.sheets import SheetPrinter, SheetSink

needed = pytest.mark.skipif(program() is None, reason="needs Ghostscript (.ci/peers)")
SETUP = Setup(A4, 75)
PAGE = sheet(SETUP, (100, 200, 160, 220))
PWG = pwg(PAGE, PAGE, setup=SETUP)
PS = b"%!PS-Adobe-3.0\n72 700 moveto 200 700 lineto stroke showpage\n72 700 moveto 9 9 lineto stroke showpage\n"
AS_PWG, AS_PS = {"media_type": "image/pwg-raster", "format": "raw"}, {"media_type": "application/postscript"}


class Quiet:
    async def started(self) -> None: ...

    def stopped(self, reason: str, message: str) -> None: ...

    def resumed(self) -> None: ...


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ipp_job, "LOOKS", (0.01,))


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    yield one
    await one.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as one:
        yield one


class Office:
    """Deliveries to a printer at a port that speaks one page language."""

    def __init__(self, journal: SqliteJournal, listener: Listener, folder: Path) -> None:
        self._journal = journal
        self._listener = listener
        self._folder = folder

    async def __call__(self, language: str, content: bytes, **more: object) -> bytes:
        spoken = sheet_language(language)
        way = device(f"socket://127.0.0.1:{self._listener.port}?timeout=2&stall=2", self._folder)
        printer = SheetSink(SheetPrinter("FACTURE", way, spoken, Setup(A4, 300, spoken.ink)), self._journal)
        job = (await self._journal.accept(submission(content, **more))).job  # type: ignore[arg-type]
        await printer.deliver(job, job.document, Quiet())
        return self._listener.wait(1)[0]


@pytest.fixture
def office(journal: SqliteJournal, listener: Listener, tmp_path: Path) -> Office:
    return Office(journal, listener, tmp_path)


async def test_raster_is_passed_to_who_takes_it(office: Office) -> None:
    assert await office("pwg", PWG, **AS_PWG) == PWG


async def test_raster_is_drawn_for_others_with_its_sides(office: Office) -> None:
    data = await office("pcl", urf(PAGE, 75), media_type="image/urf", format="image", attributes={"sides": "one-sided"})
    assert b"DUPLEX=OFF" in data
    assert len(pcl_pages(data)) == 1
    assert pcl_pages(data)[0].dots.any()


async def test_a_reprint_of_raster_says_so(office: Office, journal: SqliteJournal) -> None:
    first = (await journal.accept(submission(PWG, **AS_PWG))).job  # type: ignore[arg-type]
    data = await office("pwg", PWG, reprint_of=first.id, **AS_PWG)
    assert data != PWG
    assert len(pwg_pages(data)) == 2


async def test_postscript_is_passed_to_who_takes_it_in_its_envelope(office: Office) -> None:
    data = await office("postscript", PS, attributes={"sides": "two-sided-long-edge"}, **AS_PS)
    assert PS in data
    assert b"DUPLEX=ON" in data


@needed
async def test_postscript_is_made_a_pdf_for_others_with_its_copies(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "made").mkdir()
    monkeypatch.setattr(ghostscript.tempfile, "tempdir", str(tmp_path / "made"))
    data = await office("pdf", PS, copies=2, attributes={"copies-in-document": "2"}, **AS_PS)
    assert data.count(b"%PDF-") == 4
    assert list((tmp_path / "made").iterdir()) == []


@needed
async def test_postscript_is_drawn(office: Office) -> None:
    assert len(pwg_pages(await office("pwg", PS, **AS_PS))) == 2


async def test_postscript_that_is_said_to_be_ready_made_is_passed(office: Office) -> None:
    assert await office("pcl", PS, format="raw", **AS_PS) == PS


async def test_without_ghostscript_nothing_is_sent(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ghostscript, "program", lambda: None)
    with pytest.raises(Refused, match="Ghostscript"):
        await office("pdf", PS, **AS_PS)


# -- IPP printers


@pytest.fixture
async def printer() -> AsyncIterator[IppPrinterPeer]:
    async with IppPrinterPeer() as one:
        yield one


@pytest.fixture
async def deliver(printer: IppPrinterPeer, journal: SqliteJournal) -> AsyncIterator[IppDelivery]:
    one = IppDelivery(journal, printer.uri)
    yield one
    await one.sink.close()


async def test_an_ipp_printer_gets_raster_as_it_is_or_as_a_pdf(deliver: IppDelivery, printer: IppPrinterPeer) -> None:
    await deliver(PWG, **AS_PWG)
    assert (printer.jobs[0].form, printer.jobs[0].document) == (RASTER, PWG)
    printer.formats = (PDF,)
    await deliver(PWG, **AS_PWG)
    assert printer.jobs[1].form == PDF
    assert printer.jobs[1].document.startswith(b"%PDF-")


@needed
async def test_an_ipp_printer_gets_postscript_as_a_pdf(deliver: IppDelivery, printer: IppPrinterPeer) -> None:
    await deliver(PS, **AS_PS)
    assert printer.jobs[0].form == PDF
    assert printer.jobs[0].document.startswith(b"%PDF-")


# -- receipt printers


@needed
async def test_a_receipt_printer_gets_pictures(journal: SqliteJournal, tmp_path: Path) -> None:
    async with VirtualPrinterServer() as server:
        to = sink(journal, channel(f"socket://127.0.0.1:{server.port}?timeout=2&stall=2", tmp_path))
        for content, more in ((PWG, AS_PWG), (PS, {**AS_PS, "format": "application/postscript"})):
            job = (await journal.accept(submission(content, **more))).job
            await to.deliver(job, job.document, Quiet())
            printed = await server.next_printed()
            assert any(type(element).__name__ == "Picture" for element in printed.paper.elements)


async def test_a_receipt_printer_refuses_what_only_an_office_printer_reads(
    journal: SqliteJournal, tmp_path: Path
) -> None:
    async with VirtualPrinterServer() as server:
        to = sink(journal, channel(f"socket://127.0.0.1:{server.port}?timeout=2&stall=2", tmp_path))
        for content in (envelope(b"\x1bE\x1b&l0O"), b"\x1bE\x1b&l0O"):
            job = (await journal.accept(submission(content, media_type="", format="raw"))).job
            with pytest.raises(Refused, match="language of another printer"):
                await to.deliver(job, job.document, Quiet())
        assert server.connections == 0


# -- PJL around a document


def envelope(content: bytes) -> bytes:
    return UEL + b"@PJL JOB\n@PJL ENTER LANGUAGE=X\n" + content + UEL + b"@PJL EOJ\n" + UEL


async def test_pjl_is_passed_to_who_knows_it_and_taken_off_for_others(
    office: Office, deliver: IppDelivery, printer: IppPrinterPeer
) -> None:
    document = pdf(text("Audit", 72, 700))
    wrapped = envelope(document)
    as_pjl = {"media_type": "application/vnd.hp-PJL", "format": "raw"}
    assert await office("pcl", wrapped, **as_pjl) == wrapped
    await deliver(wrapped, attributes={"copies-in-document": "2"}, **as_pjl)
    assert printer.jobs[0].form == PDF
    assert printer.jobs[0].document == document


async def test_pjl_is_drawn_for_a_printer_of_raster(office: Office) -> None:
    wrapped = envelope(pdf(text("Audit", 72, 700)))
    data = await office("pwg", wrapped, media_type="application/vnd.hp-PJL", format="raw")
    assert len(pwg_pages(data)) == 1


async def test_what_memory_should_not_hold_is_refused_at_once(
    journal: SqliteJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "LARGEST_AT_ONCE", 100)
    async with VirtualPrinterServer() as server:
        to = sink(journal, channel(f"socket://127.0.0.1:{server.port}?timeout=2&stall=2", tmp_path))
        job = (await journal.accept(submission(PWG, **AS_PWG))).job  # type: ignore[arg-type]
        with pytest.raises(Refused, match="too much"):
            await to.deliver(job, job.document, Quiet())
