"""Pictures and their pages."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from comptoir.archive.kinds.picture import Picture
from comptoir.core.errors import FormatError


def encoded(kind: str, *colours: str) -> bytes:
    out = io.BytesIO()
    first, *rest = (Image.new("RGB", (30, 20), colour) for colour in colours)
    first.save(out, kind, **({"save_all": True, "append_images": rest} if rest else {}))
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF"])
def test_a_picture_is_one_page_without_text(kind: str) -> None:
    document = Picture(encoded(kind, "blue"))
    picture = document.picture(1, 100)
    assert (document.pages, document.text()) == (1, "")
    assert picture is not None
    assert (picture.size, picture.mode) == ((30, 20), "RGB")
    assert document.picture(2, 100) is None


def test_each_page_of_a_fax() -> None:
    document = Picture(encoded("TIFF", "red", "lime"))
    assert document.pages == 2
    second = document.picture(2, 100)
    assert second is not None
    assert second.getpixel((3, 3)) == (0, 255, 0)


def test_what_is_no_picture() -> None:
    with pytest.raises(FormatError):
        Picture(b"\x89PNG\r\n\x1a\n and no more")
