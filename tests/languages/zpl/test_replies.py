from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.languages.zpl.replies import ASK_IDENTITY, ASK_STATUS, Hearing

FIRST = "030,{paper},{pause},1245,000,0,0,0,000,0,0,{hot}"
SECOND = "001,0,{head},{ribbon},1,2,4,{peel},00000000,1,000"


def status(**flags: int) -> bytes:
    known = {"paper": 0, "pause": 0, "hot": 0, "head": 0, "ribbon": 0, "peel": 0, **flags}
    strings = (FIRST.format(**known), SECOND.format(**known), "1234,0")
    return b"".join(b"\x02" + string.encode() + b"\x03\r\n" for string in strings)


def heard(*pieces: bytes) -> Hearing:
    hearing = Hearing()
    hearing.asking()
    for piece in pieces:
        hearing.feed(piece)
    return hearing


def test_the_questions() -> None:
    assert (ASK_STATUS, ASK_IDENTITY) == (b"~HS", b"~HI")


def test_ready() -> None:
    hearing = heard(status())
    assert hearing.answers == 1
    assert hearing.state.heard
    assert hearing.state.problems == ()
    assert hearing.state.drawer_high is None


@pytest.mark.parametrize(
    ("flags", "problems"),
    [
        ({"paper": 1, "pause": 1}, ("media-empty-error",)),
        ({"head": 1}, ("cover-open-error",)),
        ({"ribbon": 1}, ("marker-supply-empty-error",)),
        ({"peel": 1}, ("output-area-full-error",)),
        ({"hot": 1}, ("other-error",)),
        ({"pause": 1}, ("paused",)),
        ({"paper": 1, "head": 1}, ("media-empty-error", "cover-open-error")),
    ],
)
def test_problems(flags: dict[str, int], problems: tuple[str, ...]) -> None:
    assert heard(status(**flags)).state.problems == problems


def test_a_question_is_answered_by_all_three_strings() -> None:
    whole = status(paper=1)
    assert [heard(whole[:end]).answers for end in (0, 40, len(whole) - 4, len(whole))] == [0, 0, 0, 1]


def test_what_was_not_asked_for_is_no_answer_but_is_believed() -> None:
    hearing = Hearing()
    hearing.feed(status(paper=1))
    assert (hearing.answers, hearing.state.problems) == (0, ("media-empty-error",))


def test_the_last_word_counts() -> None:
    hearing = heard(status(head=1), status())
    assert (hearing.answers, hearing.state.problems) == (1, ())


def test_identity() -> None:
    hearing = heard(b"\x02GX420d-200dpi,V66.17.2Z,8,2104KB\x03\r\n")
    assert hearing.identity == ("GX420d-200dpi", "V66.17.2Z")


def test_a_string_that_is_too_long_is_given_up_in_whatever_pieces_it_comes() -> None:
    string = b"\x02" + b"A," * 4 + b"x" * 1000
    assert heard(string)._held == b""
    assert heard(string + b"\x03").identity == ()


def test_nothing_confirms() -> None:
    hearing = heard()
    hearing.fencing("counter", 7)
    hearing.feed(status())
    assert not hearing.passed("counter", 7)


@given(st.lists(st.integers(0, 200), max_size=6))
def test_any_split_reads_the_same(cuts: list[int]) -> None:
    data = b"noise\x02" + status(paper=1) + b"\x02half,\x02Z,V1,8,1KB\x03" + status(head=1)
    places = [0, *sorted(cuts), len(data)]
    hearing = heard(*(data[start:end] for start, end in pairwise(places)))
    assert hearing.answers == 1
    assert hearing.state.problems == ("cover-open-error",)
    assert hearing.identity == ("Z", "V1")


@given(st.lists(st.binary(max_size=300) | st.sampled_from([b"\x02", b"\x03", b",", b"1"]), max_size=30))
def test_any_bytes_are_read_and_little_is_kept(pieces: list[bytes]) -> None:
    hearing = heard(*pieces)
    assert hearing.answers <= 1
    assert len(hearing._held) <= 256
