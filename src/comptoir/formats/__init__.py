"""Formats: a document in, pages out. Pure. They know the paper's size and nothing of any printer language.

The table is literal; a format is imported when a document needs it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, cast

from comptoir.core.errors import UnknownName
from comptoir.core.ports import Format

FORMATS: Final[dict[str, str]] = {
    "message": "comptoir.formats.message:read",
    "text": "comptoir.formats.text:read",
    "image": "comptoir.formats.image:read",
    "ticket": "comptoir.formats.ticket:read",
    "pdf": "comptoir.formats.pdf:read",
}


def reader(name: str) -> Format:
    """The reader of this format. Raises UnknownName, which lists the names there are."""
    if name not in FORMATS:
        raise UnknownName(f"There is no format {name!r}.", f"Known formats: {', '.join(FORMATS)}.")
    module, _, attribute = FORMATS[name].partition(":")
    return cast(Format, getattr(import_module(module), attribute))
