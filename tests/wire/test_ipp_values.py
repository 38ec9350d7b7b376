"""Short words for values: each has its tag, is written and read again, and is cut to what its syntax holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Group, Message, Tag, decode, encode


@pytest.mark.parametrize(
    ("values", "tag"),
    [
        (v.keyword("a", "b"), Tag.KEYWORD),
        (v.text("é"), Tag.TEXT),
        (v.name("é"), Tag.NAME),
        (v.uri("ipp://x/"), Tag.URI),
        (v.mime("a/b"), Tag.MIME_TYPE),
        (v.charset("utf-8"), Tag.CHARSET),
        (v.language("fr"), Tag.LANGUAGE),
        (v.integer(1, -2), Tag.INTEGER),
        (v.enum(3), Tag.ENUM),
        (v.boolean(True), Tag.BOOLEAN),
        (v.octets(b"\0x"), Tag.OCTETS),
        (v.span(1, 9), Tag.RANGE),
        (v.dots(300, 600), Tag.RESOLUTION),
        (v.collection({"x": v.integer(1)}), Tag.COLLECTION),
        (v.no_value(), Tag.NO_VALUE),
        (v.unknown(), Tag.UNKNOWN),
    ],
)
def test_they_are_written_and_read_alike(values: v.Values, tag: Tag) -> None:
    assert {value.tag for value in values} == {tag}
    sent = Message(0, 1, (Group(Tag.PRINTER, {"x": values}),))
    assert decode(encode(sent)) == sent


@pytest.mark.parametrize(
    ("at", "octets"),
    [
        (datetime(2026, 11, 20, 2, 30, 5, 400_000, UTC), bytes((0x07, 0xEA, 11, 20, 2, 30, 5, 4)) + b"+\0\0"),
        (datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-3, minutes=-30))), b"\x07\xea\1\1\0\0\0\0-\3\x1e"),
    ],
)
def test_a_date_is_written_as_the_rfc_wants_it(at: datetime, octets: bytes) -> None:
    assert v.date_time(at)[0].value == octets


@given(st.text(max_size=400), st.integers(0, 300))
def test_what_is_cut_keeps_whole_characters(said: str, most: int) -> None:
    cut = v.shortened(said, most)
    assert len(cut.encode()) <= most
    assert said.startswith(cut)
    assert cut == said or len(said[: len(cut) + 1].encode()) > most
