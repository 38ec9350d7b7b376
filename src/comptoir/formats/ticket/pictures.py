"""Pictures of a ticket: PNG in base64, in the text itself. No file and no address is read."""

from __future__ import annotations

import base64
import binascii
import struct
from dataclasses import replace
from typing import Final

from comptoir.core.errors import FormatError
from comptoir.core.page import Align, Media, Picture
from comptoir.formats import image

#: Pixels of all pictures of one ticket together: a few bytes can claim any number, and each costs time.
MOST_PIXELS: Final = 40_000_000

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def png(value: str) -> tuple[bytes, int]:
    """The PNG of a value in base64, and the pixels that it claims to have. Raises FormatError."""
    compact = "".join(value.split()).rstrip("=")
    try:
        data = base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise FormatError("The picture is not in base64.", "Give a PNG in base64: {image: iVBORw0…}.") from error
    if not data.startswith(_SIGNATURE) or len(data) < 24:
        raise FormatError("The picture is no PNG.", "Give a PNG in base64: its text begins with iVBORw0.")
    width, height = struct.unpack(">II", data[16:24])
    return data, width * height


def picture(data: bytes, media: Media, dots: int, align: Align) -> Picture:
    """The picture, at most `dots` wide, black and white. Raises FormatError."""
    (page,) = image.read(data, replace(media, dots=max(dots, 1)), {})
    drawn = next(element for element in page.elements if isinstance(element, Picture))
    return replace(drawn, align=align)
