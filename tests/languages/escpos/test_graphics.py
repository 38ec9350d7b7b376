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


def test_columns_stand_upright_whatever_their_width() -> None:
    picture = graphics.upright(b"\x80\x01\xff\x00" * 5, 10, 2)
    assert (picture.width, picture.height) == (10, 16)
    assert picture.bits == b"\xff\xc0" + b"\x55\x40" * 7 + b"\x00\x00" * 7 + b"\xaa\x80"


def test_stored_columns() -> None:
    body = b"0\x710\x02\x011\x02\x00\x03\x00\x80\x40"
    assert graphics.stored(body, "left") == Picture(4, 3, b"\xc0\x30\x00")


def test_overlaid_and_enlarged() -> None:
    assert graphics.overlaid(Picture(8, 1, b"\xf0"), Picture(8, 1, b"\x03")) == Picture(8, 1, b"\xf3")
    assert graphics.overlaid(Picture(8, 2, b"\xf0\xf0"), Picture(8, 1, b"\x03")) == Picture(8, 1, b"\x03")
    assert graphics.enlarged(Picture(3, 1, b"\xa0"), 3, 2) == Picture(9, 2, b"\xe3\x80" * 2)


def test_tall_columns() -> None:
    assert graphics.tall_columns(b"0\x00\x02\x00\x01\x00\x80\x01", "left") == Picture(
        2, 8, b"\x80" + bytes(6) + b"\x40"
    )
