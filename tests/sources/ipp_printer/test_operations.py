"""What is done about operations: whose jobs they may touch, what is cancelled where, and what is left to people."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.peers.capture_printer import CapturePrinter

from comptoir.sources.ipp_printer.capabilities import OPERATIONS
from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Tag
from comptoir.wire.ipp_codes import JobState, Operation, Status

PDF = b"%PDF-1.7"


async def test_every_operation_that_is_announced_is_answered(printer: CapturePrinter) -> None:
    for operation in sorted(OPERATIONS):
        answer = await printer.ask(operation, {"job-id": v.integer(1)})
        assert answer.code not in (Status.OPERATION_NOT_SUPPORTED, Status.INTERNAL_ERROR), operation
    assert (await printer.ask(0x4002)).code == Status.OPERATION_NOT_SUPPORTED


@pytest.mark.parametrize(
    "operation",
    [Operation.PAUSE_PRINTER, Operation.RESUME_PRINTER, Operation.PURGE_JOBS, Operation.ENABLE_PRINTER,
     Operation.DISABLE_PRINTER, Operation.CANCEL_JOBS],
)  # fmt: skip
async def test_what_is_left_to_the_stations_pages(printer: CapturePrinter, operation: Operation) -> None:
    assert (await printer.ask(operation)).code == Status.NOT_AUTHORIZED


async def test_what_cannot_be_set_or_repeated(printer: CapturePrinter) -> None:
    await printer.print(PDF)
    job = {"job-id": v.integer(1)}
    assert (await printer.ask(Operation.SET_PRINTER_ATTRIBUTES)).code == Status.NOT_SETTABLE
    assert (await printer.ask(Operation.SET_JOB_ATTRIBUTES, job)).code == Status.NOT_SETTABLE
    assert (await printer.ask(Operation.RESTART_JOB, job)).code == Status.NOT_POSSIBLE


async def test_others_jobs_are_not_touched(printer: CapturePrinter) -> None:
    number = (await printer.ask(Operation.CREATE_JOB, {"requesting-user-name": v.name("anne")})).group(Tag.JOB).number(
        "job-id"
    ) or 0
    for operation in (Operation.CANCEL_JOB, Operation.HOLD_JOB, Operation.CLOSE_JOB):
        answer = await printer.ask(operation, {"job-id": v.integer(number), "requesting-user-name": v.name("marc")})
        assert answer.code == Status.NOT_AUTHORIZED
    mine = {"job-id": v.integer(number), "requesting-user-name": v.name("anne")}
    assert (await printer.ask(Operation.CANCEL_JOB, mine)).code == Status.OK
    assert (await printer.job(number)).number("job-state") == JobState.CANCELED
    assert (await printer.ask(Operation.CANCEL_JOB, mine)).code == Status.NOT_POSSIBLE


async def test_jobs_by_their_uri(printer: CapturePrinter) -> None:
    await printer.print(PDF)
    uri = (await printer.job(1)).texts("job-uri")[0]
    answer = await printer.ask(Operation.GET_JOB_ATTRIBUTES, {"job-uri": v.uri(uri)})
    assert answer.group(Tag.JOB).number("job-id") == 1
    for wrong in (
        f"{uri}1",
        f"{uri}x",
        "ipp://localhost/ipp/print/jobs/٣",
        "ipp://localhost/ipp/print/jobs/" + "9" * 99,
    ):
        assert (await printer.ask(Operation.GET_JOB_ATTRIBUTES, {"job-uri": v.uri(wrong)})).code == Status.NOT_FOUND


async def test_what_has_not_begun_at_the_station_is_withdrawn(tmp_path: Path) -> None:
    async with CapturePrinter(tmp_path / "a", destinations=("laser", "copy")) as printer:
        await printer.print(PDF)
        assert (await printer.job(1)).number("job-state") == JobState.PROCESSING
        assert (await printer.ask(Operation.CANCEL_JOB, {"job-id": v.integer(1)})).code == Status.OK
        assert len(printer.withdrawn) == 2
        async with printer.session.get(f"http://127.0.0.1:{printer.source.port}/") as page:
            assert page.status == 200
        assert len(await printer.kept()) == 1, "what is archived stays"


async def test_all_of_ones_own(printer: CapturePrinter) -> None:
    for user in ("anne", "anne", "marc"):
        await printer.ask(Operation.CREATE_JOB, {"requesting-user-name": v.name(user)})
    anne = {"requesting-user-name": v.name("anne")}
    assert (
        await printer.ask(Operation.CANCEL_MY_JOBS, {**anne, "job-ids": v.integer(1, 3)})
    ).code == Status.NOT_POSSIBLE
    assert (await printer.job(1)).number("job-state") == JobState.PENDING
    assert (await printer.ask(Operation.CANCEL_MY_JOBS, {**anne, "job-ids": v.integer(1)})).code == Status.OK
    assert (await printer.ask(Operation.CANCEL_MY_JOBS, anne)).code == Status.OK
    states = [(await printer.job(number)).number("job-state") for number in (1, 2, 3)]
    assert states == [JobState.CANCELED, JobState.CANCELED, JobState.PENDING]


async def test_a_job_that_was_open_when_the_station_ended(printer: CapturePrinter) -> None:
    """CUPS takes a broken connection for a success, asks for the job, and takes a not-found for one, too."""
    await printer.ask(Operation.CREATE_JOB)
    await printer.stop()
    await printer.session.close()
    await printer.start()
    job = await printer.job(1)
    assert job.attributes["job-state"] == v.unknown()
    attributes = {"job-id": v.integer(1), "last-document": v.boolean(True)}
    assert (await printer.ask(Operation.SEND_DOCUMENT, attributes, document=PDF)).code == Status.NOT_POSSIBLE
    assert (await printer.ask(Operation.GET_JOB_ATTRIBUTES, {"job-id": v.integer(9999)})).code == Status.NOT_FOUND


async def test_which_printer_is_this(printer: CapturePrinter, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        assert (await printer.ask(Operation.IDENTIFY_PRINTER, {"message": v.text("allo")})).code == Status.OK
    assert "allo" in caplog.text
