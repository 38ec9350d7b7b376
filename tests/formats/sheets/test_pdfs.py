"""PDF pages on sheets: turned, scaled, cut, in colours; and what cannot be read."""

from __future__ import annotations

import numpy as np
import pytest
from tests.peers.pdfs import box, locked, pdf

from comptoir.core.errors import FormatError
from comptoir.core.sheet import A4, Scaling, Setup, Wishes
from comptoir.formats.sheets.canvas import Canvas
from comptoir.formats.sheets.pdfs import drawn, pages_of
from comptoir.languages.lettering import draw_line

SETUP = Setup(A4, 72)


def canvas_of(content: bytes, setup: Setup = SETUP, scaling: Scaling = "auto") -> Canvas:
    ((canvas, missing),) = drawn(content, setup, Wishes(scaling=scaling), draw_line, {})
    assert missing == ""
    return canvas


def black(canvas: Canvas) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is black."""
    rows, columns = np.nonzero(canvas.dots < 128)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def test_a_page_of_a4_stands_on_a4_as_it_is() -> None:
    assert black(canvas_of(pdf(box(100, 700, 50, 20)))) == (100, 122, 150, 142)


def test_a_page_on_its_side_is_turned_to_the_left() -> None:
    # Its upper left corner comes to the lower left one.
    left, top, right, bottom = black(canvas_of(pdf(box(0, 575, 100, 20), width=842, height=595)))
    assert (left, right, bottom) == (0, 20, 842)
    assert bottom - top == 100


def test_ten_metres_fit_on_a_sheet_in_little_memory() -> None:
    left, _, right, _ = black(canvas_of(pdf(box(0, 0, 28_346, 28_346), width=28_346, height=28_346)))
    assert (left, right) == (12, 583)


def test_ten_metres_as_they_are_are_cut_to_the_sheet() -> None:
    assert black(canvas_of(pdf(box(0, 0, 28_346, 28_346), width=28_346, height=28_346), scaling="none")) == (
        0, 0, 595, 842,
    )  # fmt: skip


def test_colours() -> None:
    canvas = canvas_of(pdf("1 0 0 rg 100 700 50 20 re f"), Setup(A4, 72, "colours"))
    assert canvas.dots[130, 120].tolist() == [255, 0, 0]


@pytest.mark.parametrize("content", [locked(), b"%PDF-1.4", pdf()])
def test_what_cannot_be_printed_is_said(content: bytes) -> None:
    with pytest.raises(FormatError):
        pages_of(content)


def test_two_thousand_pages_are_counted() -> None:
    assert pages_of(pdf(*["0 0 1 1 re f"] * 2000)) == 2000
