from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.errors import FormatError
from comptoir.core.page import PLAIN, Style
from comptoir.formats.ticket.markup import HARD_SPACE, Run
from comptoir.formats.ticket.wrapping import Filled, fill
from comptoir.formats.wrap import clean

BOLD = Style(bold=True)
DOUBLE = Style(width=2, height=2)


def texts(text: str, columns: int, words: bool = True) -> list[str]:
    return ["".join(run.text for run in line.runs) for line in fill((Run(text),), columns, words)]


def test_no_text_is_one_empty_line() -> None:
    assert fill((), 10) == [Filled()]


def test_lines_are_broken_between_words() -> None:
    assert texts("Hamburger w/ tomato, onion", 12) == ["Hamburger w/", "tomato,", "onion"]


def test_without_wrapping_they_are_broken_anywhere() -> None:
    assert texts("Hamburger w/ tomato", 15, words=False) == ["Hamburger w/ to", "mato"]


def test_a_word_that_is_longer_than_the_column_is_broken_in_itself() -> None:
    assert texts("a Donaudampfschiff", 6) == ["a", "Donaud", "ampfsc", "hiff"]


def test_leading_spaces_stay_and_those_at_a_break_go() -> None:
    assert texts("  one two", 5) == ["  one", "two"]
    assert texts("  toolong", 5) == ["  too", "long"]


def test_hard_spaces_are_no_break_and_print_as_spaces() -> None:
    assert texts(f"12{HARD_SPACE}EUR 3", 6) == ["12 EUR", "3"]
    assert texts(f"a{HARD_SPACE}{HARD_SPACE}", 9) == ["a  "]


def test_wide_characters_break_anywhere_and_count_twice() -> None:
    assert texts("ab塩ゆで", 5) == ["ab塩", "ゆで"]
    assert texts("aa bb塩ゆで", 6) == ["aa bb", "塩ゆで"]


def test_styles_stay_with_their_letters_over_a_break() -> None:
    lines = fill((Run("one "), Run("two three", BOLD)), 7)
    assert [line.runs for line in lines] == [(Run("one "), Run("two", BOLD)), (Run("three", BOLD),)]


def test_large_letters_take_more_room() -> None:
    (first, second) = fill((Run("AB CD", DOUBLE),), 8)
    assert (first.runs, first.width, first.height) == ((Run("AB", DOUBLE),), 4, 2)
    assert second.runs == (Run("CD", DOUBLE),)


def test_letters_that_are_too_large_for_the_column_are_made_smaller() -> None:
    assert fill((Run("A", Style(width=6, height=6)),), 4)[0].runs == (Run("A", Style(width=4, height=4)),)


def test_a_character_for_which_there_is_no_room_is_an_error_and_not_lost() -> None:
    with pytest.raises(FormatError, match="too narrow for “塩”"):
        fill((Run("塩"),), 1)


def test_marks_and_emoji_stay_with_what_they_change() -> None:
    assert texts("x\u0323\u0323\u0323x", 1) == ["x\u0323\u0323\u0323", "x"]
    assert texts("👩‍👩‍👧👩‍👩‍👧", 2) == ["👩‍👩‍👧", "👩‍👩‍👧"]


STYLES = st.builds(Style, bold=st.booleans(), width=st.integers(1, 6), height=st.integers(1, 6))
TEXTS = st.one_of(
    st.text("ab  \u00a0塩e\u0301क\u094d❤\ufe0f👩\u200d🇫🇷", min_size=1, max_size=30), st.text(min_size=1, max_size=30)
)
RUNS = st.lists(st.builds(Run, TEXTS.map(clean).filter(bool), STYLES), max_size=6)


@given(RUNS, st.integers(2, 50), st.booleans())
def test_every_line_fits_and_no_letter_is_lost(runs: list[Run], columns: int, words: bool) -> None:
    lines = fill(runs, columns, words)
    assert all(sum(run.cells for run in line.runs) == line.width <= columns for line in lines)
    printed = "".join(run.text for line in lines for run in line.runs)
    said = "".join(run.text for run in runs)
    assert [letter for letter in printed if letter not in " \u00a0"] == [
        letter for letter in said if letter not in " \u00a0"
    ]


@given(st.text("ab cd", max_size=60).map("x".__add__), st.integers(1, 20))
def test_plain_words_break_as_in_plain_text(text: str, columns: int) -> None:
    from comptoir.formats.wrap import wrap  # noqa: PLC0415

    assert [line.rstrip() for line in texts(text, columns)] == [line.rstrip() for line in wrap(text, columns)]
    assert fill((Run(text),), columns)[0].runs == () or fill((Run(text),), columns)[0].runs[0].style == PLAIN
