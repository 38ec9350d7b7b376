"""The words between a station and its hub."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.papers import job

from comptoir.core.errors import RequestError
from comptoir.core.job import Evidence, State
from comptoir.wire import relay
from comptoir.wire.relay import (
    BadFrame,
    FromHub,
    FromStation,
    encode,
    from_hub,
    from_station,
    number_of,
    ref_of,
)

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
numbers = st.integers(-(2**53), 2**53)
refs = st.lists(words, max_size=5)
printers = st.lists(st.builds(relay.Printer, words, st.booleans(), words, words), max_size=3)
evidence = st.none() | st.builds(Evidence, words, words, words)
said_by_stations = st.lists(
    st.builds(relay.Hello, numbers, words, words, printers)
    | st.builds(relay.Accepted, refs)
    | st.builds(relay.Report, words, st.sampled_from(get_args(State)), words, words, evidence, words)
    | st.builds(relay.Lost, refs)
    | st.builds(relay.Printers, printers)
    | st.builds(relay.Ping),
    max_size=5,
)
said_by_hubs = st.lists(
    st.builds(relay.Welcome, numbers, words, words, numbers)
    | st.builds(relay.Refused, words, words)
    | st.builds(
        relay.Offer,
        words,
        words,
        numbers,
        words,
        words,
        numbers,
        words,
        words,
        words,
        words,
        words,
        numbers,
        st.none() | numbers,
        st.booleans(),
        st.none() | st.binary(max_size=50),
    )
    | st.builds(relay.Recorded, refs)
    | st.builds(relay.Cancel, words, words)
    | st.builds(relay.Ended, words, st.sampled_from(get_args(State)), words, words, evidence, words)
    | st.builds(relay.Settle, refs)
    | st.builds(relay.Pong),
    max_size=5,
)


def test_the_strategies_know_every_message() -> None:
    told = {kind.__name__ for kind in (*get_args(FromStation), *get_args(FromHub))}
    assert told == {
        "Hello",
        "Accepted",
        "Report",
        "Lost",
        "Printers",
        "Ping",
        "Welcome",
        "Refused",
        "Offer",
        "Recorded",
        "Cancel",
        "Ended",
        "Settle",
        "Pong",
    }


@given(said_by_stations)
def test_what_a_station_says_arrives_as_it_was_said(said: list[FromStation]) -> None:
    frame = encode(said)
    assert from_station(frame) == said
    assert from_station(frame.encode()) == said


@given(said_by_hubs)
def test_what_a_hub_says_arrives_as_it_was_said(said: list[FromHub]) -> None:
    assert from_hub(encode(said)) == said


json_values: Any = st.recursive(
    st.none() | st.booleans() | numbers | st.floats(allow_nan=False) | words,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(words | st.sampled_from(["type", "ref", "refs"]), inner, max_size=4)
    ),
)


@given(st.binary(max_size=100) | st.text(max_size=100))
def test_junk_is_a_bad_frame(frame: bytes | str) -> None:
    for read in (from_station, from_hub):
        try:
            assert isinstance(read(frame), list)
        except BadFrame as error:
            assert isinstance(error, RequestError)
            assert error.message


@given(
    st.lists(
        st.fixed_dictionaries(
            {"type": st.sampled_from(["hello", "offer", "report", "x"])}, optional={"ref": json_values}
        )
    )
)
def test_a_message_that_lacks_something_is_a_bad_frame(messages: list[dict[str, object]]) -> None:
    frame = msgspec.json.encode(messages)
    for read in (from_station, from_hub):
        if messages:
            with pytest.raises(BadFrame):
                read(frame)


def test_each_side_hears_only_what_the_other_may_say() -> None:
    with pytest.raises(BadFrame, match="station"):
        from_station(encode([relay.Pong()]))
    with pytest.raises(BadFrame, match="hub"):
        from_hub(encode([relay.Ping()]))


def test_a_later_version_may_say_more() -> None:
    """A new field must not cut off the stations that do not know it."""
    frame = '[{"type":"recorded","refs":["1.a"],"new":{"x":1}}]'
    assert from_hub(frame) == [relay.Recorded(["1.a"])]


def test_the_frame_on_the_wire() -> None:
    """Fixed: the other end may be of another version."""
    offer = relay.Offer("1.ab", "d", 5, "text/plain", "message", 7, content=b"Hello")
    assert encode([offer]) == (
        '[{"type":"offer","ref":"1.ab","digest":"d","size":5,"media_type":"text/plain","format":"message",'
        '"created_at":7,"content":"SGVsbG8="}]'
    )
    assert encode([relay.Report("1.ab", "completed", evidence=Evidence("sent"))]) == (
        '[{"type":"report","ref":"1.ab","state":"completed","evidence":{"kind":"sent","detail":"","unprintable":""}}]'
    )


@given(st.integers(1, 10**17))
def test_the_number_in_a_ref(number: int) -> None:
    assert number_of(ref_of(job(number))) == number


@pytest.mark.parametrize(
    "ref",
    ["", ".", "1", "1.", ".a", "x.a", "-1.a", "+1.a", " 1.a", "1 .a", "٣.a", "²." + "a", "9" * 19 + ".a"],
)
def test_what_is_no_ref_has_no_number(ref: str) -> None:
    assert number_of(ref) is None


@given(st.text())
def test_any_text_is_a_ref_or_none(ref: str) -> None:
    number = number_of(ref)
    assert number is None or 0 <= number < 10**18


def test_a_large_frame_has_room_for_a_window_of_small_documents() -> None:
    """64 offers travel in a frame, each with up to INLINE bytes in base64."""
    offer = relay.Offer(
        "9" * 18 + "." + "f" * 32,
        "d" * 64,
        relay.INLINE,
        "text/plain",
        "message",
        7,
        content=bytes(relay.INLINE),
    )
    assert len(encode([offer] * 64)) < relay.FRAME
