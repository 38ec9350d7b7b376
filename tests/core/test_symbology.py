from __future__ import annotations

from typing import get_args

import pytest
import zxingcpp
from hypothesis import given, reject
from hypothesis import strategies as st

from comptoir.core.page import BarcodeKind
from comptoir.core.symbology import QR_6_BYTES, QR_6_SIDE, QR_BYTES, SYMBOLOGIES, check_digit, upc_e_check_digit


def test_every_kind_of_barcode_is_known() -> None:
    assert set(SYMBOLOGIES) == set(get_args(BarcodeKind))


@pytest.mark.parametrize(
    ("kind", "data", "holds"),
    [
        ("EAN13", "590123412345", True),
        ("EAN13", "5901234123457", True),
        ("EAN13", "59012341234", False),
        ("EAN8", "96385074", True),
        ("EAN8", "٩٦٣٨٥٠٧", False),
        ("UPC-A", "036000291452", True),
        ("UPC-E", "123456", True),
        ("UPC-E", "1234565", True),
        ("UPC-E", "2123456", False),
        ("CODE39", "A-1 $/+%.", True),
        ("CODE39", "a", False),
        ("CODE39", "*A*", False),
        ("ITF", "1234", True),
        ("ITF", "123", False),
        ("CODABAR", "a12:3B", True),
        ("CODABAR", "12", False),
        ("CODE93", "a\n", True),
        ("CODE93", "é", False),
        ("CODE128", "é", True),
        ("CODE128", "€", False),
        ("CODE128", "", False),
    ],
)
def test_what_a_symbology_holds(kind: BarcodeKind, data: str, holds: bool) -> None:
    assert SYMBOLOGIES[kind].holds(data) is holds


@pytest.mark.parametrize("number", ["4006381333931", "5901234123457", "96385074", "036000291452"])
def test_the_check_digits_of_published_numbers(number: str) -> None:
    assert check_digit(number[:-1]) == number[-1]


@given(st.sampled_from("01"), st.text("0123456789", min_size=6, max_size=6))
def test_an_encoder_computes_the_same_for_upc_e(system: str, digits: str) -> None:
    body = system + digits
    try:
        made = zxingcpp.create_barcode(body, zxingcpp.BarcodeFormat.UPCE)
    except ValueError:  # such a UPC-A has a shorter UPC-E
        reject()
    assert made.text[-1] == upc_e_check_digit(body)


@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
def test_an_encoder_agrees_about_qr_codes(level: str) -> None:
    def side(size: int) -> int:
        code = zxingcpp.create_barcode("x" * size, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
        return int(code.to_image(scale=1, add_quiet_zones=False).shape[0])

    assert side(QR_6_BYTES[level]) == QR_6_SIDE < side(QR_6_BYTES[level] + 1)
    assert side(QR_BYTES[level]) == 177
    with pytest.raises(ValueError, match="too long"):
        side(QR_BYTES[level] + 1)
