from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.errors import FormatError
from comptoir.core.page import Barcode, BarcodeKind, Line, Media, Page, QrCode
from comptoir.core.profile import Profile
from comptoir.languages.escpos.encode import RESET, encode
from comptoir.languages.escpos.realtime import Watch
from comptoir.languages.escpos.symbology import barcode, qr

DOTS = 576
DRAWN = Profile(barcodes=False, qr=False)


def code128(text: str) -> bytes:
    command = barcode(Barcode("CODE128", text, module=2), 5000)
    assert command is not None
    return command[command.index(b"\x1dkI") + 4 :]


@pytest.mark.parametrize(
    ("kind", "data", "command"),
    [
        ("UPC-A", "01234567890", b"\x1dkA\x0b01234567890"),
        ("EAN13", "3017620422003", b"\x1dkC\x0c301762042200"),
        ("EAN8", "1234567", b"\x1dkD\x071234567"),
        ("CODE39", "A-1 B", b"\x1dkE\x05A-1 B"),
        ("ITF", "1234", b"\x1dkF\x041234"),
        ("CODABAR", "A12-3B", b"\x1dkG\x06A12-3B"),
        ("CODE93", "Ab1", b"\x1dkH\x03Ab1"),
        ("CODE128", "Ab1", b"\x1dkI\x05{BAb1"),
    ],
)
def test_golden_bytes(kind: BarcodeKind, data: str, command: bytes) -> None:
    assert (
        barcode(Barcode(kind, data, height=80, module=3, text=True), DOTS) == b"\x1dh\x50\x1dw\x03\x1dH\x02" + command
    )


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("12345678", b"{C\x0c\x22\x38\x4e"),
        ("ABC123456", b"{BABC{C\x0c\x22\x38"),
        ("ABC1234567", b"{BABC1{C\x17\x2d\x43"),
        ("12345AB", b"{C\x0c\x22{B5AB"),
        ("A1234B", b"{BA1234B"),
        ("a{b", b"{Ba{{b"),
        ("1604", b"{B1604"),
        ("AB1620010005", b"{BAB1620010005"),
    ],
)
def test_code_sets_of_code128(text: str, data: bytes) -> None:
    """16 04, 16 05 and 16 20 would be DLE EOT, DLE ENQ and DLE DC4 in set C; the last opens the drawer."""
    assert code128(text) == data


def test_digits_in_pairs_need_half_the_room() -> None:
    assert barcode(Barcode("CODE128", "1234567890" * 4), DOTS) is not None
    assert barcode(Barcode("CODE128", "A" * 40), DOTS) is None


@given(st.text("0124560{Aa", min_size=1, max_size=40))
def test_code128_says_what_was_asked(text: str) -> None:
    assert read_code128(code128(text)) == text


@given(st.lists(st.sampled_from(["16", "04", "05", "20", "01", "00", "A"]), min_size=1, max_size=20).map("".join))
def test_no_barcode_fires_a_drawer(text: str) -> None:
    data = encode([Page((Barcode("CODE128", text),))], Media(dots=9000)).data
    assert Watch().feed(data + b"\x00" * 16) == []


def read_code128(data: bytes) -> str:
    """The characters, as a printer reads the parameters of GS k 73."""
    out, digits, at = "", False, 0
    while at < len(data):
        if data[at : at + 2] in (b"{B", b"{C"):
            digits = data[at + 1] == ord("C")
            at += 2
        elif digits:
            out += f"{data[at]:02}"
            at += 1
        else:
            out += chr(data[at])
            at += 2 if data[at : at + 2] == b"{{" else 1
    return out


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("EAN13", "30176204220"),
        ("EAN13", "301762042200X"),
        ("EAN13", "3017620422004"),
        ("ITF", "123"),
        ("CODE39", "abc"),
        ("CODABAR", "12"),
        ("CODE128", ""),
        ("CODE128", "Ж"),
    ],
)
def test_data_that_the_kind_cannot_hold_is_refused(kind: BarcodeKind, data: str) -> None:
    """The printer would print the rest of the command as text."""
    assert barcode(Barcode(kind, data), DOTS) is None
    with pytest.raises(FormatError):
        encode([Page((Barcode(kind, data),))], Media())


def test_latin_letters_in_code128_are_drawn() -> None:
    data = encode([Page((Barcode("CODE128", "é"),))], Media()).data
    assert data.startswith(RESET + b"\x1dv0\x00")


@pytest.mark.parametrize(
    "symbol",
    [
        Barcode("CODE128", "A" * 30),
        Barcode("CODE39", "A" * 20),
        Barcode("EAN13", "3017620422003", module=7),
        Barcode("EAN13", "3017620422003", module=1),
        Barcode("EAN13", "3017620422003", height=300),
        Barcode("UPC-E", "0123456"),
    ],
)
def test_what_the_printer_may_not_fit_is_drawn(symbol: Barcode) -> None:
    assert barcode(symbol, DOTS) is None


def test_golden_bytes_of_a_qr_code() -> None:
    assert qr(QrCode("é1", module=6, level="H"), DOTS) == (
        b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06\x1d(k\x03\x001E3\x1d(k\x06\x001P0\xc3\xa91\x1d(k\x03\x001Q0"
    )


def test_a_qr_code_may_have_lines() -> None:
    command = qr(QrCode("BCD\n002\r\n1"), DOTS)
    assert command is not None
    assert b"1P0BCD\n002\r\n1\x1d" in command


@pytest.mark.parametrize("data", ["\x10\x14\x01\x00\x01", "a\x00", "a\tb", "\x1b@", "\x7f", "\x9b"])
def test_control_characters_are_refused(data: str) -> None:
    with pytest.raises(FormatError, match="QR code with control characters"):
        qr(QrCode(data), DOTS)
    with pytest.raises(FormatError, match="CODE128 with control characters"):
        barcode(Barcode("CODE128", data), DOTS)


@pytest.mark.parametrize("symbol", [QrCode("x" * 107), QrCode("x", module=17), QrCode("x", module=15), QrCode("")])
def test_a_qr_code_that_may_not_fit_is_drawn(symbol: QrCode) -> None:
    assert qr(symbol, DOTS) is None


@pytest.mark.parametrize("symbol", [Barcode("EAN13", "3017620422003"), QrCode("https://example.org")])
def test_a_printer_without_symbols_gets_pictures(symbol: Barcode | QrCode) -> None:
    data = encode([Page((symbol, Line("x")))], Media(), DRAWN).data
    assert data.startswith(RESET + b"\x1dv0\x00")
    assert Watch().feed(data) == []


@pytest.mark.parametrize("symbol", [Barcode("CODE128", "a\x10"), QrCode("a\x10")])
def test_the_same_data_are_refused_where_symbols_are_drawn(symbol: Barcode | QrCode) -> None:
    with pytest.raises(FormatError, match="control characters"):
        encode([Page((symbol,))], Media(), DRAWN)


def test_a_symbol_that_is_too_wide_is_drawn_narrower_or_refused() -> None:
    data = encode([Page((Barcode("CODE128", "A" * 30),))], Media()).data
    assert data.startswith(RESET + b"\x1dv0\x00")
    with pytest.raises(FormatError):
        encode([Page((Barcode("CODE128", "A" * 60),))], Media())
