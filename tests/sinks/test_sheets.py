"""Office printers on a socket: what they are sent, byte for byte as far as it matters, and what is said of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.decoders import pcl_pages, pwg_pages
from tests.peers.listener import Listener
from tests.peers.papers import submission
from tests.peers.pdfs import locked, pdf, text
from tests.peers.services import free_port

from comptoir.core.errors import NotSent, Refused, Withdrawn
from comptoir.core.job import DOCUMENT_FORMAT_ERROR, UNREACHABLE, Evidence
from comptoir.core.sheet import A4, Setup
from comptoir.devices import device
from comptoir.journal.sqlite import SqliteJournal
from comptoir.languages import sheet_language
from comptoir.sinks.sheets import SheetPrinter, SheetSink

INVOICE = pdf(text("Facture 2026-001", 72, 700), text("2", 72, 700))


class Delivery:
    """Deliveries to one printer at a port."""

    def __init__(self, journal: SqliteJournal, language: str, port: int, folder: Path, stall: float = 2) -> None:
        self.journal = journal
        self.began = 0
        self.withdrawn = False
        self.told: list[str] = []
        self.on_stopped: Callable[[], None] = lambda: None
        spoken = sheet_language(language)
        way = device(f"socket://127.0.0.1:{port}?timeout=2&stall={stall}", folder)
        self.sink = SheetSink(SheetPrinter("FACTURE", way, spoken, Setup(A4, 300, spoken.ink)), journal)

    async def started(self) -> None:
        if self.withdrawn:
            raise Withdrawn("cancelled")
        self.began += 1

    def stopped(self, reason: str, message: str) -> None:
        self.told.append(reason)
        self.on_stopped()

    def resumed(self) -> None:
        self.told.append("goes on")

    async def __call__(self, content: bytes = INVOICE, **more: object) -> Evidence:
        fields: dict[str, object] = {"media_type": "application/pdf", "format": "pdf", "title": "Facture", **more}
        job = (await self.journal.accept(submission(content, **fields))).job  # type: ignore[arg-type]
        return await self.sink.deliver(job, job.document, self)


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    yield one
    await one.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as one:
        yield one


async def test_pdf_is_passed_in_its_envelope(journal: SqliteJournal, listener: Listener, tmp_path: Path) -> None:
    evidence = await Delivery(journal, "pdf", listener.port, tmp_path)(attributes={"sides": "two-sided-long-edge"})
    assert evidence.kind == "sent"
    (data,) = listener.wait(1)
    head, _, rest = data.partition(b"@PJL ENTER LANGUAGE=PDF\r\n")
    assert head.startswith(b'\x1b%-12345X@PJL JOB NAME="Facture"\r\n@PJL SET DUPLEX=ON')
    assert rest.startswith(INVOICE + b"\x1b%-12345X@PJL EOJ")


async def test_copies_are_whole_documents_one_after_the_other(
    journal: SqliteJournal, listener: Listener, tmp_path: Path
) -> None:
    await Delivery(journal, "pdf", listener.port, tmp_path)(copies=3)
    assert listener.wait(1)[0].count(INVOICE) == 3


async def test_pcl_is_drawn_side_by_side(journal: SqliteJournal, listener: Listener, tmp_path: Path) -> None:
    await Delivery(journal, "pcl", listener.port, tmp_path)()
    pages = pcl_pages(listener.wait(1)[0])
    assert len(pages) == 2
    assert all(page.dots.any() for page in pages)


async def test_pwg_is_drawn_on_the_paper_that_is_wished(
    journal: SqliteJournal, listener: Listener, tmp_path: Path
) -> None:
    await Delivery(journal, "pwg", listener.port, tmp_path)(attributes={"media": "a5"})
    assert [page.points for page in pwg_pages(listener.wait(1)[0])] == [(420, 595)] * 2


async def test_postscript_of_others_is_passed_and_pdf_is_drawn(
    journal: SqliteJournal, listener: Listener, tmp_path: Path
) -> None:
    deliver = Delivery(journal, "postscript", listener.port, tmp_path)
    await deliver(b"%!PS\nshowpage\n", media_type="application/postscript", format="raw")
    await deliver()
    passed, drawn = listener.wait(2)
    assert b"ENTER LANGUAGE=POSTSCRIPT\r\n%!PS\nshowpage\n\x1b%-12345X" in passed
    assert drawn.count(b"showpage") == 2


async def test_bytes_of_another_language_are_left_alone(
    journal: SqliteJournal, listener: Listener, tmp_path: Path
) -> None:
    deliver = Delivery(journal, "pcl", listener.port, tmp_path)
    await deliver(b"\x1b@anything", media_type="application/octet-stream", format="raw")
    assert listener.wait(1) == [b"\x1b@anything"]


async def test_a_reprint_says_so(journal: SqliteJournal, listener: Listener, tmp_path: Path) -> None:
    first = (await journal.accept(submission(b"x"))).job
    await Delivery(journal, "pdf", listener.port, tmp_path)(reprint_of=first.id)
    assert b"Helvetica-Bold" in listener.wait(1)[0]


@pytest.mark.parametrize("language", ["pdf", "pcl"])
@pytest.mark.parametrize("content", [locked(), b"%PDF-1.7 broken"])
async def test_a_pdf_that_cannot_be_read_never_reaches_the_printer(
    journal: SqliteJournal, listener: Listener, tmp_path: Path, language: str, content: bytes
) -> None:
    deliver = Delivery(journal, language, listener.port, tmp_path)
    with pytest.raises(Refused) as caught:
        await deliver(content)
    assert (caught.value.reason, deliver.began) == (DOCUMENT_FORMAT_ERROR, 0)


async def test_a_tray_that_it_has_no_word_for_is_refused_before_the_first_byte(
    journal: SqliteJournal, listener: Listener, tmp_path: Path
) -> None:
    for language in ("pdf", "pcl"):
        deliver = Delivery(journal, language, listener.port, tmp_path)
        with pytest.raises(Refused, match="tray-77"):
            await deliver(attributes={"media-source": "tray-77"})
        assert deliver.began == 0


async def test_a_printer_that_is_not_there(journal: SqliteJournal, tmp_path: Path) -> None:
    deliver = Delivery(journal, "pdf", free_port(), tmp_path)
    with pytest.raises(NotSent) as caught:
        await deliver()
    assert (caught.value.reason, deliver.began) == (UNREACHABLE, 0)


async def test_what_is_withdrawn_is_not_sent(journal: SqliteJournal, listener: Listener, tmp_path: Path) -> None:
    deliver = Delivery(journal, "pdf", listener.port, tmp_path)
    deliver.withdrawn = True
    with pytest.raises(Withdrawn):
        await deliver()
    assert listener.wait(1) == [b"<reset>"], "the connection ends without a byte"


async def test_a_printer_that_takes_nothing_is_waited_for_and_told(journal: SqliteJournal, tmp_path: Path) -> None:
    """It has no paper: nothing says so but that it takes no more."""
    full, paper, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
    taken = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await paper.wait()
        while data := await reader.read(1 << 20):
            taken.extend(data)
        writer.close()
        ended.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1024)
    deliver = Delivery(journal, "pdf", server.sockets[0].getsockname()[1], tmp_path, stall=0.1)
    deliver.on_stopped = full.set
    large = pdf(text("long", 72, 700) + "% " + "x" * 20_000_000)
    delivery = asyncio.ensure_future(deliver(large))
    await full.wait()
    assert not delivery.done()
    paper.set()
    assert (await delivery).kind == "sent"
    assert deliver.told == ["other-error", "goes on"]
    await ended.wait()
    server.close()
    await server.wait_closed()
    assert large in taken
