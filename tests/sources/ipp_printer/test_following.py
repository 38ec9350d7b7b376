"""A job follows the station's: processing, stopped, held, completed, failed; with the station's own words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.capture_printer import CapturePrinter

from comptoir.core.document import Submission
from comptoir.core.job import REDIRECTED, Change
from comptoir.wire.ipp_codes import JobState, Status

PDF = b"%PDF-1.7"


@pytest.fixture
async def printer(tmp_path: Path) -> AsyncIterator[CapturePrinter]:
    async with CapturePrinter(tmp_path, destinations=("laser", "copy")) as one:
        yield one


async def becomes(printer: CapturePrinter, state: JobState) -> tuple[str, ...]:
    """Its reasons, once it stands so."""
    async with asyncio.timeout(20):
        while (job := await printer.job(1)).number("job-state") != state:
            await asyncio.sleep(0)
    return job.texts("job-state-reasons")


async def test_it_is_completed_when_all_are(printer: CapturePrinter) -> None:
    assert (await printer.print(PDF)).code == Status.OK
    assert (await printer.job(1)).texts("job-state-reasons") == ("queued-in-device",)
    await printer.printed(1)
    await printer.printed(2, "processing")
    assert await becomes(printer, JobState.PROCESSING)
    await printer.printed(2)
    assert await becomes(printer, JobState.COMPLETED) == ("job-completed-successfully",)


async def test_a_printer_that_stops_and_one_that_fails(printer: CapturePrinter) -> None:
    await printer.print(PDF)
    await printer.printed(1, "processing")
    await printer.printed(1, "processing-stopped", "media-empty-error")
    assert await becomes(printer, JobState.STOPPED) == ("printer-stopped", "media-empty-error")
    await printer.printed(1, "aborted", "document-format-error")
    await printer.printed(2)
    assert await becomes(printer, JobState.ABORTED) == ("aborted-by-system", "document-format-error")
    assert (await printer.job(1)).texts("job-state-message") == ("said so",)


async def test_one_of_which_nobody_knows_whether_it_came_out_waits_for_a_person(printer: CapturePrinter) -> None:
    await printer.print(PDF)
    await printer.printed(1)
    await printer.printed(2, "processing")
    await printer.printed(2, "pending-held", "outcome-unknown")
    assert await becomes(printer, JobState.HELD) == ("job-held-for-review", "outcome-unknown")


async def test_what_happened_while_the_station_was_away(printer: CapturePrinter) -> None:
    await printer.print(PDF)
    await printer.stop()
    await printer.session.close()
    await printer.printed(1)
    await printer.start()
    assert await becomes(printer, JobState.PROCESSING)
    await printer.printed(2)
    assert await becomes(printer, JobState.COMPLETED)


@pytest.mark.parametrize("anew", [False, True])
async def test_one_that_another_printer_takes_over_is_followed_there(printer: CapturePrinter, anew: bool) -> None:
    await printer.print(PDF)
    await printer.printed(2)
    moved = await printer.journal.job(1)
    assert moved is not None
    there = Submission(
        moved.document, moved.origin, "other", uid=moved.uid, title=moved.title, format="pdf", kept=moved.kept
    )
    assert await printer.journal.exchange(Change(1, "canceled", REDIRECTED), there) is not None
    if anew:
        await printer.stop()
        await printer.session.close()
        await printer.start()
    assert await becomes(printer, JobState.PROCESSING)
    await printer.printed(3)
    assert await becomes(printer, JobState.COMPLETED)
