from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.languages.star.replies import ASK_STATUS, WATCH, Hearing, print_end


def status(third: int = 0, fourth: int = 0, fifth: int = 0, sixth: int = 0, counter: int = 0) -> bytes:
    """An automatic status of nine bytes."""
    return bytes((0x23, 0x06, third, fourth, fifth, sixth, 0, counter << 2 & 0x60 | counter << 1 & 0x0E, 0))


EXECUTED = 0x02  # an ETB was executed: bit 1 of the third byte


def heard(*pieces: bytes) -> Hearing:
    hearing = Hearing()
    for piece in pieces:
        hearing.feed(piece)
    return hearing


def test_the_questions() -> None:
    assert (ASK_STATUS, WATCH) == (b"\x1b\x06\x01", b"\x1b\x1ea\x01")


@pytest.mark.parametrize(
    ("answer", "problems"),
    [
        (status(), ()),
        (status(0x08), ("offline-report",)),
        (status(0x28), ("cover-open-error",)),
        (status(0x08, sixth=0x0C), ("media-empty-error",)),
        (status(0x28, sixth=0x08), ("media-empty-error", "cover-open-error")),
        (status(0x08, 0x08), ("media-jam-error",)),
        (status(0x08, 0x04), ("other-error",)),
        (status(0x08, 0x20), ("other-error",)),
        (status(0x08, 0x40), ("other-error",)),
        (status(0, 0, 0x40), ("other-error",)),
        (status(0x44), ()),
        (b"\x0f\x06\x08\x00\x00\x08\x00", ("media-empty-error",)),  # seven bytes, as the first models sent
        (b"\x23\x86\x20" + bytes(8), ("cover-open-error",)),  # an expanded status: two bytes more
    ],
)
def test_problems(answer: bytes, problems: tuple[str, ...]) -> None:
    state = heard(answer).state
    assert state.heard
    assert state.problems == problems


def test_little_paper_is_a_notice() -> None:
    assert heard(status(sixth=0x04)).state.notices == ("media-low-report",)
    assert heard(status(sixth=0x02)).state.notices == ("media-low-report",)
    assert heard(status(sixth=0x0C)).state.notices == ()


def test_the_drawer() -> None:
    assert heard().state.drawer_high is None
    assert heard(status(0x04)).state.drawer_high is True
    assert heard(status()).state.drawer_high is False


def test_a_question_is_answered_by_the_next_status() -> None:
    hearing = heard(status())
    assert hearing.answers == 0, "nobody had asked"
    hearing.asking()
    hearing.feed(status()[:8])
    assert hearing.answers == 0
    hearing.feed(status()[8:] + status())
    assert hearing.answers == 1


def test_an_expanded_status_has_two_bytes_more() -> None:
    hearing = Hearing()
    hearing.asking()
    hearing.feed(b"\x23\x86" + bytes(7))
    assert hearing.answers == 0
    hearing.feed(bytes(2))
    assert hearing.answers == 1


def test_the_end_of_printing_bears_the_number() -> None:
    hearing = Hearing()
    hearing.fencing("process-id", 42)
    assert print_end(42) == b"\x1b\x1d\x03\x01\x4a\x20"
    hearing.feed(print_end(41) + b"\x09\x00")
    assert not hearing.passed("process-id", 42)
    hearing.feed(print_end(42) + b"\x0a\x00")
    assert hearing.passed("process-id", 42)
    assert not hearing.passed("process-id", 41), "nobody waits for it"
    hearing.fencing("process-id", 42)
    assert not hearing.passed("process-id", 42), "that was the answer to the one before"


@given(st.integers(0, 9999))
def test_every_number_comes_back_and_none_is_a_control_character(number: int) -> None:
    hearing = Hearing()
    hearing.fencing("process-id", number)
    fence = print_end(number)
    assert min(fence[4:]) >= 0x20
    hearing.feed(fence + b"\xff\x00")
    assert hearing.passed("process-id", number)


def test_a_reference_of_the_counter_is_no_end() -> None:
    hearing = Hearing()
    hearing.fencing("process-id", 0)
    hearing.feed(b"\x1b\x1d\x03\x00\x20\x20\x07\x00")
    assert not hearing.passed("process-id", 0)


def test_the_counter_must_go_on_after_the_mark_was_sent() -> None:
    hearing = heard(status(EXECUTED, counter=30))
    hearing.fencing("counter", 1)
    hearing.feed(status(counter=30) + status(0x28, counter=30))
    assert not hearing.passed("counter", 1)
    hearing.feed(status(EXECUTED, counter=31))
    assert hearing.passed("counter", 1)
    hearing.fencing("counter", 2)
    assert not hearing.passed("counter", 2)
    hearing.feed(status(EXECUTED, counter=0))
    assert hearing.passed("counter", 2), "it has five bits"


def test_two_marks_on_the_way() -> None:
    hearing = heard(status(counter=5))
    hearing.fencing("counter", 1)
    hearing.fencing("counter", 2)
    hearing.feed(status(EXECUTED, counter=6))
    assert (hearing.passed("counter", 1), hearing.passed("counter", 2)) == (True, False)
    hearing.feed(status(EXECUTED, counter=7))
    assert hearing.passed("counter", 2)


@pytest.mark.parametrize(
    "answers",
    [
        (status(EXECUTED, counter=6),),  # where it stood before is not known
        (status(counter=5), status(counter=0)),  # switched off and on
        (status(counter=5), status(EXECUTED, counter=9)),  # more than we wait for
        (status(counter=5), status(counter=6)),  # no ETB was executed
    ],
)
def test_what_is_not_certain_confirms_nothing(answers: tuple[bytes, ...]) -> None:
    hearing = heard(*answers[:-1])
    hearing.fencing("counter", 1)
    hearing.feed(answers[-1])
    assert not hearing.passed("counter", 1)


def test_nothing_is_passed_that_was_not_sent() -> None:
    hearing = heard(status(), status(EXECUTED, counter=1), print_end(7) + b"\x01\x00")
    assert not any(hearing.passed(kind, 7) for kind in ("process-id", "counter", "in-order"))
    assert hearing.identity == ()


@given(st.lists(st.integers(0, 60), max_size=8), st.lists(st.sampled_from([0x11, 0x13]), max_size=3))
def test_any_split_reads_the_same(cuts: list[int], flow: list[int]) -> None:
    whole = status(EXECUTED, counter=4)
    data = status(counter=3) + b"\x9b" + print_end(7) + b"\x01\x00" + whole[:4] + bytes(flow) + whole[4:] + b"\x1b"
    hearing = heard(status(counter=3))
    hearing.asking()
    hearing.fencing("counter", 1)
    hearing.fencing("process-id", 7)
    for start, end in pairwise([0, *sorted(cuts), len(data)]):
        hearing.feed(data[start:end])
    assert hearing.answers == 1
    assert hearing.passed("counter", 1)
    assert hearing.passed("process-id", 7)


@given(st.lists(st.binary(max_size=200) | st.sampled_from([b"\x23\x06", b"\x1b\x1d\x03", b"\x11" * 50]), max_size=30))
def test_any_bytes_are_read_and_little_is_kept(pieces: list[bytes]) -> None:
    hearing = Hearing()
    hearing.asking()
    answers = 0
    for piece in pieces:
        hearing.feed(piece)
        assert hearing.answers >= answers
        answers = hearing.answers
    assert answers <= 1
    assert len(hearing._held) < 64
    assert not hearing.passed("counter", 0)
