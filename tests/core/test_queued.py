"""What a queue says of a job, as a value."""

from __future__ import annotations

from typing import get_args

from comptoir.core.queued import PULSE, Phase, Queued, TakenBack


def test_a_job_that_goes_on_has_no_reason() -> None:
    assert Queued("waits") == Queued("waits", "", "")


def test_that_nothing_came_out_is_one_word_of_each() -> None:
    assert "deleted" in get_args(Phase)
    assert "nothing" in get_args(TakenBack)


def test_the_title_of_a_pulse_is_no_title_of_a_print() -> None:
    """Those end with their identity in brackets."""
    assert not PULSE.endswith(")")
