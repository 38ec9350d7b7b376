from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comptoir.core.errors import FormatError
from comptoir.core.page import Barcode, Buzz, Cell, Element, Feed, Line, Media, Page, Picture, QrCode, Row, Style
from comptoir.core.profile import DEFAULT, Profile
from comptoir.languages.star.encode import LEADING, RESET, encode

MEDIA = Media()
CUT = b"\x1bd\x03"
BANDS = b"\x1b0\x1bk"


def body(*elements: Element, profile: Profile = DEFAULT) -> bytes:
    """The bytes of one page, without resets and cut."""
    data = encode([Page(elements)], MEDIA, profile, raster=False).data
    assert data.startswith(RESET)
    assert data.endswith(RESET)
    return data.removeprefix(RESET).removesuffix(RESET).removesuffix(CUT)


def test_golden_bytes_of_a_receipt() -> None:
    page = Page(
        (
            Line("Café €", Style(bold=True, align="center", width=2, height=3)),
            Line("plain"),
            Line("x", Style(underline=True, inverse=True, align="right")),
            Row((Cell(0, "Thé"), Cell(40, "2,50", Style(bold=True, align="right")))),
            Feed(2),
        )
    )
    assert encode([page], MEDIA, DEFAULT, raster=False).data == (
        b"\x1b@\x1b\x1ea\x00\x1b\x1eF\x00\x1b \x00\x1bR\x00\x1bz\x01"
        b"\x1bE\x1bi\x02\x01\x1b\x1da\x01\x1b\x1dt\x04Caf\x82 \xd5\n"
        b"\x1bF\x1bi\x00\x00\x1b\x1da\x00plain\n"
        b"\x1b-\x01\x1b4\x1b\x1da\x02x\n"
        b"\x1b-\x00\x1b5\x1b\x1da\x00\x1b\x1dA\x00\x00Th\x82\x1bE\x1b\x1dA\xe0\x012,50\n"
        b"\x1bF\n\n"
        b"\x1bd\x03" + RESET
    )


def test_a_page_without_cut_goes_on() -> None:
    pages = [Page((Line("a"),), cut=False), Page((Line("b"),))]
    assert encode(pages, MEDIA, DEFAULT, raster=False).data == RESET + b"a\nb\n" + CUT + RESET


@pytest.mark.parametrize(("cut", "command"), [("full", b"\x1bd\x02"), ("none", b"\x1ba\x06")])
def test_cuts(cut: str, command: bytes) -> None:
    profile = Profile(cut=cut)  # type: ignore[arg-type]
    assert encode([Page(())], MEDIA, profile, raster=False).data == RESET + command + RESET


def test_the_page_is_set_once_for_lines_of_one_page() -> None:
    assert body(Line("é"), Line("à"), Line("€")) == b"\x1b\x1dt\x04\x82\n\x85\n\xd5\n"


def test_scripts_have_pages_of_their_own() -> None:
    assert body(Line("Привет")).startswith(b"\x1b\x1dt\x0a")
    assert body(Line("Ελλάδα")).startswith(b"\x1b\x1dt\x0f")
    assert body(Line("Łódź")).startswith(b"\x1b\x1dt\x05")


def test_the_profile_knows_its_pages_better() -> None:
    assert body(Line("é"), profile=Profile(code_pages={32: "cp1252"})) == b"\x1b\x1dt\x20\xe9\n"


def test_slot_0_is_not_page_437() -> None:
    assert body(Line("Ω"), profile=Profile(code_pages={0: "cp437"})) == b"\x1b\x1dt\x01\xea\n"


def test_what_no_page_has_is_drawn() -> None:
    assert body(Line("日本")).startswith(BANDS)
    assert body(Line("日本"), Line("a")).endswith(LEADING + b"a\n")
    assert body(Row((Cell(0, "a"), Cell(9, "ع")))).startswith(BANDS)


def test_what_a_stand_in_would_push_off_its_place_is_drawn() -> None:
    assert body(Line("→" + "a" * 46)).endswith(b"->" + b"a" * 46 + b"\n")
    assert body(Line("→" + "a" * 47)).startswith(BANDS)
    assert body(Row((Cell(0, "→"), Cell(1, "a")))).startswith(BANDS)


def test_lines_of_a_table_touch() -> None:
    table = Line("┌─┐"), Row((Cell(0, "│"), Cell(2, "│"))), Line("└─┘")
    data = body(Line("a"), *table, Line("b"))
    assert data.startswith(b"a\n\x1b0\x1b\x1dt\x04\xda\xc4\xbf\n")
    assert data.endswith(b"\xc0\xc4\xd9\n\x1bz\x01b\n")
    assert data.count(b"\x1b0") == 1
    assert encode([Page(table)], MEDIA, DEFAULT, raster=False).data.endswith(b"\xd9\n\x1bz\x01" + CUT + RESET)


def test_a_picture_of_a_line_of_a_table_touches_too() -> None:
    line = Line("│ 日本 │")
    for raster in (True, False):
        data = encode([Page((line, line, Line("a")))], MEDIA, DEFAULT, raster=raster).data
        assert LEADING not in data
        assert data.endswith(b"\x1bz\x01a\n" + CUT + RESET)


def test_what_nothing_has_is_named_once() -> None:
    page = Page((Line("\ue000\ue001"), Line("\ue001")))
    assert encode([page, page], MEDIA, DEFAULT, raster=False).unprintable == "\ue000\ue001"


def test_two_byte_characters_are_the_printers_own() -> None:
    assert body(Line("日本a"), profile=Profile(kanji="cp932")) == b"\x1b$\x01" + "日本a".encode("cp932") + b"\n"
    assert body(Line("中文"), profile=Profile(kanji="gb18030")) == "中文".encode("gb18030") + b"\n"
    assert body(Line("한국"), profile=Profile(kanji="cp949")) == "한국".encode("cp949") + b"\n"


def test_a_printer_of_two_bytes_knows_no_code_page() -> None:
    data = body(Line("é"), profile=Profile(kanji="cp949"))
    assert b"\x1b\x1dt" not in data
    assert BANDS in data


def test_sizes_beyond_the_printer_are_held_to_six() -> None:
    assert body(Line("x", Style(width=99, height=0))) == b"\x1bi\x00\x05x\n"


def test_symbols_are_the_printers_own_or_drawn() -> None:
    ean = Barcode("EAN8", "9638507", align="center")
    assert body(ean) == b"\x1b\x1da\x01\x1bb\x02\x01\x01\x489638507\x1e"
    assert body(ean, profile=Profile(barcodes=False)).startswith(BANDS)
    assert b"\x1b\x1dyP" in body(QrCode("x"))
    assert body(QrCode("x"), profile=Profile(qr=False)).startswith(BANDS)
    with pytest.raises(FormatError):
        body(Barcode("EAN8", "12"))


def test_a_buzzer_rings_where_there_is_one() -> None:
    assert body(Buzz(3)) == b"", "where there is none, the terminal may be a drawer's"
    assert body(Buzz(99), profile=Profile(buzzer=True)) == b"\x1b\x1d\x19\x11\x01\x0a\x0a\x1b\x1d\x19\x12\x01\x14\x00"


def test_a_picture_resets_the_style_before_it() -> None:
    picture = Picture(8, 24, b"\xff" * 24)
    bold = body(Line("a", Style(bold=True)), picture)
    assert bold.startswith(b"\x1bEa\n\x1bF" + BANDS)
    assert b"\x1b\x1dS" in encode([Page((picture,))], MEDIA, DEFAULT, raster=True).data


@example("┊ │")
@given(st.text(max_size=40) | st.text("\x1b\x06\x18\x07\x17\x1c\x1a\x19\x05\x04ab é€", max_size=40))
def test_no_text_commands_the_printer(text: str) -> None:
    line = body(Line(text))
    if BANDS in line:
        assert b"\x1b\x06" not in line
        return
    # Ours: code pages, the line spacing of tables.
    rest = re.sub(rb"\x1b\x1dt.|\x1b0|\x1bz\x01", b"", line, flags=re.DOTALL).removesuffix(b"\n")
    assert all(byte >= 0x20 and byte != 0x7F for byte in rest)


@given(st.lists(st.sampled_from([0x1B, 0x06, 0x01, 0x18]), min_size=72, max_size=400))
def test_no_job_resets_the_printer_in_the_middle(dots: list[int]) -> None:
    rows = len(dots) // 72
    page = Page((Line("é"), Picture(576, rows, bytes(dots[: rows * 72])), Line("x")))
    for as_raster in (False, True):
        assert not re.search(rb"\x1b\x06", encode([page], MEDIA, DEFAULT, raster=as_raster).data)
