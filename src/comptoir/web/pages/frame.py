"""What all pages have in common on the way in and out: the values of a form, errors as pages, who is asking.

It knows no single page. An action that worked answers 303, so that reloading repeats nothing.
"""

from __future__ import annotations

import logging
from urllib.parse import quote

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from comptoir.core.errors import ComptoirError, RequestError
from comptoir.web.answers import Explain, error_answer
from comptoir.web.desk import Desk
from comptoir.web.guard import USER, is_form
from comptoir.web.render import Renderer

log = logging.getLogger("comptoir.web")


def framed(desk: Desk, render: Renderer, handler: Handler) -> Handler:
    """The handler, with a page instead of an exception where it could not do what was asked."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ComptoirError as error:
            if error.http_status >= 500:
                log.error("%s %s: %s", request.method, request.path, error.sentences)
            return failed(desk, render, request, error)

    return answer


def explaining(desk: Desk, render: Renderer) -> Explain:
    """What makes an answer of an error that no page has answered: a page for people, JSON for programs."""

    async def explain(request: web.Request, error: ComptoirError) -> web.StreamResponse:
        return failed(desk, render, request, error) if wants_page(request) else error_answer(error)

    return explain


def failed(desk: Desk, render: Renderer, request: web.Request, error: ComptoirError) -> web.Response:
    """A page that says what did not work and what to do; for somebody unknown, the way to sign in."""
    if error.code == "sign-in" and request.method in ("GET", "HEAD"):
        return _to_sign_in(desk, request)
    back = local_path(request.headers.get(hdrs.REFERER, "").partition(f"//{request.host}")[2])
    return render.render(request, "failed.html", status=error.http_status, desk=desk, error=error, back=back)


def _to_sign_in(desk: Desk, request: web.Request) -> web.Response:
    """As the earlier till service did it, at a station: 302, and bare where it leads to the first page anyway."""
    following = quote(request.path_qs)
    if desk.role == "hub":
        return see(f"/signin?next={following}")
    return see("/config/login" if request.path_qs == "/config" else f"/config/login?next={following}", 302)


def see(path: str, status: int = 303) -> web.Response:
    """Go on there, with GET."""
    return web.Response(status=status, headers={hdrs.LOCATION: path})


def local_path(path: str, default: str = "/") -> str:
    """The path if it stays on this service, else the default: a link of ours leads nobody elsewhere."""
    good = path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable() and len(path) < 2000
    return path if good else default


async def form_of(request: web.Request) -> dict[str, str]:
    """The text fields of a form. Raises RequestError."""
    if not is_form(request):
        raise RequestError("the form cannot be read", "Send its fields in UTF-8, as application/x-www-form-urlencoded.")
    try:
        fields = await request.post()
    except (ValueError, LookupError) as error:  # no UTF-8, or a character set that there is not
        raise RequestError(f"the form cannot be read: {error}", "Load the page again and repeat it.") from None
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def person(request: web.Request) -> str:
    """Who is at the page: the name of the session, or whoever sits at this machine."""
    return request.get(USER, "") or "console"


def wants_page(request: web.Request) -> bool:
    """Whether the caller is a browser showing a page, not a program."""
    return "text/html" in request.headers.get(hdrs.ACCEPT, "")
