from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.errors import FormatError
from comptoir.core.page import Align, Media, Picture
from comptoir.languages.star.pictures import NARROW, WIDE, bands, disarm, placed, raster

MEDIA = Media(64, 5)
PICTURES = st.builds(
    lambda across, bits, align: Picture(across * 8, len(bits) // across, bits[: len(bits) // across * across], align),
    st.integers(1, 8),
    st.binary(min_size=8, max_size=600)
    | st.lists(st.sampled_from([0x1B, 0x06, 0x01, 0x18, 0x00]), min_size=8, max_size=600).map(bytes),
    st.sampled_from(["left", "center", "right"]),
)


def test_golden_band() -> None:
    data = bands(Picture(8, 25, b"\xff" * 25), MEDIA)
    assert data == NARROW + b"\x1bk\x01\x00" + b"\xff" * 24 + b"\n\x1bk\x01\x00\xff" + bytes(23) + b"\n" + WIDE


def test_golden_raster_in_strips() -> None:
    data = raster(Picture(8, 3, b"\x01\x02\x03"), MEDIA, strip=2)
    assert data == b"\x1b\x1dS\x01\x01\x00\x02\x00\x00\x01\x02\x1b\x1dS\x01\x01\x00\x01\x00\x00\x03"


@pytest.mark.parametrize(("align", "left"), [("left", 0), ("center", 3), ("right", 6)])
def test_a_picture_is_put_in_its_place_by_white(align: Align, left: int) -> None:
    assert placed(Picture(16, 1, b"\xaa\x55", align), MEDIA) == (left + 2, bytes(left) + b"\xaa\x55")


def test_a_picture_wider_than_the_paper_is_refused() -> None:
    with pytest.raises(FormatError, match="72 dots wide"):
        placed(Picture(72, 1, bytes(9)), MEDIA)


def test_bands_have_an_end() -> None:
    wide = Picture(2048, 1, bytes(256))
    with pytest.raises(FormatError, match="2040 dots"):
        bands(wide, Media(2048, 128))
    assert raster(wide, Media(2048, 128), 24).endswith(bytes(256))


def test_an_empty_picture_prints_nothing() -> None:
    assert raster(Picture(0, 0, b""), MEDIA, 24) == b""
    assert bands(Picture(8, 0, b""), MEDIA) == NARROW + WIDE


@given(PICTURES)
def test_no_picture_resets_the_printer(picture: Picture) -> None:
    for data in (bands(picture, MEDIA), raster(picture, MEDIA, 24)):
        assert b"\x1b\x06" not in data


@given(PICTURES)
def test_bands_are_the_picture(picture: Picture) -> None:
    data = bands(picture, MEDIA).removeprefix(NARROW).removesuffix(WIDE)
    rows = b""
    while data:
        across = data[2]
        assert data[:4] == b"\x1bk%c\x00" % across
        rows += data[4 : 4 + across * 24]
        assert data[4 + across * 24 : 5 + across * 24] == b"\n"
        data = data[5 + across * 24 :]
    assert rows.rstrip(b"\0") == placed(picture, MEDIA)[1].rstrip(b"\0")


@given(st.binary(max_size=400) | st.lists(st.sampled_from([0x1B, 0x06]), max_size=99).map(bytes))
def test_disarming_keeps_length_and_black(bits: bytes) -> None:
    safe = disarm(bits)
    assert b"\x1b\x06" not in safe
    assert len(safe) == len(bits)
    assert [byte.bit_count() for byte in safe] == [byte.bit_count() for byte in bits]
