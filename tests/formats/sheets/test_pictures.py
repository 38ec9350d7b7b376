"""Pictures on sheets: as large as fits, or as they say; what is no picture."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from comptoir.core.errors import FormatError
from comptoir.core.sheet import A4, Scaling, Setup, Wishes
from comptoir.formats.sheets.canvas import Canvas
from comptoir.formats.sheets.pictures import drawn
from comptoir.languages.lettering import draw_line

SETUP = Setup(A4, 72)


def picture(size: tuple[int, int], form: str = "PNG", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 0, 0)).save(out, form, **more)
    return out.getvalue()


def canvas_of(content: bytes, scaling: Scaling = "auto", setup: Setup = SETUP) -> Canvas:
    ((canvas, _),) = drawn(content, setup, Wishes(scaling=scaling), draw_line, {})
    return canvas


def inked(canvas: Canvas) -> tuple[int, int]:
    """Width and height of what is not white."""
    rows, columns = np.nonzero(canvas.dots < 200)
    return int(columns.max() - columns.min()) + 1, int(rows.max() - rows.min()) + 1


@pytest.mark.parametrize(("size", "wanted"), [((60, 60), (571, 571)), ((200, 100), (409, 818)), ((3, 400), (6, 818))])
def test_it_is_as_large_as_fits_and_turned_where_it_lies(size: tuple[int, int], wanted: tuple[int, int]) -> None:
    assert inked(canvas_of(picture(size))) == wanted


def test_none_is_the_size_that_it_says() -> None:
    assert inked(canvas_of(picture((150, 300), dpi=(150, 150)), "none")) == (72, 144)


def test_fill_leaves_no_white() -> None:
    assert inked(canvas_of(picture((100, 100)), "fill")) == (595, 842)


def test_a_large_photo_is_not_read_at_its_full_size() -> None:
    assert inked(canvas_of(picture((2000, 4000), "JPEG"))) == (409, 818)


def test_colours() -> None:
    canvas = canvas_of(picture((50, 50)), setup=Setup(A4, 72, "colours"))
    assert canvas.dots[421, 297].tolist() == [200, 0, 0]


@pytest.mark.parametrize("content", [b"GIF89a", picture((50, 50))[:60], b""])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(FormatError):
        canvas_of(content)
