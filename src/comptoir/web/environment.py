"""The templates of one language: their filters, their translations, how moments and sizes are told. No answers.

Jinja2 and Babel come with this module: a service is up sooner without, and loads them with its first page.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from comptoir import __version__
from comptoir.core.units import iso, local
from comptoir.web.archive_words import ArchiveWords, highlighted
from comptoir.web.folder_desk import legible
from comptoir.web.folder_words import FolderWords
from comptoir.web.locale import catalogue, dated
from comptoir.web.words import Words

#: letter → bytes
_UNITS: Final = (("G", 1_000_000_000), ("M", 1_000_000), ("k", 1_000))


def environment(language: str) -> Environment:
    """The templates, their filters and their translations in one language."""
    found = Environment(
        loader=PackageLoader("comptoir.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    translations = catalogue(language)
    found.install_gettext_callables(  # type: ignore[attr-defined]  # put there by the extension
        translations.gettext, translations.ngettext, newstyle=True
    )
    words = Words(translations)
    found.globals.update(words=words, folder_words=FolderWords(translations, words), version=__version__)
    found.globals.update(archive_words=ArchiveWords(translations))
    found.filters.update(
        ago=lambda at: moment(at, "ago", language),
        since=lambda at: moment(at, "since", language),
        clock=lambda at: moment(at, "clock", language),
        legible=legible,
        highlighted=highlighted,
        day=lambda text: day(text, language),
        date=lambda at: dated(format_date(local(at), "long", locale=language), language),
        shortly=lambda at, date="": shortly(at, language, date),
        size=lambda count: size(count, language),
        number=lambda value: format_decimal(value, locale=language),
    )
    return found


def moment(at: int, kind: Literal["ago", "since", "clock"], language: str) -> Markup:
    """An instant in this machine's time, exact for the pointer. A script tells it in the reader's time.

    `kind`: ago (“2 min ago”), since (the hour, or the day), clock (to the second).
    """
    there = local(at)
    text = format_datetime(there, "HH:mm:ss" if kind == "clock" else "d MMM, HH:mm", locale=language)
    exact = f"{format_date(there, 'full', locale=language)}, {format_time(there, 'HH:mm:ss', locale=language)}"
    return Markup('<time datetime="{}" data-as="{}" title="{}">{}</time>').format(iso(at), kind, exact, text)


def shortly(at: int, language: str, under: str = "") -> Markup:
    """An instant as rows of a list tell it: the same as “since”, and exact for the pointer where a script runs.

    `under`: the business date that stands above the row. Of that night, the hour says enough.
    """
    there = local(at)
    alone = under in (there.date().isoformat(), (there.date() - timedelta(days=1)).isoformat())
    text = format_datetime(there, "HH:mm" if alone else "d MMM, HH:mm", locale=language)
    return Markup('<time datetime="{}" data-as="{}">{}</time>').format(
        iso(at - at % 1_000).replace(".000", ""), "hour" if alone else "since", text
    )


def day(text: str, language: str) -> str:
    """A date as 2026-11-20, in words; what is none is told as it is."""
    try:
        return dated(format_date(date.fromisoformat(text), "full", locale=language), language)
    except ValueError:
        return text


def size(count: int, language: str) -> str:
    """A number of bytes, rounded for people: 12 kB, 3.4 MB, 2 GB (ko, Mo, Go in French)."""
    letter = "o" if language == "fr" else "B"
    if count < 1000:
        return f"{count} {'octets' if language == 'fr' else 'bytes'}"
    unit, value = next((unit, count / each) for unit, each in _UNITS if count >= each)
    digits = "#,##0.#" if value < 10 else "#,##0"
    return f"{format_decimal(value, digits, locale=language)} {unit}{letter}"
