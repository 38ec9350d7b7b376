"""A picture on a sheet: as large as fits, because the size that picture files claim is seldom meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Literal

import numpy as np
from PIL import Image

from comptoir.core.sheet import Setup, Wishes
from comptoir.formats.image import opened, upright
from comptoir.formats.sheets.canvas import Canvas, Letter
from comptoir.formats.sheets.placing import POINTS, Place, placed

#: dots an inch of a picture that does not say it: those of a screen
USUAL: Final = 96


def drawn(
    source: Path | bytes, setup: Setup, wishes: Wishes, letter: Letter, attributes: Mapping[str, str]
) -> Iterator[tuple[Canvas, str]]:
    """One side. Raises FormatError for what is no picture, is damaged, or would take too much memory."""
    canvas = Canvas(setup)
    mode: Literal["L", "RGB"] = "RGB" if canvas.colours else "L"
    longest = max(setup.width, setup.height)
    with opened(source) as image:
        inch = _dots_an_inch(image)
        before = max(image.size)
        picture = upright(image, mode, (longest, longest))
        inch *= max(picture.size) / before  # a JPEG may have been made smaller while it was read
        width, height = (side * POINTS / inch for side in picture.size)
        place = placed(width, height, setup, wishes.scaling, enlarge=True)
        dots = np.asarray(_shown(picture, place, inch / POINTS))
    canvas.lay(np.rot90(dots) if place.turned else dots, place.left, place.top)
    yield canvas, ""


def _dots_an_inch(image: Image.Image) -> float:
    try:
        inch = float(image.info["dpi"][0])
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError):
        return USUAL
    return inch if 10 <= inch <= 10_000 else USUAL


def _shown(picture: Image.Image, place: Place, point: float) -> Image.Image:
    """The part that is on the sheet, at its size there. `point`: dots of the picture in a point."""
    part = place.part
    box = tuple(edge * point for edge in (part.left, part.top, part.right, part.bottom))
    box = (max(0.0, box[0]), max(0.0, box[1]), min(picture.width, box[2]), min(picture.height, box[3]))
    size = (max(1, round(part.width * place.scale)), max(1, round(part.height * place.scale)))
    return picture.resize(size, Image.Resampling.BICUBIC, box=box, reducing_gap=3.0)
