from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from comptoir.languages.escpos.realtime import Watch, disarm, harmless, obeyed

#: bytes that make hazards likely
HAZARDOUS = st.lists(st.sampled_from([0x10, 0x14, 0x04, 0x05, 0x01, 0x00, 0x20, 0x02, 0x08]), max_size=200).map(bytes)


@given(HAZARDOUS)
def test_no_real_time_byte_pair_is_left(bits: bytes) -> None:
    assert not re.search(rb"\x10[\x04\x05\x14]", disarm(bits))


@given(HAZARDOUS)
def test_only_lone_dots_move_and_none_is_lost(bits: bytes) -> None:
    safe = disarm(bits)
    assert len(safe) == len(bits)
    assert sum(byte.bit_count() for byte in safe) == sum(byte.bit_count() for byte in bits)
    assert all(old == new or (old, new) == (0x10, 0x20) for old, new in zip(bits, safe, strict=True))


def test_the_drawer_pulse_of_the_manual() -> None:
    assert disarm(b"\xff\x10\x14\x01\x00\x01\xff") == b"\xff\x20\x14\x01\x00\x01\xff"


@given(HAZARDOUS)
def test_what_is_disarmed_is_not_seen(bits: bytes) -> None:
    watch = Watch()
    assert watch.feed(disarm(bits) + b"\x00") == []


@given(st.lists(st.one_of(HAZARDOUS, st.binary(max_size=6)), max_size=20))
def test_any_split_sees_the_same(pieces: list[bytes]) -> None:
    whole, split = Watch(), Watch()
    seen = [request for piece in pieces for request in split.feed(piece)]
    assert whole.feed(b"".join(pieces)) == seen


def test_requests_with_their_parameters() -> None:
    stream = (
        b"text\x10\x04\x01more\x10\x14\x01\x00\x05\x10\x05\x02\x10\x04\x07\x01\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08x"
    )
    assert Watch().feed(stream) == [
        b"\x10\x04\x01",
        b"\x10\x14\x01\x00\x05",
        b"\x10\x05\x02",
        b"\x10\x04\x07\x01",
        b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08",
    ]


@given(HAZARDOUS)
def test_what_could_be_obeyed_is_seen_before_it_is_sent(data: bytes) -> None:
    assert obeyed(data) == bool(re.search(rb"\x10[\x04\x05\x14]", data))


def test_numbers_whose_two_bytes_begin_a_request() -> None:
    assert [number for number in range(0x10000) if not harmless(number)] == [0x0410, 0x0510, 0x1410]
