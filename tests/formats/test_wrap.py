from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.formats.wrap import clean, lines_of, width, wrap

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
