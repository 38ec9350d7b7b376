"""Printer languages: pages in, bytes out. Pure. They know nothing of sockets, spoolers or printers on a desk.

The table is literal, so that it can be read, searched and tested; a language is imported when a printer needs
it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, cast

from comptoir.core.errors import UnknownName
from comptoir.core.ports import Language

LANGUAGES: Final[dict[str, str]] = {
    "escpos": "comptoir.languages.escpos:Escpos",
    "raw": "comptoir.languages.raw:Raw",
}


def language(name: str) -> Language:
    """The printer language of this name, ready to use. Raises UnknownName, which lists the names there
    are."""
    if name not in LANGUAGES:
        raise UnknownName(f"There is no printer language {name!r}.", f"Known languages: {', '.join(LANGUAGES)}.")
    module, _, attribute = LANGUAGES[name].partition(":")
    return cast(Language, getattr(import_module(module), attribute)())
