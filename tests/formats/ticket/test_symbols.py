from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.errors import FormatError
from comptoir.core.page import Barcode, QrCode
from comptoir.core.symbology import QR_BYTES
from comptoir.formats.ticket.properties import CODE_KINDS, CodeKind, CodeOptions
from comptoir.formats.ticket.symbols import symbol

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


#: Bytes that a version holds: ISO/IEC 18004, table 7.
HOLDS = {
    "L": {6: 134, 7: 154, 9: 230, 10: 271, 14: 458, 26: 1367, 27: 1465, 40: 2953},
    "M": {6: 106, 7: 122, 9: 180, 10: 213, 14: 362, 26: 1059, 27: 1125, 40: 2331},
    "Q": {6: 74, 7: 86, 9: 130, 10: 151, 14: 258, 26: 751, 27: 805, 40: 1663},
    "H": {6: 58, 7: 64, 9: 98, 10: 119, 14: 194, 26: 593, 27: 625, 40: 1273},
}


@pytest.mark.parametrize(
    ("level", "version", "size"), [(level, *each) for level in HOLDS for each in HOLDS[level].items()]
)
def test_a_qr_code_is_accepted_where_it_fits(level: str, version: int, size: int) -> None:
    option = CodeOptions("qrcode", cell=3, level=level)  # type: ignore[arg-type]
    side = (17 + 4 * version) * 3
    utf_8 = "é" * ((size - 1) // 2) + "x" * ((size - 1) % 2)
    for data, dots in (("x" * size, side), (utf_8, side), ("x" * (size + 1), side + 12), (utf_8 + "xx", side + 12)):
        if dots > 177 * 3:
            continue
        assert isinstance(symbol(data, option, "center", dots), QrCode)
        with pytest.raises(FormatError, match=f"takes {dots} dots; there is room for {dots - 1}"):
            symbol(data, option, "center", dots - 1)


@given(st.text("aé1", min_size=1, max_size=300), st.sampled_from(["L", "H"]), st.integers(3, 8), st.integers(60, 600))
def test_wider_paper_never_refuses_a_qr_code_that_fits_narrower_paper(
    data: str, level: str, cell: int, dots: int
) -> None:
    option = CodeOptions("qrcode", cell=cell, level=level)  # type: ignore[arg-type]
    try:
        made = symbol(data, option, "center", dots)
    except FormatError:
        with pytest.raises(FormatError):
            symbol(data, option, "center", dots - 1)
    else:
        assert symbol(data, option, "center", dots + 1) == made


@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
def test_text_beyond_ascii_leaves_room_to_say_that_it_is(level: str) -> None:
    option = CodeOptions("qrcode", level=level)  # type: ignore[arg-type]
    most = QR_BYTES[level] - 1
    assert symbol("é" + "x" * (most - 2), option, "center", 177 * 3)
    with pytest.raises(FormatError, match=f"holds {most} bytes"):
        symbol("é" + "x" * (most - 1), option, "center", 177 * 3)


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
