"""A job in the queue of Windows: followed to its end, told when it stops, and taken back for certain or not at all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.queue_desk import QueueDesk
from tests.peers.spool_library import SpoolLibrary

from comptoir.core.errors import NotSent, OutcomeUnknown, Refused
from comptoir.core.job import CANCELED_BY_USER, EXPIRED, NO_PAPER, OTHER_ERROR, PAUSED, PRINTER_OFFLINE
from comptoir.core.ports import Retriever
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks import queued as module
from comptoir.sinks.queued import title_of
from comptoir.windows.structures import FINE, JobStatus, PrinterStatus


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    one = await SqliteJournal.open("", tmp_path / "journal", FakeClock())
    yield one
    await one.close()


@pytest.fixture
async def desk(journal: SqliteJournal) -> QueueDesk:
    return QueueDesk(journal)


async def test_what_the_spooler_says_is_the_evidence(desk: QueueDesk) -> None:
    assert isinstance(desk.sink, Retriever)
    evidence = await desk.deliver(await desk.job())
    assert (evidence.kind, evidence.detail) == ("sent", "the spooler reports it printed, job 11")
    assert b"Hello world" in desk.spool.ticket.printed[0]
    assert (desk.told, desk.spool.left_open) == (["started"], 0)


async def test_where_nothing_is_told_only_what_is_known_is_said(journal: SqliteJournal) -> None:
    desk = QueueDesk(journal, notifies=False)
    evidence = await desk.deliver(await desk.job())
    assert (evidence.kind, evidence.detail) == ("sent", "taken by the spooler, job 11")


async def test_a_queue_that_keeps_printed_jobs(journal: SqliteJournal) -> None:
    desk = QueueDesk(journal, notifies=False)
    desk.spool.ticket.keeps = True
    assert (await desk.deliver(await desk.job())).detail == "the spooler reports it printed, job 11"


async def test_its_title_tells_it_from_others(desk: QueueDesk) -> None:
    job = await desk.job(title="Facture\n\x072026 " + "x" * 300)
    delivery, number = await desk.waiting(job)
    title = desk.spool.ticket.jobs[number].title
    assert title == title_of(job) == f"Facture 2026 {'x' * 47} ({job.uid[:12]})"
    desk.spool.print(number)
    await delivery


async def test_a_stopped_printer_gets_nothing(desk: QueueDesk) -> None:
    desk.spool.ticket.status = PrinterStatus.PAPER_OUT
    with pytest.raises(NotSent) as stopped:
        await desk.deliver(await desk.job())
    assert stopped.value.reason == NO_PAPER
    assert "StartDocPrinterW" not in desk.spool.log
    assert desk.told == []


async def test_a_spooler_that_takes_no_job_has_none(desk: QueueDesk) -> None:
    desk.spool.refuses["StartDocPrinterW"] = 1804  # ERROR_INVALID_DATATYPE
    with pytest.raises(NotSent):
        await desk.deliver(await desk.job())
    assert (desk.told, desk.spool.left_open) == ([], 0)


async def test_what_stops_it_is_told_and_that_it_goes_on(desk: QueueDesk) -> None:
    delivery, number = await desk.waiting(await desk.job())
    desk.spool.ticket.status = PrinterStatus.PAUSED
    await desk.until(lambda: desk.told == ["started", PAUSED])
    assert desk.channel.trouble == (PAUSED, "its queue is paused in Windows")
    desk.spool.ticket.status = FINE
    await desk.until(lambda: desk.told[2:] == ["goes on"])
    desk.spool.say(number, JobStatus.PRINTING | JobStatus.PAPEROUT)
    await desk.until(lambda: desk.told[3:] == [NO_PAPER])
    desk.spool.say(number, JobStatus.OFFLINE)
    await desk.until(lambda: desk.told[4:] == [PRINTER_OFFLINE])
    desk.spool.print(number)
    assert "reports it printed" in (await delivery).detail
    assert desk.channel.trouble is None


@pytest.mark.parametrize("notifies", [True, False])
async def test_what_expires_in_the_queue_is_deleted_for_certain(journal: SqliteJournal, notifies: bool) -> None:
    desk = QueueDesk(journal, notifies=notifies)
    job = await desk.job()
    job = replace(job, expires_at=desk.clock.now() + 1000)
    delivery, _ = await desk.waiting(job)
    desk.clock.advance(2000)
    with pytest.raises(Refused) as expired:
        await delivery
    assert expired.value.reason == EXPIRED
    assert (desk.spool.ticket.jobs, desk.spool.ticket.printed, desk.spool.left_open) == ({}, [], 0)
    assert desk.spool.log.index("pause") < desk.spool.log.index("delete")
    assert not desk.channel.cut_short


async def test_what_is_cancelled_in_the_queue_is_deleted_for_certain(desk: QueueDesk) -> None:
    job = await desk.job()
    delivery, _ = await desk.waiting(job)
    desk.sink.unwanted.add(job.id)
    with pytest.raises(Refused) as cancelled:
        await delivery
    assert cancelled.value.reason == CANCELED_BY_USER
    assert desk.spool.ticket.jobs == {}


async def test_what_is_being_sent_goes_on(desk: QueueDesk) -> None:
    job = await desk.job()
    delivery, number = await desk.waiting(job)
    desk.spool.begin(number)
    desk.sink.unwanted.add(job.id)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(delivery), 0.3)
    assert "delete" not in desk.spool.log
    desk.spool.print(number)
    await delivery


async def test_what_was_begun_and_stopped_is_deleted_and_nobody_knows(desk: QueueDesk) -> None:
    """Its printer lets go when it is switched off; a stale ticket must not come out in the morning."""
    job = await desk.job()
    delivery, number = await desk.waiting(job)
    desk.spool.say(number, JobStatus.PRINTING | JobStatus.PAPEROUT)
    desk.sink.unwanted.add(job.id)
    await desk.until(lambda: "delete" in desk.spool.log)
    desk.spool.delete(number)
    with pytest.raises(OutcomeUnknown):
        await delivery
    assert desk.channel.cut_short


async def test_a_deletion_that_is_refused_is_no_deletion(desk: QueueDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is followed, and printed when it is printed."""
    monkeypatch.setattr(module, "DELETION", 0.1)
    job = await desk.job()
    desk.spool.refuses["delete"] = 5
    delivery, number = await desk.waiting(job)
    desk.sink.unwanted.add(job.id)
    await desk.until(lambda: desk.spool.log.count("delete") > 1)
    assert not delivery.done()
    desk.spool.print(number)
    assert "reports it printed" in (await delivery).detail


async def test_what_somebody_deletes_in_the_queue(desk: QueueDesk) -> None:
    delivery, number = await desk.waiting(await desk.job())
    desk.spool.delete(number)
    with pytest.raises(Refused, match="deleted it from the queue") as deleted:
        await delivery
    assert deleted.value.reason == CANCELED_BY_USER


async def test_what_somebody_deletes_while_it_prints(desk: QueueDesk) -> None:
    delivery, number = await desk.waiting(await desk.job())
    desk.spool.begin(number)
    desk.spool.delete(number)
    with pytest.raises(OutcomeUnknown, match="deleted it from the queue; a part"):
        await delivery


async def test_what_is_gone_from_a_stopped_printer_is_not_said_to_be_printed(journal: SqliteJournal) -> None:
    """Without notifications nobody knows who took it."""
    desk = QueueDesk(journal, notifies=False)
    delivery, number = await desk.waiting(await desk.job())
    desk.spool.ticket.status = PrinterStatus.OFFLINE
    await desk.until(lambda: desk.told[1:] == [PRINTER_OFFLINE])
    desk.spool.delete(number)
    with pytest.raises(OutcomeUnknown, match="nobody says why"):
        await delivery


async def test_the_number_of_another_job_is_not_ours(journal: SqliteJournal) -> None:
    desk = QueueDesk(journal, notifies=False)
    delivery, number = await desk.waiting(await desk.job())
    desk.spool.reuse(number, "of another program")
    assert (await delivery).detail == "taken by the spooler, job 11"
    assert [job.title for job in desk.spool.ticket.jobs.values()] == ["of another program"]


async def test_notifications_that_were_lost_prove_nothing(desk: QueueDesk) -> None:
    delivery, number = await desk.waiting(await desk.job())
    desk.spool.discards = True
    await desk.until(lambda: not desk.spool.discards)
    desk.spool.delete(number)
    with pytest.raises(OutcomeUnknown):
        await delivery


@pytest.mark.parametrize("keeps", [True, False])
async def test_the_service_of_the_spooler_starts_anew(desk: QueueDesk, keeps: bool) -> None:
    delivery, number = await desk.waiting(await desk.job())
    desk.spool.running = False
    await desk.until(lambda: OTHER_ERROR in desk.told)
    desk.spool.restart(keeps=keeps)
    if keeps:
        await desk.until(lambda: desk.told[-1] == "goes on")
        desk.spool.print(number)
        # It tells nobody any more what happens.
        assert (await delivery).detail == "taken by the spooler, job 11"
    else:
        with pytest.raises(OutcomeUnknown):
            await delivery


async def test_a_queue_that_is_silent_for_long(desk: QueueDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GONE", 0.2)
    delivery, _ = await desk.waiting(await desk.job())
    desk.spool.running = False
    with pytest.raises(OutcomeUnknown, match="does not answer"):
        await delivery
    desk.spool.restart(keeps=False)


async def test_the_printer_is_removed_while_a_job_waits(desk: QueueDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GONE", 0.2)
    delivery, _ = await desk.waiting(await desk.job())
    del desk.spool.printers["TICKET"]
    with pytest.raises(OutcomeUnknown):
        await delivery


async def test_a_job_that_breaks_off_in_the_middle_is_deleted(desk: QueueDesk) -> None:
    desk.spool.refuses["WritePrinter"] = 112  # ERROR_DISK_FULL
    with pytest.raises(OutcomeUnknown, match="the connection broke"):
        await desk.deliver(await desk.job())
    assert (desk.spool.ticket.jobs, desk.spool.ticket.printed, desk.spool.left_open) == ({}, [], 0)


async def test_what_a_cut_short_job_left_open_is_ended_with_the_next(desk: QueueDesk) -> None:
    """One job in the queue, of this title: what ends the picture of the last one stands before it."""
    desk.channel.cut_short = True
    await desk.deliver(await desk.job())
    (data,) = desk.spool.ticket.printed
    assert data.startswith(desk.channel._language.recover())
    assert not desk.channel.cut_short


async def test_who_stops_the_service_leaves_it_to_the_next_start(desk: QueueDesk) -> None:
    """There it is taken back, and handed over again: once."""
    job = await desk.job()
    delivery, number = await desk.waiting(job)
    delivery.cancel()
    await asyncio.wait([delivery])
    assert list(desk.spool.ticket.jobs) == [number]
    while desk.spool.left_open:  # the last look may last a moment
        await asyncio.sleep(0)
    desk.starts()
    desk.spool.ticket.prints = True
    await desk.deliver(replace(job, attempts=1))
    assert (len(desk.spool.ticket.printed), desk.spool.ticket.jobs) == (1, {})


async def test_a_queue_that_hangs_is_one_that_does_not_answer(desk: QueueDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ANSWER", 0.1)
    monkeypatch.setattr(module, "GONE", 0.2)
    delivery, _ = await desk.waiting(await desk.job())
    answers = desk.spool.hangs["GetJobW"] = threading.Event()
    with pytest.raises(OutcomeUnknown, match="does not answer"):
        await delivery
    answers.set()


# -- after a crash ----------------------------------------------------------------------------------------------------


async def killed(desk: QueueDesk, status: JobStatus) -> tuple[asyncio.Task[object], int]:
    """The service was killed while its job stood in the queue; it starts again, and delivers what it finds."""
    job = await desk.job()
    number = desk.spool.put(title_of(job), status)
    return asyncio.ensure_future(desk.sink.deliver(replace(job, attempts=1), job.document, desk)), number


@pytest.mark.parametrize("status", [JobStatus.SPOOLING, JobStatus(0)])
async def test_what_waits_there_is_taken_back_and_handed_over_again(desk: QueueDesk, status: JobStatus) -> None:
    delivery, number = await killed(desk, status)
    await delivery
    assert number not in desk.spool.ticket.jobs
    assert len(desk.spool.ticket.printed) == 1


async def test_all_of_it_is_taken_back(desk: QueueDesk) -> None:
    """One that was only announced stays, where the service is killed right then."""
    job = await desk.job()
    for _ in range(2):
        desk.spool.put(title_of(job), JobStatus.SPOOLING)
    await desk.deliver(replace(job, attempts=1))
    assert (len(desk.spool.ticket.printed), desk.spool.ticket.jobs) == (1, {})


async def test_what_waits_there_for_a_printer_that_is_off_waits_here_again(desk: QueueDesk) -> None:
    """Else it would expire here, and come out of the queue when the printer is switched on."""
    desk.spool.ticket.status = PrinterStatus.OFFLINE
    delivery, _ = await killed(desk, JobStatus(0))
    with pytest.raises(NotSent):
        await delivery
    assert desk.spool.ticket.jobs == {}
    desk.spool.ticket.status = FINE
    job = await desk.journal.job(1)
    assert job is not None
    await desk.deliver(replace(job, attempts=1))  # it is known that nothing came out
    assert len(desk.spool.ticket.printed) == 1


async def test_what_is_not_there_any_more_may_have_come_out(desk: QueueDesk) -> None:
    job = await desk.job()
    with pytest.raises(OutcomeUnknown, match="no such job any more"):
        await desk.deliver(replace(job, attempts=1))
    assert desk.spool.ticket.printed == []


async def test_what_is_being_printed_is_left_to_it(desk: QueueDesk) -> None:
    delivery, number = await killed(desk, JobStatus.PRINTING)
    with pytest.raises(OutcomeUnknown, match="prints it: job 11"):
        await delivery
    assert number in desk.spool.ticket.jobs


async def test_a_queue_that_does_not_say_what_it_has(desk: QueueDesk) -> None:
    desk.spool.refuses["EnumJobsW"] = 5
    delivery, _ = await killed(desk, JobStatus(0))
    with pytest.raises(OutcomeUnknown, match="does not answer"):
        await delivery


async def test_what_cannot_be_taken_back_is_told(desk: QueueDesk) -> None:
    desk.spool.refuses["delete"] = 5
    delivery, _ = await killed(desk, JobStatus(0))
    with pytest.raises(OutcomeUnknown, match="could not be taken back") as stays:
        await delivery
    assert "Delete job 11" in stays.value.hint


def test_the_peer_keeps_account() -> None:
    assert SpoolLibrary().left_open == 0
