"""The pixels of an ePOS-Print image: base64 to dots. Two packings of rows are in use, told apart by their length.

Epson pads every row to whole bytes. Odoo writes the bits of all rows one after the other, and the last byte, where it
is not full, from the right. Numpy and Pillow are loaded only where rows must be moved or greys become dots.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Final

from comptoir.core.page import Align, Media, Picture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint8]

#: of one image: 35 m of the widest receipt
MOST_PIXELS: Final = 20_000_000
_BITS: Final = {"mono": 1, "gray16": 4}


def picture(text: str, size: tuple[int, int], mode: str, align: Align, media: Media) -> Picture | None:
    """The image, no wider than the paper; None where its data or its size make none.

    size: width and height in dots. mode: mono (1 is black) or gray16 (15 is black). It ends where its data end.
    """
    data, (width, height) = _decoded(text), size
    if not data or mode not in _BITS or width < 1 or height < 1:
        return None
    depth = _BITS[mode]
    stride, whole = -(-width * depth // 8), -(-width * height * depth // 8)
    continuous = len(data) == whole and whole != stride * height
    if not continuous:
        height = min(height, -(-len(data) // stride))
        data = data[: stride * height].ljust(stride * height, b"\0")
    if width * height > MOST_PIXELS:
        return None
    if mode == "mono" and width % 8 == 0 and width <= media.dots:
        return Picture(width, height, data, align)
    samples = _samples(data, width, height, depth, continuous)
    return _dotted(samples, depth, align, media)


def _decoded(text: str) -> bytes | None:
    compact = "".join(text.split()).rstrip("=")
    try:
        return base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _samples(data: bytes, width: int, height: int, depth: int, continuous: bool) -> Numbers:
    """A number for each dot, as it was sent."""
    import numpy as np  # noqa: PLC0415

    bits: Numbers
    if continuous:
        bits = _unpacked(data, width * height * depth).reshape(height, width * depth)
    else:
        rows = np.frombuffer(data, np.uint8).reshape(height, -1)
        bits = np.unpackbits(rows, axis=1)[:, : width * depth]
    if depth == 1:
        return bits
    numbers: Numbers = bits.reshape(height, width, depth) @ np.array([8, 4, 2, 1], np.uint8)
    return numbers


def _unpacked(data: bytes, count: int) -> Numbers:
    """The bits of rows that follow one another; a last byte that is not full may have them at its right."""
    import numpy as np  # noqa: PLC0415

    rest = count % 8
    if rest and data[-1] < 1 << rest:
        data = data[:-1] + bytes([data[-1] << 8 - rest])
    bits: Numbers = np.unpackbits(np.frombuffer(data, np.uint8))[:count]
    return bits


def _dotted(samples: Numbers, depth: int, align: Align, media: Media) -> Picture:
    """The dots; of an image that is wider than the paper smaller ones, because prices stand at its right edge."""
    import numpy as np  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    from comptoir.formats import dots  # noqa: PLC0415

    height, width = samples.shape
    if depth == 1 and width <= media.dots:
        return Picture(width, height, np.packbits(samples, axis=1).tobytes(), align)
    greys = 255 - samples * np.uint8(255 // ((1 << depth) - 1))
    if width > media.dots:
        size = (media.dots, max(1, round(height * media.dots / width)))
        greys = np.asarray(Image.fromarray(greys).resize(size, Image.Resampling.HAMMING))
    bits = dots.dotted(greys, "auto")
    return Picture(greys.shape[1], len(bits), bits.tobytes(), align)
