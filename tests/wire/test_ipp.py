"""IPP messages: what is written is read again; bytes of RFC 8010; any bytes are read, or refused with a place."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.wire.ipp import (
    MOST_DEPTH,
    BadMessage,
    Group,
    Message,
    Range,
    Reader,
    Resolution,
    Tag,
    Value,
    decode,
    encode,
)
from comptoir.wire.ipp_codes import Operation

#: RFC 8010, A.1: Print-Job request, up to its document
PRINT_JOB = bytes.fromhex(
    "0101 0002 00000001 01"
    "47 0012 617474726962757465732d63686172736574 0005 7574662d38"
    "48 001b 617474726962757465732d6e61747572616c2d6c616e6775616765 0005 656e2d7573"
    "45 000b 7072696e7465722d757269 002c"
    "6970703a2f2f7072696e7465722e6578616d706c652e636f6d2f6970702f7072696e742f70696e6574726565"
    "42 0008 6a6f622d6e616d65 0006 666f6f626172"
    "22 0016 6970702d6174747269627574652d666964656c697479 0001 01"
    "02"
    "21 0006 636f70696573 0004 00000014"
    "44 0005 7369646573 0013 74776f2d73696465642d6c6f6e672d65646765"
    "03"
)


def message(*groups: Group) -> Message:
    return Message(Operation.GET_PRINTER_ATTRIBUTES, 1, groups)


def group(**attributes: tuple[Value, ...]) -> Group:
    return Group(Tag.PRINTER, attributes)


def test_a_request_of_the_rfc_is_read_and_written_alike() -> None:
    read = decode(PRINT_JOB)
    assert (read.version, read.code, read.request_id) == ((1, 1), Operation.PRINT_JOB, 1)
    assert read.group(Tag.OPERATION).first("job-name") == "foobar"
    assert read.group(Tag.OPERATION).first("ipp-attribute-fidelity") is True
    assert read.group(Tag.JOB).number("copies") == 20
    assert read.group(Tag.JOB).texts("sides") == ("two-sided-long-edge",)
    assert encode(read) == PRINT_JOB


def test_what_follows_is_the_document() -> None:
    reader = Reader()
    reader.feed(PRINT_JOB + b"%!PS")
    reader.feed(b"...")
    assert reader.message == decode(PRINT_JOB)
    assert reader.rest == b"%!PS..."


@pytest.mark.parametrize("size", [1, 2, 7, 100])
def test_it_may_come_in_pieces(size: int) -> None:
    reader = Reader()
    for start in range(0, len(PRINT_JOB), size):
        assert reader.message is None
        reader.feed(PRINT_JOB[start : start + size])
    assert reader.message == decode(PRINT_JOB)


def test_several_jobs_are_several_groups() -> None:
    jobs = tuple(Group(Tag.JOB, {"job-id": (Value(Tag.INTEGER, number),)}) for number in (1, 2))
    assert decode(encode(message(*jobs))).all(Tag.JOB) == jobs


def test_long_lists_of_values_and_what_follows_them() -> None:
    many = tuple(Value(Tag.KEYWORD, f"m{number}") for number in range(500))
    sent = message(group(many=many, one=(Value(Tag.INTEGER, 1),)))
    assert decode(encode(sent)) == sent


def test_what_is_not_there() -> None:
    empty = message().group(Tag.PRINTER)
    assert (empty.first("x"), empty.all("x"), empty.texts("x"), empty.number("x")) == (None, (), (), None)
    assert group(x=(Value(Tag.NO_VALUE),)).all("x") == ()


def test_latin_1_in_a_name_is_read() -> None:
    data = encode(message(group(tray=(Value(Tag.NAME, "xyz"),)))).replace(b"xyz", b"\xe9t\xe9")
    assert decode(data).group(Tag.PRINTER).first("tray") == "été"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\2\0\0\x0b\0\0\0\1",
        PRINT_JOB[:-1],
        b"\2\0\0\x0b\0\0\0\1\x21\0\1a\0\4\0\0\0\1\3",
        b"\2\0\0\x0b\0\0\0\1\1\x21\0\0\0\4\0\0\0\1\3",
        b"\2\0\0\x0b\0\0\0\1\1\x21\0\1a\0\3\0\0\1\3",
        b"\2\0\0\x0b\0\0\0\1\1\x21\xff\xff",
        b"\2\0\0\x0b\0\0\0\1\1\x37\0\1a\0\0\3",
        b"\2\0\0\x0b\0\0\0\1\1\x34\0\1a\0\0\3",
        b"\2\0\0\x0b\0\0\0\1\1\x34\0\1a\0\0\x21\0\0\0\4\0\0\0\1\x37\0\0\0\0\3",
        b"\2\0\0\x0b\0\0\0\1\1\x35\0\1a\0\3\0\1x\3",
        b"\2\0\0\x0b\0\0\0\1\1\x21\0\1a\0\4\0\0\0\1\x21\0\1a\0\4\0\0\0\1\3",
    ],
    ids=["nothing", "no end", "cut", "no group", "no name", "short", "length", "member", "open", "unnamed",
         "language", "twice"],
)  # fmt: skip
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(BadMessage):
        decode(data)


def test_collections_are_not_nested_without_end() -> None:
    value = Value(Tag.COLLECTION, {})
    for _ in range(MOST_DEPTH):
        value = Value(Tag.COLLECTION, {"x": (value,)})
    with pytest.raises(BadMessage, match="too deeply"):
        decode(encode(message(group(x=(value,)))))


def test_a_message_is_not_longer_than_is_read() -> None:
    reader = Reader(most=1000)
    with pytest.raises(BadMessage, match="1,000"):
        reader.feed(PRINT_JOB[:-1] + b"\x44\0\1a\x7f\xff" + b"x" * 2000)


@pytest.mark.parametrize("value", [Value(Tag.INTEGER, 2**31), Value(Tag.TEXT, "x" * 40_000), Value(Tag.TEXT, object())])
def test_a_value_that_does_not_fit_is_an_error_of_ours(value: Value) -> None:
    with pytest.raises(ValueError, match="IPP"):
        encode(message(group(x=(value,))))


_INT = st.integers(-(2**31), 2**31 - 1)
_TEXT = st.text(max_size=20)
_SIMPLE: st.SearchStrategy[Value] = st.one_of(
    st.builds(Value, st.sampled_from([Tag.INTEGER, Tag.ENUM]), _INT),
    st.builds(Value, st.just(Tag.BOOLEAN), st.booleans()),
    st.builds(Value, st.sampled_from([Tag.TEXT, Tag.NAME, Tag.KEYWORD, Tag.URI, Tag.MIME_TYPE]), _TEXT),
    st.builds(Value, st.sampled_from([Tag.TEXT_WITH_LANGUAGE, Tag.NAME_WITH_LANGUAGE]), _TEXT, _TEXT),
    st.builds(Value, st.just(Tag.RESOLUTION), st.builds(Resolution, _INT, _INT, st.integers(3, 4))),
    st.builds(Value, st.just(Tag.RANGE), st.builds(Range, _INT, _INT)),
    st.builds(Value, st.sampled_from([Tag.OCTETS, Tag.DATE_TIME]), st.binary(max_size=11)),
    st.builds(Value, st.sampled_from([Tag.UNSUPPORTED, Tag.UNKNOWN, Tag.NO_VALUE])),
)
_NAME = st.text("abc-", min_size=1, max_size=6)
_VALUES: st.SearchStrategy[Value] = st.recursive(
    _SIMPLE,
    lambda inner: st.builds(
        Value,
        st.just(Tag.COLLECTION),
        st.dictionaries(_NAME, st.lists(inner, min_size=1, max_size=3).map(tuple), max_size=3),
    ),
    max_leaves=8,
)
_GROUP = st.builds(
    Group,
    st.sampled_from([Tag.OPERATION, Tag.JOB, Tag.PRINTER]),
    st.dictionaries(_NAME, st.lists(_VALUES, min_size=1, max_size=20).map(tuple), max_size=4),
)


@given(st.builds(Message, st.integers(0, 0xFFFF), st.integers(0, 2**32 - 1), st.lists(_GROUP, max_size=3).map(tuple)))
def test_what_is_written_is_read(sent: Message) -> None:
    assert decode(encode(sent)) == sent


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=4))
def test_any_bytes_are_read_or_refused_in_any_split(data: bytes, cuts: list[int]) -> None:
    def outcome(*pieces: bytes) -> Any:
        reader = Reader()
        try:
            for piece in pieces:
                reader.feed(piece)
        except BadMessage:
            return "refused"
        return reader.message, reader.rest

    body = b"\2\0\0\x0b\0\0\0\1\1" + data
    edges = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    assert outcome(body) == outcome(*(body[a:b] for a, b in pairwise(edges)))


def test_a_strict_reader_takes_utf_8_only() -> None:
    data = encode(message(group(tray=(Value(Tag.NAME, "xyz"),)))).replace(b"xyz", b"\xe9t\xe9")
    reader = Reader(strict=True)
    with pytest.raises(BadMessage, match="UTF-8"):
        reader.feed(data)


def test_a_message_has_not_more_values_than_are_read() -> None:
    many = tuple(Value(Tag.INTEGER, number) for number in range(50))
    reader = Reader(values=20)
    with pytest.raises(BadMessage, match="20 values"):
        reader.feed(encode(message(group(x=many))))


def test_who_asks_is_known_before_the_message_is_whole() -> None:
    reader = Reader()
    reader.feed(PRINT_JOB[:7])
    assert reader.head is None
    reader.feed(PRINT_JOB[7:20])
    assert reader.head == ((1, 1), Operation.PRINT_JOB, 1)
    reader.feed(PRINT_JOB[20:])
    assert reader.head == ((1, 1), Operation.PRINT_JOB, 1)
