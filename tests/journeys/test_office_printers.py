"""Invoices on real IPP software: `ippeveprinter`, `cupsd` with its filters, and what others read of what we draw."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image
from tests.peers.clock import FakeClock
from tests.peers.command import comptoir
from tests.peers.listener import Listener
from tests.peers.papers import submission
from tests.peers.pdfs import box, pdf, text
from tests.peers.real_printers import Cups, EvePrinters, missing
from tests.peers.services import Service, ask, free_port

from comptoir.core.errors import NotSent, Refused
from comptoir.core.job import PAUSED, Evidence
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks import ipp_client
from comptoir.sinks.ipp import IppSink
from comptoir.sinks.ipp_client import IppClient, address_of

pytestmark = [
    pytest.mark.skipif(bool(missing()), reason=missing() or "all there"),
    pytest.mark.xdist_group("office printers"),  # there can be one announcer on a machine
]

#: of a long document: drawing them takes some seconds
PAGES = 250
INVOICE = pdf(*[text(f"Facture page {number}", 72, 700, 24) + box(300, 300, 100, 50) for number in (1, 2, 3)])


@pytest.fixture(scope="module")
def short() -> Iterator[Path]:
    """A folder whose name is short enough for local sockets, and that others may enter."""
    with tempfile.TemporaryDirectory(prefix="office") as folder:
        path = Path(folder)
        path.chmod(0o755)
        for name in ("eve", "cups"):
            (path / name).mkdir(mode=0o755)
        yield path


@pytest.fixture(scope="module")
def eve(short: Path) -> Iterator[EvePrinters]:
    with EvePrinters(short / "eve") as printers:
        yield printers


@pytest.fixture(scope="module")
def cups(short: Path) -> Iterator[Cups]:
    with Cups(short / "cups") as one:
        yield one


class Office:
    """Deliveries to any of them."""

    def __init__(self, journal: SqliteJournal) -> None:
        self.journal = journal
        self.sinks: dict[str, IppSink] = {}

    async def started(self) -> None: ...

    def stopped(self, reason: str, message: str) -> None: ...

    def resumed(self) -> None: ...

    async def deliver(self, uri: str, content: bytes = INVOICE, **more: object) -> Evidence:
        sink = self.sinks.setdefault(uri, IppSink(IppClient(address_of(uri)), self.journal, FakeClock()))
        fields: dict[str, object] = {"media_type": "application/pdf", "format": "pdf", "title": "Facture é", **more}
        job = (await self.journal.accept(submission(content, **fields))).job  # type: ignore[arg-type]
        return await sink.deliver(job, job.document, self)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    journal = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    one = Office(journal)
    yield one
    for sink in one.sinks.values():
        await sink.close()
    await journal.close()


def drawn(document: Path, folder: Path) -> list[Image.Image]:
    """The pages of a PDF, 50 dots an inch, in greys."""
    command = ["pdftoppm", "-r", "50", "-gray", "-png", str(document), str(folder / "page")]
    subprocess.run(command, check=True, capture_output=True)
    return [Image.open(page).convert("L") for page in sorted(folder.glob("page*.png"))]


async def test_a_printer_that_takes_pdf_gets_the_very_document(office: Office, eve: EvePrinters) -> None:
    uri = eve.printer("pdf", "application/pdf,image/pwg-raster", command=f'cp "$1" {eve.folder}/got.pdf')
    evidence = await office.deliver(uri)
    assert (evidence.kind, evidence.detail.split(":")[0]) == ("printed", "IPP job 1 completed")
    assert (eve.folder / "got.pdf").read_bytes() == INVOICE


async def test_raster_is_read_by_the_reader_of_cups(office: Office, eve: EvePrinters, tmp_path: Path) -> None:
    uri = eve.printer("raster", "image/pwg-raster", command=f'cp "$1" {eve.folder}/got.pwg')
    evidence = await office.deliver(uri, attributes={"sides": "two-sided-long-edge", "media": "a4"})
    assert evidence.kind == "printed"
    made = tmp_path / "made.pdf"
    with made.open("wb") as out:
        command = ["/usr/lib/cups/filter/rastertopdf", "1", "user", "title", "1", "", str(eve.folder / "got.pwg")]
        subprocess.run(command, check=True, stdout=out, stderr=subprocess.PIPE, env={"PPD": "/dev/null"})
    pages = drawn(made, tmp_path)
    assert len(pages) == 3
    for page in pages:
        assert abs(page.width - 413) <= 1
        ink = page.crop((210, 345, 275, 375)).getextrema()
        assert ink[0] < 50, "the box stands where the PDF has it"
        assert page.crop((0, 0, page.width, 60)).getextrema()[0] > 200, "and nothing above"


async def test_a_document_that_the_printer_gives_up_is_refused(office: Office, eve: EvePrinters) -> None:
    uri = eve.printer("broken", "application/pdf", command="exit 1")
    with pytest.raises(Refused, match="gave it up"):
        await office.deliver(uri)


async def test_cups_prints_our_pdf_and_our_drawings_and_says_what_it_knows(
    office: Office, cups: Cups, tmp_path: Path
) -> None:
    with Listener() as printer:
        uri = cups.queue(
            "ps", f"socket://127.0.0.1:{printer.port}/?waiteof=false&snmp=false", "-m", "drv:///sample.drv/generic.ppd"
        )
        passed = await office.deliver(uri)
        assert (passed.kind, passed.detail) == ("sent", "CUPS job 1 completed: 3 impressions")
        text_ = await office.deliver(uri, "Bonjour été".encode(), media_type="text/plain", format="text")
        assert text_.kind == "sent"
        assert all(data.startswith(b"%!PS") or b"%!PS" in data[:200] for data in printer.wait(2))


async def test_a_queue_that_is_paused_waits_and_one_that_is_none_is_told(office: Office, cups: Cups) -> None:
    uri = cups.queue("paused", "socket://127.0.0.1:9")
    cups.run("cupsdisable", "paused")
    with pytest.raises(NotSent) as caught:
        await office.deliver(uri)
    assert caught.value.reason == PAUSED
    with pytest.raises(NotSent, match="no printer of this name"):
        await office.deliver(uri.replace("paused", "none"))


async def test_a_queue_of_this_machine_is_reached_by_its_socket(
    office: Office, cups: Cups, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ipp_client, "SOCKETS", (str(cups.socket),))
    with Listener() as printer:
        cups.queue("raw", f"socket://127.0.0.1:{printer.port}")
        evidence = await office.deliver("cups:raw")
        assert evidence.detail.startswith("CUPS job")
        assert printer.wait(1) == [INVOICE]


async def test_cups_and_a_printer_in_a_row(office: Office, cups: Cups, eve: EvePrinters) -> None:
    printer = eve.printer("row", "application/pdf,image/pwg-raster,image/jpeg", command=f'cp "$1" {eve.folder}/row.pdf')
    uri = cups.queue("row", printer, "-m", "everywhere")
    assert (await office.deliver(uri, copies=2)).kind == "sent"
    words = subprocess.run(["pdftotext", f"{eve.folder}/row.pdf", "-"], check=True, capture_output=True, text=True)
    assert "Facture page 3" in words.stdout


def document(folder: Path, content: bytes) -> Path:
    """A file with this content."""
    file = folder / f"{len(content)}.pdf"
    file.write_bytes(content)
    return file


def resident(process: int) -> int:
    """The most memory that a process has had, in kB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def test_the_station_prints_invoices_and_long_ones_hold_up_nobody(eve: EvePrinters, tmp_path: Path) -> None:
    """A long document drawn as raster for one printer, an invoice on another meanwhile; one page is in memory."""
    slow = eve.printer("long", "image/pwg-raster", command='head -c 4 "$1" > /dev/null')
    quick = eve.printer("short", "application/pdf")
    (tmp_path / "comptoir.toml").write_text(
        f'[[printer]]\nname = "LONG"\ndevice = "{slow}"\n[[printer]]\nname = "FACTURE"\ndevice = "{quick}"\n'
    )
    port = free_port()
    station = Service(["station", "--data", str(tmp_path), "--port", str(port)], f"http://127.0.0.1:{port}")
    station.start(str(port))
    try:
        assert [printer["device"] for printer in ask(f"{station.url}/api/printers")["printers"]] == [slow, quick]
        assert comptoir("print", document(tmp_path, INVOICE), "--printer", "LONG", "--port", str(port)).returncode == 0
        assert station.process is not None
        before = resident(station.process.pid)
        long = document(tmp_path, pdf(*["100 100 300 500 re f"] * PAGES))
        command = ("print", long, "--printer", "LONG", "--port", str(port), "--timeout", "120")
        with ThreadPoolExecutor() as threads:
            first = threads.submit(comptoir, *command)
            other = comptoir("print", document(tmp_path, INVOICE), "--printer", "FACTURE", "--port", str(port))
            assert other.returncode == 0, other.stdout + other.stderr
            assert b"IPP job 1 completed" in other.stdout
            assert not first.done(), "the invoice did not wait for the long document"
            assert first.result().returncode == 0, first.result().stdout + first.result().stderr
        assert resident(station.process.pid) - before < 100_000
    finally:
        station.stop()
