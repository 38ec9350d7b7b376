from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.errors import FormatError
from comptoir.core.page import Barcode, Buzz, Cell, Element, Feed, Line, Media, Page, Picture, Row, Style
from comptoir.core.profile import DEFAULT
from comptoir.languages.zpl.encode import encode

MEDIA = Media()


def labels(*pages: Page) -> str:
    return encode(pages, MEDIA, DEFAULT).data.decode()


def body(*elements: Element) -> list[str]:
    """The fields of one label."""
    return labels(Page(elements)).splitlines()[1:-1]


def test_golden_label() -> None:
    page = Page(
        (
            Line("Café", Style(bold=True, align="center", width=2, height=2)),
            Line("Coffee    2,50"),
            Row((Cell(0, "Thé"), Cell(20, "2 ×"), Cell(43, "12.50"))),
            Feed(2),
            Picture(8, 1, b"\xff", "right"),
        )
    )
    # what zlib makes of it is not the same everywhere
    assert re.sub(r":Z64:.*\^FS", ":Z64:^FS", labels(page)) == (
        "^XA^CI28^MUD^PW576^LL193^LH0,0^FWN\n"
        "^FO0,12^A0N,48,48^FB576,1,0,C^FH_^FDCafé^FS\n"
        "^FO1,12^A0N,48,48^FB576,1,0,C^FH_^FDCafé^FS\n"
        "^FO0,72^A0N,24,24^FH_^FDCoffee^FS\n"
        "^FO84,72^A0N,24,24^FB84,1,0,R^FH_^FD2,50^FS\n"
        "^FO0,102^A0N,24,24^FH_^FDThé^FS\n"
        "^FO240,102^A0N,24,24^FH_^FD2 ×^FS\n"
        "^FO288,102^A0N,24,24^FB288,1,0,R^FH_^FD12.50^FS\n"
        "^FO568,192^GFA,1,1,1,:Z64:^FS\n"
        "^XZ\n"
    )


def test_a_label_for_each_cut() -> None:
    assert labels(Page((Line("a"),)), Page((Line("b"),))).count("^XA") == 2
    both = labels(Page((Line("a"),), cut=False), Page((Line("b"),)))
    assert both.count("^XA") == 1
    assert "^LL72^" in both
    assert labels(Page((Line("a"),), cut=False)).count("^XZ") == 1, "the last one comes out all the same"


def test_nothing_to_print_is_no_label() -> None:
    assert labels() == labels(Page(())) == labels(Page((Line(""), Feed(3), Buzz()))) == ""


def test_what_font_0_lacks_is_drawn() -> None:
    for text in ("日本", "Ω", "back\\slash"):
        assert ",:Z64:" in body(Line(text))[0], text
    assert ",:Z64:" in body(Line("x", Style(underline=True)))[0]
    assert body(Line("10\u202f000 €")) == ["^FO0,12^A0N,24,24^FH_^FD10 000 €^FS"]


def test_drawn_lines_keep_the_distance_of_lines() -> None:
    assert body(Line("Ω"), Line("a"))[1].startswith("^FO0,42^")
    assert body(Row((Cell(0, "Ω"),)), Line("a"))[1].startswith("^FO0,42^")


def test_characters_that_no_font_has_are_named() -> None:
    encoded = encode([Page((Line("a\ue000"),))], MEDIA, DEFAULT)
    assert "\ue000" in encoded.unprintable


def test_bar_codes_stand_where_they_should_and_push_down_what_follows() -> None:
    fields = body(Barcode("EAN8", "9638507", height=50, align="center"), Line("below"))
    assert fields[0].startswith("^FO221,12^BY2")
    assert fields[1].startswith("^FO0,68^")
    assert body(Barcode("EAN8", "9638507", 50, 2, text=True), Line("below"))[1].startswith("^FO0,98^")


def test_what_is_too_wide_or_too_long_is_refused() -> None:
    with pytest.raises(FormatError, match="577 dots wide"):
        body(Picture(577, 1, bytes(73)))
    with pytest.raises(FormatError, match="32000"):
        body(Line("a"), Feed(1100))


@given(st.lists(st.text(max_size=30), max_size=5))
def test_no_text_smuggles_a_command(texts: list[str]) -> None:
    data = labels(Page(tuple(Line(text) for text in texts)))
    commands = set(re.findall(r"[\^~](..)", data))
    assert commands <= {"XA", "CI", "MU", "PW", "LL", "LH", "FW", "FO", "A0", "FB", "FH", "FD", "FS", "GF", "XZ"}
    assert data.count("^XA") == data.count("^XZ") <= 1
    assert "~" not in data
