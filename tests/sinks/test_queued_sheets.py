"""Sheets in a page language through the queue of Windows: followed and taken back as receipts are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.pdfs import pdf, text
from tests.peers.queue_desk import QueueDesk

from comptoir.core.errors import NotSent, OutcomeUnknown, Refused
from comptoir.core.job import CANCELED_BY_USER, EXPIRED, PAUSED, Job
from comptoir.core.ports import Retriever
from comptoir.core.sheet import A4, Setup
from comptoir.journal.sqlite import SqliteJournal
from comptoir.languages import sheet_language
from comptoir.sinks.queued import QueuedSheetSink, title_of
from comptoir.sinks.sheets import SheetPrinter
from comptoir.windows.structures import JobStatus, PrinterStatus

INVOICE = pdf(text("Facture 2026-001", 72, 700))


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    yield one
    await one.close()


class Office(QueueDesk):
    """A printer that takes PDF, and what is said of it."""

    said: list[str]

    def starts(self) -> None:
        super().starts()
        spoken = sheet_language("pdf")
        printer = SheetPrinter("FACTURE", self.device, spoken, Setup(A4, 300, spoken.ink))
        self.sink = QueuedSheetSink(self.device, printer, self.journal, self.clock)  # type: ignore[assignment]
        self.said = []
        self.sink.on_say.append(lambda trouble: self.said.append(trouble[0] if trouble else ""))  # type: ignore[attr-defined]

    async def invoice(self, **more: object) -> Job:
        content = INVOICE.decode("latin-1")
        job = await self.job(content, media_type="application/pdf", format="pdf", title="Facture", **more)
        return replace(job, document=replace(job.document, content=INVOICE))


@pytest.fixture
async def office(journal: SqliteJournal) -> Office:
    return Office(journal)


async def test_it_arrives_and_the_spooler_says_so(office: Office) -> None:
    assert isinstance(office.sink, Retriever)
    evidence = await office.deliver(await office.invoice())
    assert (evidence.kind, evidence.detail) == ("sent", "the spooler reports it printed, job 11")
    assert b"%PDF-" in office.spool.ticket.printed[0]
    assert office.spool.left_open == 0


async def test_a_stopped_printer_gets_nothing(office: Office) -> None:
    office.spool.ticket.status = PrinterStatus.PAUSED
    with pytest.raises(NotSent) as stopped:
        await office.deliver(await office.invoice())
    assert (stopped.value.reason, "StartDocPrinterW" in office.spool.log) == (PAUSED, False)


async def test_what_stops_it_is_told_and_what_is_cancelled_is_deleted(office: Office) -> None:
    job = await office.invoice()
    delivery, _ = await office.waiting(job)
    office.spool.ticket.status = PrinterStatus.PAUSED
    await office.until(lambda: office.said == [PAUSED])
    office.sink.unwanted.add(job.id)
    with pytest.raises(Refused) as cancelled:
        await delivery
    assert cancelled.value.reason == CANCELED_BY_USER
    assert (office.spool.ticket.jobs, office.said, office.spool.left_open) == ({}, [PAUSED, ""], 0)


async def test_what_expires_is_deleted(office: Office) -> None:
    job = replace(await office.invoice(), expires_at=office.clock.now() + 1000)
    delivery, _ = await office.waiting(job)
    office.clock.advance(2000)
    with pytest.raises(Refused) as expired:
        await delivery
    assert (expired.value.reason, office.spool.ticket.jobs) == (EXPIRED, {})


async def test_who_stops_the_service_leaves_it_to_the_next_start(office: Office) -> None:
    job = await office.invoice()
    delivery, number = await office.waiting(job)
    delivery.cancel()
    await asyncio.wait([delivery])
    assert list(office.spool.ticket.jobs) == [number]
    office.starts()
    office.spool.ticket.prints = True
    await office.deliver(replace(job, attempts=1))
    assert (len(office.spool.ticket.printed), office.spool.ticket.jobs) == (1, {})


async def test_what_a_killed_service_had_begun_may_have_come_out(office: Office) -> None:
    job = await office.invoice()
    office.spool.put(title_of(job), JobStatus.PRINTING)
    with pytest.raises(OutcomeUnknown):
        await office.deliver(replace(job, attempts=1))


async def test_a_job_that_breaks_off_in_the_middle_is_deleted(office: Office) -> None:
    office.spool.refuses["WritePrinter"] = 112
    with pytest.raises(OutcomeUnknown):
        await office.deliver(await office.invoice())
    assert (office.spool.ticket.jobs, office.spool.left_open) == ({}, 0)
