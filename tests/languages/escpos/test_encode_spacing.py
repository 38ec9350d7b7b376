"""Lines of a table touch, others stand apart, and a line that is sent as a picture stands where it would as text."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from comptoir.core.page import Barcode, Cell, Element, Feed, Line, Page, Picture, QrCode, Row, Style
from comptoir.core.profile import DEFAULT, Profile
from comptoir.languages.escpos.encode import CLOSE, CUTS, RESET, USUAL, encode
from comptoir.languages.escpos.render import render_on
from comptoir.languages.profiles import profile

COLUMNS = replace(DEFAULT, columns_only=True, strip=24)
SIDES = Row((Cell(0, "│"), Cell(2, "1,20"), Cell(11, "│")))
TABLE = (Line("┌──────────┐"), SIDES, Line("└──────────┘"))


def body(*elements: Element, known: Profile = DEFAULT) -> bytes:
    data = encode([Page(elements)], known.media, known).data
    return data.removeprefix(RESET).removesuffix(CUTS[known.cut] + RESET)


def paper(*elements: Element, known: Profile = DEFAULT) -> Image.Image:
    return Image.open(io.BytesIO(render_on(known, encode([Page(elements)], known.media, known).data, "png")))


def test_lines_of_a_table_touch() -> None:
    assert body(Line("a"), *TABLE, Line("b")) == (
        b"a\n"
        + CLOSE
        + b"\x1c.\x1bt\x13\xda" + b"\xc4" * 10 + b"\xbf\n"
        + b"\xb3\x1b$\x18\x001,20\x1b$\x84\x00\xb3\n"
        + b"\xc0" + b"\xc4" * 10 + b"\xd9\n"
        + USUAL
        + b"b\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    "after", [Line("a"), Line("é"), Row((Cell(0, "a"),)), Feed(2), QrCode("x"), Barcode("EAN8", "9638507"),
              Picture(8, 1, b"\x01"), Line("──────")], ids=lambda after: type(after).__name__
)  # fmt: skip
def test_what_is_no_table_stands_apart_again(after: Element) -> None:
    data = body(*TABLE, after)
    assert data.count(CLOSE) == 1
    assert data.index(USUAL) == data.index(b"\xd9\n") + 2


def test_the_cutter_finds_the_usual_spacing() -> None:
    assert encode([Page(TABLE), Page(TABLE)], DEFAULT.media).data.count(USUAL + CUTS["partial"]) == 2


def test_a_receipt_without_a_table_sets_no_spacing() -> None:
    data = body(Line("é"), Line("────"), Row((Cell(0, "a"), Cell(9, "2 €"))), Feed(1), Picture(8, 1, b"\x01"))
    assert b"\x1b3" not in data
    assert USUAL not in data


@pytest.mark.parametrize("known", [DEFAULT, COLUMNS], ids=["rows", "columns"])
@pytest.mark.parametrize("text", ["1,20", "شاي"], ids=["text", "picture"])
def test_the_sides_of_a_table_are_whole(known: Profile, text: str) -> None:
    middle = Row((Cell(0, "│"), Cell(2, text), Cell(11, "│")))
    shown = paper(TABLE[0], middle, middle, SIDES, TABLE[-1], Line("a"), known=known)
    ink = [any(not shown.getpixel((across, down)) for across in range(12)) for down in range(shown.height)]
    first = ink.index(True)
    assert all(ink[first : first + 4 * 24]), "from the middle of the first line to the middle of the last"


@pytest.mark.parametrize("known", [DEFAULT, COLUMNS], ids=["rows", "columns"])
def test_a_line_as_a_picture_takes_as_much_paper_as_text(known: Profile) -> None:
    other, plain = Line("日本"), Line("a")
    assert paper(other, other, plain, known=known).height == paper(plain, plain, plain, known=known).height
    large = Style(height=2)
    assert paper(replace(other, style=large), plain).height == paper(replace(plain, style=large), plain).height


def test_needles_are_left_as_they_are() -> None:
    """Their pictures are higher than their lines, and their spacing counts in other units."""
    known = profile("TM-U220B")
    assert CLOSE not in body(*TABLE, known=known)
    assert b"\x1bJ" not in body(Line("日"), known=known)
