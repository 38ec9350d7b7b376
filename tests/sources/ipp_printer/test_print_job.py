"""How a job stands by the station's jobs for it: completed when all are, and in the station's words until then."""

from __future__ import annotations

from itertools import product

import pytest

from comptoir.core.document import Document, Origin
from comptoir.core.job import OUTCOME_UNKNOWN, Job, State
from comptoir.sources.ipp_printer.print_job import PrintJob, Standing, standing_of
from comptoir.wire.ipp_codes import JobState

STATES: tuple[State, ...] = (
    "pending", "pending-held", "processing", "processing-stopped", "canceled", "aborted", "completed",
)  # fmt: skip


def job(state: State, reason: str = "", message: str = "", number: int = 1) -> Job:

    return Job(number, "u", Document.of(b"x"), Origin("nuit"), "laser", state, 1, 1, reason=reason, message=message)


def test_what_is_printed_nowhere_is_completed() -> None:
    assert standing_of([]) == Standing(JobState.COMPLETED, ("job-completed-successfully",))


@pytest.mark.parametrize(
    ("state", "reason", "expected", "reasons"),
    [
        ("pending", "", JobState.PROCESSING, ("queued-in-device",)),
        ("pending", "media-empty-error", JobState.PROCESSING, ("queued-in-device", "media-empty-error")),
        ("processing", "", JobState.PROCESSING, ("job-printing",)),
        ("processing-stopped", "media-jam-error", JobState.STOPPED, ("printer-stopped", "media-jam-error")),
        ("pending-held", OUTCOME_UNKNOWN, JobState.HELD, ("job-held-for-review", OUTCOME_UNKNOWN)),
        ("aborted", "document-format-error", JobState.ABORTED, ("aborted-by-system", "document-format-error")),
        ("canceled", "job-canceled-by-user", JobState.CANCELED, ("job-canceled-by-user",)),
        ("completed", "job-completed-successfully", JobState.COMPLETED, ("job-completed-successfully",)),
    ],
)
def test_each_state_of_one(state: State, reason: str, expected: JobState, reasons: tuple[str, ...]) -> None:
    assert standing_of([job(state, reason, "why")]) == Standing(expected, reasons, "why")


@pytest.mark.parametrize("states", list(product(STATES, repeat=2)))
def test_several_end_when_all_have(states: tuple[State, ...]) -> None:
    standing = standing_of([job(state, number=n) for n, state in enumerate(states)])
    final = {"canceled", "aborted", "completed"}
    assert standing.final == (set(states) <= final)
    assert (standing.state == JobState.COMPLETED) == (set(states) == {"completed"})


def test_before_it_is_the_stations() -> None:
    one = PrintJob(1, "urn:uuid:x", "t", "u", "h", 0)
    assert one.standing == Standing(JobState.PENDING, ("job-incoming",))
    one.held = True
    assert one.standing == Standing(JobState.HELD, ("job-hold-until-specified",))
    one.held, one.closed = False, True
    assert one.final
    one.jobs[3] = job("processing", number=3)
    assert (one.final, list(one.wanted)) == (False, [3])
    one.end = Standing(JobState.ABORTED, ("aborted-by-system",))
    assert one.standing.state == JobState.ABORTED
