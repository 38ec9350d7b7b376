"""A side in memory: what is laid on it stands where it should, and is cut where it stands over."""

from __future__ import annotations

import numpy as np
import pytest

from comptoir.core.errors import FormatError
from comptoir.core.page import Picture
from comptoir.core.sheet import Ink, Paper, Setup
from comptoir.formats.sheets.canvas import Canvas
from comptoir.languages.lettering import draw_line

SMALL = Paper("x_y_50x50mm", 5_000, 5_000)


def test_what_stands_over_is_cut() -> None:
    canvas = Canvas(Setup(SMALL, 300))
    canvas.lay(np.zeros((2000, 2000), np.uint8), -100, -50)
    assert not canvas.dots.any()
    canvas.lay(np.full((5, 5), 9, np.uint8), 10_000, 0)
    assert not canvas.dots.any()


def test_a_picture_is_black_on_white() -> None:
    canvas = Canvas(Setup(SMALL, 300, "colours"))
    canvas.write(Picture(10, 1, b"\x80\x40"), 3, 4)
    assert np.argwhere(canvas.dots[:, :, 0] == 0).tolist() == [[4, 3], [4, 12]]


@pytest.mark.parametrize("ink", ["black", "greys", "colours"])
def test_a_white_side_is_white(ink: Ink) -> None:
    side = Canvas(Setup(SMALL, 300, ink)).side("x")
    assert side.ink == ("black" if ink == "black" else "greys")
    assert set(bytes(side.dots)) == ({0} if ink == "black" else {255})
    assert side.missing == "x"


def test_colours_stay_where_there_are_some() -> None:
    canvas = Canvas(Setup(SMALL, 300, "colours"))
    canvas.dots[-1, -1] = (10, 20, 20)
    assert canvas.side().ink == "greys"
    canvas.dots[-1, -1] = (200, 20, 20)
    assert canvas.side().ink == "colours"


def test_the_mark_stands_in_the_middle_of_the_upper_edge() -> None:
    canvas = Canvas(Setup(SMALL, 300))
    canvas.mark(draw_line)
    rows, columns = np.nonzero(canvas.dots == 0)
    assert 71 <= rows.min() <= rows.max() <= 71 + 59
    assert abs(columns.min() + columns.max() - canvas.dots.shape[1]) < 20


def test_a_sheet_of_a_wall_is_not_drawn() -> None:
    with pytest.raises(FormatError, match="dots"):
        Canvas(Setup(Paper("x_y_1200x1200mm", 120_000, 120_000), 600))


def test_the_mark_stands_where_the_printer_can_print() -> None:
    canvas = Canvas(Setup(SMALL, 72, "greys", margin=2_000))
    canvas.mark(draw_line)
    assert np.flatnonzero(canvas.dots.min(axis=1) < 128)[0] >= 2_000 * 72 // 2540
