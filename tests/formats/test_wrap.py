from __future__ import annotations

from unicodedata import is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.cells import width
from comptoir.formats.wrap import clean, lines_of, wrap

WORDS = st.text("ab é日 \u0301-", max_size=60)


@pytest.mark.parametrize(
    ("line", "columns", "pieces"),
    [
        ("", 10, [""]),
        ("short", 10, ["short"]),
        ("hello world", 8, ["hello", "world"]),
        ("hello world", 5, ["hello", "world"]),
        ("one two three", 8, ["one two", "three"]),
        ("  indented words here", 12, ["  indented", "words here"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("ab cdefghij", 4, ["ab", "cdef", "ghij"]),
        ("日本語です", 4, ["日本", "語で", "す"]),
        ("日本語", 3, ["日", "本", "語"]),
        ("日", 1, ["日"]),
        ("👨\u200d👩\u200d👧🇫🇷", 2, ["👨\u200d👩\u200d👧", "🇫🇷"]),
        ("word      ", 6, ["word"]),
        ("          ", 4, [""]),
    ],
)
def test_wrap(line: str, columns: int, pieces: list[str]) -> None:
    assert wrap(line, columns) == pieces


def test_tabs_stop_at_every_eighth_cell() -> None:
    assert clean("a\tb") == "a       b"
    assert clean("12345678\tb") == "12345678        b"
    assert clean("日本\tb") == "日本    b"
    assert clean("❤\ufe0f👍🏽\tb") == "❤\ufe0f👍🏽    b"


def test_control_characters_go() -> None:
    assert clean("a\x1b@\x00b\x7f\x9bc\u2028") == "a@bc"


def test_ends_of_lines() -> None:
    assert lines_of("a\r\nb\rc\nd\n") == ["a", "b", "c", "d"]
    assert lines_of("") == []
    assert lines_of("\n\na") == ["", "", "a"]


@given(WORDS, st.integers(2, 30))
def test_no_piece_is_too_wide_and_nothing_but_spaces_is_lost(line: str, columns: int) -> None:
    line = clean(line)
    pieces = wrap(line, columns)
    assert all(width(piece) <= columns for piece in pieces)
    assert "".join(pieces).replace(" ", "") == line.replace(" ", "")


@pytest.mark.parametrize("between", ["", "\x00", "\u200d", "\u00ad"])
def test_more_marks_than_a_letter_has_are_put_in_order_in_pieces(between: str) -> None:
    """Ordering them takes the square of their number: these once took minutes."""
    line = clean("q" + f"\u0301{between}\u0316{between}" * 50_000)
    assert line.count("\u0316") == 50_000
    assert max(map(len, line.split("\u034f"))) <= 31
    assert clean(line) == line


def test_as_many_marks_as_a_letter_has_are_left_alone() -> None:
    assert clean("q" + "\u0301\u0316" * 15) == "q" + "\u0316" * 15 + "\u0301" * 15


def test_tabs_without_end() -> None:
    assert width(clean("é" + "\t" * 20_000)) == 8 * 20_000


@given(st.text("ab é日\t\u0301\u0316\x1b", max_size=99))
def test_a_clean_line_is_clean_and_as_it_was(line: str) -> None:
    once = clean(line)
    assert once.isprintable()
    assert clean(once) == once
    assert is_normalized("NFC", once)
