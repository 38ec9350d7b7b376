from __future__ import annotations

from dataclasses import replace

import pytest

from comptoir.core.errors import FormatError
from comptoir.core.page import Barcode, Buzz, Cell, Element, Feed, Line, Media, Page, Picture, QrCode, Row, Style
from comptoir.core.profile import DEFAULT, DrawerPulse, Profile
from comptoir.languages.escpos.encode import CUTS, RESET, encode, pulse
from comptoir.languages.profiles import profile

MEDIA = Media()
CUT = CUTS["partial"]


def body(*elements: Element, known: Profile = DEFAULT) -> bytes:
    """The bytes of one page, without resets and cut."""
    data = encode([Page(elements)], known.media, known).data
    assert data.startswith(RESET)
    assert data.endswith(CUTS[known.cut] + RESET)
    return data.removeprefix(RESET).removesuffix(CUTS[known.cut] + RESET)


def test_golden_bytes_of_a_receipt() -> None:
    page = Page(
        (
            Line("Café €", Style(bold=True, align="center", width=2, height=2)),
            Line("plain"),
            Line("x", Style(underline=True, inverse=True, align="right")),
            Line(""),
            Feed(3),
            Row((Cell(0, "Crème"), Cell(40, "2,00 €", Style(bold=True, align="right")))),
        )
    )
    assert encode([page], MEDIA).data == (
        b"\x1b@\x1bR\x00"
        b"\x1bE\x01\x1d!\x11\x1ba\x01\x1c.\x1bt\x13Caf\x82 \xd5\n"
        b"\x1bE\x00\x1d!\x00\x1ba\x00plain\n"
        b"\x1b-\x01\x1dB\x01\x1ba\x02x\n"
        b"\x1b-\x00\x1dB\x00\x1ba\x00\n"
        b"\x1bd\x03"
        b"Cr\x8ame\x1bE\x01\x1b$\xe0\x012,00 \xd5\n"
        b"\x1dVB\x00"
        b"\x1b@\x1bR\x00"
    )


@pytest.mark.parametrize(
    ("name", "euro"),
    [
        ("default", b"\x1bt\x13\xd5"),
        ("TM-T88V", b"\x1bt\x13\xd5"),
        ("TM-T20II", b"\x1bt\x13\xd5"),
        ("TM-T88III", b"\x1bt\x13\xd5"),
        ("CT-S651", b"\x1bt\x13\xd5"),
        ("POS-5890", b"\x1bt\x13\xd5"),
        ("NT-80-V-UL", b"\x1bt\x13\xd5"),
        ("ZJ-5870", b"\x1bt\x10\x80"),
        ("TM-T88II", b"\x1bt\x10\x80"),
    ],
)
def test_the_euro_of_every_model(name: str, euro: bytes) -> None:
    """Where python-escpos takes slot 15, the Greek page, or slot 25, the Baltic one."""
    assert body(Line("€"), known=profile(name)) == b"\x1c." + euro + b"\n"


def test_a_french_receipt_stays_in_one_page() -> None:
    lines = ["Hôtel « Le Comptoir »", "1 café crème", "Thé à la menthe", "1\u202f234,50\u00a0€", "Merci, à bientôt !"]
    data = body(*[Line(line) for line in lines])
    assert data.count(b"\x1bt") == 1
    assert b"1 234,50 \xd5\n" in data


def test_french_quotes_and_ligatures_change_the_page_once() -> None:
    assert body(Line("cœur"), Line("l’été"), Line("5 €")) == b"\x1c.\x1bt\x10c\x9cur\nl\x92\xe9t\xe9\n5 \x80\n"


def test_the_page_is_forgotten_after_a_picture_and_a_cut() -> None:
    assert body(Line("é"), Picture(8, 1, b"\x01"), Line("é")).count(b"\x1bt\x13") == 2
    assert encode([Page((Line("é"),)), Page((Line("é"),))], MEDIA).data.count(b"\x1bt\x13") == 2


def test_ascii_needs_no_page() -> None:
    assert body(Line("Total 5 EUR")) == b"Total 5 EUR\n"


@pytest.mark.parametrize(
    ("kanji", "text", "expected"),
    [
        ("gb18030", "中文 é", b"\x1c&\xd6\xd0\xce\xc4\x1c.\x1bt\x13 \x82\n"),
        ("big5", "中文", b"\x1c&\xa4\xa4\xa4\xe5\x1c.\n"),
        ("cp949", "한국", b"\x1c&\xc7\xd1\xb1\xb9\x1c.\n"),
        ("cp932", "日本 €", b"\x1c&\x1cC\x01\x93\xfa\x96{\x1c.\x1cC\x00\x1bt\x13 \xd5\n"),
    ],
)
def test_two_byte_characters_of_the_printer(kanji: str, text: str, expected: bytes) -> None:
    assert body(Line(text), known=replace(DEFAULT, kanji=kanji)) == expected  # type: ignore[arg-type]


def test_two_byte_characters_have_an_underline_of_their_own() -> None:
    line = Line("中", Style(underline=True))
    assert body(line, known=replace(DEFAULT, kanji="gb18030")) == b"\x1b-\x01\x1c&\x1c-\x01\xd6\xd0\x1c-\x00\x1c.\n"


def test_the_cells_of_a_row_take_one_page_and_their_places() -> None:
    row = Row((Cell(0, "12 €"), Cell(10, "cœur", Style(width=2)), Cell(30, "x")))
    assert body(row) == b"\x1c.\x1bt\x1012 \x80\x1d!\x10\x1b$\x78\x00c\x9cur\x1d!\x00\x1b$\x68\x01x\n"


def test_a_row_begins_at_the_left_after_a_centered_line() -> None:
    assert body(Line("a", Style(align="center")), Row((Cell(1, "b", Style(align="right")),))) == (
        b"\x1ba\x01a\n\x1ba\x00\x1b$\x0c\x00b\n"
    )


def test_a_position_is_no_request() -> None:
    """Column 1040 of one dot: 10 04, DLE EOT."""
    row = Row((Cell(1040, "x"),))
    assert encode([Page((row,))], Media(dots=2000, columns=2000)).data[5:10] == b"\x1b$\x11\x04x"


def test_cuts() -> None:
    pages = [Page((Line("a"),), cut=False), Page((Line("b"),))]
    for cut, command in (("partial", b"\x1dVB\x00"), ("full", b"\x1dVA\x00"), ("none", b"\x1bd\x05")):
        known = replace(DEFAULT, cut=cut)  # type: ignore[arg-type]
        assert encode(pages, MEDIA, known).data == RESET + b"a\nb\n" + command + RESET


def test_feeds() -> None:
    assert body(Feed(300), Feed(0)) == b"\x1bd\xff\x1bd\x2d"


def test_the_buzzer_only_where_there_is_one() -> None:
    assert body(Buzz(2), Line("x")) == b"x\n"
    assert body(Buzz(2), known=replace(DEFAULT, buzzer=True)) == b"\x1bB\x02\x02"


def test_sizes_beyond_the_printer_are_held_to_eight() -> None:
    assert body(Line("x", Style(width=99, height=0))) == b"\x1d!\x70x\n"


def test_symbols_stand_where_they_are_told() -> None:
    data = body(Barcode("EAN8", "1234567", align="center"), QrCode("x", align="center"), Line("y"))
    assert data.startswith(b"\x1ba\x01\x1dh\x48\x1dw\x02\x1dH\x00\x1dkD\x071234567\x1d(k\x04\x001A2\x00")
    assert data.endswith(b"\x1d(k\x03\x001Q0\x1ba\x00y\n")


def test_a_picture_wider_than_the_paper_is_refused() -> None:
    with pytest.raises(FormatError, match="577 dots wide"):
        encode([Page((Picture(577, 1, bytes(73)),))], MEDIA)


def test_a_picture_without_dots_is_nothing() -> None:
    assert body(Picture(0, 0, b"")) == b""


@pytest.mark.parametrize(
    ("wanted", "command"),
    [
        (DrawerPulse(), b"\x1bp\x00\x19\xfa"),
        (DrawerPulse(pin=5), b"\x1bp\x01\x19\xfa"),
        (DrawerPulse(on_ms=100, off_ms=100), b"\x1bp\x00\x32\xc8"),
        (DrawerPulse(on_ms=5000, off_ms=0), b"\x1bp\x00\x3f\xfc"),
        (DrawerPulse(on_ms=0, off_ms=9999), b"\x1bp\x00\x01\xff"),
        (DrawerPulse(command=b"\x10\x14\x01\x00\x01"), b"\x10\x14\x01\x00\x01"),
    ],
)
def test_the_drawer_has_time_to_cool(wanted: DrawerPulse, command: bytes) -> None:
    assert pulse(wanted) == command
