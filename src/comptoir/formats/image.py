"""Pictures: PNG, JPEG, GIF, BMP, WEBP, TIFF to one page of black and white dots. Never enlarged.

Pillow and numpy are imported when the first picture comes, so that a station that prints text only does not pay for
them. Of an animation, or of several pages in a TIFF, the first is taken.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

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
    from PIL import Image, ImageOps  # noqa: PLC0415
    from PIL.ExifTags import Base  # noqa: PLC0415

    try:
        with Image.open(io.BytesIO(content), formats=KINDS) as image:
            _check_size(image.width, image.height, MAX_WEBP if image.format == "WEBP" else MAX_PIXELS)
            if image.format == "JPEG":
                # Both sides, because a camera's picture may lie on its side: it is turned afterwards.
                image.draft("L", (media.dots, media.dots))
            grey = _on_white(image)
            grey.getexif()[Base.Orientation] = image.getexif().get(Base.Orientation, 1)
        ImageOps.exif_transpose(grey, in_place=True)
        return _scaled(grey, media)
    except FormatError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(MAX_PIXELS) from error
    except (OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, IndexError) as error:
        raise _unreadable() from error
    except (struct.error, zlib.error, OverflowError, MemoryError) as error:
        raise _unreadable() from error


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


def _on_white(image: Image.Image) -> Image.Image:
    """In greys; what is transparent shows white paper."""
    from PIL import Image  # noqa: PLC0415

    image.load()
    grey = Image.new("L", image.size)
    for top in range(0, image.height, BAND):
        grey.paste(_band(image.crop((0, top, image.width, min(top + BAND, image.height)))), (0, top))
    return grey


def _band(image: Image.Image) -> Image.Image:
    """The same, of a few rows."""
    from PIL import Image  # noqa: PLC0415

    if image.mode.startswith("I"):
        # 16 bits a dot; convert("L") would cut every level above 255 to white.
        return image.convert("F").point(lambda level: level * (1 / 257)).convert("L")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("L")
    return image.convert("L")


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
