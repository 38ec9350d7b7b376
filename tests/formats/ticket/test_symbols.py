from __future__ import annotations

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.errors import FormatError
from comptoir.core.page import Barcode, QrCode
from comptoir.formats.ticket.properties import CODE_KINDS, CodeKind, CodeOptions
from comptoir.formats.ticket.symbols import QR_BYTES, symbol

WIDE = 576


def barcode(kind: CodeKind, data: str, dots: int = WIDE) -> Barcode:
    made = symbol(data, CodeOptions(kind), "center", dots)
    assert isinstance(made, Barcode)
    return made


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("ean", "4006381333931", ("EAN13", "4006381333931")),
        ("ean", "400638133393", ("EAN13", "4006381333931")),
        ("ean", "9638507", ("EAN8", "96385074")),
        ("ean", "01234565", ("EAN8", "01234565")),
        ("upc", "036000291452", ("UPC-A", "036000291452")),
        ("upc", "03600029145", ("UPC-A", "036000291452")),
        ("upc", "04252614", ("UPC-E", "04252614")),
        ("upc", "0425261", ("UPC-E", "04252614")),
        ("upc", "0123455", ("UPC-E", "01234558")),
        ("upc", "0123453", ("UPC-E", "01234531")),
        ("upc", "0123444", ("UPC-E", "01234446")),
        ("code39", "*A-1*", ("CODE39", "A-1")),
        ("code39", "A-1", ("CODE39", "A-1")),
        ("itf", "1234", ("ITF", "1234")),
        ("codabar", "a12:3b", ("CODABAR", "A12:3B")),
        ("code93", "Ab 1", ("CODE93", "Ab 1")),
        ("code128", "Comptoir-42", ("CODE128", "Comptoir-42")),
    ],
)
def test_barcodes(kind: CodeKind, data: str, expected: tuple[str, str]) -> None:
    """The check digits are those of published examples."""
    made = barcode(kind, data)
    assert (made.kind, made.data) == expected


def test_the_options_reach_the_barcode() -> None:
    assert symbol("1234", CodeOptions("itf", 3, 100, True), "right", WIDE) == Barcode(
        "ITF", "1234", 100, 3, True, "right"
    )


@pytest.mark.parametrize(
    ("kind", "data", "holds"),
    [
        ("ean", "123456", "12 or 13 digits"),
        ("ean", "40063813339ab", "12 or 13 digits"),
        ("upc", "1234567", "begin with 0"),
        ("code39", "été", "capital letters"),
        ("code39", "**", "capital letters"),
        ("itf", "123", "even number"),
        ("codabar", "1234", "between two of the letters"),
        ("code93", "é", "no accents"),
        ("code128", "café", "no accents"),
        ("code128", "a\tb", "no accents"),
        ("itf", "٣٣", "even number"),
    ],
)
def test_data_that_the_symbology_does_not_hold_is_refused(kind: CodeKind, data: str, holds: str) -> None:
    with pytest.raises(FormatError, match=f"cannot be a barcode {kind}") as refused:
        barcode(kind, data)
    assert holds in refused.value.hint


@pytest.mark.parametrize(("kind", "data"), [("ean", "4006381333932"), ("upc", "036000291453"), ("upc", "04252615")])
def test_a_wrong_check_digit_is_not_corrected_in_silence(kind: CodeKind, data: str) -> None:
    with pytest.raises(FormatError, match="last digit"):
        barcode(kind, data)


@pytest.mark.parametrize(
    ("kind", "data", "dots"),
    [("ean", "4006381333931", 190), ("code39", "A", 85), ("itf", "12", 49), ("codabar", "A1B", 70),
     ("code93", "A", 92), ("code128", "1234", 114)],
)  # fmt: skip
def test_a_barcode_that_is_wider_than_the_paper_is_refused(kind: CodeKind, data: str, dots: int) -> None:
    assert barcode(kind, data, dots).data
    with pytest.raises(FormatError, match="there is room for"):
        barcode(kind, data, dots - 1)


def test_qr_codes() -> None:
    made = symbol("https://example.org/ü", CodeOptions("qrcode", cell=5, level="H"), "left", WIDE)
    assert made == QrCode("https://example.org/ü", 5, "H", "left")
    assert symbol("a\nb", CodeOptions("qrcode"), "center", WIDE) == QrCode("a\nb", 3, "L", "center")


@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
def test_qr_codes_hold_what_the_standard_says(level: str) -> None:
    option = CodeOptions("qrcode", level=level)  # type: ignore[arg-type]
    assert symbol("x" * QR_BYTES[level], option, "center", 177 * 3)
    with pytest.raises(FormatError, match="holds"):
        symbol("x" * (QR_BYTES[level] + 1), option, "center", 177 * 3)


@given(st.text("aé", min_size=1, max_size=300), st.sampled_from(["L", "H"]), st.integers(3, 8), st.integers(60, 600))
def test_a_qr_code_is_accepted_where_it_fits(data: str, level: str, cell: int, dots: int) -> None:
    side = segno.make_qr(data.encode(), error=level, mode="byte", boost_error=False).symbol_size(border=0)[0] * cell
    try:
        made = symbol(data, CodeOptions("qrcode", cell=cell, level=level), "center", dots)  # type: ignore[arg-type]
    except FormatError:
        assert side > dots
    else:
        assert side <= dots
        assert isinstance(made, QrCode)


def test_a_qr_code_holds_no_control_characters() -> None:
    with pytest.raises(FormatError, match="control characters"):
        symbol("\x10\x04\x01", CodeOptions("qrcode"), "center", WIDE)


@given(st.sampled_from(sorted(set(CODE_KINDS.values()))), st.one_of(st.text("0123456789AB*-é"), st.text()))
def test_any_data_is_a_symbol_or_refused(kind: CodeKind, data: str) -> None:
    try:
        made = symbol(data, CodeOptions(kind), "center", WIDE)
    except FormatError as refused:
        assert refused.hint
    else:
        assert made.data
