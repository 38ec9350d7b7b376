"""How long to wait after failures."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.retry import LINK, PRINTER, Backoff

failures = st.integers(1, 10_000)


def test_it_doubles_up_to_the_most() -> None:
    assert [Backoff(first=500, most=15_000).delay(n) for n in range(1, 8)] == [
        500,
        1000,
        2000,
        4000,
        8000,
        15_000,
        15_000,
    ]


@given(failures, st.floats(0, 1, exclude_max=True))
def test_luck_takes_off_at_most_half_and_nothing_is_beyond_the_most(count: int, luck: float) -> None:
    for backoff in (PRINTER, LINK, Backoff()):
        full = backoff.delay(count)
        assert 0 < full <= backoff.most
        assert full // 2 <= backoff.delay(count, luck) <= full


@given(failures)
def test_it_never_gets_shorter(count: int) -> None:
    assert LINK.delay(count) <= LINK.delay(count + 1)
