"""Raster pages that a computer drew for some printer, on the sheets of another: at their own size where that fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from comptoir.core.errors import FormatError
from comptoir.core.sheet import Setup, Wishes
from comptoir.formats.raster import RasterPage, pages
from comptoir.formats.sheets.canvas import Canvas, Letter
from comptoir.formats.sheets.placing import POINTS, Place, placed

#: bytes of a document: all of them are in memory, though only one page's dots are
LARGEST: Final = 500_000_000


def drawn(
    source: Path | bytes, setup: Setup, wishes: Wishes, letter: Letter, attributes: Mapping[str, str]
) -> Iterator[tuple[Canvas, str]]:
    """A side for each page. Raises FormatError for what is no raster document, is damaged, or cut short."""
    for page in pages(_read(source)):
        canvas = Canvas(setup)
        across, down = resolution_of(page)
        place = placed(page.width * POINTS / across, page.height * POINTS / down, setup, wishes.scaling)
        dots = _shown(page, place, (across / POINTS, down / POINTS), canvas.colours)
        canvas.lay(np.rot90(dots) if place.turned else dots, place.left, place.top)
        yield canvas, ""


def _read(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    if source.stat().st_size > LARGEST:
        raise FormatError("The raster document is too large to be drawn.", "Print it in parts, or as a PDF.")
    return source.read_bytes()


def resolution_of(page: RasterPage) -> tuple[int, int]:
    """Dots an inch, across and down. Raises FormatError where it says none."""
    across, down = page.dpi
    if not (10 <= across <= 10_000 and 10 <= down <= 10_000):
        raise FormatError("A page of the raster document does not say how large it is.", "Print it again, as a PDF.")
    return across, down


def picture_of(page: RasterPage) -> Image.Image:
    """The page as a picture, of greys or of colours."""
    size, dots = (page.width, page.height), np.asarray(page.dots)
    if page.mode == "black":
        return Image.frombuffer("1", size, dots, "raw", "1;I", 0, 1).convert("L")
    mode = "RGB" if page.mode == "colours" else "L"
    return Image.frombuffer(mode, size, dots, "raw", mode, 0, 1)


def _shown(page: RasterPage, place: Place, point: tuple[float, float], colours: bool) -> NDArray[np.uint8]:
    """The part that is on the sheet, at its size there. `point`: dots of the page in a point, across and down."""
    picture = picture_of(page).convert("RGB" if colours else "L")
    part = place.part
    size = (max(1, round(part.width * place.scale)), max(1, round(part.height * place.scale)))
    box = (part.left * point[0], part.top * point[1], part.right * point[0], part.bottom * point[1])
    box = (max(0.0, box[0]), max(0.0, box[1]), min(picture.width, box[2]), min(picture.height, box[3]))
    if (round(box[2] - box[0]), round(box[3] - box[1])) == size:
        # Dot for dot: what was drawn for these dots stays as sharp as it is.
        left, top = round(box[0]), round(box[1])
        return np.asarray(picture.crop((left, top, left + size[0], top + size[1])))
    return np.asarray(picture.resize(size, Image.Resampling.BICUBIC, box=box, reducing_gap=3.0))
