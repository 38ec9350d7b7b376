"""Kinds of documents: each has pages, some of them text, and a picture of each page. By media type.

The table is literal; what draws a kind is imported with its first document. A kind knows no index and no process.
"""

from __future__ import annotations

from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

from comptoir.core.document import media_type_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image


class Kind(Enum):
    """words: what has a text has it in letters. pictures: it may be in pictures only, for eyes to read."""

    WORDS = "words"
    PICTURES = "pictures"


class Paged(Protocol):
    """A document that is open. Its methods raise FormatError, and what the libraries below it raise."""

    kind: Kind

    @property
    def pages(self) -> int | None:
        """None: it has none, or nobody can count them."""
        ...

    def text(self) -> str: ...

    def picture(self, page: int, width: int) -> Image | None:
        """The page (from 1), of about that width in dots or more; None: there is none such."""
        ...

    def close(self) -> None: ...


#: beginning of the media type → what opens it: (file or bytes) → Paged, or None where it is no such thing
KINDS: Final[dict[str, str]] = {
    "application/pdf": "comptoir.archive.kinds.pdf:Pdf",
    "application/postscript": "comptoir.archive.kinds.postscript:opened",
    "application/vnd.hp-PJL": "comptoir.archive.kinds.wrapped:opened",
    "image/pwg-raster": "comptoir.archive.kinds.raster:Raster",
    "image/urf": "comptoir.archive.kinds.raster:Raster",
    "image/": "comptoir.archive.kinds.picture:Picture",
    "text/": "comptoir.archive.kinds.text:opened",
    "application/json": "comptoir.archive.kinds.text:opened",
    "application/xml": "comptoir.archive.kinds.text:opened",
    "application/octet-stream": "comptoir.archive.kinds.stream:opened",
}

SAMPLE: Final = 4096  # bytes, to tell what a document is where its sender has not said it


def opened(content: Path | bytes, media_type: str) -> Paged | None:
    """The document; None for a kind of which nothing can be made here. Raises as `Paged` does."""
    for beginning, maker in KINDS.items():
        if media_type.startswith(beginning):
            module, _, attribute = maker.partition(":")
            make = cast("Callable[[Path | bytes], Paged | None]", getattr(import_module(module), attribute))
            return make(content)
    return None


def bytes_of(content: Path | bytes, most: int = -1) -> bytes:
    """All of it, or its beginning of at most so many bytes."""
    if isinstance(content, bytes):
        return content if most < 0 else content[:most]
    with content.open("rb") as file:
        return file.read(most)


def told(content: bytes) -> str:
    """The media type by the bytes."""
    return media_type_of(content[:SAMPLE])
