"""ePOS-Print documents as pages: what tills send, whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.peers import epos_client

from comptoir.core.errors import FormatError
from comptoir.core.page import Feed, Line, Media, Page, Picture, Style
from comptoir.formats import FORMATS, readers
from comptoir.formats.epos import read
from comptoir.languages import language
from comptoir.languages.escpos.excerpt import excerpt

NARROW = Media(384, 32)


def pages(xml: str, media: Media | None = None) -> list[Page]:
    return list(read(f"<epos-print>{xml}</epos-print>".encode(), media or Media(), {}))


def test_the_test_page_of_odoo_19() -> None:
    xml = '<text align="center">This is a test receipt&#10;</text><feed line="3"/><cut type="feed"/>'
    assert read(epos_client.document(xml).encode(), Media(), {}) == [
        Page((Line("This is a test receipt", Style(align="center")), Feed(3)))
    ]


def test_a_receipt_of_odoo_with_its_envelope() -> None:
    (page,) = read(epos_client.receipt(16, 2, [0xFFFF, 0x0001]).encode(), Media(), {})
    assert page == Page((Picture(16, 2, b"\xff\xff\x00\x01", "center"),))


def test_what_is_cut_in_between_is_two_pages_and_the_rest_is_not_cut_off() -> None:
    first, second = pages("<text>a</text><cut/><text>b</text>")
    assert (first.cut, second.cut) == (True, False)


def test_a_duplicata_says_so() -> None:
    (page,) = read(b"<epos-print><text>a</text><cut/></epos-print>", Media(), {"duplicata": "yes"})
    assert [element.text for element in page.elements if isinstance(element, Line)] == ["DUPLICATA", "a"]


def test_a_command_is_left_out_where_nobody_can_read_it_and_drawn_where_somebody_can() -> None:
    xml = b"<epos-print><text>a&#10;</text><command>48690a</command><cut/></epos-print>"
    (page,) = read(xml, Media(), {})
    assert (page.elements, page.left_out) == ((Line("a"),), "<command>")
    assert set(readers()) == set(FORMATS)
    (page,) = readers(excerpt)["epos"](xml, Media(), {})
    assert page.left_out == ""
    assert isinstance(page.elements[1], Picture)


@pytest.mark.parametrize("content", [b"", b"Hello", b"<a/>", b"<epos-print>", b"<!DOCTYPE a><epos-print/>"])
def test_what_is_no_such_document_is_refused(content: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        read(content, Media(), {})
    assert "<epos-print>" in caught.value.hint


NAMES = st.sampled_from([
    "text", "feed", "image", "barcode", "symbol", "hline", "cut", "sound", "command", "page", "pulse", "logo",
    "position", "area", "line", "vline-begin",
])  # fmt: skip
ATTRIBUTES = st.dictionaries(
    st.sampled_from([
        "align", "width", "height", "x", "y", "x1", "x2", "y1", "y2", "dw", "dh", "em", "ul", "reverse", "type", "hri",
        "level", "mode", "line", "unit", "pos", "style", "repeat", "font", "dir", "rotate",
    ]),
    st.sampled_from([
        "0", "1", "2", "8", "24", "255", "65535", "-1", "x", "", "true", "false", "left", "center", "right", "below",
        "code39", "code128", "ean13", "upc_e", "qrcode_model_2", "level_h", "mono", "gray16", "thick_double",
    ]),
    max_size=6,
)  # fmt: skip
CONTENTS = st.one_of(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff<&"), max_size=60
    ),
    st.sampled_from(["400638133393", "{C1234", "QUJD", "/////w==", "1b40", "a&#10;b&#9;c", "wide 日本 e\u0301"]),
)


@st.composite
def elements(draw: st.DrawFn) -> str:
    name, given, content = draw(NAMES), draw(ATTRIBUTES), draw(CONTENTS)
    said = "".join(f' {key}="{value}"' for key, value in given.items())
    if name == "page" and draw(st.booleans()):
        content = "".join(draw(st.lists(elements(), max_size=4)))
    return f"<{name}{said}>{content}</{name}>"


@settings(deadline=None, max_examples=300)
@given(xml=st.lists(elements(), max_size=8).map("".join), media=st.sampled_from([Media(), NARROW]))
def test_whatever_stands_in_it_fits_on_the_paper_of_every_printer(xml: str, media: Media) -> None:
    """No language refuses what this format makes of any document: a till would hear of an error without a remedy."""
    try:
        found = readers(excerpt)["epos"](f"<epos-print>{xml}</epos-print>".encode(), media, {})
    except FormatError as error:
        assert "more than" in error.message
        return
    assert found
    for name in ("escpos", "star", "zpl"):
        assert isinstance(language(name).encode(found, media).data, bytes)
