from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.ports import Hearing as Port
from comptoir.core.profile import Confirm, PrinterState
from comptoir.languages.escpos.replies import ASK_IDENTITY, ASK_STATUS, WATCH, Hearing, fence

READY = b"\x12\x12\x12\x12"
WORDS = {"media-empty-error", "cover-open-error", "media-jam-error", "other-error", "offline-report"}


def heard(data: bytes, *, fences: int = 0) -> Hearing:
    """A connection with one open question and so many GS r sent, that has heard this."""
    hearing = Hearing()
    hearing.asking()
    for number in range(fences):
        hearing.fencing("in-order", number)
    hearing.feed(data)
    return hearing


def test_it_is_what_the_port_asks_for() -> None:
    port: Port = Hearing()
    assert port.state == PrinterState()


def test_the_questions() -> None:
    assert bytes.fromhex("100401 100402 100403 100404") == ASK_STATUS
    assert bytes.fromhex("1d610f") == WATCH
    assert bytes.fromhex("1d4942 1d4943 1d4941") == ASK_IDENTITY


def test_the_fences() -> None:
    assert fence("process-id", 42) == bytes.fromhex("1d284806003030") + b"0042"
    assert fence("in-order", 42) == bytes.fromhex("1d7201")
    with pytest.raises(ValueError, match="counter"):
        fence("counter", 1)


def test_a_question_is_answered_by_all_its_bytes() -> None:
    assert [heard(READY[:count]).answers for count in range(5)] == [0, 0, 0, 0, 1]
    assert heard(b"\x12\x32").state.problems == ("media-empty-error",), "what is known is told before"


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (b"\x1a\x12\x12\x12", ("offline-report",)),
        (b"\x1a\x32\x12\x72", ("media-empty-error",)),
        (b"\x1a\x12\x12\x72", ("media-empty-error",)),
        (b"\x1a\x16\x12\x12", ("cover-open-error",)),
        (b"\x1a\x52\x12\x12", ("other-error",)),
        (b"\x1a\x52\x32\x12", ("other-error",)),
        (b"\x1a\x52\x1a\x12", ("media-jam-error",)),
        (b"\x1a\x52\x1e\x12", ("media-jam-error",)),
        (b"\x1a\x52\x3a\x12", ("media-jam-error", "other-error")),
        (b"\x1a\x36\x12\x72", ("media-empty-error", "cover-open-error")),
        (b"\x16\x12\x12\x12", ()),  # the drawer's pin is high
        (b"\x12\x12\x12\x1e", ()),  # little paper is no problem
        (b"\x18\x00\x0c\x0f", ("media-empty-error",)),
        (b"\x38\x00\x00\x00", ("cover-open-error",)),
        (b"\x18\x08\x00\x00", ("media-jam-error",)),
        (b"\x18\x04\x00\x00", ("other-error",)),
        (b"\x18\x20\x00\x00", ("other-error",)),
        (b"\x18\x40\x00\x00", ("other-error",)),
        (b"\x18\x00\x00\x00", ("offline-report",)),
    ],
)
def test_problems(data: bytes, problems: tuple[str, ...]) -> None:
    assert heard(data).state.problems == problems


def test_little_paper_is_a_notice() -> None:
    assert heard(b"\x12\x12\x12\x1e").state.notices == ("media-low-report",)
    assert heard(b"\x10\x00\x03\x00").state.notices == ("media-low-report",)
    assert heard(b"\x03", fences=1).state.notices == ("media-low-report",)
    assert heard(b"\x12\x12\x12\x7e").state.notices == (), "no paper says it already"


def test_the_last_word_counts() -> None:
    assert heard(b"\x1a\x36\x3a\x72\x10\x00\x00\x00").state.problems == ()
    assert heard(READY + b"\x18\x00\x0c\x00").state.problems == ("media-empty-error",)
    assert heard(b"\x12\x32\x12\x12\x00", fences=1).state.problems == (), "it has printed on"


def test_the_drawer_pin() -> None:
    assert heard(b"").state.drawer_high is None
    assert heard(b"\x16").state.drawer_high is True
    assert heard(b"\x12").state.drawer_high is False
    assert heard(b"\x14\x00\x00\x00").state.drawer_high is True


def test_it_has_said_something() -> None:
    assert not heard(b"").state.heard
    assert heard(b"\xff").state.heard


def test_automatic_status_answers_no_question_and_no_fence() -> None:
    hearing = heard(b"\x10\x00\x00\x00", fences=1)
    assert (hearing.answers, hearing.passed("in-order", 0)) == (0, False)


def test_answers_that_nobody_asked_for_mean_nothing() -> None:
    """A picture whose dots ask, or another program's GS r: 0x0C would be no paper, 0x32 too."""
    hearing = heard(READY)
    hearing.feed(b"\x32\x72\x0c\x0f")
    assert (hearing.answers, hearing.state.problems, hearing.state.notices) == (1, (), ())


def test_order_does_not_matter() -> None:
    hearing = heard(b"\x11\x12\x10\x00\x13\x00\x00\x12\x13\x12_TM-T88\x00\x00\x12", fences=1)
    assert (hearing.answers, hearing.passed("in-order", 0), hearing.identity) == (1, True, ("TM-T88",))


def test_who_it_is() -> None:
    assert heard(b"_EPSON\0_TM-T88V\0_1.02 ESC/POS\0_more\0").identity == ("EPSON", "TM-T88V", "1.02 ESC/POS")
    assert heard(b"_\xff\0").identity == ("\ufffd",)


def test_flow_control_comes_anywhere() -> None:
    hearing = heard(b"\x18\x00\x13\x0c\x11\x00\x12\x11\x12\x13\x12\x12", fences=1)
    assert (hearing.state.problems, hearing.answers, hearing.passed("in-order", 0)) == ((), 1, False)
    assert heard(b"\x18\x00\x13\x0c\x11\x00").state.problems == ("media-empty-error",)


def test_a_header_that_nothing_follows_is_noise() -> None:
    assert heard(b"\x37" + READY).answers == 1
    assert heard(b"\x10" + READY).answers == 1
    assert heard(b"\x37\x00", fences=1).passed("in-order", 0)
    assert heard(b"_" + b"U" * 200 + b"\x00", fences=1).passed("in-order", 0)


def test_a_process_id_confirms_its_job_only() -> None:
    hearing = Hearing()
    hearing.fencing("process-id", 42)
    hearing.feed(b'7"0041\x00')
    assert not hearing.passed("process-id", 42)
    hearing.feed(b'7"0042\x00')
    assert hearing.passed("process-id", 42)
    assert not hearing.passed("process-id", 41), "it was never announced"
    assert not hearing.passed("in-order", 42)


def test_a_number_that_comes_again_is_another_job() -> None:
    hearing = Hearing()
    hearing.feed(b'7"0042\x00')
    hearing.fencing("process-id", 42)
    assert not hearing.passed("process-id", 42), "that was an answer to an earlier connection"
    hearing.feed(b'7"0042\x00')
    hearing.fencing("process-id", 42)
    assert not hearing.passed("process-id", 42)


@pytest.mark.parametrize("block", [b'7"', b'7"042', b'7"00420', b'7"x042', b"7#@@@@", b"7%", b";0", b"=#0", b"7 "])
def test_other_blocks_are_skipped_whole(block: bytes) -> None:
    hearing = heard(block + b"\x00" + READY, fences=1)
    hearing.fencing("process-id", 42)
    assert (hearing.answers, hearing.passed("in-order", 0), hearing.passed("process-id", 42)) == (1, False, False)


def test_a_late_answer_never_confirms_a_later_job() -> None:
    hearing = heard(b"", fences=2)
    hearing.feed(b"\x00")
    assert (hearing.passed("in-order", 0), hearing.passed("in-order", 1)) == (True, False)
    hearing.feed(b"\x00")
    assert hearing.passed("in-order", 1)


def test_an_answer_before_the_fence_confirms_nothing() -> None:
    hearing = heard(b"\x00")
    hearing.fencing("in-order", 7)
    assert not hearing.passed("in-order", 7)


CONFIRMS: list[Confirm] = ["process-id", "in-order"]
STEP = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([READY, b'7"0001\0', b"_EPSON\0", b"\x18\x00\x0c\x0f", b"\x00"]),
    st.tuples(st.sampled_from(CONFIRMS), st.integers(0, 3)),
    st.none(),
)


def play(script: list[bytes | tuple[Confirm, int] | None], pieces: int) -> Hearing:
    hearing = Hearing()
    for step in script:
        if step is None:
            hearing.asking()
        elif isinstance(step, bytes):
            for start in range(0, len(step), pieces):
                hearing.feed(step[start : start + pieces])
        else:
            hearing.fencing(*step)
    return hearing


def facts(hearing: Hearing) -> object:
    passed = [hearing.passed(confirm, number) for confirm in CONFIRMS for number in range(4)]
    return hearing.state, hearing.answers, hearing.identity, passed


@given(st.lists(STEP, max_size=20), st.integers(1, 5))
def test_any_bytes_in_any_split_say_the_same(script: list[bytes | tuple[Confirm, int] | None], pieces: int) -> None:
    hearing = play(script, pieces)
    assert facts(hearing) == facts(play(script, 10_000))
    assert set(hearing.state.problems) <= WORDS
    assert len(hearing._held) <= 128


def test_a_thousand_jobs_are_not_remembered() -> None:
    hearing = Hearing()
    for number in range(1000):
        hearing.fencing("process-id", number)
        hearing.fencing("in-order", number)
        hearing.feed(b"\x00")
    assert hearing.passed("in-order", 999)
    assert not hearing.passed("in-order", 0)
    assert len(hearing._fences._ids) == len(hearing._fences._places) == 64
