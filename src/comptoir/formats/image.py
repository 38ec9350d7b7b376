"""Pictures: PNG, JPEG, GIF, BMP, WEBP, TIFF to one page of black and white dots. Never enlarged.

Pillow and numpy are imported when the first picture comes, so that a station that prints text only does not pay for
them. Of an animation, or of several pages in a TIFF, the first is taken.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from comptoir.core.errors import FormatError
from comptoir.core.page import Media, Page
from comptoir.formats.marks import marked

if TYPE_CHECKING:
    from PIL import Image

KINDS: Final = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")

#: A few hundred bytes can claim any size; this is 200 MB of memory for a moment, and more than any camera's
#: picture that somebody prints at a counter.
MAX_PIXELS: Final = 40_000_000
#: The decoder of WEBP keeps three copies.
MAX_WEBP: Final = 13_000_000
#: pixels; a longer picture of so few pixels fits on no paper, and each of its rows costs memory, however short
MAX_SIDE: Final = 80_000
#: rows that are made grey at once: the colours are never in memory twice
BAND: Final = 256
#: 2.5 m of paper at 203 dpi
MAX_ROWS: Final = 20_000


def read(content: bytes, media: Media, attributes: Mapping[str, str]) -> Sequence[Page]:
    """One page with the picture, at most as wide as the paper, what is transparent on white.

    `attributes`: dither (see dots.dotted), trim: white rows above and below are cut off unless it is "no". White at
    the left and right stays, because it says where on the paper the picture stands.

    Raises FormatError for what is no picture, is damaged, or would take too much memory or paper.
    """
    import numpy as np  # noqa: PLC0415

    from comptoir.formats import dots  # noqa: PLC0415

    dither, trim = dots.dither_of(attributes), dots.trim_of(attributes)
    greys = np.asarray(_grey(content, media))
    bits = dots.dotted(greys, dither)
    picture = dots.pictured(dots.trimmed(bits) if trim else bits, greys.shape[1])
    return marked([Page((picture,))], attributes)


def _grey(content: bytes, media: Media) -> Image.Image:
    """The picture in 256 greys at its size on paper."""
    with opened(content) as image:
        # Both sides, because a camera's picture may lie on its side: it is turned afterwards.
        return _scaled(upright(image, "L", (media.dots, media.dots)), media)


@contextmanager
def opened(content: bytes | Path) -> Iterator[Image.Image]:
    """The picture, of a size that is bearable. Raises FormatError for whatever is wrong with it, inside too."""
    from PIL import Image  # noqa: PLC0415

    try:
        with Image.open(content if isinstance(content, Path) else io.BytesIO(content), formats=KINDS) as image:
            _check_size(image.width, image.height, MAX_WEBP if image.format == "WEBP" else MAX_PIXELS)
            yield image
    except FormatError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(MAX_PIXELS) from error
    except (OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, IndexError) as error:
        raise _unreadable() from error
    except (struct.error, zlib.error, OverflowError, MemoryError) as error:
        raise _unreadable() from error


def upright(image: Image.Image, mode: Literal["L", "RGB"], wanted: tuple[int, int]) -> Image.Image:
    """The picture in greys or colours on white, turned as the camera was held; a JPEG not much larger than wanted."""
    from PIL import ImageOps  # noqa: PLC0415
    from PIL.ExifTags import Base  # noqa: PLC0415

    if image.format == "JPEG":
        image.draft(mode, wanted)
    flat = _on_white(image, mode)
    flat.getexif()[Base.Orientation] = image.getexif().get(Base.Orientation, 1)
    ImageOps.exif_transpose(flat, in_place=True)
    return flat


def _check_size(width: int, height: int, most: int) -> None:
    if width * height > most or max(width, height) > MAX_SIDE:
        raise _too_large(most)


def _too_large(most: int) -> FormatError:
    return FormatError(
        f"The picture has more than {most // 1_000_000} million pixels, or more than {MAX_SIDE} on a side.",
        "Make it smaller and send it again.",
    )


def _unreadable() -> FormatError:
    return FormatError(
        "The picture cannot be read: it is damaged, cut short, or of another kind.",
        f"Send it as one of {', '.join(KINDS)}.",
    )


def _on_white(image: Image.Image, mode: str) -> Image.Image:
    """In greys or colours; what is transparent shows white paper."""
    from PIL import Image  # noqa: PLC0415

    image.load()
    flat = Image.new(mode, image.size)
    for top in range(0, image.height, BAND):
        flat.paste(_band(image.crop((0, top, image.width, min(top + BAND, image.height))), mode), (0, top))
    return flat


def _band(image: Image.Image, mode: str) -> Image.Image:
    """The same, of a few rows."""
    from PIL import Image  # noqa: PLC0415

    if image.mode.startswith("I"):
        # 16 bits a dot; convert("L") would cut every level above 255 to white.
        return image.convert("F").point(lambda level: level * (1 / 257)).convert("L").convert(mode)
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert(mode)
    return image.convert(mode)


def _scaled(image: Image.Image, media: Media) -> Image.Image:
    """Scaled down to the paper's width where it is wider. Raises FormatError where it would be too long."""
    from PIL import Image  # noqa: PLC0415

    width, height = image.size
    if width > media.dots:
        width, height = media.dots, max(1, round(height * media.dots / width))
    if height > MAX_ROWS:
        metres = height / media.dpi * 0.0254
        raise FormatError(
            f"The picture would take {metres:.1f} m of paper.", "Make it shorter, or cut it into several."
        )
    if (width, height) == image.size:
        return image
    return image.resize((width, height), Image.Resampling.HAMMING, reducing_gap=2.0)
