"""Bytes of ESC/POS inside another document."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.core.page import Feed, Media, Page, Picture
from comptoir.languages.escpos.excerpt import MOST, does, excerpt

PAPER = Media()


def test_a_text_is_a_picture_as_wide_as_the_paper_without_the_white_around() -> None:
    (page,) = excerpt(b"\x1ba\x01Hello\n", PAPER)
    (picture,) = page.elements
    assert isinstance(picture, Picture)
    assert (picture.width, page.cut) == (576, False)
    assert picture.height < 30
    assert any(picture.bits)
    assert picture.bits.count(0) > len(picture.bits) / 2, "ink is 1, and most is paper"


def test_cuts_divide_it() -> None:
    pages = excerpt(b"a\n\x1dVA\x00b\n\x1dVA\x00c\n", PAPER)
    assert [page.cut for page in pages] == [True, True, False]


def test_white_paper_before_a_cut_stays() -> None:
    assert excerpt(b"\x1bd\x03\x1dV\x00", PAPER) == [Page((Feed(3),))]
    assert excerpt(b"\x1bd\x03", PAPER) == [], "but is not worth a paper of its own"


def test_what_leaves_nothing_is_nothing() -> None:
    assert excerpt(b"\x1b@\x1bE\x01", PAPER) == []
    assert excerpt(b"\x1bp\x00\x19\xfa", PAPER) == []
    assert excerpt(b"", PAPER) == []


def test_it_ends_somewhere() -> None:
    assert len(excerpt(b"a\n\x1dVA\x00" * (MOST + 5), PAPER)) <= MOST + 1


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", (False, False)),
        (b"\x1b@\x1bE\x01", (False, False)),
        (b"a\n", (True, False)),
        (b"\n\n", (True, False)),
        (b"\x1dVA\x00", (True, False)),
        (b"\x1bp\x00\x19\xfa", (False, True)),
        (b"\x10\x14\x01\x00\x01", (False, True)),
        (b"a\n\x1bp\x01\x19\xfa", (True, True)),
        (b"\x10\x04\x01", (False, False)),
    ],
)
def test_what_it_does(data: bytes, expected: tuple[bool, bool]) -> None:
    assert does(data) == expected


@settings(deadline=None, max_examples=50)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_drawn(data: bytes) -> None:
    prints, _ = does(data)
    assert prints or not any(isinstance(e, Picture) for page in excerpt(data, PAPER) for e in page.elements)
