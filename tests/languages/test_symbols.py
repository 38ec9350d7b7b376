from __future__ import annotations

from contextlib import suppress

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from comptoir.core.errors import FormatError
from comptoir.core.page import Barcode, BarcodeKind, Picture, QrCode
from comptoir.languages.symbols import barcode, matrix, qr


def dots(picture: Picture) -> Image.Image:
    return Image.frombytes("1", (picture.width, picture.height), picture.bits)


def read(ink: Image.Image) -> tuple[str, str]:
    """What a reader makes of it: symbology and text."""
    paper = ImageChops.invert(ink.convert("L"))
    found = zxingcpp.read_barcodes(paper.resize((paper.width * 2, paper.height * 2)))
    assert len(found) == 1
    return found[0].format.name, found[0].text


@pytest.mark.parametrize(
    ("kind", "data", "found"),
    [
        ("EAN13", "590123412345", ("EAN13", "5901234123457")),
        ("EAN13", "5901234123457", ("EAN13", "5901234123457")),
        ("EAN8", "9638507", ("EAN8", "96385074")),
        ("EAN8", "96385074", ("EAN8", "96385074")),
        ("UPC-A", "01234567890", ("EAN13", "0012345678905")),
        ("UPC-A", "012345678905", ("EAN13", "0012345678905")),
        ("UPC-E", "123456", ("UPCE", "0012345000065")),
        ("UPC-E", "0123456", ("UPCE", "0012345000065")),
        ("UPC-E", "01234565", ("UPCE", "0012345000065")),
        ("UPC-E", "1234565", ("UPCE", "0123456000056")),
        ("CODE39", "ABC-12 3$/+%.", ("Code39", "ABC-12 3$/+%.")),
        ("ITF", "00123456", ("ITF", "00123456")),
        ("CODABAR", "a12:34b", ("Codabar", "A12:34B")),
        ("CODE93", "Ab 1", ("Code93", "Ab 1")),
        ("CODE128", "Order 0042/é", ("Code128", "Order 0042/é")),
    ],
)
@pytest.mark.parametrize("text", [False, True])
def test_a_reader_reads_what_is_drawn(kind: BarcodeKind, data: str, found: tuple[str, str], text: bool) -> None:
    assert read(dots(barcode(Barcode(kind, data, text=text)))) == found


@pytest.mark.parametrize(
    ("kind", "data", "reason"),
    [
        ("EAN13", "5901234123456", "check digit"),
        ("EAN13", "59012341234A", "12 digits"),
        ("EAN13", "123", "12 digits"),
        ("EAN8", "96385075", "check digit"),
        ("UPC-A", "012345678904", "check digit"),
        ("UPC-E", "21234565", "0 or 1"),
        ("UPC-E", "01234564", "check digit"),
        ("ITF", "123", "even number"),
        ("CODE39", "abc", "capital letters"),
        ("CODABAR", "123", "between two of the letters"),
        ("CODE93", "é", "ASCII"),
        ("CODE128", "日本", "Latin-1"),
        ("CODE128", "", "Latin-1"),
        ("CODE128", "x" * 300, "too long"),
    ],
)
def test_data_that_a_symbology_cannot_carry(kind: BarcodeKind, data: str, reason: str) -> None:
    with pytest.raises(FormatError) as caught:
        barcode(Barcode(kind, data))
    assert caught.value.message.startswith(kind)
    assert reason in caught.value.sentences
    assert "retval" not in caught.value.sentences


@given(
    st.text("0123456789ABCD-é日 \x00*", max_size=16), st.sampled_from(["EAN13", "UPC-E", "ITF", "CODABAR", "CODE128"])
)
def test_any_data_is_drawn_or_refused(data: str, kind: BarcodeKind) -> None:
    with suppress(FormatError):
        assert barcode(Barcode(kind, data)).height == 72


def test_bars_have_whole_dots_and_the_height_that_is_asked_for() -> None:
    picture = barcode(Barcode("EAN13", "590123412345", height=50, module=3, align="center"))
    assert (picture.width, picture.height, picture.align) == ((11 + 95 + 7) * 3, 50, "center")
    box = dots(picture).getbbox()
    assert box == (11 * 3, 0, (11 + 95) * 3, 50)


def test_what_it_says_stands_below() -> None:
    plain, said = barcode(Barcode("EAN8", "9638507")), barcode(Barcode("EAN8", "9638507", text=True))
    assert said.height == plain.height + 28
    below = dots(said).crop((0, 72, said.width, said.height)).getbbox()
    assert below is not None
    assert below[2] - below[0] > 8 * 12 - 6


def test_the_letters_around_a_codabar_are_capitals() -> None:
    assert barcode(Barcode("CODABAR", "a12b", text=True)) == barcode(Barcode("CODABAR", "A12B", text=True))


def test_bars_are_narrowed_to_the_room() -> None:
    assert barcode(Barcode("EAN13", "590123412345", module=4), room=384).width == 113 * 3
    with pytest.raises(FormatError, match="384 dots; this CODE128 needs"):
        barcode(Barcode("CODE128", "A" * 40), room=384)
    assert qr(QrCode("x" * 300, module=8), room=200).width <= 200
    with pytest.raises(FormatError, match="QR code needs"):
        qr(QrCode("x" * 1000), room=64)


@pytest.mark.parametrize("text", ["https://example.com/?a=1", "café €", "日本 é", "Ж\n2", "12345"])
@pytest.mark.parametrize("level", ["L", "H"])
def test_a_telephone_reads_the_qr_code(text: str, level: str) -> None:
    picture = qr(QrCode(text, level=level))  # type: ignore[arg-type]
    paper = ImageChops.invert(dots(picture).convert("L"))
    (found,) = zxingcpp.read_barcodes(paper, text_mode=zxingcpp.TextMode.Plain)
    assert (found.text, found.ec_level, found.format.name) == (text, level, "QRCode")


def test_text_beyond_ascii_is_utf_8_and_says_so() -> None:
    paper = ImageChops.invert(dots(qr(QrCode("é"))).convert("L"))
    (found,) = zxingcpp.read_barcodes(paper, text_mode=zxingcpp.TextMode.HexECI)
    assert found.text == "5D 51 32 5C 30 30 30 30 32 36 C3 A9"  # ]Q2 \000026


def test_a_qr_code_has_four_quiet_modules() -> None:
    picture = qr(QrCode("hello", module=5))
    assert (picture.width, picture.height) == ((21 + 8) * 5,) * 2
    assert dots(picture).getbbox() == (20, 20, 125, 125)


@pytest.mark.parametrize("data", ["", "x" * 5000])
def test_a_qr_code_that_cannot_be(data: str) -> None:
    with pytest.raises(FormatError, match="QRCode cannot carry"):
        qr(QrCode(data))


@pytest.mark.parametrize("name", ["PDF417", "DataMatrix", "Aztec", "MaxiCode", "MicroQRCode"])
def test_other_symbols(name: str) -> None:
    drawn = matrix(name, "hello 12")
    assert drawn.mode == "1"
    assert read(drawn.resize((drawn.width * 2, drawn.height * 2))) == (name, "hello 12")


def test_bytes_are_put_in_as_they_are() -> None:
    paper = ImageChops.invert(matrix("DataMatrix", b"\x00\xff\x80").convert("L"))
    (found,) = zxingcpp.read_barcodes(paper.resize((paper.width * 4, paper.height * 4)))
    assert found.bytes == b"\x00\xff\x80"
