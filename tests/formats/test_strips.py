"""Raster pages on a receipt: their content, as wide as the paper allows."""

from __future__ import annotations

import numpy as np
import pytest
from tests.peers.rasters import pwg, sheet

from comptoir.core.errors import FormatError
from comptoir.core.page import Feed, Line, Media, Picture
from comptoir.core.sheet import A4, Setup, paper_of
from comptoir.formats import strips, typed_reader

MEDIA = Media()
SETUP = Setup(A4, 100)


def pictures(content: bytes, **attributes: str) -> list[Picture]:
    (page,) = strips.read(content, MEDIA, attributes)
    return [one for one in page.elements if isinstance(one, Picture)]


def inked(picture: Picture) -> tuple[int, int]:
    bits = np.unpackbits(np.frombuffer(picture.bits, np.uint8).reshape(picture.height, -1), axis=1)
    rows, columns = np.nonzero(bits)
    return int(columns.max() - columns.min()) + 1, int(rows.max() - rows.min()) + 1


def test_the_content_of_a_wide_page_fills_the_paper() -> None:
    (picture,) = pictures(pwg(sheet(SETUP, (100, 100, 600, 300)), setup=SETUP))
    assert picture.width == MEDIA.dots
    wide, high = inked(picture)
    assert wide > MEDIA.dots - 12
    assert abs(high - 200 * wide / 500) < 4


def test_it_is_never_enlarged() -> None:
    (picture,) = pictures(pwg(sheet(SETUP, (100, 100, 150, 150)), setup=SETUP))
    assert abs(inked(picture)[0] - 50 * MEDIA.dpi / SETUP.dpi) < 6


def test_a_narrow_page_keeps_its_place() -> None:
    small = Setup(paper_of("custom_till_50x80mm"), MEDIA.dpi)
    (picture,) = pictures(pwg(sheet(small, (10, 10, 60, 40)), setup=small))
    assert (picture.width, inked(picture)) == (small.width, (50, 30))


def test_pages_follow_each_other_and_blank_ones_are_left_out() -> None:
    page, blank = sheet(SETUP, (100, 100, 600, 300)), sheet(SETUP)
    (one,) = strips.read(pwg(page, blank, page, setup=SETUP), MEDIA, {"duplicata": "yes"})
    kinds = [type(element) for element in one.elements]
    assert kinds == [Line, Picture, Feed, Picture]
    (empty,) = strips.read(pwg(blank, setup=SETUP), MEDIA, {})
    assert [type(element) for element in empty.elements] == [Picture]
    assert len(pictures(pwg(blank, setup=SETUP), trim="no")) == 1


def test_too_much_paper_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strips, "MAX_PAGES", 1)
    page = sheet(SETUP, (100, 100, 600, 300))
    with pytest.raises(FormatError, match="too much paper"):
        pictures(pwg(page, page, setup=SETUP))
    with pytest.raises(FormatError):
        pictures(b"RaS2")


def test_who_reads_which_type() -> None:
    assert typed_reader("image/pwg-raster") is typed_reader("image/urf") is strips.read
    assert typed_reader("application/pdf") is None
