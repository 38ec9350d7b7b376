from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.page import Barcode, BarcodeKind
from comptoir.languages.barcode_data import widest, without_check_digit
from comptoir.languages.symbols import barcode as drawn


@pytest.mark.parametrize(
    ("kind", "data", "sent"),
    [
        ("EAN13", "5901234123457", "590123412345"),
        ("EAN13", "590123412345", "590123412345"),
        ("EAN13", "5901234123450", None),
        ("EAN13", "59012341234", None),
        ("EAN8", "96385074", "9638507"),
        ("EAN8", "96385075", None),
        ("UPC-A", "036000291452", "03600029145"),
        ("UPC-E", "01234565", None),
        ("CODE39", "ABC-1", "ABC-1"),
        ("CODE39", "abc", None),
        ("ITF", "1234", "1234"),
        ("ITF", "123", None),
        ("CODABAR", "A12B", "A12B"),
        ("CODABAR", "12", None),
        ("CODABAR", "a12b", None),
        ("CODE128", "Order 1", "Order 1"),
        ("CODE128", "\n", None),
        ("CODE128", "é", None),
    ],
)
def test_what_is_sent(kind: BarcodeKind, data: str, sent: str | None) -> None:
    assert without_check_digit(Barcode(kind, data)) == sent


def test_arabic_digits_are_none_here() -> None:
    assert without_check_digit(Barcode("EAN8", "٩٦٣٨٥٠٧")) is None


@given(st.sampled_from(["CODE39", "CODE93", "CODE128", "ITF"]), st.text("0123456789", min_size=2, max_size=20))
def test_the_widest_is_no_narrower_than_what_an_encoder_makes(kind: BarcodeKind, digits: str) -> None:
    data = digits[: len(digits) // 2 * 2]
    quiet = 20 * 2  # modules on both sides, at the most
    assert drawn(Barcode(kind, data, module=1)).width - quiet <= widest(Barcode(kind, data, module=1))


def test_the_width_grows_with_the_module() -> None:
    assert widest(Barcode("EAN13", "590123412345", module=3)) == 285
