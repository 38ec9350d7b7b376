"""The chain of events."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.record import GENESIS, JobQuery, link

events = st.tuples(
    st.integers(1, 2**60), st.integers(0, 2**60), st.text(), st.none() | st.integers(1, 2**60), st.text()
)


def test_the_hash_is_what_the_documentation_says() -> None:
    """Whoever checks a journal with another program computes exactly this."""
    assert (
        link(GENESIS, 1, 2, "job-accepted", 3, "{}")
        == hashlib.sha256(bytes(32) + b"1\n2\njob-accepted\n3\n{}").digest()
    )
    assert link(GENESIS, 1, 2, "note", None, "{}") == hashlib.sha256(bytes(32) + b"1\n2\nnote\n\n{}").digest()


@given(events, events)
def test_another_event_has_another_hash(
    one: tuple[int, int, str, int, str], other: tuple[int, int, str, int, str]
) -> None:
    no_newline = all("\n" not in event[2] for event in (one, other))
    if one != other and no_newline:
        assert link(GENESIS, *one) != link(GENESIS, *other)


@given(events, st.binary(min_size=32, max_size=32))
def test_the_one_before_counts(event: tuple[int, int, str, int, str], previous: bytes) -> None:
    assert (link(previous, *event) == link(GENESIS, *event)) == (previous == GENESIS)


def test_a_question_without_words_asks_for_the_newest_fifty() -> None:
    query = JobQuery()
    assert (query.limit, query.status, query.after, query.below, query.open_only) == (
        50,
        (),
        None,
        None,
        False,
    )
