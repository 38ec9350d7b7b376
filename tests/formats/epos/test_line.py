"""The line of text in the making."""

from __future__ import annotations

from comptoir.core.page import Cell, Line, Row, Style
from comptoir.formats.epos.line import LineBuffer

PLAIN, BOLD, WIDE = Style(), Style(bold=True), Style(width=2)
CENTER, RIGHT = Style(align="center"), Style(align="right")


def line(*parts: tuple[str, Style], columns: int = 10) -> list[Line | Row]:
    """What is printed of these parts, and the line that is left."""
    buffer = LineBuffer(columns)
    full = [one for text, style in parts for one in buffer.write(text, style)]
    return [*full, buffer.end()]


def test_one_style_is_a_line_and_several_are_a_row() -> None:
    assert line(("ab", BOLD), ("cd", BOLD)) == [Line("abcd", BOLD)]
    assert line(("ab", PLAIN), ("cd", BOLD)) == [Row((Cell(0, "ab", PLAIN), Cell(2, "cd", BOLD)))]
    assert line() == [Line("")]


def test_a_row_stands_where_its_first_part_says() -> None:
    bold = Style(bold=True, align="center")
    assert line(("ab", CENTER), ("cd", bold)) == [Row((Cell(3, "ab", CENTER), Cell(5, "cd", bold)))]
    assert line(("ab", RIGHT), ("cd", bold)) == [Row((Cell(6, "ab", RIGHT), Cell(8, "cd", bold)))]


def test_it_breaks_at_the_last_column_as_a_printer_does() -> None:
    assert line(("0123456789ab cd", PLAIN)) == [Line("0123456789"), Line("ab cd")]
    assert line(("0123456", PLAIN), ("789ab", BOLD)) == [
        Row((Cell(0, "0123456", PLAIN), Cell(7, "789", BOLD))),
        Line("ab", BOLD),
    ]


def test_wide_letters_and_wide_characters_take_more() -> None:
    assert line(("012345", WIDE)) == [Line("01234", WIDE), Line("5", WIDE)]
    assert line(("123456789", PLAIN), ("日本", PLAIN)) == [Line("123456789"), Line("日本")]
    assert line(("日本", Style(width=8))) == [Line("日", Style(width=8)), Line("本", Style(width=8))]


def test_a_position_is_kept_and_nothing_is_written_over() -> None:
    buffer = LineBuffer(10)
    assert list(buffer.write("abc", PLAIN)) == []
    buffer.move_to(7)
    assert list(buffer.write("de", RIGHT)) == []
    buffer.move_to(1)
    assert list(buffer.write("f", PLAIN)) == []
    assert buffer.end() == Row((Cell(0, "abc", PLAIN), Cell(7, "de", RIGHT), Cell(9, "f", PLAIN)))
    assert buffer.empty


def test_a_position_beyond_the_paper_is_its_last_column() -> None:
    buffer = LineBuffer(10)
    buffer.move_to(99)
    assert list(buffer.write("ab", PLAIN)) == [Row((Cell(9, "a", PLAIN),))]
    assert buffer.end() == Line("b")


def test_tabs_are_spread_and_control_characters_left_out() -> None:
    assert line(("a\tb\x07", PLAIN)) == [Line("a       b")]
