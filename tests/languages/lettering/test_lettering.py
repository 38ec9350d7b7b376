from __future__ import annotations

import subprocess
import sys

import pytest
from PIL import Image

from comptoir.core.page import Cell, Line, Media, Row, Style
from comptoir.languages.lettering import Lettered, draw_line, draw_row, glyph_image, text_image

MEDIA = Media(dots=240, columns=20)


def picture(lettered: Lettered) -> Image.Image:
    drawn = lettered.picture
    return Image.frombytes("1", (drawn.width, drawn.height), drawn.bits)


def ink(lettered: Lettered) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is black."""
    box = picture(lettered).getbbox()
    assert box is not None
    return box


def test_a_row_has_its_texts_at_their_columns() -> None:
    sheet = picture(draw_row(Row((Cell(0, "日本"), Cell(10, "x"), Cell(18, "€"))), MEDIA))
    assert sheet.size == (240, 24)
    columns = [x // 12 for x in range(240) if sheet.crop((x, 0, x + 1, 24)).getbbox()]
    assert set(columns) == {0, 1, 2, 3, 10, 18}


def test_a_row_is_as_high_as_its_highest_style_and_stands_on_its_lower_edge() -> None:
    row = draw_row(Row((Cell(0, "H"), Cell(4, "H", Style(width=2, height=2)))), MEDIA)
    assert row.picture.height == 48
    small = picture(row).crop((0, 0, 12, 48)).getbbox()
    assert small is not None
    assert small[3] == 24 + 19


def test_a_row_keeps_columns_of_right_to_left_texts() -> None:
    left, _, right, _ = ink(draw_row(Row((Cell(5, "שלום"),)), MEDIA))
    assert left >= 5 * 12
    assert right <= 9 * 12


def test_a_row_that_is_too_long_is_cut_off_at_the_edge() -> None:
    assert draw_row(Row((Cell(18, "███"),)), MEDIA).picture.width == 240


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (Line("██"), 0),
        (Line("██", Style(align="center")), 108),
        (Line("██", Style(align="right")), 216),
        (Line("██" * 12), 0),
    ],
)
def test_a_line_stands_where_its_style_says(line: Line, left: int) -> None:
    assert ink(draw_line(line, MEDIA))[0] == left


def test_a_line_that_is_read_from_right_to_left_begins_at_the_right_edge() -> None:
    assert ink(draw_line(Line("שלום"), MEDIA))[2] > 236
    assert ink(draw_line(Line("Total שלום"), MEDIA))[0] < 4
    assert ink(draw_line(Line("שלום", Style(align="center")), MEDIA))[2] < 160


def test_missing_characters_are_named() -> None:
    assert draw_row(Row((Cell(0, "a\ue000"), Cell(5, "\ue001"))), MEDIA).missing == "\ue000\ue001"
    assert draw_line(Line("Ελλάδα"), MEDIA).missing == ""


def test_black_is_1() -> None:
    assert draw_line(Line("█"), Media(dots=12, columns=1)).picture.bits == b"\xff\xf0" * 24


def test_other_cells() -> None:
    assert text_image("ab日", cell=(9, 17))[0].size == (36, 17)
    assert draw_row(Row((Cell(2, "█"),)), MEDIA, cell=(9, 17)).picture.height == 17
    assert glyph_image("é", 1, (9, 17), bold=True).size == (9, 17)


def test_an_empty_line_is_a_line() -> None:
    for drawn in (draw_line(Line(""), MEDIA), draw_row(Row(()), MEDIA)):
        assert (drawn.picture.width, drawn.picture.height) == (240, 24)
        assert not any(drawn.picture.bits)


def test_fonts_and_pillow_are_loaded_with_the_first_line_only() -> None:
    code = "import sys, comptoir.languages.lettering; print(sorted({'PIL', 'uharfbuzz', 'bidi'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
