from __future__ import annotations

import re
import zlib
from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.page import Barcode, Picture
from comptoir.languages.zpl import fields


def test_a_text_in_a_block_and_out_of_one() -> None:
    assert fields.text(10, 20, "Café €", 24, 24, 200) == "^FO10,20^A0N,24,24^FH_^FDCafé €^FS".encode()
    assert fields.text(0, 0, "x", 48, 24, 200, "R") == b"^FO0,0^A0N,48,24^FB200,1,0,R^FH_^FDx^FS"


def test_what_might_not_fit_is_set_narrower() -> None:
    assert b"^A0N,24,12^" in fields.text(0, 0, "W" * 10, 24, 24, 110)
    assert b"^A0N,24,24^" in fields.text(0, 0, "i" * 14, 24, 24, 108)
    assert b"^A0N,24,10^" in fields.text(0, 0, "W" * 100, 24, 24, 108), "ten dots are the least that can be read"


def test_signs_of_commands_are_written_as_numbers() -> None:
    assert b"^FD_5EXA_7EHS_5F_00_0A^FS" in fields.text(0, 0, "^XA~HS_\0\n", 24, 24, 999)


@given(st.text(max_size=60))
def test_no_text_begins_a_command(content: str) -> None:
    data = fields.text(0, 0, content, 24, 24, 500).partition(b"^FD")[2].removesuffix(b"^FS")
    assert not re.search(rb"[\x00-\x1f^~\x7f]", data)
    read = re.sub(rb"_(..)", lambda found: bytes([int(found[1], 16)]), data)
    assert read.decode() == content


@given(st.binary(min_size=1, max_size=300), st.integers(1, 5))
def test_a_picture_comes_back_out_of_its_field(bits: bytes, across: int) -> None:
    rows = max(len(bits) // across, 1)
    dots = bits.ljust(rows * across, b"\0")[: rows * across]
    field = fields.picture(3, 4, Picture(across * 8, rows, dots))
    found = re.fullmatch(rb"\^FO3,4\^GFA,(\d+),(\d+),(\d+),:Z64:([A-Za-z0-9+/=]+):([0-9A-F]{4})\^FS", field)
    assert found
    assert (int(found[1]), int(found[2]), int(found[3])) == (len(dots), len(dots), across)
    assert zlib.decompress(b64decode(found[4])) == dots
    assert int(found[5], 16) == crc16(found[4])


def crc16(data: bytes) -> int:
    """As the ZPL Programming Guide describes it: bit by bit, polynomial 1021, from 0."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ (0x1021 if crc & 0x8000 else 0)) & 0xFFFF
    return crc


def test_the_check_value_of_the_crc() -> None:
    assert crc16(b"123456789") == 0x31C3


@pytest.mark.parametrize(
    ("barcode", "field"),
    [
        (Barcode("EAN13", "5901234123457", 80, 3, True), b"^FO1,2^BY3,3,80^BEN,80,Y,N^FH_^FD590123412345^FS"),
        (Barcode("EAN8", "9638507"), b"^FO1,2^BY2,3,72^B8N,72,N,N^FH_^FD9638507^FS"),
        (Barcode("UPC-A", "03600029145"), b"^FO1,2^BY2,3,72^BUN,72,N,N,Y^FH_^FD03600029145^FS"),
        (Barcode("CODE39", "A-1"), b"^FO1,2^BY2,3,72^B3N,N,72,N,N^FH_^FDA-1^FS"),
        (Barcode("ITF", "1234"), b"^FO1,2^BY2,3,72^B2N,72,N,N,N^FH_^FD1234^FS"),
        (Barcode("CODABAR", "A123B"), b"^FO1,2^BY2,3,72^BKN,N,72,N,N,A,B^FH_^FD123^FS"),
        (Barcode("CODE93", "A_1"), b"^FO1,2^BY2,3,72^BAN,72,N,N,N^FH_^FDA_5F1^FS"),
        (Barcode("CODE128", "Order-1"), b"^FO1,2^BY2,3,72^BCN,72,N,N,N,A^FH_^FDOrder-1^FS"),
    ],
)
def test_bar_codes(barcode: Barcode, field: bytes) -> None:
    assert fields.barcode(1, 2, barcode) == field


@pytest.mark.parametrize(
    "barcode",
    [
        Barcode("UPC-E", "01234565"),
        Barcode("CODE128", ">5"),
        Barcode("CODABAR", "123"),
        Barcode("EAN13", "590123412345", module=11),
        Barcode("EAN13", "590123412345", height=0),
    ],
)
def test_what_the_printer_cannot_do_exactly_is_left_to_be_drawn(barcode: Barcode) -> None:
    assert fields.barcode(0, 0, barcode) is None
