from comptoir.core.page import Picture
from comptoir.languages.escpos import graphics


def test_raster_as_it_is() -> None:
    assert graphics.raster(b"0\x00\x01\x00\x02\x00\xf0\x0f", "left") == Picture(8, 2, b"\xf0\x0f")


def test_raster_doubled_both_ways() -> None:
    assert graphics.raster(b"0\x03\x01\x00\x01\x00\xa0", "center") == Picture(16, 2, b"\xcc\x00" * 2, "center")


def test_raster_without_dots_is_nothing() -> None:
    assert graphics.raster(b"0\x00\x00\x00\x05\x00", "left") is None


def test_columns_of_24_dots_stand_upright() -> None:
    picture = graphics.columns(b"\x21\x02\x00" + b"\xff\xff\xff" + b"\x80\x00\x01", "left")
    assert picture is not None
    assert (picture.width, picture.height) == (2, 24)
    assert picture.bits == b"\xc0" + b"\x80" * 22 + b"\xc0"


def test_columns_of_8_dots_single_density_are_two_by_three() -> None:
    picture = graphics.columns(b"\x00\x01\x00\x81", "left")
    assert picture is not None
    assert (picture.width, picture.height) == (2, 24)
    assert picture.bits == b"\xc0" * 3 + b"\x00" * 18 + b"\xc0" * 3


def test_stored_graphics() -> None:
    body = b"0\x700\x01\x011\x08\x00\x02\x00\xf0\x0f"
    assert graphics.stored(body, "left") == Picture(8, 2, b"\xf0\x0f")
    assert graphics.stored(body[:-1], "left") is None, "cut short"
