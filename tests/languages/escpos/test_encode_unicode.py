"""Any text prints: in the printer's characters where it has them, else as a picture; nothing is lost in silence."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comptoir.core.page import Cell, Line, Media, Page, Row, Style
from comptoir.core.profile import DEFAULT, Profile
from comptoir.languages.escpos.encode import CUTS, RESET, encode
from comptoir.languages.escpos.render import read_papers
from comptoir.languages.profiles import profile

MEDIA = Media()
SHIFT_JIS = replace(DEFAULT, kanji="cp932")
CHINESE = replace(DEFAULT, kanji="gb18030")


def text_of(data: bytes) -> str:
    return "\n".join(paper.text for paper in read_papers(data, MEDIA))


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (DEFAULT, "é è ç € œ « » ’ – … Ÿ"),
        (DEFAULT, "Γειά σου, 5 €"),
        (DEFAULT, "Zażółć gęślą jaźń"),
        (DEFAULT, "Привет, ёлка"),
        (DEFAULT, "İğdır çşö"),
        (DEFAULT, "été Привет Γειά Łódź"),
        (CHINESE, "总计 é 12 €"),
        (SHIFT_JIS, "合計 かな é 12 €"),
    ],
)
def test_the_interpreter_reads_what_was_written(known: Profile, text: str) -> None:
    encoded = encode([Page((Line(text),))], MEDIA, known)
    assert encoded.unprintable == ""
    assert text_of(encoded.data) == text


@pytest.mark.parametrize("text", ["مرحبا", "שלום 5 €", "日本", "한국어", "☕ 2,00 €", "ราคา"])
def test_what_the_printer_lacks_is_a_picture(text: str) -> None:
    encoded = encode([Page((Line(text), Line("after é")))], MEDIA)
    assert encoded.unprintable == ""
    assert encoded.data.startswith(RESET + b"\x1dv0\x00")
    assert encoded.data.endswith(b"\x1bt\x13after \x82\n" + CUTS["partial"] + RESET), "the page is set anew"
    assert b"?" not in text_of(encoded.data).encode()


def test_a_picture_of_a_line_is_as_high_as_its_letters() -> None:
    data = encode([Page((Line("日本", Style(height=2, bold=True)),))], MEDIA).data
    head = data.removeprefix(RESET)[:8]
    assert head == b"\x1dv0\x00\x48\x00\x30\x00", "576 dots, 48 rows"


def test_a_row_that_the_printer_lacks_is_a_picture() -> None:
    row = Row((Cell(0, "Café"), Cell(20, "日本"), Cell(40, "2,00 €")))
    encoded = encode([Page((row,))], MEDIA)
    assert encoded.unprintable == ""
    assert encoded.data.startswith(RESET + b"\x1dv0\x00\x48\x00\x18\x00")
    assert b"Caf" not in encoded.data


def test_what_no_font_has_is_named_once_over_the_job() -> None:
    encoded = encode([Page((Line("a \U0010fffd"), Line("\U0010fffd"))), Page((Line("\U0010fffd b"),))], MEDIA)
    assert encoded.unprintable == "\U0010fffd"


def test_control_characters_leave_no_trace_in_a_picture() -> None:
    clean, other = (encode([Page((Line(text), Row((Cell(0, text),))))], MEDIA) for text in ("日本", "日\x1b\n\x9b本"))
    assert clean == other


def test_needles_print_pictures_of_lines_too() -> None:
    known = profile("TM-U220B")
    encoded = encode([Page((Line("€"),))], known.media, known)
    assert encoded.data.count(b"\x1b*\x01\x90\x01") == 3


@settings(deadline=None)  # the first picture of a line loads fonts
@given(st.text(max_size=48))
@example("┆ │")
@example("Ŧ┆")
def test_no_text_commands_the_printer(text: str) -> None:
    body = encode([Page((Line(text),))], MEDIA, CHINESE).data.removeprefix(RESET).removesuffix(CUTS["partial"] + RESET)
    if body.removeprefix(b"\x1b3\x18").startswith(b"\x1dv0"):
        return
    # Ours: code pages, two-byte characters, the line spacing of tables.
    rest = re.sub(rb"\x1bt.|\x1c[&.]|\x1b3\x18|\x1b2", b"", body, flags=re.DOTALL).removesuffix(b"\n")
    assert all(byte >= 0x20 and byte != 0x7F for byte in rest)


#: the texts of a shop: what code pages have, and here and there what they lack
WORDS = st.text("abcàéèçœŁźΓειЖя€’ ", min_size=1, max_size=8)


@given(st.lists(WORDS, max_size=5).map(" ".join))
def test_every_printable_word_comes_back(text: str) -> None:
    encoded = encode([Page((Line(text),))], MEDIA)
    assert encoded.unprintable == ""
    assert text_of(encoded.data).replace("'", "’").split() == text.split()


@pytest.mark.parametrize(
    ("text", "drawn"), [("→ " + "a" * 45, False), ("→ " + "a" * 46, True), ("→ " + "a" * 47, False)]
)
def test_no_stand_in_pushes_a_line_off_the_paper(text: str, drawn: bool) -> None:
    """An arrow is two characters on the printer; a line that never had its room is set as it is."""
    data = encode([Page((Line(text),))], MEDIA).data
    assert (b"-> aaa" in data) is not drawn


@pytest.mark.parametrize(("column", "width", "drawn"), [(3, 1, True), (4, 1, False), (7, 2, True), (8, 2, False)])
def test_no_stand_in_is_overprinted_by_the_next_cell(column: int, width: int, drawn: bool) -> None:
    row = Row((Cell(0, "→ab", Style(width=width)), Cell(column, "12")))
    assert (b"->ab" in encode([Page((row,))], MEDIA).data) is not drawn
