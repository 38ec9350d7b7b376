"""Raster pages as pictures."""

from __future__ import annotations

import numpy as np
import pytest

from comptoir.archive.kinds.raster import Raster
from comptoir.core.errors import FormatError
from comptoir.core.sheet import Paper, Setup, Side, Wishes
from comptoir.languages.pwg import PwgWriter


def test_a_page_has_its_dots() -> None:
    setup = Setup(Paper("custom_30x30mm", 3_000, 3_000), 100, "greys")
    dots = np.full((setup.height, setup.width), 255, np.uint8)
    dots[2, 5] = 7
    writer = PwgWriter(setup, Wishes())
    side = Side(setup.width, setup.height, "greys", dots.data.cast("B"))
    document = Raster(writer.begin() + b"".join(writer.side(side)) * 1 + writer.end())
    picture = document.picture(1, 50)
    assert (document.pages, document.text()) == (1, "")
    assert picture is not None
    assert (picture.size, picture.getpixel((5, 2)), picture.getpixel((0, 0))) == (dots.shape[::-1], 7, 255)
    assert document.picture(2, 50) is None
    assert document.picture(0, 50) is None


def test_pages_of_a_stream() -> None:
    page = bytes([8, 0, 1, 4]) + bytes(8) + (2).to_bytes(4) + (1).to_bytes(4) + (600).to_bytes(4) + bytes(8)
    document = Raster(b"UNIRAST\0\0\0\0\2" + page + b"\0\x01\x10" + page + b"\0\x01\x20")
    pictures = [document.picture(number, 50) for number in (1, 2, 3)]
    assert [picture and picture.getpixel((0, 0)) for picture in pictures] == [16, 32, None]


def test_what_is_damaged() -> None:
    with pytest.raises(FormatError):
        Raster(b"UNIRAST\0\0\0\0\1")
