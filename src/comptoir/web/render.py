"""Turns a template and values into an answer in the reader's language. It decides nothing of jobs or rights.

One Jinja2 environment a language, made when it is first wanted. Nothing on a page is loaded from another host
and no script stands in the page itself: the policy that goes with every page forbids both.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Literal

from aiohttp import web
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from yarl import URL

from comptoir import __version__
from comptoir.core.units import iso
from comptoir.web.guard import CSRF, USER
from comptoir.web.locale import COOKIE, LANGUAGES, catalogue, wanted
from comptoir.web.words import Words

#: everything a page needs comes from here; nothing it shows may be framed or sniffed
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Vary": "Accept-Language, Cookie",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
YEAR: Final = 31_536_000


class Renderer:
    """The templates of this package. `language`: the one for readers who ask for none."""

    def __init__(self, language: str = "fr") -> None:
        self.language = language if language in LANGUAGES else "fr"
        self._environments: dict[str, Environment] = {}

    def render(self, request: web.Request, template: str, *, status: int = 200, **context: object) -> web.Response:
        """A page. `context` holds `desk` at least; what every page needs is added here."""
        language = wanted(request, self.language)
        environment = self._environment(language)
        here = context.setdefault("here", request.path_qs)
        html = environment.get_template(template).render(
            **context,
            lang=language,
            languages=_others(str(here), language),
            path=request.path,
            user=request.get(USER, ""),
            csrf=request.get(CSRF, ""),
        )
        answer = web.Response(text=html, status=status, content_type="text/html", headers=HEADERS)
        if request.query.get("lang") == language:
            answer.set_cookie(COOKIE, language, max_age=YEAR, path="/", samesite="Lax")
        return answer

    def words(self, request: web.Request) -> Words:
        """The sentences in this reader's language, for what is put together outside of a template."""
        return Words(catalogue(wanted(request, self.language)))

    def _environment(self, language: str) -> Environment:
        if language not in self._environments:
            self._environments[language] = environment(language)
        return self._environments[language]


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
    found.globals.update(words=words, version=__version__)
    found.filters.update(
        ago=lambda at: moment(at, "ago", language),
        since=lambda at: moment(at, "since", language),
        clock=lambda at: moment(at, "clock", language),
        size=lambda count: size(count, language),
        number=lambda value: format_decimal(value, locale=language),
    )
    return found


def moment(at: int, kind: Literal["ago", "since", "clock"], language: str) -> Markup:
    """An instant in this machine's time, exact for the pointer. A script tells it in the reader's time.

    `kind`: ago (“2 min ago”), since (the hour, or the day), clock (to the second).
    """
    local = _local(at)
    text = format_datetime(local, "HH:mm:ss" if kind == "clock" else "d MMM, HH:mm", locale=language)
    exact = f"{format_date(local, 'full', locale=language)}, {format_time(local, 'HH:mm:ss', locale=language)}"
    return Markup('<time datetime="{}" data-as="{}" title="{}">{}</time>').format(iso(at), kind, exact, text)


def _local(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone()


def size(count: int, language: str) -> str:
    """A number of bytes, rounded for people: 12 kB, 3.4 MB (ko, Mo in French)."""
    letter = "o" if language == "fr" else "B"
    if count < 1000:
        return f"{count} {'octets' if language == 'fr' else 'bytes'}"
    unit, value = ("k", count / 1000) if count < 1_000_000 else ("M", count / 1_000_000)
    digits = "#,##0.#" if value < 10 else "#,##0"
    return f"{format_decimal(value, digits, locale=language)} {unit}{letter}"


def _others(here: str, language: str) -> list[tuple[str, str, str]]:
    """The other languages: (code, name, address of this page in it)."""
    return [
        (code, name, str(URL(here).update_query(lang=code))) for code, name in LANGUAGES.items() if code != language
    ]
