"""Barcodes and QR codes in the words of ePOS-Print."""

from __future__ import annotations

import pytest

from comptoir.core.page import Barcode, QrCode
from comptoir.formats.epos import symbols


def made(data: str, kind: str, module: int = 2, room: int = 576) -> Barcode | None:
    return symbols.barcode(data, kind, (module, 40), True, "left", room)


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("ean13", "400638133393", ("EAN13", "4006381333931")),
        ("jan13", "4006381333931", ("EAN13", "4006381333931")),
        ("ean8", "9638507", ("EAN8", "96385074")),
        ("jan8", "96385074", ("EAN8", "96385074")),
        ("upc_a", "01234567890", ("UPC-A", "012345678905")),
        ("upc_e", "01234500006", ("UPC-E", "01234565")),
        ("upc_e", "0123456", ("UPC-E", "01234565")),
        ("code39", "*abc-1*", ("CODE39", "ABC-1")),
        ("itf", "1234", ("ITF", "1234")),
        ("codabar", "a123b", ("CODABAR", "A123B")),
        ("code93", "abc", ("CODE93", "abc")),
        ("code128", "{BNo.1{C\x01\x17", ("CODE128", "No.10123")),
        ("code128", "{B{{x", ("CODE128", "{x")),
        ("code128", "{A{SaB", ("CODE128", "aB")),
        ("code128", "No.1", ("CODE128", "No.1")),
        ("code128_auto", r"a\x41\\", ("CODE128", "aA\\")),
    ],
)
def test_each_symbology_in_their_names_and_escapes(kind: str, data: str, expected: tuple[str, str]) -> None:
    barcode = made(data, kind)
    assert barcode is not None
    assert (barcode.kind, barcode.data, barcode.module, barcode.height, barcode.text) == (*expected, 2, 40, True)


@pytest.mark.parametrize(
    ("upc_a", "upc_e"),
    [
        ("04210000526", "0425261"),  # the worked examples of GS1: a manufacturer's number that ends in 000, 100 or 200
        ("01230000045", "0123453"),  # … in 00
        ("01234000005", "0123454"),  # … in 0
        ("01234500005", "0123455"),  # … in none of them
    ],
)
def test_a_upc_e_is_asked_for_by_the_upc_a_that_it_stands_for(upc_a: str, upc_e: str) -> None:
    barcode = made(upc_a, "upc_e")
    assert barcode is not None
    assert barcode.data[:-1] == upc_e


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("gs1_128", "(01)0"),
        ("gs1_databar_limited", "0"),
        ("", "1"),
        ("ean13", "12"),
        ("ean13", "4006381333930"),
        ("upc_e", "01234567890"),
        ("code128", "{B{1x"),
        ("itf", "123"),
        ("code39", ""),
    ],
)
def test_what_a_printer_would_leave_out(kind: str, data: str) -> None:
    assert made(data, kind) is None


def test_bars_are_narrower_where_they_would_not_fit() -> None:
    wide = made("0123456789AB", "code39", module=6)
    assert wide is not None
    assert wide.module == 2
    assert made("0123456789AB" * 3, "code39", module=6) is None


@pytest.mark.parametrize(("size", "expected"), [((0, 0), (2, 1)), ((99, 999), (6, 255)), ((3, 162), (3, 162))])
def test_sizes_are_those_of_the_manual(size: tuple[int, int], expected: tuple[int, int]) -> None:
    barcode = symbols.barcode("1", "code39", size, False, "center", 576)
    assert barcode is not None
    assert (barcode.module, barcode.height) == expected
    assert (barcode.text, barcode.align) == (False, "center")


def test_a_qr_code() -> None:
    assert symbols.qr(r"a\x0ab", "level_h", 5, "right", 576) == QrCode("a\nb", 5, "H", "right")
    assert symbols.qr("a", "default", 5, "left", 576) == QrCode("a", 5, "M")


def test_its_squares_are_smaller_where_it_would_not_fit() -> None:
    code = symbols.qr("x" * 200, "level_l", 16, "left", 384)
    assert code is not None
    assert code.module < 16
    assert symbols.qr("x" * 3000, "level_l", 3, "left", 576) is None
    assert symbols.qr("", "level_l", 3, "left", 576) is None
