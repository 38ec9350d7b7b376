"""Turns a template and values into an answer in the reader's language. It decides nothing of jobs or rights.

One Jinja2 environment a language, made when it is first wanted. Nothing on a page is loaded from another host
and no script stands in the page itself: the policy that goes with every page forbids both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web
from yarl import URL

from comptoir.web.guard import CSRF, USER
from comptoir.web.locale import COOKIE, LANGUAGES, catalogue, wanted
from comptoir.web.words import Words

if TYPE_CHECKING:
    from jinja2 import Environment

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
            from comptoir.web.environment import environment  # noqa: PLC0415 - it loads Jinja2 and Babel, for pages only

            self._environments[language] = environment(language)
        return self._environments[language]


def _others(here: str, language: str) -> list[tuple[str, str, str]]:
    """The other languages: (code, name, address of this page in it)."""
    return [
        (code, name, str(URL(here).update_query(lang=code))) for code, name in LANGUAGES.items() if code != language
    ]
