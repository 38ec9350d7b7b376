"""The language of the command line, and what it says in it: `tr` for its own words, the others for those of the core.

Message ids are English; in English nothing is loaded. JSON, logs and exit codes are the same in every language.
"""

from __future__ import annotations

import argparse
import codecs
import locale
import os
import unicodedata
from collections.abc import Mapping
from functools import cache
from gettext import NullTranslations
from typing import TYPE_CHECKING, Final

from comptoir.core.errors import ComptoirError

if TYPE_CHECKING:
    from comptoir.cli.sentences import Sentences

#: where the language is looked for; the first that is not empty decides
VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
#: what some terminals and files do not have (cp1252, cp850, cp437, latin-1) → what can stand for it
PLAIN: Final = {
    "\u202f": " ", "\u00a0": " ", "’": "'", "œ": "oe", "«": '"', "»": '"', "“": '"', "”": '"', "…": "...", "→": "->",
    "–": "-", "—": "-", "·": "-", "✓": "+", "✗": "x", "×": "x", "€": "EUR",
    "─": "-", "│": "|", "├": "|", "└": "`",
}  # fmt: skip

#: the name of what puts it there
MISSING_LETTERS: Final = "comptoir-plain"

#: format codes that scripts and emoji are made with
JOINERS: Final = frozenset({"\u200c", "\u200d"})


def language(environ: Mapping[str, str], windows: bool = os.name == "nt") -> str:
    """`fr` or `en`. Windows sets none of the variables: there the user's own locale decides."""
    for name in VARIABLES:
        if asked := environ.get(name):
            return _nearest(asked)
    return _nearest(locale.getlocale()[0] or "") if windows else "en"


def _nearest(name: str) -> str:
    """Of fr_FR.UTF-8, French_France, C, de_DE …"""
    return "fr" if name.lower().startswith("fr") else "en"


@cache
def catalogue(chosen: str) -> NullTranslations:
    """What translates the words of the command line."""
    if chosen == "en":
        return NullTranslations()
    from importlib.resources import files  # noqa: PLC0415 - nothing of this is loaded for English

    from comptoir.web.locale import read  # noqa: PLC0415

    return read(files("comptoir.cli") / "locale" / f"{chosen}.po", chosen)


def tr(text: str, /, **values: object) -> str:
    """The text in the language of the command line, with its values. The text is a literal: the message id."""
    said = catalogue(language(os.environ)).gettext(text)
    return said % values if values else said


def shown(text: str) -> str:
    """A line as a terminal may have it: what would steer it, or hide or turn round what is beside it, is written out.

    Titles, names and messages come from anybody who may print.
    """
    return "".join(repr(letter)[1:-1] if steers(letter) else letter for letter in text)


def steers(letter: str) -> bool:
    """Whether it is a control, format or surrogate code; those that only join letters are needed to write."""
    return letter not in JOINERS and unicodedata.category(letter) in ("Cc", "Cf", "Cs")


def _plain(error: UnicodeError) -> tuple[str | bytes, int]:
    """A plain sign for one that is missing, a letter without its accents; else its number is written out."""
    if isinstance(error, UnicodeEncodeError):
        letter = error.object[error.start]
        base = unicodedata.normalize("NFD", letter)[:1]
        if plain := PLAIN.get(letter) or (base if base.isascii() else ""):
            return plain, error.start + 1
    return codecs.backslashreplace_errors(error)


codecs.register_error(MISSING_LETTERS, _plain)


def argparse_speaks() -> None:
    """Give argparse our catalogue in place of the system's: its words are looked up when they are said."""
    spoken = catalogue(language(os.environ))
    vars(argparse).update(_=spoken.gettext, ngettext=spoken.ngettext)


# -- what other parts say in English -------------------------------------------------------------------------


def _sentences() -> Sentences | None:
    """None where everything is said as it is."""
    return None if (chosen := language(os.environ)) == "en" else _loaded(chosen)


@cache
def _loaded(chosen: str) -> Sentences:
    from comptoir.cli.sentences import Sentences  # noqa: PLC0415 - not loaded for English
    from comptoir.web import locale  # noqa: PLC0415

    return Sentences(catalogue(chosen), locale.catalogue(chosen))


def error(failure: ComptoirError) -> tuple[str, str]:
    """Message and hint."""
    sentences = _sentences()
    return sentences.error(failure) if sentences else (failure.message, failure.hint)


def known(text: str) -> str:
    """A sentence of another part, where it is known; else as it is."""
    sentences = _sentences()
    return sentences.known(text) if sentences else text


def part(text: str) -> str:
    """The same as a part of a line."""
    sentences = _sentences()
    return sentences.part(text) if sentences else text.removesuffix(".")


def status(word: str) -> str:
    """The word for a status of RFC 8011 or our own."""
    sentences = _sentences()
    return sentences.status(word) if sentences else word


def reason(word: str, message: str) -> str:
    """Why something is as it is; nothing where nothing is known."""
    sentences = _sentences()
    return sentences.reason(word, message) if sentences else ": ".join(part for part in (word, message) if part)


#: what is known of an outcome, in the words of a line; `printed` has its own: the process id
EVIDENCE: Final = {
    "processed": "processed by the printer",
    "sent": "sent, not confirmable",
    "person": "seen by a person",
}


def evidence(kind: str, detail: str) -> str:
    """What is known of an outcome."""
    sentences = _sentences()
    if sentences:
        return sentences.evidence(kind, detail)
    return detail if kind == "printed" and detail else EVIDENCE.get(kind, kind)
