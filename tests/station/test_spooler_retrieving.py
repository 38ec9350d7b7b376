"""A job that waits at an IPP printer and is cancelled: it comes back, or is printed; nobody is told the wrong one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.counter import Counter
from tests.peers.ipp_printer import PDF, IppPrinterPeer
from tests.peers.pdfs import pdf, text
from tests.peers.watch import eventually

from comptoir.clock import SystemClock
from comptoir.core.job import Job
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks import ipp_job
from comptoir.sinks.ipp import IppSink
from comptoir.sinks.ipp_client import IppClient, address_of
from comptoir.station import spooler as module
from comptoir.station.spooler import Spooler
from comptoir.wire.ipp_codes import JobState

INVOICE = pdf(text("Facture 2026-001", 72, 700)).decode("latin-1")


@pytest.fixture
async def printer() -> AsyncIterator[IppPrinterPeer]:
    async with IppPrinterPeer(ends=JobState.PENDING, end_reasons=(), impressions=None) as one:
        yield one


@pytest.fixture
async def counter(printer: IppPrinterPeer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Counter]:
    monkeypatch.setattr(ipp_job, "LOOKS", (0.01,))
    journal = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    one = Counter(journal, SystemClock(), tmp_path)
    sink = IppSink(IppClient(address_of(printer.uri)), journal, FakeClock())
    one.sinks["FACTURE"] = sink
    await one.start()
    yield one
    await one.stop()
    await sink.close()
    await journal.close()


async def at_the_printer(counter: Counter, printer: IppPrinterPeer) -> tuple[Spooler, Job]:
    """A job that the printer has whole and has not begun."""
    number = await counter.submit(INVOICE, "FACTURE", format="pdf", media_type=PDF)
    await eventually(lambda: printer.jobs and printer.jobs[0].state == JobState.PENDING and printer.jobs[0].document)
    job = await counter.journal.job(number)
    assert counter.spooler is not None
    assert job is not None
    return counter.spooler, job


async def test_what_the_printer_has_not_begun_comes_back(counter: Counter, printer: IppPrinterPeer) -> None:
    spooler, job = await at_the_printer(counter, printer)
    assert await spooler.cancel(job, "anna")
    ended = await counter.journal.job(job.id)
    assert ended is not None
    assert ended.status == "canceled"
    assert '"anna"' in (await counter.journal.events(job.id))[-1].body
    assert printer.jobs[0].state == JobState.CANCELED
    printer.ends = JobState.COMPLETED
    await counter.watch.status(await counter.submit(INVOICE, "FACTURE", format="pdf", media_type=PDF), "printed")


async def test_what_the_printer_has_begun_is_printed(
    counter: Counter, printer: IppPrinterPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRIEVING", 0.3)
    spooler, job = await at_the_printer(counter, printer)
    printer.jobs[0].state = JobState.PROCESSING
    printer.asked.clear()
    await eventually(lambda: len(printer.asked) > 1)  # an answer that was on its way may still say pending
    assert not await spooler.cancel(job, "anna")
    # Who was told that it is too late does not find it cancelled afterwards.
    printer.jobs[0].state = JobState.PENDING
    printer.asked.clear()
    await eventually(lambda: len(printer.asked) > 4)
    printer.jobs[0].state = JobState.COMPLETED
    await counter.watch.status(job.id, "printed")
