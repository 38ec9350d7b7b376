"""Jobs of CUPS, read: which are prints, and whose queue captures already."""

from __future__ import annotations

from typing import Any

import pytest

from comptoir.sources.cups.prints import captured, print_of, wanted
from comptoir.wire.ipp import Group, Range, Resolution, Tag, Value
from comptoir.wire.ipp_codes import JobState

JOB = {
    "job-id": 7, "job-uuid": "urn:uuid:1234", "job-state": JobState.COMPLETED, "job-name": "Café 😀",
    "job-printer-uri": "ipp://localhost/printers/Caisse%20n%C2%B0%201", "job-originating-user-name": "marie",
    "job-originating-host-name": "pc", "time-at-creation": 10, "time-at-processing": 20, "time-at-completed": 30,
    "copies": 2, "number-of-documents": 3, "sides": "one-sided",
}  # fmt: skip


def group(**changes: Any) -> Group:
    told = {**JOB, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return Group(Tag.JOB, {name: (Value(Tag.NO_VALUE, value),) for name, value in told.items() if value is not None})


def test_a_print() -> None:
    one = print_of(group())
    assert one is not None
    assert (one.job, one.uid, one.queue, one.title) == (7, "1234-7-10000", "Caisse n° 1", "Café 😀")
    assert (one.user, one.host, one.at, one.made_at) == ("marie", "pc", 30_000, 10_000)
    assert (one.done, one.documents, one.copies, one.attributes) == (True, 3, 2, {"sides": "one-sided"})


def test_what_says_little() -> None:
    one = print_of(Group(Tag.JOB, {name: (Value(Tag.INTEGER, 9),) for name in ("job-id", "job-state")}))
    assert one is not None
    assert (one.uid, one.at, one.documents, one.copies, one.there) == ("-9-0", None, 1, 1, True)


@pytest.mark.parametrize("state", [None, JobState.PENDING, JobState.HELD, JobState.CANCELED, JobState.ABORTED])
def test_what_is_no_print(state: JobState | None) -> None:
    assert print_of(group(job_state=state)) is None
    assert print_of(group(job_id=None)) is None


@pytest.mark.parametrize("state", [JobState.PROCESSING, JobState.STOPPED])
def test_what_is_being_printed(state: JobState) -> None:
    one = print_of(group(job_state=state, time_at_completed=None, job_preserved=False))
    assert one is not None
    assert (one.done, one.at, one.there) == (False, 20_000, True)


def test_documents_that_were_thrown_away() -> None:
    one = print_of(group(job_preserved=False))
    assert one is not None
    assert not one.there


def test_values_that_are_no_texts() -> None:
    one = print_of(group(sides=None, resolution=Resolution(300, 600), page_ranges=Range(1, 3), number_up=2))
    assert one is not None
    assert one.attributes == {"resolution": "300x600dpi", "page-ranges": "1-3", "number-up": "2"}


@pytest.mark.parametrize(
    ("device", "model", "ours"),
    [
        ("comptoir:/socket://x", "Generic PostScript", True),
        ("ipp://localhost:22631/ipp/print", "Comptoir - IPP Everywhere", True),
        ("dnssd://Comptoir._ipp._tcp.local/", "Comptoir", True),
        ("ipp://printer/ipp/print", "HP", False),
        ("socket://x", "Comptoir", False),
    ],
)
def test_what_is_captured_already(device: str, model: str, ours: bool) -> None:
    assert captured(device, model) is ours


def test_queues_by_pattern() -> None:
    assert wanted("Facture", ("fact*", "x"))
    assert not wanted("Ticket", ("fact*", "x"))
