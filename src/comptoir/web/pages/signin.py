"""Signing in and out of a hub, and choosing the first password. `Access` decides."""

from __future__ import annotations

from typing import cast

from aiohttp import web

from comptoir.core.errors import ComptoirError
from comptoir.web.access import COOKIE
from comptoir.web.desk import Desk
from comptoir.web.guard import is_loopback
from comptoir.web.pages import Access, HubAccess
from comptoir.web.pages.frame import form_of, framed, local_path, see
from comptoir.web.render import Renderer


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = SigninPage(desk, render, cast(HubAccess, access))
    return [
        web.get("/signin", framed(desk, render, page.show)),
        web.post("/signin", framed(desk, render, page.sign_in)),
        web.post("/signout", framed(desk, render, page.sign_out)),
    ]


class SigninPage:
    """GET asks for the password; POST checks it, or sets the first one."""

    def __init__(self, desk: Desk, render: Renderer, access: HubAccess) -> None:
        self._desk = desk
        self._render = render
        self._access = access

    async def show(self, request: web.Request) -> web.Response:
        return await self._page(request, local_path(request.query.get("next", "")))

    async def sign_in(self, request: web.Request) -> web.Response:
        fields = await form_of(request)
        password, following = fields.get("password", ""), local_path(fields.get("next", ""))
        try:
            if not await self._access.has_password():
                await self._access.set_password(request, password, fields.get("code", ""))
            cookie = await self._access.sign_in(request, password)
        except ComptoirError as error:
            return await self._page(request, following, error)
        answer = see(following)
        answer.set_cookie(COOKIE, cookie, path="/", httponly=True, samesite="Strict", secure=request.secure)
        return answer

    async def sign_out(self, request: web.Request) -> web.Response:
        await self._access.sign_out(request)
        answer = see("/signin")
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
            first=first,
            code_needed=first and not is_loopback(request.remote or ""),
            error=error,
        )
