"""What may happen to a job, and how it is called."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.papers import job

from comptoir.core.job import (
    EXPIRED,
    FINAL,
    NEXT,
    OUTCOME_UNKNOWN,
    REASONS,
    Change,
    Evidence,
    State,
    Status,
    apply,
    legal,
    status_of,
)

STATES = get_args(State)
states = st.sampled_from(STATES)
reasons = st.sampled_from(["", *REASONS])


@pytest.mark.parametrize(("state", "reason"), list(product(STATES, ["", "something else", *REASONS])))
def test_every_state_and_reason_has_a_word_for_people(state: State, reason: str) -> None:
    word = status_of(state, reason)
    assert word in get_args(Status)
    assert (word == "unknown") == (reason == OUTCOME_UNKNOWN and state in ("pending-held", "aborted"))
    assert (word == "expired") == (reason == EXPIRED and state == "aborted")
    assert (word == "printed") == (state == "completed"), "only evidence makes a job printed"


def test_the_table_of_changes_knows_every_state_and_final_is_final() -> None:
    assert set(NEXT) == set(STATES)
    assert {state for state in STATES if not NEXT[state]} == FINAL


@given(states, reasons, states, reasons)
def test_nothing_leaves_a_final_state_and_nothing_wakes_a_held_job(
    state: State, reason: str, to: State, why: str
) -> None:
    may = legal(state, reason, Change(1, to, why))
    if state in FINAL:
        assert not may
    if reason == OUTCOME_UNKNOWN and to in ("pending", "processing"):
        assert not may


@given(states, reasons, states, reasons)
def test_apply_makes_what_is_legal_and_nothing_else(state: State, reason: str, to: State, why: str) -> None:
    before = job(1, state=state, reason=reason, attempts=3)
    change = Change(1, to, why, "a sentence")
    after = apply(before, change, 42)
    assert (after is not None) == legal(state, reason, change)
    if after is not None:
        assert (after.state, after.reason, after.message, after.updated_at) == (to, why, "a sentence", 42)
        assert after.attempts == 3
        assert after.document == before.document


def test_evidence_stays_when_a_later_change_brings_none() -> None:
    seen = Evidence("sent", "all bytes")
    after = apply(job(1, state="processing", evidence=seen), Change(1, "completed", attempts=2), 1)
    assert after is not None
    assert (after.evidence, after.attempts) == (seen, 2)


@pytest.mark.parametrize(
    ("state", "reason", "final", "settled"),
    [
        ("pending", "", False, False),
        ("processing", "", False, False),
        ("pending-held", OUTCOME_UNKNOWN, False, True),
        ("aborted", OUTCOME_UNKNOWN, True, True),
        ("completed", "", True, True),
    ],
)
def test_a_held_job_is_settled_but_not_final(state: State, reason: str, final: bool, settled: bool) -> None:
    one = job(1, state=state, reason=reason)
    assert (one.final, one.settled, one.status) == (final, settled, status_of(state, reason))
