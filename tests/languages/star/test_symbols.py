from __future__ import annotations

import pytest

from comptoir.core.page import Barcode, QrCode
from comptoir.languages.star import symbols


@pytest.mark.parametrize(
    ("barcode", "command"),
    [
        (Barcode("EAN13", "5901234123457", 60, 2, True), b"\x1bb\x03\x02\x01\x3c590123412345\x1e"),
        (Barcode("EAN8", "9638507", 60, 4), b"\x1bb\x02\x01\x03\x3c9638507\x1e"),
        (Barcode("ITF", "1234", 60, 6), b"\x1bb\x05\x01\x03\x3c1234\x1e"),
        (Barcode("CODE128", "5% off", 60), b"\x1bb\x06\x01\x01\x3c5%0 off\x1e"),
        (Barcode("CODABAR", "A1B", 60, 3), b"\x1bb\x08\x01\x02\x3cA1B\x1e"),
    ],
)
def test_bar_codes(barcode: Barcode, command: bytes) -> None:
    assert symbols.barcode(barcode, 576) == command


@pytest.mark.parametrize(
    "barcode",
    [
        Barcode("UPC-E", "01234565"),
        Barcode("EAN13", "5901234123450"),
        Barcode("EAN13", "590123412345", module=1),
        Barcode("ITF", "1234", module=3),
        Barcode("EAN13", "590123412345", height=256),
        Barcode("CODE39", "A" * 30, module=2),
        Barcode("CODE128", "é"),
    ],
)
def test_what_cannot_be_exact_or_might_not_fit_is_left_to_be_drawn(barcode: Barcode) -> None:
    assert symbols.barcode(barcode, 576) is None


def test_a_qr_code() -> None:
    assert symbols.qr(QrCode("é", 5, "Q"), 576) == (
        b"\x1b\x1dyS0\x02\x1b\x1dyS1\x02\x1b\x1dyS2\x05\x1b\x1dyD1\x00\x02\x00\xc3\xa9\x1b\x1dyP"
    )
    assert symbols.qr(QrCode("BCD\n002\nSCT"), 576) is not None, "a bank transfer has lines"


@pytest.mark.parametrize(
    "qr",
    [QrCode("x", 9), QrCode("x" * 107), QrCode(""), QrCode("a\x1b\x06\x18"), QrCode("\x18"), QrCode("x", 8, "L")],
)
def test_a_qr_code_that_is_left_to_be_drawn(qr: QrCode) -> None:
    assert symbols.qr(qr, 320) is None
