"""Raster documents: what our own writer, and CUPS, put into them is read again; whatever else is refused."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.core.errors import FormatError
from comptoir.core.sheet import Ink, Paper, Setup, Side, Wishes
from comptoir.formats.raster import RasterPage, count, pages
from comptoir.languages.pwg import HEADER, PwgWriter


def header(width: int, height: int, bits: int, space: int, colours: int = 1, order: int = 0) -> bytes:
    """PWG 5102.4 §4.3, the fields that matter here."""
    out = bytearray(HEADER)
    out[:9] = b"PwgRaster"
    pixel = bits * colours
    struct.pack_into(">2I", out, 276, 300, 600)
    struct.pack_into(">2I", out, 372, width, height)
    struct.pack_into(">5I", out, 384, bits, pixel, (width * pixel + 7) // 8, order, space)
    return bytes(out)


def urf(width: int, height: int, pixel: int, space: int) -> bytes:
    return bytes([pixel, space, 1, 4]) + bytes(8) + struct.pack(">3I", width, height, 600) + bytes(8)


def one(content: bytes) -> RasterPage:
    (page,) = pages(content)
    return page


@pytest.mark.parametrize("ink", ["greys", "colours"])
def test_what_our_own_writer_wrote(ink: Ink) -> None:
    setup = Setup(Paper("custom_30x40mm", 3_000, 4_000), 100, ink)
    shape = (setup.height, setup.width, 3 if ink == "colours" else 1)
    dots = np.random.default_rng(1).integers(0, 3, shape, np.uint8)
    dots[5:140] = dots[5]
    side = Side(setup.width, setup.height, ink, dots.data.cast("B"))
    writer = PwgWriter(setup, Wishes())
    content = writer.begin() + b"".join(writer.side(side)) + b"".join(writer.side(side)) + writer.end()
    first, second = pages(content)
    assert first.dots == second.dots == dots.tobytes()
    assert (first.width, first.height, first.dpi, first.mode) == (setup.width, setup.height, (100, 100), ink)
    assert count(content) == 2


#: 3 × 2 dots: the first row a repeat and a literal, the second clear to its end
ROWS = b"\0" + b"\x01\x10" + b"\0\x20" + b"\0" + b"\x80"


def test_runs_of_both_kinds_and_white_to_the_end() -> None:
    page = one(b"RaS2" + header(3, 2, 8, 18) + ROWS)
    assert bytes(page.dots) == b"\x10\x10\x20\xff\xff\xff"
    assert (page.mode, page.dpi) == ("greys", (300, 600))


def test_a_literal_and_a_row_that_is_meant_several_times() -> None:
    page = one(b"RaS2" + header(3, 3, 8, 18) + b"\x02\xfe\x01\x02\x03")
    assert bytes(page.dots) == b"\x01\x02\x03" * 3


def test_black_is_dark_where_it_is_much() -> None:
    assert bytes(one(b"RaS2" + header(3, 2, 8, 3) + ROWS).dots) == b"\xef\xef\xdf\xff\xff\xff"


@pytest.mark.parametrize(("space", "wanted"), [(3, 0b10100000), (18, 0b01011111)])
def test_single_bits_are_black_where_they_are_one(space: int, wanted: int) -> None:
    page = one(b"RaS2" + header(3, 1, 1, space) + b"\0\0\xa0")
    assert (page.mode, page.dots[0]) == ("black", wanted)


def test_sixteen_bits_are_read_as_eight() -> None:
    assert bytes(one(b"RaS2" + header(2, 1, 16, 18) + b"\0\xff\x12\x34\x56\x78").dots) == b"\x12\x56"


def test_four_inks_become_light() -> None:
    page = one(b"RaS2" + header(2, 1, 8, 6, 4) + b"\0\xff" + b"\xff\0\0\0" + b"\0\0\0\xff")
    assert bytes(page.dots) == b"\0\xff\xff" + b"\0\0\0"


@pytest.mark.parametrize(("pixel", "space", "mode"), [(8, 0, "greys"), (24, 1, "colours"), (32, 6, "colours")])
def test_apple_raster(pixel: int, space: int, mode: Ink) -> None:
    row = b"\0\x01" + bytes(pixel // 8)
    content = b"UNIRAST\0\0\0\0\2" + (urf(2, 1, pixel, space) + row) * 2
    assert [page.mode for page in pages(content)] == [mode, mode]
    assert count(content) == 2
    assert one(b"UNIRAST\0\0\0\0\1" + urf(2, 1, pixel, space) + row).dpi == (600, 600)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.4",
        b"RaS2",
        b"RaS2" + bytes(100),
        b"RaS2" + header(3, 2, 8, 18),
        b"RaS2" + header(3, 2, 8, 18) + ROWS[:-1],
        b"RaS2" + header(3, 2, 8, 18) + ROWS + b"\0",
        b"RaS2" + header(3, 2, 8, 18, order=1) + ROWS,
        b"RaS2" + header(3, 2, 8, 5) + ROWS,
        b"RaS2" + header(3, 2, 4, 18) + ROWS,
        b"RaS2" + header(3, 1, 1, 19, 3) + ROWS,
        b"RaS2" + header(0, 2, 8, 18) + ROWS,
        b"RaS2" + header(70_000, 70_000, 8, 18) + ROWS,
        b"UNIRAST\0\0\0\0\1" + urf(2, 1, 8, 2) + b"\0\x01\0",
        b"UNIRAST\0\0\0\0\1" + urf(2, 1, 8, 0) + b"\0\xfe\0",
    ],
)
def test_what_is_damaged_is_refused_and_so_is_counting_it(content: bytes) -> None:
    with pytest.raises(FormatError):
        list(pages(content))
    with pytest.raises(FormatError):
        count(content)


def test_pages_before_the_damage_are_read() -> None:
    whole = header(3, 2, 8, 18) + ROWS
    found = pages(b"RaS2" + whole + whole[:-3])
    assert next(found).height == 2
    with pytest.raises(FormatError):
        next(found)


@settings(max_examples=200)
@given(
    st.sampled_from([b"RaS2", b"UNIRAST\0\0\0\0\1"]),
    st.integers(0, 40),
    st.integers(0, 40),
    st.sampled_from([(8, 18, 1), (1, 3, 1), (16, 0, 1), (8, 19, 3), (8, 6, 4), (8, 99, 1)]),
    st.binary(max_size=300),
)
def test_whatever_comes_is_pages_or_refused(
    sync: bytes, width: int, height: int, kind: tuple[int, int, int], rest: bytes
) -> None:
    bits, space, colours = kind
    head = header(width, height, bits, space, colours) if sync == b"RaS2" else urf(width, height, bits * colours, space)
    try:
        found = list(pages(sync + head + rest))
    except FormatError:
        return
    assert len(found) == count(sync + head + rest)
    for page in found:
        Side(page.width, page.height, page.mode, page.dots)
