"""A document as requests to the process that holds a driver: a side, its bands, and a white one between copies."""

from __future__ import annotations

import io

import pytest

from comptoir.core.sheet import A4, Setup, Side
from comptoir.sinks.gdi_writer import SIDE, GdiWriter
from comptoir.windows.driver import Area, Request, read

AREA = Area(width=8, height=2, dpi_x=300, dpi_y=300, paper_width=8, paper_height=2, left=0, top=0)
SETUP = Setup(A4, 300, "greys", 0)


def side(level: int) -> Side:
    return Side(8, 2, "greys", memoryview(bytes([level]) * 16))


def test_a_side_begins_and_has_its_dots() -> None:
    writer = GdiWriter(AREA, SETUP, blank=False)
    assert writer.begin() == b""
    first, piece = writer.side(side(7))
    assert first == SIDE
    pipe = io.BytesIO(piece)
    request = read(pipe, Request)
    assert request is not None
    assert request.band is not None
    assert (request.task, request.size, request.band.height) == ("band", 16, 2)
    assert pipe.read() == bytes([7]) * 16


def test_a_white_side_is_only_begun() -> None:
    assert [*GdiWriter(AREA, SETUP, blank=False).side(side(255))] == [SIDE]


@pytest.mark.parametrize(("sides", "blank", "end"), [(1, True, SIDE), (2, True, b""), (3, True, SIDE), (1, False, b"")])
def test_the_next_copy_begins_on_a_sheet_of_its_own(sides: int, blank: bool, end: bytes) -> None:
    writer = GdiWriter(AREA, SETUP, blank=blank)
    for _ in range(sides):
        list(writer.side(side(255)))
    assert writer.end() == end
