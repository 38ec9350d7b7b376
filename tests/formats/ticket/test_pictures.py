from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from comptoir.core.errors import FormatError
from comptoir.core.page import Media
from comptoir.formats.ticket.pictures import picture, png


def encoded(width: int, height: int, kind: str = "PNG") -> str:
    out = io.BytesIO()
    Image.new("L", (width, height), 0).save(out, kind)
    return base64.b64encode(out.getvalue()).decode()


def test_a_png_in_base64() -> None:
    data, pixels = png(encoded(20, 10))
    assert pixels == 200
    drawn = picture(data, Media(), 576, "right")
    assert (drawn.width, drawn.height, drawn.align) == (20, 10, "right")
    assert set(drawn.bits) == {0xFF, 0xF0}


def test_blanks_and_missing_padding_do_no_harm() -> None:
    value = encoded(3, 3)
    assert png(f"{value[:10]} {value[10:]}".rstrip("=")) == png(value)


def test_a_picture_is_made_as_narrow_as_its_column() -> None:
    data, _ = png(encoded(400, 100))
    drawn = picture(data, Media(), 200, "center")
    assert (drawn.width, drawn.height) == (200, 50)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("logo.png", "not in base64"),
        ("https://example.org/logo.png", "not in base64"),
        ("é", "not in base64"),
        ("AAAA", "is no PNG"),
        (encoded(2, 2, "BMP"), "is no PNG"),
        ("iVBORw0KGgo", "is no PNG"),
    ],
)
def test_anything_else_is_refused(value: str, reason: str) -> None:
    with pytest.raises(FormatError, match=reason) as refused:
        png(value)
    assert "PNG in base64" in refused.value.hint


def test_a_damaged_picture_is_refused() -> None:
    data, _ = png(encoded(20, 10)[:60])
    with pytest.raises(FormatError):
        picture(data, Media(), 576, "center")
