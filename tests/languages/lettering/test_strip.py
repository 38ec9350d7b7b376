from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageChops

from comptoir.core.cells import width
from comptoir.core.page import PLAIN, Style
from comptoir.languages.lettering import strip
from comptoir.languages.lettering.pen import Room
from comptoir.languages.lettering.strip import pieces

CELL = (12, 24)
TEXTS = st.text(
    st.one_of(
        st.sampled_from(
            "ab 1.()[q\u0303שָלוםالمجمو١٢\u200c\u200d\u200f\u2067日हिन्दीกำ👍🏽👨❤\ufe0f🇫🇷\u00ad\u034f\u1100\u1161"
        ),
        st.characters(exclude_categories=["Cs", "Cc"]),
    ),
    max_size=12,
)


def texts(line: str) -> list[tuple[str, int]]:
    return [(piece.text, piece.cells) for piece in pieces(line)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("ab", [("a", 1), ("b", 1)]),
        ("e\u0301", [("é", 1)]),
        ("日 q\u0303", [("日", 2), (" ", 1), ("q\u0303", 1)]),
        ("हिन्दी रसीद", [("हिन्दी रसीद", 10)]),
        ("ไทย  10", [("ไทย", 3), (" ", 1), (" ", 1), ("1", 1), ("0", 1)]),
        ("سلام عليكم", [("سلام عليكم", 10)]),
        ("אב 5 גד", [("גד", 2), (" ", 1), ("5", 1), (" ", 1), ("אב", 2)]),
        ("❤\ufe0f👍🏽", [("❤\ufe0f", 2), ("👍🏽", 2)]),
        ("\u200f\u2060", []),
    ],
)
def test_pieces_from_left_to_right(line: str, found: list[tuple[str, int]]) -> None:
    assert texts(line) == found


@given(TEXTS)
def test_columns_are_kept(line: str) -> None:
    """Whatever the text, it takes the cells that are counted for it."""
    picture, _ = strip.draw(line, PLAIN, CELL)
    assert picture.size == (width(normalize("NFC", line)) * 12, 24)


@given(st.text("ab €日שéसก👍", max_size=12))
def test_nothing_of_known_scripts_is_missing(line: str) -> None:
    assert strip.draw("x" + line, PLAIN, CELL)[1] == ""


def test_what_is_missing_is_named_and_stands_as_a_box() -> None:
    picture, missing = strip.draw("a\ue000b\U000f1234", PLAIN, CELL)
    assert missing == "\ue000\U000f1234"
    assert picture.crop((12, 0, 24, 24)).getbbox() is not None


def test_a_mark_that_no_face_has_is_named() -> None:
    assert strip.draw("日\U0001da75", PLAIN, CELL)[1] == "\U0001da75"


def test_a_letter_is_the_same_wherever_it_stands() -> None:
    alone, _ = strip.draw("é", PLAIN, CELL)
    line, _ = strip.draw("日ab é", PLAIN, CELL)
    assert not ImageChops.difference(line.crop((5 * 12, 0, 6 * 12, 24)), alone).getbbox()


def test_styles() -> None:
    plain, _ = strip.draw("ab", PLAIN, CELL)
    large, _ = strip.draw("ab", Style(width=2, height=3), CELL)
    assert large.size == (48, 72)
    inverse, _ = strip.draw("ab", Style(inverse=True), CELL)
    assert not ImageChops.difference(ImageChops.invert(inverse), plain).getbbox()
    both, _ = strip.draw("ab", Style(underline=True, inverse=True), CELL)
    assert both.crop((0, 22, 24, 24)).getbbox() is None
    underlined, _ = strip.draw("ab", Style(underline=True, height=2), CELL)
    assert ImageChops.invert(underlined.crop((0, 44, 24, 48))).getbbox() is None
    assert underlined.crop((0, 42, 24, 44)).getbbox() is None


def test_multiples_are_those_that_printers_know() -> None:
    assert strip.draw("a", Style(width=99, height=0), CELL)[0].size == (96, 24)


def test_the_glyph_of_a_cluster_fills_the_room_it_is_given() -> None:
    assert strip.glyph("①", Room(2, 12, 24), bold=False).size == (24, 24)
    assert strip.glyph("\ue000", Room(1, 9, 17), bold=False).getbbox() is not None
    assert strip.glyph(" ", Room(1, 9, 17), bold=False).getbbox() is None
