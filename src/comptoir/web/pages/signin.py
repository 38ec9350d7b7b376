"""Signing in and out, and choosing the first password, at a hub and at a station. `Access` decides.

A station has the addresses and the answers of the earlier till service (302, where a hub says 303), and its fields.
"""

from __future__ import annotations

from typing import Final, cast

from aiohttp import web

from comptoir.core.errors import ComptoirError, RequestError
from comptoir.web.access import COOKIE
from comptoir.web.desk import Desk
from comptoir.web.guard import is_loopback
from comptoir.web.pages import Access, HubAccess
from comptoir.web.pages.frame import form_of, framed, local_path, see
from comptoir.web.render import Renderer

#: role → where one signs in, signs out, and arrives
PLACES: Final = {"hub": ("/signin", "/signout", "/"), "station": ("/config/login", "/config/logout", "/config")}


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    known = access.access if desk.role == "station" else access  # type: ignore[union-attr]
    page = SigninPage(desk, render, cast(HubAccess, known))
    into, out, _ = PLACES[desk.role]
    found = [
        web.get(into, framed(desk, render, page.show)),
        web.post(into, framed(desk, render, page.sign_in)),
        web.post(out, framed(desk, render, page.sign_out)),
    ]
    if desk.role == "station":
        found.append(web.get(out, framed(desk, render, page.sign_out), allow_head=False))
    return found


class SigninPage:
    """GET asks for the password; POST checks it, or sets the first one."""

    def __init__(self, desk: Desk, render: Renderer, access: HubAccess) -> None:
        self._desk = desk
        self._render = render
        self._access = access
        self._into, _, self._home = PLACES[desk.role]
        self._found = 302 if desk.role == "station" else 303

    async def show(self, request: web.Request) -> web.Response:
        return await self._page(request, local_path(request.query.get("next", ""), self._home))

    async def sign_in(self, request: web.Request) -> web.Response:
        fields = await form_of(request)
        password, following = fields.get("password", ""), local_path(fields.get("next", ""), self._home)
        try:
            if not await self._access.has_password():
                if fields.get("confirm_password", password) != password:
                    raise RequestError("the two passwords are not the same", "Type the same one twice.")
                await self._access.set_password(request, password, fields.get("code", ""))
            cookie = await self._access.sign_in(request, password)
        except ComptoirError as error:
            return await self._page(request, following, error)
        answer = see(following, self._found)
        answer.set_cookie(COOKIE, cookie, path="/", httponly=True, samesite="Strict", secure=request.secure)
        return answer

    async def sign_out(self, request: web.Request) -> web.Response:
        await self._access.sign_out(request)
        answer = see(self._into, self._found)
        answer.del_cookie(COOKIE, path="/")
        return answer

    async def _page(self, request: web.Request, following: str, error: ComptoirError | None = None) -> web.Response:
        first = not await self._access.has_password()
        return self._render.render(
            request,
            "signin.html",
            status=200 if error is None else error.http_status,
            desk=self._desk,
            following=following,
            into=self._into,
            first=first,
            code_needed=first and not is_loopback(request.remote or ""),
            error=error,
        )
