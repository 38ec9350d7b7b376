"""Printer languages: pages in, bytes out. Pure. They know nothing of sockets, spoolers or printers on a desk.

The table is literal, so that it can be read, searched and tested; a language is imported when a printer needs it.
It is made for one model of printer: what that can do is its profile (`core.profile`, `languages.profiles`). Page
languages are for office printers; they know whole sheets, and no models.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, cast

from comptoir.core.errors import UnknownName
from comptoir.core.ports import Language, SheetLanguage
from comptoir.core.profile import DEFAULT, Profile

LANGUAGES: Final[dict[str, str]] = {
    "escpos": "comptoir.languages.escpos:Escpos",
    "raw": "comptoir.languages.raw:Raw",
    "star": "comptoir.languages.star:Star",
    "starprnt": "comptoir.languages.star:StarPrnt",
    "zpl": "comptoir.languages.zpl:Zpl",
}

#: page languages, for whole sheets
SHEETS: Final[dict[str, str]] = {
    "pdf": "comptoir.languages.pdf:Pdf",
    "postscript": "comptoir.languages.postscript:Postscript",
    "pwg": "comptoir.languages.pwg:Pwg",
    "pcl": "comptoir.languages.pcl:Pcl",
}


def language(name: str, profile: Profile = DEFAULT) -> Language:
    """The printer language of this name, for printers of this profile.

    Raises UnknownName, which lists the names there are.
    """
    if name not in LANGUAGES:
        known = ", ".join((*LANGUAGES, *SHEETS))
        raise UnknownName(f"There is no printer language {name!r}.", f"Known languages: {known}.")
    module, _, attribute = LANGUAGES[name].partition(":")
    return cast(Language, getattr(import_module(module), attribute)(profile))


def sheet_language(name: str) -> SheetLanguage:
    """The page language of this name, one of SHEETS."""
    module, _, attribute = SHEETS[name].partition(":")
    return cast(SheetLanguage, getattr(import_module(module), attribute)())
