from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.languages.escpos.commands import FIXED, RULES
from comptoir.languages.escpos.tokens import LIMIT, Token, Tokenizer

#: random bytes that begin like commands often enough to matter
STREAM = st.lists(
    st.one_of(
        st.sampled_from([*FIXED, *RULES, b"\x10\x04", b"\x10\x14", b"\n", b"\x00", b"\x05\x00", b"text"]),
        st.binary(max_size=8),
    ),
    max_size=40,
).map(b"".join)


def tokens(data: bytes) -> list[Token]:
    return list(Tokenizer().feed(data))


@pytest.mark.parametrize(
    ("data", "code", "body"),
    [
        (b"\x1bE\x01", b"\x1bE", b"\x01"),
        (b"\x1d!\x11", b"\x1d!", b"\x11"),
        (b"\x1b*\x21\x02\x00abcdef", b"\x1b*", b"\x21\x02\x00abcdef"),
        (b"\x1b*\x00\x02\x00ab", b"\x1b*", b"\x00\x02\x00ab"),
        (b"\x1dv0\x00\x02\x00\x02\x00abcd", b"\x1dv", b"0\x00\x02\x00\x02\x00abcd"),
        (b"\x1d(k\x03\x001Q0", b"\x1d(", b"k\x03\x001Q0"),
        (b"\x1d8L\x02\x00\x00\x0002", b"\x1d8", b"L\x02\x00\x00\x0002"),
        (b"\x1dk\x04ABC\x00", b"\x1dk", b"\x04ABC\x00"),
        (b"\x1dk\x49\x03ABC", b"\x1dk", b"\x49\x03ABC"),
        (b"\x1dVB\x00", b"\x1dV", b"B\x00"),
        (b"\x1dV\x00", b"\x1dV", b"\x00"),
        (b"\x1bD\x08\x10\x00", b"\x1bD", b"\x08\x10\x00"),
        (b"\x1b&\x01AB\x02\x01\x02\x01\x07", b"\x1b&", b"\x01AB\x02\x01\x02\x01\x07"),
        (b"\x1d*\x01\x01" + bytes(8), b"\x1d*", b"\x01\x01" + bytes(8)),
        (b"\x1cq\x01\x01\x00\x01\x00" + bytes(8), b"\x1cq", b"\x01\x01\x00\x01\x00" + bytes(8)),
        (b"\x1bZ\x00\x00\x00\x02\x00ab", b"\x1bZ", b"\x00\x00\x00\x02\x00ab"),
        (b"\x10\x04\x01", b"\x10\x04", b"\x01"),
        (b"\x10\x14\x01\x00\x05", b"\x10\x14", b"\x01\x00\x05"),
    ],
)
def test_a_command_ends_where_the_manual_says(data: bytes, code: bytes, body: bytes) -> None:
    assert tokens(data + b"end") == [Token(code, body), Token(b"", b"end")]


def test_an_unknown_command_costs_two_bytes() -> None:
    assert tokens(b"\x1b\x01rest") == [Token(b"\x1b\x01", known=False), Token(b"", b"rest")]


def test_columns_without_end_do_not_swallow_the_receipt() -> None:
    assert tokens(b"\x1bD" + b"x" * 60) == [Token(b"\x1bD"), Token(b"", b"x" * 60)]


def test_a_picture_that_claims_gigabytes_is_skipped_without_keeping_it() -> None:
    tokenizer = Tokenizer()
    assert list(tokenizer.feed(b"\x1dv0\x00\xff\xff\xff\xff")) == [Token(b"\x1dv", known=False)]
    assert list(tokenizer.feed(b"\x1bE\x01" * 100_000)) == []
    assert len(tokenizer._held) == 0


def test_logos_without_end_are_given_up() -> None:
    tokenizer = Tokenizer()
    for _ in range(5):
        list(tokenizer.feed(b"\x1cq\xff" + b"\xff\xff\xff\xff" * 100_000))
        assert len(tokenizer._held) < LIMIT


@given(STREAM, st.lists(st.integers(0, 300), max_size=10))
def test_any_split_gives_the_same(data: bytes, cuts: list[int]) -> None:
    tokenizer = Tokenizer()
    edges = [0, *sorted(cuts), len(data)]
    split = [t for a, b in pairwise(edges) for t in tokenizer.feed(data[a:b])]
    assert _joined(split) == _joined(tokens(data))


@settings(max_examples=300)
@given(STREAM)
def test_every_byte_is_consumed_once(data: bytes) -> None:
    tokenizer = Tokenizer()
    list(tokenizer.feed(data))
    assert tokenizer.consumed - tokenizer._skip + len(tokenizer._held) == len(data)


def _joined(split: list[Token]) -> list[Token]:
    """Text that came in pieces, in one."""
    out: list[Token] = []
    for token in split:
        if out and not token.code and not out[-1].code:
            out[-1] = Token(b"", out[-1].body + token.body)
        else:
            out.append(token)
    return out
