from __future__ import annotations

import pytest

from comptoir.core.errors import RequestError
from comptoir.devices.virtual_faults import DEAF, FAULTS, STOPS, Faults


def faults(*words: str) -> Faults:
    one = Faults()
    one.set(words)
    return one


def test_every_fault_can_be() -> None:
    assert faults(*FAULTS).active == FAULTS.keys()
    assert FAULTS.keys() >= STOPS | DEAF


@pytest.mark.parametrize("word", ["fire", "", "paper=", "paper=-1", "paper=x", "paper=1.5", "paper=²", "fire=3"])
def test_a_fault_that_there_is_none_of_changes_nothing(word: str) -> None:
    one = faults("low", "paper=3")
    with pytest.raises(RequestError, match="cannot have the fault") as caught:
        one.set(["cover", word])
    assert one.words == {"low", "paper=3"}
    assert "cutter" in caught.value.hint


def test_a_fault_begins_after_so_many_lines() -> None:
    one = faults("paper=3", "cover=5", "low")
    one.printed(2)
    assert (one.active, one.words) == ({"low"}, {"low", "paper=1", "cover=3"})
    one.printed(1)
    assert one.active == {"low", "paper"}
    assert one.coming
    one.printed(7)
    assert one.active == {"low", "paper", "cover"}
    assert not one.coming


def test_a_roll_with_no_line_left_is_no_paper() -> None:
    assert faults("paper=0").active == {"paper"}


def test_one_more() -> None:
    one = faults("cover")
    one.add("off")
    assert one.words == {"cover", "off"}
