from __future__ import annotations

from comptoir.core.page import Line, Media
from comptoir.formats.message import read


def lines(content: str, media: Media | None = None, **attributes: str) -> list[Line]:
    (page,) = read(content.encode(), media or Media(), attributes)
    return [element for element in page.elements if isinstance(element, Line)]


def texts(content: str, media: Media | None = None, **attributes: str) -> list[str]:
    return [line.text for line in lines(content, media, **attributes)]


def test_the_framed_message_exactly() -> None:
    assert texts("Hello world", date="2026-11-21 14:05") == [
        "--------------------",
        "MESSAGE À IMPRIMER",
        "",
        "Hello world",
        "",
        "Date: 2026-11-21 14:05",
        "--------------------",
    ]


def test_only_the_heading_is_bold() -> None:
    bold = [line.text for line in lines("Hello world", date="d") if line.style.bold]
    assert bold == ["MESSAGE À IMPRIMER"]


def test_a_title_is_the_heading() -> None:
    assert texts("x", title="CUISINE")[1] == "CUISINE"
    assert texts("x", title="  ")[1] == "MESSAGE À IMPRIMER"


def test_duplicata_comes_before_the_frame() -> None:
    assert texts("x", duplicata="yes")[:2] == ["DUPLICATA", "--------------------"]


def test_without_a_date_there_is_no_date_line() -> None:
    assert texts("x")[-2:] == ["", "--------------------"]


def test_long_messages_are_wrapped_and_keep_their_blank_lines() -> None:
    narrow = Media(columns=8)
    assert texts("one two three\n\nfour\n\n", narrow, title="T") == [
        "--------",
        "T",
        "",
        "one two",
        "three",
        "",
        "four",
        "",
        "--------",
    ]
