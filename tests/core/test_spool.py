"""The spooler's brain as a dialogue: what happens on the left, what is done about it on the right."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from tests.peers.papers import job

from comptoir.core.job import COMPLETED, EXPIRED, OUTCOME_UNKNOWN, Change, Evidence
from comptoir.core.retry import Backoff
from comptoir.core.spool import (
    Arrived,
    CancelAsked,
    Closed,
    Command,
    Deliver,
    Delivered,
    Event,
    Failed,
    Forwarded,
    Lane,
    Opened,
    Record,
    Resumed,
    Starting,
    Stopped,
    Tick,
    decide,
    recover,
)

ONE, TWO, THREE = job(1), job(2), job(3)
PAPER = Evidence("processed")


@dataclass
class Playbook:
    """A lane that is told what happens: `book << Arrived(ONE) >> (Deliver(ONE),)`. `at` sets the clock."""

    lane: Lane = field(default_factory=lambda: Lane("TICKET", backoff=Backoff(first=100, most=400)))
    now: int = 0
    done: list[Command] = field(default_factory=list)

    def at(self, now: int) -> Playbook:
        self.now = now
        return self

    def __lshift__(self, event: Event) -> Playbook:
        self.done = decide(self.lane, event, self.now)
        return self

    def __rshift__(self, expected: tuple[Command | tuple[int, str, str], ...]) -> Playbook:
        """Each expectation: a command, or (job, state, reason) of a record."""
        told = [
            (c.change.job_id, c.change.state, c.change.reason) if isinstance(c, Record) and isinstance(e, tuple) else c
            for c, e in zip(self.done, expected, strict=False)
        ]
        assert (len(self.done), told) == (len(expected), list(expected)), self.done
        return self


NOTHING: tuple[Command, ...] = ()


@pytest.fixture
def book() -> Playbook:
    return Playbook()


def wide(width: int) -> Playbook:
    return Playbook(Lane("caisse-1", width=width, open=False))


def test_one_after_the_other_in_order(book: Playbook) -> None:
    book << Arrived(ONE) >> (Deliver(ONE),)
    book << Arrived(TWO) >> NOTHING
    book << Arrived(THREE) >> NOTHING
    book << Starting(1) >> ((1, "processing", ""),)
    book << Delivered(1, PAPER) >> (Record(Change(1, "completed", COMPLETED, evidence=PAPER)), Deliver(TWO))
    book << Starting(2) >> ((2, "processing", ""),)
    book << Delivered(2, PAPER) >> ((2, "completed", COMPLETED), Deliver(THREE))
    book << Delivered(3, PAPER) >> ((3, "completed", COMPLETED),)
    assert book.lane.drained()


def test_attempts_are_counted_when_something_may_come_out(book: Playbook) -> None:
    tried = job(1, attempts=2)
    book << Arrived(tried)
    (record,) = (book << Starting(1)).done
    assert isinstance(record, Record)
    assert record.change.attempts == 3


def test_what_was_not_sent_waits_longer_each_time_and_keeps_its_place(book: Playbook) -> None:
    no_paper = Failed(1, "not-sent", "media-empty-error", "no paper")
    book << Arrived(ONE)
    book << Arrived(TWO) >> NOTHING
    book << no_paper >> ((1, "pending", "media-empty-error"),)
    assert book.lane.trouble == ("media-empty-error", "no paper")
    assert book.lane.next_wake() == 100
    book.at(99) << Tick() >> NOTHING
    book.at(100) << Tick() >> (Deliver(ONE),)
    book << no_paper >> NOTHING, "the second “no paper” in a row is no news"
    assert book.lane.next_wake() == 300
    book.at(300) << Tick() >> (Deliver(ONE),)
    book << Failed(1, "not-sent", "cover-open-error", "cover") >> ((1, "pending", "cover-open-error"),)
    book.at(700) << Tick() >> (Deliver(ONE),)
    book << Starting(1)
    book << Delivered(1, PAPER) >> ((1, "completed", COMPLETED), Deliver(TWO))
    assert book.lane.trouble is None


def test_a_new_arrival_does_not_cut_the_wait_short(book: Playbook) -> None:
    book << Arrived(ONE)
    book << Failed(1, "not-sent", "offline-report", "off")
    book.at(50) << Arrived(TWO) >> NOTHING


def test_somebody_says_that_it_is_ready_again(book: Playbook) -> None:
    book << Arrived(ONE)
    book << Failed(1, "not-sent", "offline-report", "off")
    book.at(1) << Opened() >> (Deliver(ONE),)
    assert book.lane.trouble is None


def test_a_refused_job_fails_and_the_next_goes_on(book: Playbook) -> None:
    book << Arrived(ONE)
    book << Arrived(TWO)
    (
        book
        << Failed(1, "refused", "document-format-error", "no")
        >> ((1, "aborted", "document-format-error"), Deliver(TWO))
    )


def test_an_unknown_outcome_is_held_and_never_repeated(book: Playbook) -> None:
    book << Arrived(ONE)
    book << Starting(1)
    book << Failed(1, "unknown", "other-error", "it hung up") >> ((1, "pending-held", OUTCOME_UNKNOWN),)
    for event in (
        Tick(),
        Opened(),
        Delivered(1, PAPER),
        Starting(1),
        Failed(1, "not-sent", "x", "x"),
        CancelAsked(1, "me"),
    ):
        book.at(book.now + 10_000) << event >> NOTHING


def test_nothing_starts_after_its_expiry(book: Playbook) -> None:
    stale = job(2, expires_at=1000)
    book << Arrived(ONE)
    book << Arrived(stale)
    assert book.lane.next_wake() == 1000
    book.at(1000) << Tick() >> ((2, "aborted", EXPIRED),)
    book << Delivered(1, PAPER) >> ((1, "completed", COMPLETED),)


def test_a_job_that_arrives_expired_is_not_even_begun(book: Playbook) -> None:
    book.at(1000) << Arrived(job(1, expires_at=1000)) >> ((1, "aborted", EXPIRED),)


def test_a_job_that_expires_while_the_printer_is_opened_is_not_begun(book: Playbook) -> None:
    book << Arrived(job(1, expires_at=1000)) >> (Deliver(job(1, expires_at=1000)),)
    book << Arrived(TWO)
    book.at(1000) << Starting(1) >> ((1, "aborted", EXPIRED), Deliver(TWO))
    book << Failed(1, "withdrawn", "", "") >> NOTHING


def test_what_has_begun_does_not_expire(book: Playbook) -> None:
    book << Arrived(job(1, expires_at=1000))
    book << Starting(1)
    book.at(5000) << Tick() >> NOTHING
    book << Delivered(1, PAPER) >> ((1, "completed", COMPLETED),)


def test_a_waiting_job_is_cancelled(book: Playbook) -> None:
    book << Arrived(ONE)
    book << Arrived(TWO)
    book << CancelAsked(2, "anna") >> ((2, "canceled", "job-canceled-by-user"),)
    book << Delivered(1, PAPER) >> ((1, "completed", COMPLETED),)


def test_a_job_that_has_not_begun_is_cancelled_and_never_begins(book: Playbook) -> None:
    book << Arrived(ONE)
    book << Arrived(TWO)
    book << CancelAsked(1, "anna") >> ((1, "canceled", "job-canceled-by-user"), Deliver(TWO))
    book << Starting(1) >> NOTHING
    book << Delivered(1, PAPER) >> NOTHING


def test_what_has_begun_cannot_be_cancelled(book: Playbook) -> None:
    book << Arrived(ONE)
    book << Starting(1)
    book << CancelAsked(1, "anna") >> NOTHING
    book << Delivered(1, PAPER) >> ((1, "completed", COMPLETED),)


def test_a_station_gets_as_many_as_the_window_and_hands_them_on() -> None:
    book = wide(2)
    book << Arrived(ONE) >> NOTHING
    book << Arrived(TWO) >> NOTHING
    book << Arrived(THREE) >> NOTHING
    book << Opened() >> (Deliver(ONE), Deliver(TWO))
    book << Forwarded(1) >> ((1, "processing", ""), Deliver(THREE))
    book << Forwarded(1) >> NOTHING


def test_what_was_offered_and_not_acknowledged_is_offered_again_in_order() -> None:
    book = wide(2)
    book << Opened()
    for one in (ONE, TWO, THREE):
        book << Arrived(one)
    book << Forwarded(1)
    book << Closed() >> NOTHING
    book << Opened() >> (Deliver(TWO), Deliver(THREE))


def test_what_the_far_side_may_have_is_neither_expired_nor_cancelled_here() -> None:
    """Whoever has it decides: saying “expired” of a paper that lies on the counter would be a lie."""
    book = wide(2)
    book << Opened()
    book << Arrived(job(1, expires_at=1000))
    book << Closed()
    book << CancelAsked(1, "anna") >> NOTHING
    book.at(2000) << Tick() >> NOTHING
    assert 1 in book.lane.waiting


def test_after_a_restart_an_offered_job_waits_for_the_station() -> None:
    book = wide(2)
    book.at(2000) << Arrived(job(1, expires_at=1000), offered=True) >> NOTHING
    book << CancelAsked(1, "anna") >> NOTHING
    book << Opened() >> (Deliver(job(1, expires_at=1000)),)


def test_a_job_that_was_never_offered_expires_while_the_station_is_away() -> None:
    book = wide(2)
    book << Arrived(job(1, expires_at=1000)) >> NOTHING
    book.at(1000) << Tick() >> ((1, "aborted", EXPIRED),)
    book << Opened() >> NOTHING


def test_events_about_jobs_that_are_gone_do_nothing(book: Playbook) -> None:
    for event in (
        Starting(9),
        Delivered(9, PAPER),
        Forwarded(9),
        Failed(9, "not-sent", "x", "x"),
        CancelAsked(9, "me"),
    ):
        book << event >> NOTHING
    assert book.lane.drained()
    assert book.lane.next_wake() is None


def test_expiries_of_jobs_that_are_gone_wake_nobody(book: Playbook) -> None:
    book << Arrived(job(1, expires_at=1000))
    book << Starting(1)
    book << Delivered(1, PAPER)
    assert book.lane.next_wake() is None
    assert book.lane.expiries == []


@pytest.mark.parametrize("state", ["processing", "processing-stopped"])
def test_a_job_that_was_being_printed_when_the_service_died_is_held(state: str) -> None:
    change = recover(job(1, state=state))
    assert change is not None
    assert (change.job_id, change.state, change.reason) == (1, "pending-held", OUTCOME_UNKNOWN)


@pytest.mark.parametrize("state", ["pending", "pending-held", "completed", "canceled", "aborted"])
def test_any_other_job_is_left_as_it_was(state: str) -> None:
    assert recover(job(1, state=state)) is None


def test_a_printer_that_stops_in_the_middle_is_told_and_goes_on() -> None:
    book = Playbook()
    book << Arrived(ONE) >> (Deliver(ONE),)
    book << Starting(1) >> ((1, "processing", ""),)
    book << Stopped(1, "media-empty-error", "no paper") >> ((1, "processing-stopped", "media-empty-error"),)
    assert book.lane.trouble == ("media-empty-error", "no paper")
    book << Stopped(1, "media-empty-error", "no paper") >> ()
    book << Resumed(1) >> ((1, "processing", ""),)
    assert book.lane.trouble is None
    book << Delivered(1, PAPER) >> ((1, "completed", COMPLETED),)


def test_what_stops_after_its_end_is_no_news() -> None:
    book = Playbook()
    book << Stopped(9, "media-empty-error", "no paper") >> ()
    book << Resumed(9) >> ()
    assert book.lane.trouble is None


def test_a_server_that_takes_each_time_and_fails_is_asked_less_and_less_often() -> None:
    book = Playbook()
    book << Arrived(ONE)
    for wait in (100, 200, 400, 400):
        book << Starting(1)
        book << Failed(1, "not-sent", "other-error", "it answers 500")
        assert book.lane.resume_at == book.now + wait
        book.at(book.now + wait) << Tick()
    book << Delivered(1, PAPER)
    assert book.lane.failures == 0
