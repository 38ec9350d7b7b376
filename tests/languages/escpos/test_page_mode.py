from __future__ import annotations

from comptoir.core.page import Media, Picture
from comptoir.languages.escpos.elements import Feed, Run, TextLine
from comptoir.languages.escpos.page_mode import LIMIT, PageMode


def line(text: str) -> TextLine:
    return TextLine((Run(text),))


def test_lines_stand_below_one_another() -> None:
    page = PageMode(Media())
    page.start()
    page.place(line("a"), 0)
    page.place(Feed(10), 0)
    page.place(line("b"), 0)
    sheet = page.print()
    assert sheet is not None
    assert [placed.base for placed in sheet.areas[0].placed] == [24, 64]
    assert sheet.height == 0, "as high as what stands on it"


def test_a_position_is_the_lower_edge() -> None:
    page = PageMode(Media())
    page.start()
    page.set_height(100, relative=False)
    page.place(Picture(8, 50, bytes(50)), 20)
    page.set_height(-30, relative=True)
    page.place(line("x"), 0)
    sheet = page.print()
    assert sheet is not None
    assert [(placed.left, placed.base) for placed in sheet.areas[0].placed] == [(20, 100), (0, 70)]


def test_areas_and_directions() -> None:
    page = PageMode(Media())
    page.start()
    page.set_area(100, 0, 200, 300)
    page.set_direction(1)
    assert page.across == 300
    page.place(line("up"), 0)
    page.set_direction(51)
    page.place(line("down"), 0)
    page.set_area(0, 0, 0, 5)
    sheet = page.print()
    assert sheet is not None
    assert [(area.left, area.width, area.height, area.turns) for area in sheet.areas] == [
        (100, 200, 300, 1),
        (100, 200, 300, 3),
    ]
    assert sheet.height == 300


def test_cancel_empties_the_area_only() -> None:
    page = PageMode(Media())
    page.start()
    page.place(line("a"), 0)
    page.set_area(0, 0, 100, 100)
    page.place(line("b"), 0)
    page.cancel()
    sheet = page.print()
    assert sheet is not None
    assert [placed.element for placed in sheet.lines] == [line("a")]
    page.start()
    assert page.empty
    assert page.print() is None


def test_a_page_takes_so_much_and_no_more() -> None:
    page = PageMode(Media())
    page.start()
    picture = Picture(800, 1000, bytes(100_000))
    taken = sum(page.place(picture, 0) for _ in range(100))
    assert taken == LIMIT // 100_200
