from __future__ import annotations

import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from comptoir.core.errors import FormatError
from comptoir.core.page import Media, Picture
from comptoir.formats.image import MAX_PIXELS, read

MEDIA = Media()


def saved(image: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def picture(content: bytes) -> Picture:
    (page,) = read(content, MEDIA, {})
    (element,) = page.elements
    assert isinstance(element, Picture)
    return element


def blackness(content: bytes) -> float:
    dots = picture(content)
    return sum(byte.bit_count() for byte in dots.bits) / (dots.width * dots.height)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP"])
def test_kinds(kind: str) -> None:
    dots = picture(saved(Image.new("L", (100, 50), 0), kind))
    assert (dots.width, dots.height, dots.align) == (100, 50, "center")
    assert dots.bits == (b"\xff" * 12 + b"\xf0") * 50, "black, and white padding"


def test_wide_pictures_are_scaled_to_the_paper_and_small_ones_stay() -> None:
    dots = picture(saved(Image.new("L", (1152, 400), 255)))
    assert (dots.width, dots.height) == (576, 200)
    assert not any(dots.bits)


@pytest.mark.parametrize("level", [0, 64, 128, 192, 255])
def test_dithering_keeps_the_grey(level: int) -> None:
    assert blackness(saved(Image.new("L", (200, 200), level))) == pytest.approx(1 - level / 255, abs=0.02)


def test_what_is_transparent_is_paper() -> None:
    assert blackness(saved(Image.new("RGBA", (50, 50), (0, 0, 0, 0)))) == 0
    assert blackness(saved(Image.new("LA", (50, 50), (0, 0)))) == 0
    palette = Image.new("P", (50, 50), 0)
    palette.putpalette([0, 0, 0, 255, 255, 255])
    assert blackness(saved(palette, transparency=0)) == 0
    assert blackness(saved(palette)) == 1


def test_sixteen_bits_keep_their_greys() -> None:
    grey = Image.new("I;16", (100, 100), 0x8000)
    assert blackness(saved(grey)) == pytest.approx(0.5, abs=0.03)


def test_a_photo_lying_on_its_side_stands_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    dots = picture(saved(Image.new("L", (80, 40)), "JPEG", exif=exif))
    assert (dots.width, dots.height) == (40, 80)


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [7_000, 10_000, 60_000])
def test_decompression_bombs(side: int) -> None:
    assert side * side > MAX_PIXELS
    with pytest.raises(FormatError, match="million pixels"):
        read(bomb(side, side), MEDIA, {})


def test_a_ribbon_would_take_all_the_paper() -> None:
    with pytest.raises(FormatError, match="m of paper"):
        read(saved(Image.new("1", (8, 30_000))), MEDIA, {})


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"BM", b"%PDF-1.4"])
def test_what_is_no_picture(content: bytes) -> None:
    with pytest.raises(FormatError, match="cannot be read"):
        read(content, MEDIA, {})


SAMPLES = [saved(Image.effect_noise((40, 30), 60), kind) for kind in ("PNG", "JPEG", "GIF", "BMP")]


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=6),
    st.integers(0, 2000),
)
def test_damaged_pictures_are_format_errors(sample: bytes, changes: list[tuple[int, int]], cut: int) -> None:
    damaged = bytearray(sample)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    with contextlib.suppress(FormatError):
        read(bytes(damaged[: cut or None]), MEDIA, {})
