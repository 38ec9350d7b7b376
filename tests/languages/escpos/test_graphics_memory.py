from __future__ import annotations

import pytest

from comptoir.core.page import Picture
from comptoir.languages.escpos.graphics_memory import CAPACITY, GraphicsMemory

ROWS = Picture(8, 2, b"\xf0\x0f")


def test_the_print_buffer_is_printed_once() -> None:
    memory = GraphicsMemory()
    assert memory.obey(b"0\x700\x01\x011\x08\x00\x02\x00\xf0\x0f", "left") is True
    assert memory.obey(b"0\x32", "center") == Picture(8, 2, b"\xf0\x0f", "center")
    assert memory.obey(b"0\x32", "left") is True


def test_columns_tones_and_a_second_colour() -> None:
    memory = GraphicsMemory()
    assert memory.obey(b"0\x714\x01\x011\x02\x00\x08\x00\x80\x01", "left") is True
    assert memory.obey(b"0\x714\x01\x012\x02\x00\x08\x00\x01\x80", "left") is True
    assert memory.obey(b"0\x02", "left") == Picture(2, 8, b"\xc0" + bytes(6) + b"\xc0")


@pytest.mark.parametrize("base", [64, 80])
@pytest.mark.parametrize(("function", "dots"), [(3, b"\xf0\x0f"), (4, b"\x80\x80\x80\x80\x40\x40\x40\x40")])
def test_kept_graphics_are_printed_by_their_key(base: int, function: int, dots: bytes) -> None:
    memory = GraphicsMemory()
    define = b"0" + bytes((base + function,)) + b"0ab\x01\x08\x00\x02\x001" + dots
    assert memory.obey(define, "left") is True
    assert memory.obey(b"0" + bytes((base + 5,)) + b"ab\x01\x01", "left") == ROWS
    doubled = memory.obey(b"0" + bytes((base + 5,)) + b"ab\x02\x02", "left")
    assert doubled == Picture(16, 4, b"\xff\x00" * 2 + b"\x00\xff" * 2)
    assert memory.obey(b"0" + bytes((base + 5,)) + b"no\x01\x01", "left") is False
    memory.obey(b"0" + bytes((base + 2,)) + b"ab", "left")
    assert memory.obey(b"0" + bytes((base + 5,)) + b"ab\x01\x01", "left") is False


def test_two_colours_of_a_kept_picture_are_one() -> None:
    memory = GraphicsMemory()
    memory.obey(b"0\x430ab\x02\x08\x00\x01\x001\xf02\x0f", "left")
    assert memory.obey(b"0\x45ab\x01\x01", "left") == Picture(8, 1, b"\xff")


def test_a_memory_that_is_full_takes_no_more() -> None:
    memory = GraphicsMemory()
    rows = 100_000
    block = b"\x01\x40\x00" + (rows // 8).to_bytes(2, "little") + b"1" + bytes(rows)
    taken = sum(memory.obey(b"0\x430" + bytes((key, 0)) + block, "left") is True for key in range(100))
    assert taken == CAPACITY // rows
    memory.obey(b"0\x41CLR", "left")
    assert memory.obey(b"0\x430zz" + block, "left") is True


def test_logos_and_the_bit_image() -> None:
    memory = GraphicsMemory()
    assert memory.define_logos(b"\x02" + b"\x01\x00\x01\x00" + b"\x80" * 8 + b"\x01\x00\x01\x00" + b"\x01" * 8)
    assert memory.logo(1, 0, "left") == Picture(8, 8, b"\xff" + bytes(7))
    assert memory.logo(2, 3, "left") == Picture(16, 16, bytes(28) + b"\xff" * 4)
    assert memory.logo(3, 0, "left") is None
    memory.define_bit_image(b"\x01\x01" + b"\xff" + bytes(7))
    assert memory.bit_image(0, "right") == Picture(8, 8, b"\x80" * 8, "right")
    memory.reset()
    assert memory.bit_image(0, "left") is None
    assert memory.logo(1, 0, "left") is not None


def test_a_kept_picture_is_enlarged_once_and_anew_when_it_changes() -> None:
    """Five bytes print it: a megabyte of them once took ten minutes, and eight megabytes of memory each."""
    memory = GraphicsMemory()
    memory.define_logos(b"\x01\x01\x00\x01\x00" + b"\x80" * 8)
    first, second = memory.logo(1, 3, "left"), memory.logo(1, 3, "right")
    assert first is not None
    assert second is not None
    assert second.bits is first.bits
    assert (first.align, second.align) == ("left", "right")
    memory.define_logos(b"\x01\x01\x00\x01\x00" + b"\x01" * 8)
    assert memory.logo(1, 3, "left") == Picture(16, 16, bytes(28) + b"\xff" * 4)
    memory.define_bit_image(b"\x01\x01" + b"\x80" * 8)
    assert memory.bit_image(1, "left") == Picture(16, 8, b"\xff\xff" + bytes(14))
    memory.define_bit_image(b"\x01\x01" + b"\x01" * 8)
    assert memory.bit_image(1, "left") == Picture(16, 8, bytes(14) + b"\xff\xff")
