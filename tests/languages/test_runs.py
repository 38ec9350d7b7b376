"""Rows as runs: whatever the dots are, an independent reader finds them again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, TiffImagePlugin

from comptoir.languages import runs


def unpacked(data: bytes) -> list[int]:
    """PackBits, as TIFF 6.0 §9 tells it."""
    out: list[int] = []
    at = 0
    while at < len(data):
        length = data[at]
        if length < 128:
            out += data[at + 1 : at + 2 + length]
            at += 2 + length
        else:
            assert length != 128
            out += [data[at + 1]] * (257 - length)
            at += 2
    return out


@pytest.mark.parametrize("width", [1, 2, 127, 128, 129, 300])
@pytest.mark.parametrize("levels", [1, 2, 256])
def test_packbits_of_rows_of_any_width(width: int, levels: int) -> None:
    rows = np.random.default_rng(width).integers(0, levels, (7, width), np.uint8)
    packed = runs.packbits(rows)
    assert [unpacked(packed.row(number)) for number in range(7)] == rows.tolist()


@given(st.lists(st.integers(0, 2), min_size=1, max_size=400))
def test_packbits_of_any_row(row: list[int]) -> None:
    assert unpacked(runs.packbits(np.array([row], np.uint8)).row(0)) == row


def test_another_reader_of_packbits_agrees() -> None:
    rows = np.random.default_rng(1).integers(0, 3, (5, 500), np.uint8)
    data = runs.packbits(rows).data
    read = Image.frombytes("L", (500, 5), data, "packbits", "L")
    assert TiffImagePlugin.COMPRESSION_INFO[32773] == "packbits"
    assert np.asarray(read).tolist() == rows.tolist()


def test_bytes_of_pwg() -> None:
    row = np.array([[[1], [1], [1], [2], [3], [4]]], np.uint8)
    assert runs.pwg(row, np.array([5])) == bytes([4, 2, 1, 254, 2, 3, 4])
