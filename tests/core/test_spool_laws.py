"""The laws of the spooler's brain, held against everything that can happen in any order (hypothesis)."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.peers.papers import job

from comptoir.core.job import EXPIRED, OUTCOME_UNKNOWN, Change, Evidence, Job, apply
from comptoir.core.retry import Backoff
from comptoir.core.spool import (
    Arrived,
    CancelAsked,
    Closed,
    Deliver,
    Delivered,
    Event,
    Failed,
    Forwarded,
    Lane,
    Opened,
    Starting,
    Tick,
    decide,
)

ENDED = ("canceled", "aborted", "completed")


class Laws(RuleBasedStateMachine):
    """Plays both the world and the journal; `sink` is what the sink has in its hands."""

    @initialize(width=st.sampled_from([1, 1, 3]))
    def begin(self, width: int) -> None:
        self.now = 0
        self.lane = Lane("x", width=width, backoff=Backoff(10, 40))
        self.jobs: dict[int, Job] = {}
        self.sink: dict[int, bool] = {}  # job → has it begun
        self.last_delivered = 0
        self.ended: dict[int, int] = {}

    def happens(self, event: Event) -> None:
        before = dict(self.lane.active)
        offered = set(self.lane.offered)
        for command in decide(self.lane, event, self.now):
            if isinstance(command, Deliver):
                self.delivered(command.job)
            else:
                self.recorded(command.change, offered)
        if isinstance(event, Starting) and event.job_id in self.lane.active:
            expires_at = before[event.job_id].job.expires_at
            assert expires_at is None or expires_at > self.now, "began after its expiry"

    def delivered(self, one: Job) -> None:
        known = self.jobs[one.id]
        assert known.state not in ENDED, "an ended job is delivered"
        assert known.reason != OUTCOME_UNKNOWN, "a job whose outcome is unknown is delivered again"
        assert one.id not in self.sink, "delivered while the sink has it"
        if self.lane.width == 1:
            earlier = [
                j.id for j in self.jobs.values() if j.id < one.id and j.state == "pending" and j.id in self.lane.waiting
            ]
            assert earlier == [], "overtook one that came before"
        self.sink[one.id] = False

    def recorded(self, change: Change, offered: set[int]) -> None:
        after = apply(self.jobs[change.job_id], change, self.now)
        assert after is not None, f"an illegal change: {change} of {self.jobs[change.job_id]}"
        if change.state in ENDED:
            self.ended[change.job_id] = self.ended.get(change.job_id, 0) + 1
        if change.reason == EXPIRED or change.state == "canceled":
            assert change.job_id not in offered, "ended here although the far side may have it"
            assert not self.sink.get(change.job_id), "ended although it has begun"
            self.sink.pop(change.job_id, None)
        self.jobs[change.job_id] = after

    # -- what can happen ----------------------------------------------------------------------------------

    @rule(life=st.none() | st.integers(0, 60))
    def a_job_arrives(self, life: int | None) -> None:
        one = job(len(self.jobs) + 1, expires_at=None if life is None else self.now + life)
        self.jobs[one.id] = one
        self.happens(Arrived(one))

    @rule(ms=st.integers(0, 50))
    def time_passes(self, ms: int) -> None:
        self.now += ms
        self.happens(Tick())

    @precondition(lambda self: self.sink)
    @rule(data=st.data())
    def the_sink_begins(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.sink)))
        if not self.sink[number]:
            self.happens(Starting(number))
            if number in self.lane.active:
                self.sink[number] = True

    @precondition(lambda self: self.sink)
    @rule(data=st.data(), kind=st.sampled_from(["done", "forwarded", "not-sent", "refused", "unknown"]))
    def the_sink_is_done(self, data: st.DataObject, kind: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.sink)))
        if kind in ("done", "unknown") and not self.sink[number]:
            return
        del self.sink[number]
        match kind:
            case "done":
                self.happens(Delivered(number, Evidence("sent")))
            case "forwarded":
                self.happens(Forwarded(number))
            case _:
                self.happens(Failed(number, kind, "offline-report", "m"))  # type: ignore[arg-type]

    @rule(number=st.integers(1, 8))
    def somebody_cancels(self, number: int) -> None:
        if number in self.jobs:
            self.happens(CancelAsked(number, "me"))

    @rule()
    def the_destination_goes(self) -> None:
        self.sink.clear()
        self.happens(Closed())

    @rule()
    def the_destination_is_back(self) -> None:
        self.happens(Opened())

    # -- what always holds --------------------------------------------------------------------------------

    @invariant()
    def never_more_at_once_than_the_width(self) -> None:
        assert len(self.lane.active) <= self.lane.width

    @invariant()
    def each_job_ends_at_most_once(self) -> None:
        assert all(times == 1 for times in self.ended.values())

    @invariant()
    def no_job_is_in_two_places_and_none_that_ended_is_in_any(self) -> None:
        assert not set(self.lane.waiting) & set(self.lane.active)
        assert set(self.lane.active) == set(self.sink), "the lane and the sink do not agree"
        assert not {n for n in self.ended if n in self.lane.waiting or n in self.lane.active}

    @invariant()
    def no_job_gets_lost(self) -> None:
        for one in self.jobs.values():
            if one.state == "pending":
                assert one.id in self.lane.waiting or one.id in self.lane.active

    @invariant()
    def whoever_waits_is_woken(self) -> None:
        lane = self.lane
        if lane.waiting and lane.open and len(lane.active) < lane.width:
            assert lane.next_wake() is not None, "waits for ever"


Laws.TestCase.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)
TestLaws = Laws.TestCase
