"""Page mode of ePOS-Print, in rows."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from comptoir.core.page import Barcode, Cell, Element, Feed, Line, Media, Page, Picture, Row, Style
from comptoir.formats.epos.layout import Layout


def page(xml: str) -> Page:
    layout = Layout(Media())
    layout.add(fromstring(f"<page>{xml}</page>"))
    (one,) = layout.finish()
    return one


def printed(xml: str) -> tuple[Element, ...]:
    found = page(xml)
    assert found.left_out == ""
    return found.elements


def row(*cells: tuple[int, str]) -> Row:
    return Row(tuple(Cell(column, text) for column, text in cells))


def test_texts_on_one_height_are_a_row_in_the_order_of_their_columns() -> None:
    xml = (
        '<area x="0" y="0" width="576" height="200"/>'
        '<position x="400" y="21"/><text>9.99</text><position x="0" y="25"/><text>Total</text>'
    )
    assert printed(xml) == (row((0, "Total"), (33, "9.99")),)


def test_what_is_lower_comes_later_with_the_white_between() -> None:
    xml = '<position x="0" y="171"/><text>b</text><position x="24" y="51"/><text>a&#10;c</text>'
    assert printed(xml) == (Feed(1), row((2, "a")), row((0, "c")), Feed(2), row((0, "b")))


def test_an_area_has_an_origin_and_the_cursor_begins_there() -> None:
    xml = '<area x="120" y="60" width="100" height="100"/><text>a</text><feed line="2"/><text x="12">b</text>'
    assert printed(xml) == (Feed(2), row((10, "a")), Feed(1), row((11, "b")))


def test_a_text_follows_the_one_before_it_and_is_never_over_it() -> None:
    assert printed('<text>ab</text><text em="true">cd</text><position x="12" y="21"/><text em="false">x</text>') == (
        Row((Cell(0, "ab"), Cell(2, "x"), Cell(3, "cd", Style(bold=True)))),
    )


def test_what_is_beyond_the_paper_is_cut_off() -> None:
    assert printed('<position x="9999" y="21"/><text>a</text>') == (Line(""),)


def test_a_style_of_the_page_lasts_after_it() -> None:
    layout = Layout(Media())
    for element in fromstring('<e><page><text em="true">a</text></page><text>b</text></e>'):
        layout.add(element)
    (one,) = layout.finish()
    assert one.elements[-1] == Line("b", Style(bold=True))


def test_pictures_and_codes_stand_on_their_position() -> None:
    xml = '<position x="16" y="32"/><image width="8" height="2">gYE=</image>'
    assert printed(xml) == (Feed(1), Picture(24, 2, b"\0\0\x81" * 2))
    xml = '<position x="0" y="40"/><barcode type="code39" width="2" height="40">A</barcode>'
    assert printed(xml) == (Barcode("CODE39", "A", 40),)
    xml = '<position x="572" y="2"/><image width="8" height="2">gYE=</image>'
    (picture,) = printed(xml)
    assert isinstance(picture, Picture)
    assert picture.width == 576, "on the paper, as far right as it goes"


def test_a_level_line_is_a_rule() -> None:
    (feed, rule) = printed('<line x1="8" y1="30" x2="0" y2="30" style="medium"/>')
    assert feed == Feed(1)
    assert isinstance(rule, Picture)
    assert (rule.height, rule.bits[:2]) == (4, b"\xff\x80")


@pytest.mark.parametrize(
    ("xml", "name"),
    [
        ('<direction dir="top_to_bottom"/>', "<direction top_to_bottom>"),
        ('<line x1="0" y1="0" x2="0" y2="9"/>', "<line>"),
        ('<rectangle x1="0" y1="0" x2="9" y2="9"/>', "<rectangle>"),
        ("<logo/>", "<logo>"),
    ],
)
def test_what_rows_cannot_say_is_named(xml: str, name: str) -> None:
    found = page(f'{xml}<direction dir="left_to_right"/><text>a</text>')
    assert (found.elements, found.left_out) == ((row((0, "a")),), name)
