"""Raster pages on a receipt printer: their content as strips of dots, as wide as the paper allows, never enlarged.

As with a PDF (`pdf.py`), the white around a page that is wider than the paper is left out, and the pages of a document
follow each other in one strip, 4 mm apart, without a cut. A narrow page keeps its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from comptoir.core.errors import FormatError
from comptoir.core.page import Element, Feed, Media, Page, Picture
from comptoir.formats.marks import marked

if TYPE_CHECKING:
    from PIL import Image

MAX_PAGES: Final = 200
MAX_STRIP: Final = 25  # m of paper
GAP: Final = Feed(1)
#: levels of grey that are still white
_WHITE: Final = 250
#: dots of white that stay around the content
_RIM: Final = 2


def read(content: bytes, media: Media, attributes: Mapping[str, str]) -> Sequence[Page]:
    """One page with a picture for each page that is not blank.

    `attributes`: dither (see dots.dotted), trim: "no" prints each page whole, with its margins.

    Raises FormatError for what is no raster document, is damaged, or would take too much paper.
    """
    elements: list[Element] = []
    rows = 0
    for number, picture in enumerate(_pictures(content, media, attributes)):
        rows += picture.height
        if number >= MAX_PAGES or rows / media.dpi * 0.0254 > MAX_STRIP:
            raise FormatError("The document would take too much paper.", "Print a part of it.")
        elements += [GAP, picture] if elements else [picture]
    if not elements:
        elements.append(Picture(media.dots, 1, bytes((media.dots + 7) // 8)))
    return marked([Page(tuple(elements))], attributes)


def _pictures(content: bytes, media: Media, attributes: Mapping[str, str]) -> Iterator[Picture]:
    import numpy as np  # noqa: PLC0415 - loaded with the first document

    from comptoir.formats import dots  # noqa: PLC0415
    from comptoir.formats.raster import pages  # noqa: PLC0415
    from comptoir.formats.sheets.rasters import picture_of, resolution_of  # noqa: PLC0415

    dither, trim = dots.dither_of(attributes), dots.trim_of(attributes)
    for page in pages(content):
        resolution = resolution_of(page)
        greys = np.asarray(_scaled(picture_of(page).convert("L"), resolution, media, trim))
        bits = dots.dotted(greys, dither)
        if not trim or bits.any():
            yield dots.pictured(dots.trimmed(bits) if trim else bits, greys.shape[1])


def _scaled(picture: Image.Image, resolution: tuple[int, int], media: Media, trim: bool) -> Image.Image:
    across, down = (media.dpi / dots for dots in resolution)
    box = (0, 0, picture.width, picture.height)
    if trim and picture.width * across > media.dots:
        box = _content(picture)
    smaller = min(1.0, media.dots / ((box[2] - box[0]) * across))
    size = (
        min(media.dots, max(1, round((box[2] - box[0]) * across * smaller))),
        max(1, round((box[3] - box[1]) * down * smaller)),
    )
    return picture.resize(size, box=box, reducing_gap=3.0)


def _content(picture: Image.Image) -> tuple[int, int, int, int]:
    """The part with ink on it, and a rim around; all of a blank page."""
    found = picture.point([255 * (level < _WHITE) for level in range(256)]).getbbox()
    if found is None:
        return 0, 0, picture.width, picture.height
    left, top, right, bottom = found
    return (
        max(0, left - _RIM),
        max(0, top - _RIM),
        min(picture.width, right + _RIM),
        min(picture.height, bottom + _RIM),
    )
