"""The pixels of ePOS-Print images, in both packings."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.page import Media, Picture
from comptoir.formats.epos import pixels

PAPER = Media()


def picture(data: bytes, width: int, height: int, mode: str = "mono", media: Media = PAPER) -> Picture | None:
    return pixels.picture(base64.b64encode(data).decode(), (width, height), mode, "center", media)


def padded(rows: list[str]) -> bytes:
    """Each row filled up to whole bytes, as Epson's manual says."""
    return b"".join(int(row.ljust(-(-len(row) // 8) * 8, "0"), 2).to_bytes(-(-len(row) // 8), "big") for row in rows)


def continuous(rows: list[str]) -> bytes:
    """One row after the other, and what is left at the right of the last byte, as Odoo's encodeRaster does."""
    bits = "".join(rows)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))


@st.composite
def images(draw: st.DrawFn) -> list[str]:
    width = draw(st.integers(1, 40))
    return draw(st.lists(st.text("01", min_size=width, max_size=width), min_size=1, max_size=12))


@given(rows=images())
def test_both_packings_give_the_same_dots(rows: list[str]) -> None:
    width, height = len(rows[0]), len(rows)
    expected = Picture(width, height, padded(rows), "center")
    assert picture(padded(rows), width, height) == expected
    if -(-width // 8) * height != -(-width * height // 8) or width % 8 == 0:
        assert picture(continuous(rows), width, height) == expected


def test_a_last_byte_filled_from_the_left_is_read_too() -> None:
    """12 dots in two bytes instead of four."""
    assert picture(b"\x24\x90", 3, 4) == Picture(3, 4, padded(["001", "001", "001", "001"]), "center")


def test_what_ends_too_early_is_printed_as_far_as_it_goes() -> None:
    assert picture(b"\xff\xff\xff", 8, 10) == Picture(8, 3, b"\xff\xff\xff", "center")
    assert picture(b"\xff\xff\xff", 16, 10) == Picture(16, 2, b"\xff\xff\xff\0", "center")


def test_what_is_too_long_is_cut_off() -> None:
    assert picture(b"\xff\0\xff", 8, 2) == Picture(8, 2, b"\xff\0", "center")


def test_white_space_and_missing_padding_of_base64() -> None:
    assert pixels.picture(" gA\n = ", (8, 1), "mono", "left", PAPER) == Picture(8, 1, b"\x80")
    assert pixels.picture("gA", (8, 1), "mono", "left", PAPER) == Picture(8, 1, b"\x80")


@pytest.mark.parametrize(
    ("text", "size", "mode"),
    [
        ("", (8, 1), "mono"),
        ("?", (8, 1), "mono"),
        ("gA==", (0, 1), "mono"),
        ("gA==", (8, 0), "mono"),
        ("gA==", (8, 1), "colour"),
        ("é", (8, 1), "mono"),
    ],
)
def test_what_is_no_image(text: str, size: tuple[int, int], mode: str) -> None:
    assert pixels.picture(text, size, mode, "left", PAPER) is None


def test_a_few_bytes_claim_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    claimed = picture(b"\xff", 65_535, 65_535)
    assert claimed is not None
    assert claimed.height == 1
    monkeypatch.setattr(pixels, "MOST_PIXELS", 63)
    assert picture(bytes(8), 8, 8) is None


def test_what_is_wider_than_the_paper_is_made_smaller() -> None:
    rows = [("1" * 256 + "0" * 256)] * 64
    made = picture(padded(rows), 512, 64, media=Media(384, 32))
    assert made is not None
    assert (made.width, made.height) == (384, 48)
    dots = np.unpackbits(np.frombuffer(made.bits, np.uint8)).reshape(48, 384)
    assert dots[:, :190].all(), "the left half is black"
    assert not dots[:, 194:].any(), "the right half is white"


def test_sixteen_greys() -> None:
    """15 is black, as 1 is in black and white."""
    black = picture(b"\xff" * 32, 8, 8, "gray16")
    white = picture(b"\x00" * 32, 8, 8, "gray16")
    assert black is not None
    assert white is not None
    assert (black.bits, white.bits) == (b"\xff" * 8, b"\0" * 8)
    half = picture(b"\x88" * 64 * 32, 64, 64, "gray16")
    assert half is not None
    assert 0.3 < np.unpackbits(np.frombuffer(half.bits, np.uint8)).mean() < 0.7


def test_greys_of_an_odd_width_are_padded_to_bytes() -> None:
    made = picture(b"\xff\xf0" * 40, 3, 40, "gray16")
    assert made is not None
    assert (made.width, made.bits) == (3, b"\xe0" * 40)


@given(
    data=st.binary(max_size=100),
    width=st.integers(0, 700),
    height=st.integers(0, 700),
    mode=st.sampled_from(["mono", "gray16"]),
)
def test_any_numbers_give_a_picture_that_fits_or_none(data: bytes, width: int, height: int, mode: str) -> None:
    made = picture(data, width, height, mode)
    assert made is None or 0 < made.width <= PAPER.dots
