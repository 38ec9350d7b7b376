from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.page import Align
from comptoir.formats.ticket.grid import Grid, most_columns, ruled, text_grid, whole_grid
from comptoir.formats.ticket.properties import FREE, Settings

SPACE = Settings()
LINE = Settings(lines=True)


def test_columns_share_the_paper() -> None:
    assert text_grid((FREE, FREE), SPACE, 48).widths == (23, 24)
    assert text_grid((FREE, FREE), SPACE, 48).starts == (0, 24)
    assert text_grid((FREE, FREE), LINE, 48) == Grid(0, 48, (1, 24), (22, 23))


def test_fixed_columns_leave_the_rest_to_the_others() -> None:
    assert text_grid((FREE, 4, 8), SPACE, 32).widths == (18, 4, 8)


@pytest.mark.parametrize(("align", "left"), [("left", 0), ("center", 11), ("right", 23)])
def test_fixed_columns_stand_where_align_says(align: Align, left: int) -> None:
    assert text_grid((10, 14), Settings(align=align), 48).left == left


def test_the_widest_give_way_where_there_is_too_little() -> None:
    assert text_grid((100, 2, 10), SPACE, 48).widths == (34, 2, 10)
    assert text_grid((FREE, 50), SPACE, 10).widths == (1, 8)


def test_a_giant_width_costs_nothing() -> None:
    assert text_grid((999_999, 999_999), SPACE, 48).widths == (24, 23)


def test_rules_and_codes_stand_in_the_columns_together() -> None:
    assert whole_grid(SPACE, 48) == Grid(0, 48, (0,), (48,))
    assert whole_grid(replace(SPACE, widths=(10, FREE)), 48).width == 48
    assert whole_grid(replace(SPACE, widths=(12, 0, 12)), 48) == Grid(11, 25, (11,), (25,))
    assert whole_grid(replace(LINE, widths=(12, 12)), 48).width == 27
    assert whole_grid(replace(SPACE, widths=(90,)), 48).width == 48
    assert whole_grid(replace(SPACE, widths=(0,)), 48).width == 0


def test_ruled_lines_join_the_columns_above_and_below() -> None:
    above = text_grid((2, 2), replace(LINE, align="left"), 12)
    below = text_grid((5,), replace(LINE, align="left"), 12)
    assert ruled(None, above) == (0, "┌──┬──┐")
    assert ruled(above, None) == (0, "└──┴──┘")
    assert ruled(above, above) == (0, "├──┼──┤")
    assert ruled(above, below) == (0, "├──┴──┤")


def test_ruled_lines_join_columns_that_do_not_stand_below_one_another() -> None:
    wide = Grid(0, 8, (1,), (6,))
    right = Grid(4, 4, (5,), (2,))
    assert ruled(wide, right) == (0, "└───┬──┤")
    assert ruled(right, wide) == (0, "┌───┴──┤")
    assert ruled(Grid(0, 3, (1,), (1,)), Grid(5, 3, (6,), (1,))) == (0, "└─┘  ┌─┐")


SETTINGS = st.builds(
    Settings, lines=st.booleans(), border=st.sampled_from([0, 1, 2]), align=st.sampled_from(["left", "center", "right"])
)
WIDTHS = st.lists(st.one_of(st.just(FREE), st.integers(1, 100), st.integers(1, 999_999)), max_size=60)


@given(SETTINGS, WIDTHS, st.integers(8, 96))
def test_columns_never_overlap_and_never_leave_the_paper(settings: Settings, widths: list[int], paper: int) -> None:
    if settings.lines:
        settings = replace(settings, border=1)
    widths = widths[: most_columns(settings, paper)]
    grid = text_grid(widths, settings, paper)
    assert len(grid.widths) == len(grid.starts) == len(widths)
    assert all(width >= 1 for width in grid.widths)
    assert grid.left >= 0
    assert grid.left + grid.width <= paper
    edges = [grid.left, *(edge for at, size in zip(grid.starts, grid.widths, strict=True) for edge in (at, at + size))]
    assert edges == sorted(edges)
    assert edges[-1] <= grid.left + grid.width
    if FREE in widths:
        assert grid.width == paper
    if settings.lines:
        assert len(ruled(grid, grid)[1]) == grid.width
