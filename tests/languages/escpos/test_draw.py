from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from comptoir.core.page import PLAIN, Media, Picture, Style
from comptoir.languages.escpos.draw import draw, image, stacked
from comptoir.languages.escpos.elements import (
    Area,
    Element,
    Feed,
    Inset,
    Placed,
    Run,
    Sheet,
    Symbol,
    TextLine,
)
from comptoir.languages.escpos.paper import Paper

MEDIA = Media()


def line(text: str, style: Style = PLAIN, **more: object) -> TextLine:
    return TextLine((Run(text, style),), **more)  # type: ignore[arg-type]


def ink(*elements: Element) -> tuple[int, int, int, int]:
    """The box that holds all ink: left, top, right, bottom."""
    box = image(Paper(elements), MEDIA).convert("L").point(lambda level: 255 - level).getbbox()
    assert box is not None
    return box


def blackness(*elements: Element) -> int:
    return image(Paper(elements), MEDIA).histogram()[0]


def test_a_png_of_one_bit_as_wide_as_the_paper() -> None:
    png = Image.open(io.BytesIO(draw(Paper((line("Hello"),)), MEDIA)))
    assert (png.format, png.mode, png.width) == ("PNG", "1", 576)
    assert Image.open(io.BytesIO(draw(Paper((line("Hello"),)), MEDIA, margin=32))).width == 640


def test_48_columns_fill_the_paper() -> None:
    left, _, right, _ = ink(line("H" * 48))
    assert left <= 2
    assert right >= 573


def test_alignment() -> None:
    assert ink(line("HH"))[2] <= 24
    assert ink(line("HH", align="right"))[0] >= 552
    left, _, right, _ = ink(line("HH", align="center"))
    assert abs((left + right) / 2 - 288) <= 2
    assert ink(line("HH", margin=120))[0] >= 120


def test_styles_are_seen() -> None:
    plain = blackness(line("Hello"))
    assert blackness(line("Hello", Style(bold=True))) > 1.15 * plain
    assert blackness(line("Hello", Style(width=2, height=2))) == 4 * plain
    assert blackness(line("Hello", Style(inverse=True))) == 60 * 24 - plain
    assert blackness(line("Hello", Style(underline=True))) == plain + 60 * 2


@pytest.mark.parametrize("letters", ["é", "€", "œ", "À", "g", "Ж", "Γ"])
def test_accents_and_tails_are_whole(letters: str) -> None:
    """Drawn with room around, a letter has no more ink than in its cell: nothing is cut off."""
    high = blackness(line(letters))
    assert high > 0
    assert high != blackness(line("\ufffe")), "not the box of a missing character"


def test_a_picture_is_drawn_dot_by_dot() -> None:
    assert blackness(Picture(16, 2, b"\xf0\x0f\x00\x01")) == 9
    assert ink(Picture(16, 1, b"\xff\xff", "right")) == (560, 28, 576, 29)


def test_symbols_and_feeds_take_room() -> None:
    assert blackness(Symbol("QR", "x" * 200, "center")) > 500
    assert image(Paper((Feed(100),)), MEDIA).height == 156


def test_a_paper_of_any_length_has_an_end() -> None:
    assert image(Paper((Feed(10_000_000),)), MEDIA).height == 40_000


def test_papers_below_one_another() -> None:
    one = image(Paper((line("a"),)), MEDIA)
    both = Image.open(io.BytesIO(stacked([one, one])))
    assert both.height == 2 * one.height


def test_a_paper_without_end_is_drawn_up_to_a_limit() -> None:
    """No more strips are made than fit the picture."""
    made = 0

    def strips() -> Iterator[Feed]:
        nonlocal made
        while True:
            made += 1
            yield Feed(1_000)

    class Endless:
        elements = strips()

    assert image(Endless(), Media()).height == 40_000  # type: ignore[arg-type]
    assert made < 50


def test_what_is_printed_over_something_adds_its_ink() -> None:
    both = TextLine((Run("HHHH"), Run("____")))
    assert blackness(both) > blackness(line("HHHH"))
    assert ink(both)[2] <= 48
    back = (line("HHHH"), Feed(-30), line("____"))
    assert blackness(*back) == blackness(both)
    assert image(Paper(back), MEDIA).height == 30 + 2 * 28


def test_runs_stand_where_they_were_put() -> None:
    assert ink(TextLine((Run("H", at=300),)))[0] >= 300
    assert ink(TextLine((Run("H"),), insets=(Inset(Picture(8, 8, b"\xff" * 8), 100),)))[2] == 108


def test_upside_down_lines_are_turned_in_the_print_area() -> None:
    upright = image(Paper((line("Hgp"),)), MEDIA)
    turned = image(Paper((line("Hgp", flipped=True),)), MEDIA)
    box = (0, 28, 576, 52)
    assert upright.crop(box).rotate(180).tobytes() == turned.crop(box).tobytes()


@pytest.mark.parametrize(
    ("turns", "box"),
    [(0, (100, 50, 108, 60)), (1, (100, 142, 110, 150)), (2, (292, 140, 300, 150)), (3, (290, 50, 300, 58))],
)
def test_page_mode_prints_in_four_directions(turns: int, box: tuple[int, int, int, int]) -> None:
    mark = Placed(0, 10, Picture(8, 10, b"\xff" * 10))
    area = Area(100, 50, 200, 100, turns, (mark,))
    left, top, right, bottom = ink(Sheet(200, (area,)))
    assert (left, top - 28, right, bottom - 28) == box


def test_a_page_without_a_height_is_as_high_as_what_stands_on_it() -> None:
    sheet = Sheet(0, (Area(0, 0, 576, 1662, 0, (Placed(0, 40, line("x")),)),))
    assert 30 < image(Paper((sheet,)), MEDIA).height - 56 <= 40


def test_a_symbol_wider_than_the_paper_is_a_frame() -> None:
    wide = Symbol("CODE128", "x" * 60, module=6, height=50)
    assert ink(wide)[2] <= 576
