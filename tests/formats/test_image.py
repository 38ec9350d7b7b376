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
from comptoir.formats.image import BAND, KINDS, MAX_PIXELS, MAX_WEBP, read

MEDIA = Media()


def saved(image: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def picture(content: bytes, **attributes: str) -> Picture:
    (page,) = read(content, MEDIA, attributes)
    (element,) = page.elements
    assert isinstance(element, Picture)
    return element


def blackness(content: bytes) -> float:
    dots = picture(content)
    return sum(byte.bit_count() for byte in dots.bits) / (dots.width * dots.height)


@pytest.mark.parametrize("kind", KINDS)
def test_kinds(kind: str) -> None:
    dots = picture(saved(Image.new("L", (100, 50), 0), kind))
    assert (dots.width, dots.height, dots.align) == (100, 50, "center")
    assert dots.bits == (b"\xff" * 12 + b"\xf0") * 50, "black, and white padding"


def test_wide_pictures_are_scaled_to_the_paper_and_small_ones_stay() -> None:
    dots = picture(saved(Image.new("L", (1152, 400), 255)))
    assert (dots.width, dots.height) == (576, 200)
    assert not any(dots.bits)
    assert picture(saved(Image.new("L", (30, 40)))).width == 30


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


def test_a_large_photo_lying_on_its_side_fills_the_paper() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert picture(saved(Image.new("L", (4608, 1200), 99), "JPEG", exif=exif)).width == 576


def test_white_above_and_below_is_not_printed_but_beside_it_places_the_picture() -> None:
    logo = Image.new("L", (200, 300), 255)
    logo.paste(0, (40, 100, 80, 150))
    dots = picture(saved(logo))
    assert (dots.width, dots.height) == (200, 50)
    assert dots.bits == (bytes(5) + b"\xff" * 5 + bytes(15)) * 50
    assert picture(saved(logo), trim="no").height == 300


def test_the_dithering_can_be_chosen() -> None:
    grey = saved(Image.new("L", (64, 64), 160))
    assert picture(grey, dither="threshold").bits == b"\xff" * 512
    assert picture(grey, dither="ordered").bits != picture(grey, dither="floyd").bits
    with pytest.raises(FormatError, match="no dithering"):
        read(grey, MEDIA, {"dither": "nicely"})


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "WEBP"])
def test_of_several_pictures_the_first(kind: str) -> None:
    frames = [Image.new("L", (40, 40), level) for level in (0, 255)]
    assert picture(saved(frames[0], kind, save_all=True, append_images=frames[1:])).bits == b"\xff" * 200


@pytest.mark.parametrize(("ink", "expected"), [((0, 0, 0, 255), 1), ((0, 0, 0, 0), 0), ((255, 255, 255, 0), 1)])
@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_inks_for_a_press(kind: str, ink: tuple[int, ...], expected: int) -> None:
    assert blackness(saved(Image.new("CMYK", (50, 50), ink), kind)) == pytest.approx(expected, abs=0.02)


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


@pytest.mark.parametrize("size", [(1, 300_000), (300_000, 1)])
def test_a_thread_costs_memory_for_each_of_its_rows(size: tuple[int, int]) -> None:
    with pytest.raises(FormatError, match="on a side"):
        read(bomb(*size), MEDIA, {})


def test_webp_costs_more_memory() -> None:
    content = saved(Image.new("RGB", (4000, MAX_WEBP // 4000 + 1)), "WEBP", method=0)
    with pytest.raises(FormatError, match="13 million"):
        read(content, MEDIA, {})


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "P", "I;16"])
def test_a_picture_is_made_grey_in_pieces_that_meet(mode: str) -> None:
    tall = Image.new(mode, (16, 2 * BAND + 44))
    dots = picture(saved(tall))
    clear = mode in ("LA", "RGBA")
    assert (dots.width, dots.height) == tall.size
    assert dots.bits == (b"\0" if clear else b"\xff") * (2 * tall.height)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"BM", b"%PDF-1.4"])
def test_what_is_no_picture(content: bytes) -> None:
    with pytest.raises(FormatError, match="cannot be read"):
        read(content, MEDIA, {})


SAMPLES = [saved(Image.effect_noise((40, 30), 60), kind) for kind in KINDS]


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow's remarks about damaged tags
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


@settings(deadline=None, max_examples=100)
@given(
    st.integers(1, 900), st.integers(1, 60), st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"]), st.data()
)
def test_any_small_picture_fits_the_paper(width: int, height: int, mode: str, data: st.DataObject) -> None:
    noise = Image.effect_noise((width, height), data.draw(st.integers(0, 120))).convert(mode)
    dots = picture(saved(noise, "TIFF" if mode == "CMYK" else "PNG"), trim=data.draw(st.sampled_from(["yes", "no"])))
    row = (dots.width + 7) // 8
    assert dots.width == min(width, MEDIA.dots)
    assert len(dots.bits) == row * dots.height
    assert not any(dots.bits[row - 1 :: row][i] & (0xFF >> ((dots.width - 1) % 8 + 1)) for i in range(dots.height))
