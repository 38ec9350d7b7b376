"""Formats: a document in, pages out. Pure. They know the paper's size and nothing of any printer language.

The table is literal; a format is imported when a document needs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

from comptoir.core.errors import UnknownName
from comptoir.core.page import Media, Page
from comptoir.core.ports import Format

if TYPE_CHECKING:
    from collections.abc import Callable

    from comptoir.formats.epos import Draw

FORMATS: Final[dict[str, str]] = {
    "message": "comptoir.formats.message:read",
    "text": "comptoir.formats.text:read",
    "image": "comptoir.formats.image:read",
    "ticket": "comptoir.formats.ticket:read",
    "pdf": "comptoir.formats.pdf:read",
    "epos": "comptoir.formats.epos:read",
}

#: media type → what reads such a document, whatever was said of its format
BY_TYPE: Final[dict[str, str]] = {
    "image/pwg-raster": "comptoir.formats.strips:read",
    "image/urf": "comptoir.formats.strips:read",
}


def reader(name: str) -> Format:
    """The reader of this format. Raises UnknownName, which lists the names there are."""
    if name not in FORMATS:
        raise UnknownName(f"There is no format {name!r}.", f"Known formats: {', '.join(FORMATS)}.")
    return _imported(FORMATS[name])


def typed_reader(media_type: str) -> Format | None:
    """The reader of this type of document; None where its format decides."""
    return _imported(BY_TYPE[media_type]) if media_type in BY_TYPE else None


def readers(draw: Draw | None = None) -> dict[str, Format]:
    """All of them, by name. `draw`: shows bytes of ESC/POS that stand in a document of the format epos."""
    return {**{name: _wanted(name) for name in FORMATS}, "epos": _wanted("epos", draw=draw)}


def _wanted(name: str, **more: Any) -> Format:
    """The reader of this format, imported by its first document. `more`: what it takes besides."""

    def read(content: bytes, media: Media, attributes: Mapping[str, str]) -> Sequence[Page]:
        return cast("Callable[..., Sequence[Page]]", reader(name))(content, media, attributes, **more)

    return read


def _imported(place: str) -> Format:
    module, _, attribute = place.partition(":")
    return cast(Format, getattr(import_module(module), attribute))
