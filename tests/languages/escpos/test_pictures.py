from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.page import Media, Page, Picture
from comptoir.core.profile import DEFAULT, Profile
from comptoir.languages.escpos import graphics, pictures
from comptoir.languages.escpos.encode import encode
from comptoir.languages.escpos.realtime import Watch

COLUMNS = Profile(columns_only=True, strip=24)
NEEDLES = Profile(columns_only=True, strip=8)
#: bytes that make requests likely
HAZARDOUS = st.sampled_from([0x10, 0x14, 0x04, 0x05, 0x01, 0x00, 0x20, 0x02, 0x08])


def test_rows_go_out_in_strips() -> None:
    picture = Picture(16, 130, b"\xaa\x55" * 130)
    assert list(pictures.rows(picture, 128)) == [
        b"\x1dv0\x00\x02\x00\x80\x00",
        b"\xaa\x55" * 128,
        b"\x1dv0\x00\x02\x00\x02\x00",
        b"\xaa\x55" * 2,
    ]


def test_a_strip_has_255_rows_at_most_and_one_at_least() -> None:
    assert [part[6] for part in pictures.rows(Picture(8, 300, bytes(300)), 9999)][::2] == [255, 45]
    assert len(list(pictures.rows(Picture(8, 3, bytes(3)), 0))) == 6


def test_strips_put_together_are_the_picture() -> None:
    picture = Picture(24, 100, random.Random(1).randbytes(300))
    for strip in (1, 7, 100, 128):
        assert b"".join([*pictures.rows(picture, strip)][1::2]) == picture.bits


def test_columns_of_24_dots() -> None:
    picture = Picture(2, 25, b"\x80" * 24 + b"\x40")
    assert list(pictures.columns(picture, 24)) == [
        b"\x1b3\x18",
        b"\x1b*\x21\x02\x00" + b"\xff\xff\xff" + b"\x00\x00\x00" + b"\n",
        b"\x1b*\x21\x02\x00" + b"\x00\x00\x00" + b"\x80\x00\x00" + b"\n",
        b"\x1b2",
    ]


def test_needles_strike_8_dots() -> None:
    assert list(pictures.columns(Picture(2, 9, b"\x80" * 9), 8)) == [
        b"\x1b3\x10",
        b"\x1b*\x01\x02\x00\xff\x00\n",
        b"\x1b*\x01\x02\x00\x80\x00\n",
        b"\x1b2",
    ]


@given(st.integers(1, 40), st.integers(1, 60), st.randoms(use_true_random=False))
def test_the_columns_are_the_picture(width: int, height: int, dice: random.Random) -> None:
    across = (width + 7) // 8
    padding = 0xFF << -width % 8 & 0xFF
    rows = [dice.randbytes(across - 1) + bytes([dice.randrange(256) & padding]) for _ in range(height)]
    picture = Picture(width, height, b"".join(rows))
    seen = b""
    for band in [*pictures.columns(picture, 24)][1:-1]:
        drawn = graphics.columns(band[2:-1], "left")
        assert drawn is not None
        assert drawn.width == width
        seen += drawn.bits
    for column, (is_, was) in enumerate(zip(_columns(seen, across), _columns(picture.bits, across), strict=False)):
        assert is_ == was or was.count("1") == is_.count("1"), f"column {column}: a dot moves up, none is lost"


def _columns(bits: bytes, across: int) -> list[str]:
    """Each column from the top as 0 and 1."""
    rows = [f"{int.from_bytes(bits[at : at + across], 'big'):0{across * 8}b}" for at in range(0, len(bits), across)]
    return ["".join(column) for column in zip(*rows, strict=True)]


def test_a_width_that_is_a_request_is_one_more() -> None:
    """1040 columns are 10 04."""
    band = [*pictures.columns(Picture(1040, 8, bytes(130 * 8)), 8)][1]
    assert band[2:5] == b"\x01\x11\x04"


@pytest.mark.parametrize("profile", [DEFAULT, COLUMNS, NEEDLES], ids=["rows", "columns", "needles"])
@given(st.integers(1, 5), st.lists(HAZARDOUS, min_size=1, max_size=900))
def test_no_picture_fires_a_drawer_or_a_power_off(profile: Profile, across: int, dots: list[int]) -> None:
    rows = max(len(dots) // across, 1)
    bits = bytes(dots[: rows * across]).ljust(rows * across, b"\0")
    picture = Picture(across * 8, rows, bits)
    assert Watch().feed(encode([Page((picture, picture))], Media(), profile).data + b"\x00" * 16) == []


@pytest.mark.parametrize("profile", [DEFAULT, COLUMNS, NEEDLES], ids=["rows", "columns", "needles"])
def test_thousands_of_pictures_fire_nothing(profile: Profile) -> None:
    """Light noise, as dithered photos have it; all heights and widths, so that every header is met."""
    dice = random.Random(20)
    light = bytes([0x10, 0x10, 0x10, 0x04, 0x05, 0x14, 0x01, 0x01, 0x00, 0x00, 0x00, 0x02, 0x08, 0x40, 0x80, 0x20])
    table = bytes(light[byte & 15] for byte in range(256))
    hazards = 0
    for number in range(1000):
        across, rows = 1 + number % 72, 1 + number * 7 % 40
        bits = dice.randbytes(across * rows).translate(table)
        hazards += len(Watch().feed(bits))
        data = encode([Page((Picture(across * 8, rows, bits),))], Media(), profile).data
        assert Watch().feed(data + b"\x00" * 16) == []
    assert hazards > 10_000, "or the pictures prove nothing"


def test_the_line_spacing_is_restored() -> None:
    data = encode([Page((Picture(8, 8, bytes(8)),))], Media(), COLUMNS).data
    assert data.index(b"\x1b3\x18") < data.index(b"\x1b*") < data.index(b"\x1b2")
