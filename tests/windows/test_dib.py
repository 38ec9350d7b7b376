"""Dots as Windows takes them, read again by Pillow: a bitmap file is one with fourteen bytes before it."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from comptoir.core.sheet import Ink
from comptoir.windows.dib import dib


def picture(ink: Ink, width: int, height: int, dots: bytes) -> Image.Image:
    header, bits = dib(ink, width, height, dots)
    start = 14 + len(header)
    file = struct.pack("<2sIHHI", b"BM", start + len(bits), 0, 0, start) + header + bits
    return Image.open(io.BytesIO(file))


@given(st.integers(1, 40), st.integers(1, 5), st.data())
def test_greys_and_colours_are_what_they_were(width: int, height: int, data: st.DataObject) -> None:
    dots = data.draw(st.binary(min_size=width * height, max_size=width * height))
    assert picture("greys", width, height, dots).convert("L").tobytes() == dots
    colours = dots * 3
    assert picture("colours", width, height, colours).tobytes() == colours


@pytest.mark.parametrize("width", [7, 8, 33])
def test_black_is_a_set_bit(width: int) -> None:
    row = bytes([0x80]) + bytes((width + 7) // 8 - 1)
    seen = picture("black", width, 2, row + bytes(len(row))).convert("L")
    assert [seen.getpixel((x, y)) for x, y in ((0, 0), (1, 0), (width - 1, 0), (0, 1))] == [0, 255, 255, 255]


def test_rows_are_padded_to_four_bytes() -> None:
    assert [len(dib(ink, 5, 3, bytes(45))[1]) for ink in ("black", "greys", "colours")] == [12, 24, 48]  # type: ignore[arg-type]
