"""What is sent to an IPP printer, and what is said of the outcome: only what the printer says itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.ipp_delivery import INVOICE, Delivery
from tests.peers.ipp_printer import PDF, RASTER, SIMPLE, IppPrinterPeer
from tests.peers.pdfs import locked, pdf, text

from comptoir.core.errors import NotSent, OutcomeUnknown, Refused, Withdrawn
from comptoir.core.job import CANCELED_BY_USER, DOCUMENT_FORMAT_ERROR, EXPIRED, NO_PAPER, UNREACHABLE, Evidence, Job
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks import ipp, ipp_job
from comptoir.wire.ipp import Tag, Value
from comptoir.wire.ipp_codes import JobState, Operation, Status


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ipp_job, "LOOKS", (0.01,))


@pytest.fixture
async def printer() -> AsyncIterator[IppPrinterPeer]:
    async with IppPrinterPeer() as one:
        yield one


@pytest.fixture
async def deliver(printer: IppPrinterPeer, tmp_path: Path) -> AsyncIterator[Delivery]:
    journal = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    one = Delivery(journal, printer.uri)
    yield one
    await one.sink.close()
    await journal.close()


async def test_a_pdf_goes_as_it_is_and_the_printer_says_that_it_is_printed(
    deliver: Delivery, printer: IppPrinterPeer
) -> None:
    assert await deliver() == Evidence("printed", "IPP job 1 completed: 1 impressions")
    assert (printer.jobs[0].form, printer.jobs[0].document) == (PDF, INVOICE)
    assert deliver.told == ["started"]


async def test_a_large_document_is_sent_from_its_file(deliver: Delivery, printer: IppPrinterPeer) -> None:
    large = pdf(text("long", 72, 700) + "% " + "x" * 300_000)
    await deliver(large)
    assert printer.jobs[0].document == large


async def test_a_printer_without_pdf_gets_raster(deliver: Delivery, printer: IppPrinterPeer) -> None:
    printer.formats = (RASTER,)
    await deliver()
    assert printer.jobs[0].form == RASTER
    assert printer.jobs[0].document.startswith(b"RaS2PwgRaster\0")


@pytest.mark.parametrize("form", ["text", "message"])
async def test_texts_are_drawn(deliver: Delivery, printer: IppPrinterPeer, form: str) -> None:
    printer.formats = (PDF,)
    await deliver(b"Bonjour", media_type="text/plain", format=form)
    assert printer.jobs[0].form == PDF
    assert printer.jobs[0].document.startswith(b"%PDF-1.4")


async def test_what_no_font_has_is_told(deliver: Delivery) -> None:
    evidence = await deliver("a \ue000".encode(), media_type="text/plain", format="text")
    assert evidence.unprintable == "\ue000"


async def test_a_printer_that_takes_neither_is_told_so(deliver: Delivery, printer: IppPrinterPeer) -> None:
    printer.formats = ("image/urf",)
    with pytest.raises(Refused, match="image/urf"):
        await deliver()
    assert printer.jobs == []


@pytest.mark.parametrize("content", [locked(), b"%PDF-1.7 broken", pdf()], ids=["locked", "broken", "no page"])
async def test_a_pdf_that_cannot_be_read_is_refused_before_anything_is_sent(
    deliver: Delivery, printer: IppPrinterPeer, content: bytes
) -> None:
    with pytest.raises(Refused) as caught:
        await deliver(content)
    assert caught.value.reason == DOCUMENT_FORMAT_ERROR
    assert (printer.jobs, deliver.told) == ([], [])


async def test_ready_made_bytes_go_as_they_are(deliver: Delivery, printer: IppPrinterPeer) -> None:
    printer.formats = ("application/octet-stream", PDF)
    await deliver(b"\x1b@bytes", media_type="application/octet-stream", format="raw")
    assert (printer.jobs[0].form, printer.jobs[0].document) == ("application/octet-stream", b"\x1b@bytes")


async def test_a_receipt_is_not_for_an_office_printer(deliver: Delivery) -> None:
    with pytest.raises(Refused, match="whole sheets"):
        await deliver(b"<ticket/>", media_type="text/plain", format="ticket")


async def test_wishes_are_handed_on(deliver: Delivery, printer: IppPrinterPeer) -> None:
    wishes = {"sides": "two-sided-long-edge", "media-source": "tray-2", "print-scaling": "fit"}
    await deliver(copies=3, attributes=wishes)
    job = printer.jobs[0].wishes
    assert job["copies"] == (Value(Tag.INTEGER, 3),)
    assert job["sides"] == (Value(Tag.KEYWORD, "two-sided-long-edge"),)
    assert job["print-scaling"] == (Value(Tag.KEYWORD, "fit"),)
    (column,) = job["media-col"]
    assert isinstance(column.value, dict)
    assert column.value["media-source"] == (Value(Tag.KEYWORD, "tray-2"),)


async def test_a_wish_that_the_printer_cannot_fulfil_is_told(deliver: Delivery) -> None:
    evidence = await deliver(attributes={"sides": "two-sided-short-edge"})
    assert evidence.detail.endswith("; not done: sides=two-sided-short-edge")


async def test_a_size_that_the_printer_does_not_know_is_drawn_here(deliver: Delivery, printer: IppPrinterPeer) -> None:
    await deliver(attributes={"print-scaling": "fill"})
    assert printer.jobs[0].form == RASTER


async def test_a_wish_that_is_none_is_refused(deliver: Delivery) -> None:
    with pytest.raises(Refused, match="sides"):
        await deliver(attributes={"sides": "three-sided"})


async def test_copies_that_the_printer_cannot_make_are_jobs_of_their_own(
    deliver: Delivery, printer: IppPrinterPeer
) -> None:
    printer.most_copies = 1
    evidence = await deliver(copies=3)
    assert evidence.detail == "IPP job 3 completed: 1 impressions, the last of 3 copies"
    assert len(printer.jobs) == 3


async def test_a_reprint_says_so(deliver: Delivery, printer: IppPrinterPeer) -> None:
    first = await deliver.job()
    await deliver(reprint_of=first.id)
    assert printer.jobs[0].document.startswith(b"%PDF")
    assert b"Helvetica-Bold" in printer.jobs[0].document


async def test_a_printer_of_few_words_is_sent_the_job_at_once(deliver: Delivery, printer: IppPrinterPeer) -> None:
    printer.operations = SIMPLE
    assert (await deliver()).kind == "printed"
    assert Operation.PRINT_JOB in printer.asked
    assert Operation.CREATE_JOB not in printer.asked


async def test_a_printer_without_paper_gets_nothing(deliver: Delivery, printer: IppPrinterPeer) -> None:
    printer.state, printer.reasons = 5, ("media-empty-error",)
    with pytest.raises(NotSent) as caught:
        await deliver()
    assert caught.value.reason == NO_PAPER
    assert (printer.jobs, deliver.told) == ([], [])


async def test_a_printer_that_is_not_there_gets_nothing(deliver: Delivery, tmp_path: Path) -> None:
    other = Delivery(deliver.journal, "ipp://127.0.0.1:1/ipp/print")
    with pytest.raises(NotSent) as caught:
        await other()
    assert caught.value.reason == UNREACHABLE
    await other.sink.close()


@pytest.mark.parametrize(("status", "words"), [(401, "name and a password"), (404, "no printer"), (500, "HTTP 500")])
async def test_http_errors_are_told(deliver: Delivery, printer: IppPrinterPeer, status: int, words: str) -> None:
    printer.http[Operation.GET_PRINTER_ATTRIBUTES] = status
    with pytest.raises(NotSent, match=words):
        await deliver()


@pytest.mark.parametrize("status", [Status.BUSY, Status.NOT_ACCEPTING, Status.NOT_AUTHENTICATED, Status.INTERNAL_ERROR])
async def test_a_printer_that_takes_no_job_now_is_tried_again(
    deliver: Delivery, printer: IppPrinterPeer, status: int
) -> None:
    printer.refuses[Operation.CREATE_JOB] = status
    with pytest.raises(NotSent):
        await deliver()
    assert deliver.told == []


async def test_a_document_that_the_printer_refuses_is_not_sent_again(
    deliver: Delivery, printer: IppPrinterPeer
) -> None:
    printer.refuses[Operation.SEND_DOCUMENT] = Status.FORMAT_NOT_SUPPORTED
    with pytest.raises(Refused) as caught:
        await deliver()
    assert caught.value.reason == DOCUMENT_FORMAT_ERROR
    assert printer.jobs[0].state == JobState.CANCELED


async def test_a_job_that_is_withdrawn_leaves_nothing_at_the_printer(
    deliver: Delivery, printer: IppPrinterPeer
) -> None:
    deliver.withdrawn = True
    with pytest.raises(Withdrawn):
        await deliver()
    assert printer.jobs[0].state == JobState.CANCELED


async def test_a_printer_that_stops_is_told_and_waited_for(deliver: Delivery, printer: IppPrinterPeer) -> None:
    printer.ends = None
    delivery = asyncio.ensure_future(deliver())
    await deliver.until("started")
    printer.state, printer.reasons = 5, ("media-empty-error",)
    await deliver.until(NO_PAPER)
    printer.state, printer.reasons = 3, ("none",)
    await deliver.until("goes on")
    printer.jobs[0].state, printer.jobs[0].reasons = JobState.COMPLETED, ()
    assert (await delivery).kind == "printed"


@pytest.mark.parametrize(
    ("state", "reasons", "printed", "error"),
    [
        (JobState.CANCELED, ("job-canceled-at-device",), None, Refused),
        (JobState.ABORTED, ("aborted-by-system",), 0, Refused),
        (JobState.ABORTED, ("document-format-error",), 3, Refused),
        (JobState.ABORTED, ("aborted-by-system",), 2, OutcomeUnknown),
    ],
)
async def test_how_else_it_ends(
    deliver: Delivery,
    printer: IppPrinterPeer,
    state: int,
    reasons: tuple[str, ...],
    printed: int | None,
    error: type[Exception],
) -> None:
    printer.ends, printer.end_reasons, printer.impressions = state, reasons, printed
    with pytest.raises(error):
        await deliver()


async def test_what_has_expired_and_not_begun_is_taken_back(deliver: Delivery, printer: IppPrinterPeer) -> None:
    printer.ends, printer.end_reasons, printer.impressions = JobState.PENDING, (), None
    delivery = asyncio.ensure_future(deliver(expires_at=deliver.clock.now() + 60_000))
    await deliver.until("started")
    deliver.clock.advance(61_000)
    with pytest.raises(Refused) as caught:
        await delivery
    assert caught.value.reason == EXPIRED
    assert printer.jobs[0].state == JobState.CANCELED


async def test_what_is_cancelled_and_not_begun_is_taken_back(deliver: Delivery, printer: IppPrinterPeer) -> None:
    printer.ends, printer.end_reasons, printer.impressions = JobState.PENDING, (), None
    job = await deliver.job()
    delivery = asyncio.ensure_future(deliver.sink.deliver(job, job.document, deliver))
    await deliver.until("started")
    deliver.sink.unwanted.add(job.id)
    with pytest.raises(Refused) as caught:
        await delivery
    assert caught.value.reason == CANCELED_BY_USER
    assert printer.jobs[0].state == JobState.CANCELED


async def test_what_has_begun_is_not_taken_back(deliver: Delivery, printer: IppPrinterPeer) -> None:
    printer.ends = None
    delivery = asyncio.ensure_future(deliver(expires_at=deliver.clock.now() + 60_000))
    await deliver.until("started")
    deliver.clock.advance(61_000)
    printer.asked.clear()
    while printer.asked.count(Operation.GET_JOB_ATTRIBUTES) < 3:
        await asyncio.sleep(0)
    printer.jobs[0].state = JobState.COMPLETED
    assert (await delivery).kind == "printed"
    assert Operation.CANCEL_JOB not in printer.asked


async def test_an_answer_that_is_lost_changes_nothing(deliver: Delivery, printer: IppPrinterPeer) -> None:
    printer.cuts_after.add(Operation.SEND_DOCUMENT)
    assert (await deliver()).kind == "printed"
    assert len(printer.jobs) == 1


async def test_a_cut_before_the_printer_has_begun_is_not_sent(deliver: Delivery, printer: IppPrinterPeer) -> None:
    printer.cuts.add(Operation.SEND_DOCUMENT)
    with pytest.raises(NotSent):
        await deliver()
    assert printer.jobs[0].state == JobState.CANCELED


async def test_what_was_taken_back_after_a_cut_is_printed_when_it_is_sent_again(
    deliver: Delivery, printer: IppPrinterPeer
) -> None:
    job = await deliver.job()
    printer.cuts.add(Operation.SEND_DOCUMENT)
    with pytest.raises(NotSent):
        await deliver.sink.deliver(job, job.document, deliver)
    printer.cuts.clear()
    assert (await deliver.sink.deliver(replace(job, attempts=1), job.document, deliver)).kind == "printed"
    assert [one.state for one in printer.jobs] == [JobState.CANCELED, JobState.COMPLETED]


async def test_one_document_that_breaks_every_connection_does_not_hold_up_all_others(
    deliver: Delivery, printer: IppPrinterPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ipp, "MOST_FAILURES", 3)
    job = await deliver.job()
    printer.cuts.add(Operation.SEND_DOCUMENT)
    for attempt, end in enumerate((NotSent, NotSent, Refused)):
        with pytest.raises(end):
            await deliver.sink.deliver(replace(job, attempts=attempt), job.document, deliver)


async def test_what_is_too_large_for_its_http_server_is_refused(deliver: Delivery, printer: IppPrinterPeer) -> None:
    printer.http[Operation.SEND_DOCUMENT] = 413
    with pytest.raises(Refused, match="too large"):
        await deliver()
    assert printer.jobs[0].state == JobState.CANCELED


async def test_a_printer_that_is_gone_after_a_cut_is_waited_for(deliver: Delivery, printer: IppPrinterPeer) -> None:
    # It has the document, and nobody knows that yet: saying “not sent” would let another printer have it, too.
    printer.cuts_after.add(Operation.SEND_DOCUMENT)
    printer.cuts.add(Operation.GET_JOB_ATTRIBUTES)
    delivery = asyncio.ensure_future(deliver())
    await deliver.until(UNREACHABLE)
    printer.cuts.clear()
    assert (await delivery).kind == "printed"
    assert len(printer.jobs) == 1


async def test_a_cut_job_without_a_number_is_found_by_its_name(deliver: Delivery, printer: IppPrinterPeer) -> None:
    printer.operations = SIMPLE
    printer.cuts_after.add(Operation.PRINT_JOB)
    assert (await deliver()).kind == "printed"
    assert len(printer.jobs) == 1


async def test_a_cut_job_that_the_printer_does_not_know_is_a_persons_business(
    deliver: Delivery, printer: IppPrinterPeer
) -> None:
    printer.operations = SIMPLE
    printer.cuts.add(Operation.PRINT_JOB)
    with pytest.raises(OutcomeUnknown):
        await deliver()


async def test_a_printer_that_forgets_its_job_leaves_it_unknown(deliver: Delivery, printer: IppPrinterPeer) -> None:
    printer.refuses[Operation.GET_JOB_ATTRIBUTES] = Status.NOT_FOUND
    with pytest.raises(OutcomeUnknown):
        await deliver()


class TestAfterACrash:
    """A job that was being sent when the service ended is delivered again: the printer is asked first."""

    async def again(self, deliver: Delivery, job: Job) -> Evidence:
        return await deliver.sink.deliver(replace(job, attempts=1), job.document, deliver)

    async def test_what_was_printed_is_not_printed_again(self, deliver: Delivery, printer: IppPrinterPeer) -> None:
        job = await deliver.job()
        await deliver.sink.deliver(job, job.document, deliver)
        assert (await self.again(deliver, job)).kind == "printed"
        assert len(printer.jobs) == 1

    async def test_what_the_printer_does_not_know_is_unknown(self, deliver: Delivery, printer: IppPrinterPeer) -> None:
        with pytest.raises(OutcomeUnknown):
            await self.again(deliver, await deliver.job())
        assert printer.jobs == []

    async def test_what_never_came_whole_is_sent_again(self, deliver: Delivery, printer: IppPrinterPeer) -> None:
        job = await deliver.job()
        printer.refuses[Operation.CANCEL_JOB] = Status.BUSY
        printer.cuts.add(Operation.SEND_DOCUMENT)
        delivery = asyncio.ensure_future(deliver.sink.deliver(job, job.document, deliver))
        while Operation.CANCEL_JOB not in printer.asked:
            await asyncio.sleep(0)
        delivery.cancel()  # the service dies here
        await asyncio.gather(delivery, return_exceptions=True)
        printer.refuses.clear()
        printer.cuts.clear()
        assert (await self.again(deliver, job)).kind == "printed"
        assert [one.state for one in printer.jobs] == [JobState.CANCELED, JobState.COMPLETED]
