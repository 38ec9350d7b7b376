"""PCL 5 raster: read again by a reader of its own."""

from __future__ import annotations

import numpy as np
import pytest
from tests.peers.decoders import pcl_pages

from comptoir.core.errors import FormatError
from comptoir.core.sheet import A4, PAPERS, Setup, Side, Wishes
from comptoir.languages.pcl import Pcl


def side_of(setup: Setup, *black: tuple[int, int]) -> Side:
    """A white side with some black dots, at (row, column)."""
    dots = np.zeros((setup.height, setup.width), np.uint8)
    for row, column in black:
        dots[row, column] = 1
    return Side(setup.width, setup.height, "black", np.packbits(dots, axis=1).data.cast("B"))


def written(setup: Setup, *sides: Side, wishes: Wishes | None = None) -> bytes:
    writer = Pcl().writer(setup, wishes or Wishes())
    return writer.begin() + b"".join(piece for side in sides for piece in writer.side(side)) + writer.end()


def test_dots_stand_where_they_stood_from_pcls_left_edge_on() -> None:
    setup = Setup(A4, 300, "black")
    (page,) = pcl_pages(written(setup, side_of(setup, (100, 71), (100, 500), (102, 1000))))
    rows, columns = np.nonzero(page.dots)
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == [(100, 0), (100, 429), (102, 929)]
    assert page.dots.shape[1] == 2480 - 2 * 71


def test_the_sheet_is_set_once() -> None:
    setup = Setup(PAPERS["letter"], 600, "black")
    data = written(setup, side_of(setup), side_of(setup), wishes=Wishes(sides="two-sided-long-edge", tray="tray-2"))
    first, second = pcl_pages(data)
    assert first.commands == second.commands
    wanted = {"&lS": 1, "&lH": 4, "&lA": 2, "&lO": 0, "&lE": 0, "&lL": 0, "&uD": 600, "*tR": 600, "*bM": 2}
    assert wanted.items() <= first.commands.items()
    assert data.count(b"\x1bE") == 2
    assert b"ENTER LANGUAGE=PCL\r\n\x1bE" in data


def test_a_paper_or_fineness_that_pcl_has_not() -> None:
    with pytest.raises(FormatError, match="size"):
        Pcl().writer(Setup(PAPERS["a4"].__class__("x_y_100x100mm", 10_000, 10_000), 300, "black"), Wishes())
    with pytest.raises(FormatError, match="1200"):
        Pcl().writer(Setup(A4, 1200, "black"), Wishes())
