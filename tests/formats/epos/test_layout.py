"""The elements of ePOS-Print, one by one, and what lasts from one to the next."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from comptoir.core.errors import FormatError
from comptoir.core.page import Barcode, Buzz, Cell, Element, Feed, Line, Media, Page, Picture, QrCode, Row, Style
from comptoir.formats.epos.layout import MOST, Layout


def pages(xml: str, media: Media | None = None) -> list[Page]:
    layout = Layout(media or Media())
    for element in fromstring(f"<epos-print>{xml}</epos-print>"):
        layout.add(element)
    return list(layout.finish())


def printed(xml: str) -> tuple[Element, ...]:
    (page,) = pages(xml)
    assert page.left_out == ""
    return page.elements


def left_out(xml: str) -> str:
    (page,) = pages(xml)
    return page.left_out


# -- text -------------------------------------------------------------------------------------------------------------


def test_a_text_is_printed_at_the_end_of_its_line() -> None:
    assert printed("<text>a&#10;b</text><text>c&#10;</text>") == (Line("a"), Line("bc"))
    assert printed("<text>a</text>") == (Line("a"),), "or of the document"
    assert printed("<text>a&#10;&#10;b&#10;</text>") == (Line("a"), Line(""), Line("b"))


def test_a_style_lasts_until_it_is_changed() -> None:
    xml = '<text align="center" em="true"/><text>a&#10;</text><text em="false">b&#10;</text>'
    assert printed(xml) == (Line("a", Style(bold=True, align="center")), Line("b", Style(align="center")))
    xml = '<text ul="1" reverse="true">a&#10;</text><text ul="0" reverse="false">b&#10;</text>'
    assert printed(xml) == (Line("a", Style(underline=True, inverse=True)), Line("b"))


@pytest.mark.parametrize(
    ("attributes", "style"),
    [
        ('dw="true"', Style(width=2)),
        ('dh="true"', Style(height=2)),
        ('dw="true" dh="true"', Style(width=2, height=2)),
        ('width="3" height="4"', Style(width=3, height=4)),
        ('width="99" height="0"', Style(width=8)),
        ('width="wide" align="middle"', Style()),
        ('font="font_a" smooth="true" lang="fr" color="color_1" linespc="30"', Style()),
    ],
)
def test_sizes(attributes: str, style: Style) -> None:
    assert printed(f"<text {attributes}>a&#10;</text>") == (Line("a", style),)


def test_double_size_can_be_taken_back() -> None:
    assert printed('<text dw="true" dh="true"/><text dw="false" dh="false">a</text>') == (Line("a"),)


def test_a_text_at_a_position() -> None:
    assert printed('<text>Coffee</text><text x="480">2.50&#10;</text>') == (Row((Cell(0, "Coffee"), Cell(40, "2.50"))),)


@pytest.mark.parametrize(("given", "name"), [('font="font_b"', "<text font_b>"), ('rotate="true"', "<text rotate>")])
def test_a_look_that_there_is_none_of_is_told_and_the_text_printed(given: str, name: str) -> None:
    (page,) = pages(f"<text {given}>a&#10;</text>")
    assert (page.elements, page.left_out) == ((Line("a"),), name)


# -- paper ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("xml", "after"),
    [
        ("<feed/>", (Feed(1),)),
        ('<feed line="3"/>', (Feed(3),)),
        ('<feed unit="90"/>', (Feed(3),)),
        ('<feed unit="12"/>', (Picture(8, 12, bytes(12)),)),
        ('<feed unit="40"/>', (Feed(1), Picture(8, 10, bytes(10)))),
        ('<feed line="0"/>', ()),
    ],
)
def test_paper_is_moved_by_lines_and_by_dots(xml: str, after: tuple[Element, ...]) -> None:
    assert printed(f"<text>a&#10;</text>{xml}")[1:] == after


def test_a_feed_prints_what_stands_on_the_line_which_is_a_part_of_the_way() -> None:
    assert printed("<text>a</text><feed/><text>b</text><feed/>") == (Line("a"), Line("b"))
    assert printed('<text>a</text><feed line="3"/>') == (Line("a"), Feed(2))
    assert printed('<text>a</text><feed unit="12"/>') == (Line("a"),)


@pytest.mark.parametrize("kind", ["", ' type="feed"', ' type="no_feed"', ' type="reserve"', ' type="new"'])
def test_every_cut_cuts(kind: str) -> None:
    assert pages(f"<text>a</text><cut{kind}/>") == [Page((Line("a"),))]


def test_nothing_is_not_cut_twice() -> None:
    assert pages("<text>a</text><cut/><cut/><cut/>") == [Page((Line("a"),))]
    assert pages("<cut/>") == [Page(())], "but once, where a till wants it"
    assert pages("") == [Page((), cut=False)]


def test_no_document_takes_all_the_paper() -> None:
    assert pages('<feed line="255"/>' * (MOST // (255 * 30)))
    much = ("&#10;" * 3000, "x" * 200_000, "e" + "\u0301" * 1_000_000)
    for xml in ('<feed line="255"/>' * 20, *(f"<text>{text}</text>" for text in much)):
        with pytest.raises(FormatError, match="10 m"):
            pages(xml)


# -- the rest ---------------------------------------------------------------------------------------------------------


def test_figures_end_the_line_and_their_alignment_lasts() -> None:
    xml = '<text>a</text><image width="8" height="1" align="right">gA==</image><text>b&#10;</text>'
    right = Style(align="right")
    assert printed(xml) == (Line("a"), Picture(8, 1, b"\x80", "right"), Line("b", right))
    xml = '<text align="center"/><barcode type="code39" width="2" height="40">A1</barcode>'
    assert printed(xml) == (Barcode("CODE39", "A1", 40, 2, False, "center"),)
    xml = '<symbol type="qrcode_model_2" level="level_q" width="4" align="center">a</symbol>'
    assert printed(xml) == (QrCode("a", 4, "Q", "center"),)


def test_an_image_of_no_colour_is_no_image() -> None:
    assert printed('<text>a</text><image width="8" height="1" color="none">gA==</image>') == (Line("a"),)


@pytest.mark.parametrize(
    ("xml", "name"),
    [
        ('<logo key1="48" key2="48"/>', "<logo>"),
        ('<symbol type="pdf417_standard">a</symbol>', "<symbol pdf417_standard>"),
        ('<barcode type="gs1_128">a</barcode>', "<barcode gs1_128>"),
        ('<barcode type="ean13">12</barcode>', "<barcode ean13>"),
        ('<image width="8" height="1">?</image>', "<image>"),
        ('<feed pos="next_tof"/>', "<feed pos>"),
        ('<vline-begin x="1"/>', "<vline-begin>"),
        ("<rotate-begin/>", "<rotate-begin>"),
        ("<command>1b40</command>", "<command>"),
        ("<tomorrow/>", "<tomorrow>"),
        ("<logo/><logo/><tomorrow/>", "<logo> <tomorrow>"),
        (f"<{'x' * 200}/>", f"<{'x' * 40}>"),
    ],
)
def test_what_is_not_known_is_left_out_and_named(xml: str, name: str) -> None:
    assert left_out(f"<text>a&#10;</text>{xml}") == name


def test_it_is_named_with_the_page_on_which_it_is_not() -> None:
    first, second = pages("<logo/><text>a</text><cut/><text>b</text><cut/><tomorrow/>")
    assert (first.left_out, second.left_out) == ("<logo>", "<tomorrow>")


def test_what_leaves_nothing_on_paper_is_not_missed() -> None:
    assert printed("<pulse/><recovery/><reset/><layout/><text>a</text>") == (Line("a"),)


def test_the_buzzer() -> None:
    assert printed('<sound repeat="3"/>') == (Buzz(3),)
    assert printed('<sound pattern="error" repeat="0"/>') == (Buzz(1),)
    assert printed('<text>a</text><sound pattern="none"/>') == (Line("a"),)


def test_a_command_may_be_in_pieces() -> None:
    layout = Layout(Media(), lambda data: [Page((Line(data.decode()),), cut=False)])
    for element in fromstring("<e><command>68</command><command>69</command><text>a</text><command>6a</command></e>"):
        layout.add(element)
    assert layout.finish() == [Page((Line("hi"), Line("a"), Line("j")), cut=False)]


def test_a_command_that_is_not_hexadecimal_is_left_out() -> None:
    assert left_out("<text>a</text><command>hello</command>") == "<command>"


def test_a_command_that_cuts_ends_the_page() -> None:
    layout = Layout(Media(), lambda data: [Page((Line(data.decode()),)), Page((Line("rest"),), cut=False)])
    for element in fromstring("<e><text>a</text><command>6869</command><text>b</text></e>"):
        layout.add(element)
    assert layout.finish() == [Page((Line("a"), Line("hi"))), Page((Line("rest"), Line("b")), cut=False)]
