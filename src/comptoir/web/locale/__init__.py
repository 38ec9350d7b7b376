"""The languages of the pages: which there are, their catalogues, which one a request wants. No sentences.

Message ids are English. The French catalogue is loaded when it is first needed, as the build has compiled it
(`hatch_build.py`), or from its .po file.
"""

from __future__ import annotations

import re
import struct
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aiohttp import web  # the command line reads catalogues too, and would wait for it

#: code → the language's name for itself
LANGUAGES: Final[dict[str, str]] = {"fr": "Français", "en": "English"}
COOKIE: Final = "lang"


def msgid(text: str) -> str:
    """Marks a literal as a message to translate later; it is the text itself."""
    return text


def dated(text: str, language: str) -> str:
    """A date in words as people write it: French counts the first of a month (“1er mai”), which CLDR does not."""
    return re.sub(r"(?<!\d)1 (?=[^\W\d])", "1er ", text, count=1) if language == "fr" else text


@cache
def catalogue(language: str) -> NullTranslations:
    """What translates into this language; into the language of the message ids, nothing needs to."""
    if language == "en":
        return NullTranslations()
    return read(files("comptoir.web.locale") / language / "LC_MESSAGES" / "comptoir.po", language)


def read(source: Traversable, language: str) -> GNUTranslations:
    """The catalogue of a .po file: as it was compiled when the package was built, unless it has changed since.

    Compiling it here takes 50 ms, and 7 MB that a process does not give back.
    """
    if (built := _built(source)) is not None:
        return built
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - a service is up sooner without
    from babel.messages.pofile import read_po  # noqa: PLC0415

    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)


def _built(source: Traversable) -> GNUTranslations | None:
    if not isinstance(source, Path):
        return None
    compiled = source.with_suffix(".mo")
    try:
        # A program file has no source to compare it with.
        if source.exists() and compiled.stat().st_mtime_ns < source.stat().st_mtime_ns:
            return None
        with compiled.open("rb") as file:
            return GNUTranslations(file)
    except (OSError, struct.error):  # not built, or damaged
        return None


def wanted(request: web.BaseRequest, configured: str) -> str:
    """The language of an answer: ?lang=, then the cookie, the browser's wish, the configured one."""
    for asked in (request.query.get("lang"), request.cookies.get(COOKIE)):
        if asked in LANGUAGES:
            return asked
    accepted = _by_preference(request.headers.get("Accept-Language", ""))
    if not accepted:
        return configured
    from babel import negotiate_locale  # noqa: PLC0415 - as above

    return negotiate_locale(accepted, list(LANGUAGES), sep="-") or configured


def _by_preference(header: str) -> list[str]:
    """The languages of an Accept-Language header, the dearest first; what cannot be read is left out."""
    found: list[tuple[float, str]] = []
    for part in header[:1000].split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight or 1)
        except ValueError:
            continue
        if name and quality > 0:
            found.append((-quality, name))
    return [name for _, name in sorted(found, key=lambda entry: entry[0])]
