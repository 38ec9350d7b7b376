from __future__ import annotations

from comptoir.languages.escpos.elements import Sheet, TextLine
from comptoir.languages.escpos.interpret import Interpreter

AREA = b"\x1bW\x10\x00\x20\x00\xc8\x00\x64\x00"  # 200 × 100 dots at 16, 32


def elements(data: bytes) -> tuple[object, ...]:
    printer = Interpreter()
    printer.feed(data)
    printed = printer.finish()
    return printed.elements if printed else ()


def sheet(data: bytes) -> Sheet:
    (found,) = (each for each in elements(data) if isinstance(each, Sheet))
    return found


def test_a_page_is_printed_at_once() -> None:
    (area,) = sheet(b"\x1bL" + AREA + b"one\ntwo\x0c").areas
    assert (area.left, area.top, area.width, area.height, area.turns) == (16, 32, 200, 100, 0)
    assert len(area.placed) == 2


def test_esc_ff_leaves_the_page_there() -> None:
    printed = [each for each in elements(b"\x1bLtext\x1b\x0c\x1b\x0c") if isinstance(each, Sheet)]
    assert len(printed) == 2
    assert printed[0] == printed[1]


def test_what_is_left_or_cancelled_is_not_printed() -> None:
    assert elements(b"\x1bLtext\x1bS") == ()
    assert not [each for each in elements(b"\x1bLprinted\nnot yet\x18\x0c") if isinstance(each, Sheet)]


def test_direction_and_height() -> None:
    page = sheet(b"\x1bL" + AREA + b"\x1bT\x01\x1d$\x30\x00a\x1d\\\xf0\xff" + b"b\x0c")
    (area,) = page.areas
    assert area.turns == 1
    assert [placed.base for placed in area.placed] == [48, 32]


def test_in_standard_mode_they_do_nothing() -> None:
    (line,) = elements(b"a" + AREA + b"\x1bT\x01\x1d$\x30\x00\x18b\n")
    assert isinstance(line, TextLine)
    assert "".join(run.text for run in line.runs) == "ab"


def test_a_form_feed_in_standard_mode_ends_the_line() -> None:
    assert len(elements(b"a\x0cb\n")) == 2
