from __future__ import annotations

import pytest

from comptoir.core.errors import FormatError
from comptoir.core.page import Line, Media
from comptoir.formats.text import read


def texts(content: bytes, columns: int = 48) -> list[list[str]]:
    pages = read(content, Media(columns=columns), {})
    return [[element.text for element in page.elements if isinstance(element, Line)] for page in pages]


def test_lines() -> None:
    assert texts("Héllo\r\n\r\nWorld\n".encode()) == [["Héllo", "", "World"]]


def test_byte_order_mark_is_no_character() -> None:
    assert texts(b"\xef\xbb\xbfa") == [["a"]]


def test_long_lines_are_wrapped() -> None:
    assert texts(b"one two three", 8) == [["one two", "three"]]


def test_form_feed_begins_a_page_but_none_at_the_end() -> None:
    assert texts(b"a\fb\f\n") == [["a"], ["b"]]
    assert texts(b"a\f\fb") == [["a"], [], ["b"]]


def test_bytes_that_are_not_utf8_are_told_with_their_place() -> None:
    with pytest.raises(FormatError, match="byte 0xe9 at position 1"):
        texts(b"p\xe9re")


@pytest.mark.parametrize(
    "text",
    ["a\n" * 30_000, "a\r" * 30_000, "a\f" * 30_000, "a" * 2_000_000, "a\t" * 200_000, "字" * 700_000],
    ids=["LF", "CR", "FF", "one line", "tabs", "wide"],
)
def test_a_text_of_a_hundred_metres_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="20000 lines"):
        read(text.encode(), Media(), {})


def test_lines_that_end_twice_are_counted_once() -> None:
    (lines,) = texts(b"a\r\n" * 20_000)
    assert len(lines) == 20_000
