"""Greys to the dots of a printer: by a threshold, by diffusing the error, or by a pattern. White rows cut off.

It knows neither files nor paper; formats load it with the first picture, because it loads numpy.

There is no tone curve, on purpose. Levels are those of a screen, on which 128 is a fifth of the light of white; half of
the dots printed black leaves about a third of the light, because a heated dot spreads beyond its square. The two errors
nearly cancel, and a curve that corrects only one of them prints photos too dark or too pale.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from comptoir.core.errors import FormatError
from comptoir.core.page import Picture

Greys = NDArray[np.uint8]
"""Rows from the top, columns from the left, 0 is black and 255 white."""

Bits = NDArray[np.uint8]
"""Rows of bytes as in core.page.Picture: most significant bit first, 1 is black, the padding white."""

Dither = Literal["auto", "floyd", "ordered", "threshold"]

#: From this level on a dot stays white. High, because the thin strokes of small letters are mostly edge: half white.
WHITE_FROM: Final = 168
#: Nearly white is paper and nearly black is ink: the noise of a JPEG around a logo must not become stray dots.
PAPER: Final = 247
INK: Final = 8
#: Levels between are tones where they lie beside one of nearly the same level; elsewhere they are a letter's edge.
TONES: Final = (48, 208)
ALIKE: Final = 12
#: Side of the squares, in dots, for which it is decided whether they are tones or letters.
TILE: Final = 16
#: Shares of tones: above the first it is looked for the places, above the second all is taken for a photo.
MIXED: Final = 0.01
PHOTO: Final = 0.4

BAND: Final = 64  # rows


def dither_of(attributes: Mapping[str, str]) -> Dither:
    """What the attribute `dither` asks for; "auto" where there is none. Raises FormatError for another word."""
    wanted = attributes.get("dither") or "auto"
    if wanted not in get_args(Dither):
        raise FormatError(f"There is no dithering called “{wanted}”.", f"There are: {', '.join(get_args(Dither))}.")
    return cast(Dither, wanted)


def trim_of(attributes: Mapping[str, str]) -> bool:
    """Whether white rows are cut off: yes, where the attribute `trim` is not "no". Raises FormatError."""
    wanted = attributes.get("trim") or "yes"
    if wanted not in ("yes", "no"):
        raise FormatError(f"“trim” can be yes or no, not “{wanted}”.", "White above and below is cut off by default.")
    return wanted == "yes"


def dotted(greys: Greys, dither: Dither) -> Bits:
    """The dots for these greys.

    auto: letters and lines by the threshold, so that they are crisp; photos and fills by Floyd-Steinberg, each where it
    stands. floyd, ordered (Bayer, 8 × 8), threshold: the whole in this way.
    """
    if dither == "floyd":
        return _floyd(greys)
    if dither == "ordered":
        return _ordered(greys)
    share = 0.0 if dither == "threshold" else _share_of_tones(greys)
    if share > PHOTO:
        return _floyd(greys)
    letters = _threshold(greys)
    if share > MIXED:
        _diffuse(letters, greys, _tones(greys))
    return letters


def trimmed(bits: Bits) -> Bits:
    """Without the white rows above and below. What is white all over stays as it is: somebody wanted the space."""
    rows = np.flatnonzero(bits.any(axis=1))
    return bits[rows[0] : rows[-1] + 1] if len(rows) else bits


def pictured(bits: Bits, width: int) -> Picture:
    """These rows of dots as a picture, in the middle of the paper."""
    return Picture(width, len(bits), bits.tobytes(), "center")


def _threshold(greys: Greys) -> Bits:
    height, width = greys.shape
    bits = np.empty((height, (width + 7) // 8), dtype=np.uint8)
    # In pieces that stay in the processor's cache: the memory for the whole in between costs more than the work.
    for top in range(0, height, BAND):
        bits[top : top + BAND] = np.packbits(greys[top : top + BAND] < WHITE_FROM, axis=1)
    return bits


def _floyd(greys: Greys) -> Bits:
    # Inverted, because Pillow's white is 1 as our black is. By way of "L" the bits are packed ten times as fast as
    # by Pillow.
    dots = Image.fromarray(_inverted(greys)).convert("1").convert("L")
    return np.packbits(np.asarray(dots), axis=1)


def _inverted(greys: Greys) -> Greys:
    """White is 0. What is nearly white, or nearly black, is so."""
    inverted: Greys = ~greys
    inverted *= inverted > 255 - PAPER
    inverted |= -(inverted >= 255 - INK).view(np.uint8)
    return inverted


def _diffuse(bits: Bits, greys: Greys, tones: NDArray[np.bool_]) -> None:
    """Replace the tiles that are tones, and diffuse no more of the picture than the rectangle around them."""
    rows, columns = np.flatnonzero(tones.any(axis=1)), np.flatnonzero(tones.any(axis=0))
    if not len(rows):
        return
    down, across = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    part = greys[down.start * TILE : down.stop * TILE, across.start * TILE : across.stop * TILE]
    # A tile is whole bytes wide, so that the choice is made on packed bits.
    wide = TILE // 8
    place = bits[down.start * TILE : down.stop * TILE, across.start * wide : across.stop * wide]
    choice = tones[down, across].repeat(TILE, axis=0).repeat(wide, axis=1)[: place.shape[0], : place.shape[1]]
    np.copyto(place, _floyd(part), where=choice)


def _bayer() -> NDArray[np.float32]:
    """The 8 × 8 matrix of thresholds, each between 0 and 255, built by the rule that Bayer gave in 1973."""
    matrix = np.zeros((1, 1))
    for _ in range(3):
        matrix = np.block([[4 * matrix, 4 * matrix + 2], [4 * matrix + 3, 4 * matrix + 1]])
    return ((matrix + 0.5) * (255 / 64)).astype(np.float32)


def _ordered(greys: Greys) -> Bits:
    height, width = greys.shape
    pattern = np.tile(np.ceil(_bayer()).astype(np.uint8), (-(-height // 8), -(-width // 8)))
    return np.packbits(greys < pattern[:height, :width], axis=1)


def _share_of_tones(greys: Greys) -> float:
    """How much of some rows is tones: a glance, which is all that a page of text and a photo cost."""
    below = greys[1::16]
    sample = greys[::16][: len(below)]
    return np.count_nonzero(_tonal(sample, below)) / max(sample.size, 1)


def _tonal(greys: Greys, below: Greys) -> NDArray[np.bool_]:
    """Which dots are of a tone, as are the next to the right and the next below: the edge of a rule is only alike
    along the rule. One column less than the greys."""
    here, right = greys[:, :-1], greys[:, 1:]
    darkest, lightest = TONES
    # Unsigned levels wrap around: one comparison says that a level, or a difference, is between two bounds.
    between = (here - np.uint8(darkest)) < np.uint8(lightest - darkest)
    along = (here - right + np.uint8(ALIKE)) <= np.uint8(2 * ALIKE)
    down = (here - below[:, :-1] + np.uint8(ALIKE)) <= np.uint8(2 * ALIKE)
    tonal: NDArray[np.bool_] = between & along & down
    return tonal


def _tones(greys: Greys) -> NDArray[np.bool_]:
    """For each tile whether it belongs to a photo or a fill.

    Tiles of which a third is tones, and all between two of these in a row and in a column: the white sky of a photo is
    part of the photo. And the tiles around, in which its edge may be.
    """
    height, width = greys.shape
    rows, columns = -(-height // TILE), -(-width // TILE)
    # One row of four will do.
    below = greys[1::4]
    tonal = np.zeros((rows * TILE // 4, columns * TILE), dtype=np.bool_)
    tonal[: len(below), : width - 1] = _tonal(greys[::4][: len(below)], below)
    # A tile is 16 dots wide: its bits of a row are one number.
    ones = np.bitwise_count(np.packbits(tonal, axis=1).view(np.uint16))
    found = ones.reshape(rows, TILE // 4, columns).sum(axis=1, dtype=np.int64)
    # The tiles at the right and at the bottom may be smaller than the others.
    down = np.clip(len(below) - TILE // 4 * np.arange(rows), 1, TILE // 4)
    across = np.clip(width - 1 - TILE * np.arange(columns), 1, TILE)
    dense = found * 3 > np.outer(down, across)
    photos = np.pad(_between(dense, 1) & _between(dense, 0), 1)
    wide = photos[:, :-2] | photos[:, 1:-1] | photos[:, 2:]
    around: NDArray[np.bool_] = wide[:-2] | wide[1:-1] | wide[2:]
    return around


def _between(marks: NDArray[np.bool_], axis: int) -> NDArray[np.bool_]:
    """Everything from the first mark to the last along an axis."""
    seen = np.logical_or.accumulate(marks, axis=axis)
    coming = np.flip(np.logical_or.accumulate(np.flip(marks, axis), axis=axis), axis)
    between: NDArray[np.bool_] = seen & coming
    return between
