"""The title of a receipt: the line at its head that stands out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comptoir.languages.escpos.heading import LONGEST, heading

BIG, NORMAL = b"\x1d!\x11", b"\x1d!\x00"


def test_the_largest_of_the_first_lines() -> None:
    receipt = b"\x1b@\x1ba\x01Le 21/11/2026\n" + BIG + b"CAFE  DU PORT\n" + NORMAL + b"Table 4\n1 cafe  2.00\n\x1dV\x00"
    assert heading(receipt) == "CAFE DU PORT"


def test_the_first_where_all_are_alike() -> None:
    assert heading(b"---\n12:30\nTicket 12\nTotal 4\n") == "Ticket 12"


def test_a_paper_without_words_comes_before() -> None:
    assert heading(b"\n\x1dV\x00Ticket 12\n\x1dV\x00Ticket 13\n") == "Ticket 12"


def test_what_stands_far_below_is_no_title() -> None:
    assert heading(b"shop\n" + b"line\n" * 30 + BIG + b"TOTAL\n") == "shop"


def test_no_words() -> None:
    assert heading(b"") == heading(b"\x1bp\x00\x19\xfa") == heading(b"\x1dv0\x00\x01\x00\x01\x00\xff") == ""


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    assert len(heading(data)) <= LONGEST
