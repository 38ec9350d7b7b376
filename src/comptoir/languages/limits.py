"""What every language holds to alike: pictures no wider than the paper, and how much evidence a job carries.

It encodes nothing; limits of one printer language stand with that language.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from comptoir.core.errors import FormatError
from comptoir.core.page import Encoded, Media, Picture

#: different characters that are named in the evidence
MOST_MISSING: Final = 200


def encoded(data: Iterable[bytes], missing: Iterable[str]) -> Encoded:
    """The bytes of a job from its parts, and the characters that could not be printed: each once, MOST_MISSING of
    them."""
    return Encoded(b"".join(data), "".join(islice(dict.fromkeys("".join(missing)), MOST_MISSING)))


def refuse_wider(picture: Picture, media: Media) -> None:
    """Raises FormatError for a picture that is wider than the paper: printers cut it off, or print nothing."""
    if picture.width > media.dots:
        raise FormatError(
            f"The picture is {picture.width} dots wide; this paper has {media.dots}.",
            "Print it as an image, which is scaled to the paper, or correct the printer's width.",
        )
