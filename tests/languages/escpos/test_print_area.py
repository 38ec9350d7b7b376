from __future__ import annotations

import pytest

from comptoir.core.page import Media
from comptoir.languages.escpos.print_area import PrintArea


@pytest.fixture
def area() -> PrintArea:
    return PrintArea(Media(576, 48))


def test_at_first_it_is_the_whole_paper(area: PrintArea) -> None:
    assert (area.margin, area.room, area.full_width) == (0, 576, True)


def test_margin_and_width_narrow_it(area: PrintArea) -> None:
    area.set_margin(b"\x64\x00")
    assert (area.margin, area.room, area.full_width) == (100, 476, False)
    area.set_width(b"\x2c\x01")
    assert area.room == 300


def test_a_character_always_has_room(area: PrintArea) -> None:
    area.set_margin(b"\xff\xff")
    assert (area.margin, area.room) == (564, 12)
    area.set_width(b"\x00\x00")
    assert area.room == 12


def test_page_mode_has_its_own_width_and_no_margin(area: PrintArea) -> None:
    area.set_margin(b"\x64\x00")
    area.set_page(200)
    assert (area.margin, area.room, area.full_width) == (0, 200, False)
    area.set_page(0)
    assert (area.margin, area.room) == (100, 476)


def test_units_are_parts_of_an_inch(area: PrintArea) -> None:
    area.set_units(bytes((203, 101)))
    assert (area.across(10), area.down(10)) == (10, 20)
    area.set_units(b"\x00\x00")
    assert (area.across(10), area.down(-10)) == (10, -10)


def test_after_a_reset_it_is_as_at_first(area: PrintArea) -> None:
    area.set_units(b"\x33\x33")
    area.set_margin(b"\x10\x00")
    area.set_width(b"\x10\x00")
    area.reset()
    assert (area.margin, area.room, area.full_width, area.across(3)) == (0, 576, True, 3)
