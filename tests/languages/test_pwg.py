"""PWG raster: read again by a reader of its own, and by the one of CUPS in the journeys."""

from __future__ import annotations

import numpy as np
import pytest
from tests.peers.decoders import RasterPage, pwg_pages

from comptoir.core.sheet import A4, Ink, Paper, Setup, Side, Sides, Wishes
from comptoir.languages.pwg import Back, PwgWriter

SMALL = Paper("custom_small_10x20mm", 1_000, 2_000)


def written(setup: Setup, *sides: Side, wishes: Wishes | None = None, back: Back = "normal") -> list[RasterPage]:
    writer = PwgWriter(setup, wishes or Wishes(), back)
    out = writer.begin()
    for side in sides:
        out += b"".join(writer.side(side))
    return pwg_pages(out + writer.end())


def noise(setup: Setup, ink: Ink) -> Side:
    depth = 3 if ink == "colours" else 1
    dots = np.random.default_rng(1).integers(0, 4, (setup.height, setup.width, depth), np.uint8)
    dots[5:400] = dots[5]  # more equal rows than one count can say
    return Side(setup.width, setup.height, ink, dots.data.cast("B"))


def dots_of(side: Side) -> list[int]:
    return list(side.dots)


@pytest.mark.parametrize("ink", ["greys", "colours"])
def test_dots_are_what_they_were(ink: Ink) -> None:
    setup = Setup(Paper("x_y_30x60mm", 3_000, 6_000), 300, ink)
    side = noise(setup, ink)
    (page,) = written(setup, side)
    assert page.dots.reshape(-1).tolist() == dots_of(side)
    assert (page.space, page.dpi) == (19 if ink == "colours" else 18, 300)


def test_greys_among_colours_are_colours_too() -> None:
    setup = Setup(SMALL, 300, "colours")
    first, second = written(setup, noise(setup, "colours"), noise(setup, "greys"))
    assert first.space == second.space == 19
    assert (second.dots[:, :, 0] == second.dots[:, :, 2]).all()


def test_the_header_says_paper_and_sides() -> None:
    setup = Setup(A4, 72)
    (page,) = written(setup, noise(setup, "greys"), wishes=Wishes(sides="two-sided-short-edge"))
    assert (page.points, page.name) == ((595, 842), "iso_a4_210x297mm")
    assert (page.duplex, page.tumble, page.cross, page.feed) == (1, 1, 1, 1)


#: PWG 5102.4, table 14: (cross feed, feed) of the back; -1 is sent from the other end
BACKS = [
    ("normal", "two-sided-long-edge", 1, 1),
    ("normal", "two-sided-short-edge", 1, 1),
    ("flipped", "two-sided-long-edge", 1, -1),
    ("flipped", "two-sided-short-edge", -1, 1),
    ("rotated", "two-sided-long-edge", -1, -1),
    ("rotated", "two-sided-short-edge", 1, 1),
    ("manual-tumble", "two-sided-long-edge", 1, 1),
    ("manual-tumble", "two-sided-short-edge", -1, -1),
    ("rotated", "one-sided", 1, 1),
]


@pytest.mark.parametrize(("back", "sides", "cross", "feed"), BACKS)
def test_the_back_of_a_sheet_is_sent_as_the_printer_turns_it(back: Back, sides: Sides, cross: int, feed: int) -> None:
    setup = Setup(SMALL, 300)
    side = noise(setup, "greys")
    front, rear = written(setup, side, side, wishes=Wishes(sides=sides), back=back)
    assert (front.cross, front.feed) == (1, 1)
    assert (rear.cross, rear.feed) == (cross % 2**32, feed % 2**32)
    assert (rear.dots[::feed, ::cross] == front.dots).all()
