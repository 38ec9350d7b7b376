"""Printer languages: pages in, bytes out. Pure. They know nothing of sockets, spoolers or printers on a desk.

The table is literal, so that it can be read, searched and tested; a language is imported when a printer needs it.
It is made for one model of printer: what that can do is its profile (`core.profile`, `languages.profiles`).
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, cast

from comptoir.core.errors import UnknownName
from comptoir.core.ports import Language
from comptoir.core.profile import DEFAULT, Profile

LANGUAGES: Final[dict[str, str]] = {
    "escpos": "comptoir.languages.escpos:Escpos",
    "raw": "comptoir.languages.raw:Raw",
    "star": "comptoir.languages.star:Star",
    "starprnt": "comptoir.languages.star:StarPrnt",
    "zpl": "comptoir.languages.zpl:Zpl",
}


def language(name: str, profile: Profile = DEFAULT) -> Language:
    """The printer language of this name, for printers of this profile.

    Raises UnknownName, which lists the names there are.
    """
    if name not in LANGUAGES:
        raise UnknownName(f"There is no printer language {name!r}.", f"Known languages: {', '.join(LANGUAGES)}.")
    module, _, attribute = LANGUAGES[name].partition(":")
    return cast(Language, getattr(import_module(module), attribute)(profile))
