from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.languages.escpos.replies import ASK_FENCE, ASK_STATUS, read

READY = b"\x12\x12\x12"


def test_the_questions() -> None:
    assert bytes.fromhex("100401 100402 100404") == ASK_STATUS
    assert bytes.fromhex("1d7201") == ASK_FENCE


def test_ready_then_processed() -> None:
    replies = read(READY + b"\x00")
    assert (replies.answered, replies.fenced, replies.problems) == (True, True, ())


def test_a_question_is_answered_by_all_three_bytes() -> None:
    assert [read(READY[:count]).answered for count in range(4)] == [False, False, False, True]
    assert read(b"\x12\x32").problems == ("media-empty-error",), "what is known is told before"


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (b"\x1a\x12\x12", ("offline-report",)),
        (b"\x1a\x32\x72", ("media-empty-error",)),
        (b"\x1a\x12\x72", ("media-empty-error",)),
        (b"\x1a\x16\x12", ("cover-open-error",)),
        (b"\x1a\x52\x12", ("other-error",)),
        (b"\x1a\x36\x72", ("media-empty-error", "cover-open-error")),
        (b"\x16\x12\x12", ()),  # the drawer's pin is high
        (b"\x12\x12\x1e", ()),  # little paper is no problem
        (b"\x18\x00\x0c\x0f"[:1] + b"\x00\x0c\x0f", ("media-empty-error",)),
        (b"\x38\x00\x00\x00", ("cover-open-error",)),
        (b"\x18\x08\x00\x00", ("other-error",)),
        (b"\x18\x00\x00\x00", ("offline-report",)),
        (b"\x0c", ("media-empty-error",)),
    ],
)
def test_problems(data: bytes, problems: tuple[str, ...]) -> None:
    assert read(data).problems == problems


def test_little_paper_is_a_notice() -> None:
    assert read(b"\x12\x12\x1e").notices == ("media-low-report",)
    assert read(b"\x03").notices == ("media-low-report",)


def test_the_last_word_counts() -> None:
    assert read(b"\x1a\x32\x72" + READY).problems == ()
    assert read(READY + b"\x18\x00\x0c\x00").problems == ("media-empty-error",)


def test_automatic_status_is_no_fence() -> None:
    assert not read(b"\x10\x00\x00\x00").fenced
    assert not read(b"\x10\x00\x00\x00").answered
    assert read(b"\x10\x00\x00").waiting


def test_order_does_not_matter() -> None:
    replies = read(b"\x11\x12\x10\x00\x00\x00\x12\x13\x12_TM-T88\x00\x00")
    assert (replies.statuses, replies.fences, replies.blocks) == (3, 1, (b"_TM-T88",))


def test_a_process_id_is_a_block() -> None:
    assert read(b'7"0042\x00').blocks == (b'7"0042',)
    assert not read(b'7"0042\x00').fenced


def test_a_header_that_nothing_follows_is_noise() -> None:
    assert read(b"\x37\x12\x12\x12\x00").fenced


def test_the_drawer_pin() -> None:
    assert read(b"").drawer_high is None
    assert read(b"\x16").drawer_high is True
    assert read(b"\x12").drawer_high is False


@given(st.binary(max_size=400))
def test_any_bytes_are_read(data: bytes) -> None:
    replies = read(data)
    assert replies.statuses + replies.fences + len(replies.blocks) <= len(data)
    assert set(replies.problems) <= {"media-empty-error", "cover-open-error", "other-error", "offline-report"}


@given(st.integers(0, 255))
def test_no_byte_is_two_things(byte: int) -> None:
    replies = read(bytes([byte]))
    assert replies.statuses + replies.fences + replies.waiting <= 1
