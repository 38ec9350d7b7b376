"""What an element draws that is no text."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from comptoir.core.page import Barcode, Feed, Line, Media, Picture
from comptoir.formats.epos import figures

PAPER = Media(16, 16)


def drawn(xml: str, media: Media = PAPER) -> figures.Figure | None:
    return figures.figure(fromstring(xml), "left", media)


@pytest.mark.parametrize(
    ("xml", "rows"),
    [
        ('<hline x1="0" x2="15"/>', ["ffff"] * 2),
        ('<hline x1="4" x2="7" style="thin"/>', ["0f00"] * 2),
        ('<hline x1="7" x2="4" style="medium"/>', ["0f00"] * 4),
        ('<hline x1="8" x2="999" style="thick"/>', ["00ff"] * 6),
        ('<hline x1="500" x2="999"/>', ["0001"] * 2),
        ('<hline style="thin_double"/>', ["ffff", "ffff", "0000", "0000", "ffff", "ffff"]),
        ('<hline style="wavy"/>', ["ffff"] * 2),
    ],
)
def test_a_rule_from_dot_to_dot(xml: str, rows: list[str]) -> None:
    assert drawn(xml) == Picture(16, len(rows), bytes.fromhex("".join(rows)))


def test_a_rule_on_paper_that_is_no_whole_number_of_bytes() -> None:
    assert figures.rule(0, 11, "thin", Media(12, 12)) == Picture(12, 2, b"\xff\xf0" * 2)


def test_a_barcode_has_the_manuals_size_where_none_is_given() -> None:
    code = drawn('<barcode type="code39" hri="both">1</barcode>', Media())
    assert code == Barcode("CODE39", "1", 162, 3, text=True)


def test_what_is_no_figure() -> None:
    assert drawn("<logo/>") is None
    assert drawn('<symbol type="aztec_code">a</symbol>') is None


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), (" 7 ", 7), ("", None), ("-1", None), ("1e3", None), ("123456", None)]
)
def test_numbers(text: str, number: int | None) -> None:
    assert figures.number(fromstring(f'<a n="{text}"/>'), "n") == number


def test_heights() -> None:
    assert figures.height_of(Picture(8, 5, bytes(5))) == 5
    assert figures.height_of(Feed(3)) == 90
    assert figures.height_of(Line("a")) == 30
    assert figures.name_of(fromstring('<a xmlns="x"/>')) == "a"
