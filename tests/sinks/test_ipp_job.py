"""What the end of a job says, and the words for a printer that refuses. The whole way is in test_ipp.py."""

from __future__ import annotations

import pytest

from comptoir.core.errors import NotSent, OutcomeUnknown, Refused
from comptoir.core.job import CANCELED_BY_USER, DOCUMENT_FORMAT_ERROR, Evidence
from comptoir.sinks.ipp_job import JobNow, check, evidence_of, job_of
from comptoir.wire.ipp import Group, Message, Tag, Value
from comptoir.wire.ipp_codes import JobState, Status


def test_a_printer_says_printed_and_cups_says_passed_on() -> None:
    now = JobNow(12, JobState.COMPLETED, ("job-completed-successfully",), printed=3)
    assert evidence_of(now, False, ()) == Evidence("printed", "IPP job 12 completed: 3 impressions")
    assert evidence_of(JobNow(12, JobState.COMPLETED), True, ()) == Evidence("sent", "CUPS job 12 completed")


def test_what_went_wrong_on_the_way_is_told() -> None:
    now = JobNow(1, JobState.COMPLETED, ("job-completed-with-errors",))
    assert evidence_of(now, False, ("sides=one-sided",)).detail == (
        "IPP job 1 completed, job-completed-with-errors; not done: sides=one-sided"
    )


def test_who_cancelled_it_is_a_person() -> None:
    with pytest.raises(Refused, match="2 sides had come out") as caught:
        evidence_of(JobNow(1, JobState.CANCELED, ("job-canceled-at-device",), printed=2), False, ())
    assert caught.value.reason == CANCELED_BY_USER


def test_half_of_it_is_a_persons_business() -> None:
    with pytest.raises(OutcomeUnknown):
        evidence_of(JobNow(1, JobState.ABORTED, (), printed=2), False, ())


@pytest.mark.parametrize(
    ("code", "error"),
    [(Status.BUSY, NotSent), (0x05FF, NotSent), (Status.FORMAT_ERROR, Refused), (Status.CONFLICTING, Refused)],
)
def test_an_answer_that_says_no(code: int, error: type[Exception]) -> None:
    group = Group(Tag.OPERATION, {"status-message": (Value(Tag.TEXT, "no way"),)})
    with pytest.raises(error, match="no way"):
        check(Message(code, 1, (group,)))


def test_a_format_that_is_refused_has_that_reason() -> None:
    with pytest.raises(Refused) as caught:
        check(Message(Status.FORMAT_NOT_SUPPORTED, 1))
    assert caught.value.reason == DOCUMENT_FORMAT_ERROR


def test_an_answer_that_says_yes_or_nearly() -> None:
    check(Message(Status.OK, 1))
    check(Message(Status.OK_IGNORED, 1))


def test_a_job_as_attributes_tell_it() -> None:
    group = Group(
        Tag.JOB,
        {
            "job-id": (Value(Tag.INTEGER, 7),),
            "job-state": (Value(Tag.ENUM, 5),),
            "job-state-reasons": (Value(Tag.KEYWORD, "job-printing"),),
            "job-printer-state-message": (Value(Tag.TEXT, ""),),
            "job-state-message": (Value(Tag.TEXT, "Printing"),),
        },
    )
    assert job_of(group) == JobNow(7, 5, (), "Printing")
    assert job_of(Group(Tag.JOB)).state == JobState.PENDING
