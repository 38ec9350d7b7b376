"""Pulses for a drawer are taken out of a stream, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.languages.escpos.pulses import PULSES, without_pulses
from comptoir.languages.escpos.tokens import Tokenizer

PIECES = st.sampled_from([b"\x1bp\x00\x19\xfa", b"\x10\x14\x01\x00\x01", b"\x10", b"\x14\x01", b"\x1b", b"p", b"\x1d("])


@pytest.mark.parametrize("pulse", [b"\x1bp\x00\x19\xfa", b"\x10\x14\x01\x00\x01"])
def test_the_rest_stays(pulse: bytes) -> None:
    assert (
        without_pulses(b"\x1b@Shop\n" + pulse + b"Total\n\x1dV\x00") == b"\x1b@Shop\n" + bytes(5) + b"Total\n\x1dV\x00"
    )


def test_dots_and_words_that_look_like_one_stay() -> None:
    picture = b"\x1dv0\x00\x05\x00\x01\x00\x1bp\x00\x19\xfa"
    assert without_pulses(picture + b"top p\n") == picture + b"top p\n"


@given(st.lists(PIECES | st.binary(max_size=8)).map(b"".join))
def test_none_is_left_in_any_bytes(data: bytes) -> None:
    left = without_pulses(data)
    assert len(left) == len(data)
    assert not [token for token in Tokenizer().feed(left) if (token.code + token.body).startswith(PULSES)]
