"""After a restart clients may ask for their jobs as before; what was cut off is not taken for whole."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.capture_printer import CapturePrinter

from comptoir.core.document import Submission
from comptoir.sources.ipp_printer import restoring
from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Tag
from comptoir.wire.ipp_codes import JobState, Operation

PDF = b"%PDF-1.7"


async def again(printer: CapturePrinter) -> None:
    await printer.stop()
    await printer.session.close()
    await printer.start()


async def test_jobs_are_known_and_numbers_go_on(printer: CapturePrinter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "AT_ONCE", 2)
    for title in ("a", "b", "c"):
        await printer.print(PDF, title, "anne")
    await again(printer)
    job = await printer.job(2)
    assert (job.texts("job-name"), job.number("job-state")) == (("b",), JobState.COMPLETED)
    assert job.texts("job-originating-user-name") == ("anne",)
    fresh = (await printer.print(PDF, "d")).group(Tag.JOB).number("job-id") or 0
    assert fresh > 3
    await again(printer)
    asked = {"which-jobs": v.keyword("completed")}
    found = [one.number("job-id") for one in (await printer.ask(Operation.GET_JOBS, asked)).all(Tag.JOB)]
    assert found == [fresh, 3, 2, 1]


async def test_several_documents_are_one_job(printer: CapturePrinter) -> None:
    await printer.ask(Operation.CREATE_JOB, {"job-name": v.name("Dossier")})
    for last in (False, True):
        attributes = {"job-id": v.integer(1), "last-document": v.boolean(last)}
        await printer.ask(Operation.SEND_DOCUMENT, attributes, document=PDF)
    await again(printer)
    job = await printer.job(1)
    assert (job.number("number-of-documents"), job.texts("job-name")) == (2, ("Dossier",))


async def test_a_part_is_no_success(printer: CapturePrinter) -> None:
    await printer.print(gzip.compress(PDF * 50)[:-8], compression=v.keyword("gzip"))
    await again(printer)
    assert (await printer.job(1)).number("job-state") == JobState.ABORTED


async def test_what_is_only_printed_is_known_as_well(tmp_path: Path) -> None:
    async with CapturePrinter(tmp_path, destinations=("laser", "copy"), keeps=False) as printer:
        await printer.print(PDF, "Facture", "anne")
        await again(printer)
        job = await printer.job(1)
        assert (job.texts("job-name"), job.number("job-state")) == (("Facture",), JobState.PROCESSING)
        await printer.printed(1)
        await printer.printed(2)
        await again(printer)
        assert (await printer.job(1)).number("job-state") == JobState.COMPLETED


async def test_a_reprint_does_not_bring_a_job_back(tmp_path: Path) -> None:
    async with CapturePrinter(tmp_path, destinations=("laser",)) as printer:
        await printer.print(PDF)
        await printer.printed(1)
        job = await printer.journal.job(1)
        assert job is not None
        again_on_paper = Submission(
            job.document, replace(job.origin, source="reprint"), "laser", reprint_of=1, kept=job.kept
        )
        await printer.journal.accept(again_on_paper)
        await again(printer)
        assert (await printer.job(1)).number("job-state") == JobState.COMPLETED


async def test_a_journal_from_a_backup_is_looked_through_anew(printer: CapturePrinter) -> None:
    await printer.print(PDF, "Balance")
    await printer.stop()
    (numbers,) = printer.folder.rglob("numbers.json")
    numbers.write_text('{"next": 700, "mark": 600}')
    await printer.session.close()
    await printer.start()
    assert (await printer.job(1)).texts("job-name") == ("Balance",)


async def test_one_that_was_held_and_released_can_be_printed_once_more(printer: CapturePrinter) -> None:
    held = {"job-hold-until": v.keyword("indefinite")}
    said = {"requesting-user-name": v.name("nuit"), "job-name": v.name("Rapport")}
    await printer.ask(Operation.PRINT_JOB, said, held, PDF)
    await printer.ask(Operation.RELEASE_JOB, {"job-id": v.integer(1)})
    await again(printer)
    await printer.print(PDF)
    assert len(await printer.kept()) == 2
