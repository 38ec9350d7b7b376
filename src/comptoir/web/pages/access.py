"""Who may use the hub: tokens for programs, the password for people. A token is shown once and not kept."""

from __future__ import annotations

from typing import cast

from aiohttp import web

from comptoir.core.errors import ComptoirError, RequestError
from comptoir.web.desk import Desk
from comptoir.web.pages import Access, HubAccess
from comptoir.web.pages.frame import form_of, framed, see
from comptoir.web.render import Renderer


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = AccessPage(desk, render, cast(HubAccess, access))
    return [
        web.get("/access", framed(desk, render, page.show)),
        web.post("/access/clients", framed(desk, render, page.add)),
        web.post("/access/revoke", framed(desk, render, page.revoke)),
        web.post("/access/password", framed(desk, render, page.set_password)),
    ]


class AccessPage:
    """GET shows; POST adds or removes a program's token, or sets the password."""

    def __init__(self, desk: Desk, render: Renderer, access: HubAccess) -> None:
        self._desk = desk
        self._render = render
        self._access = access

    async def show(self, request: web.Request) -> web.Response:
        return await self._page(request)

    async def add(self, request: web.Request) -> web.Response:
        name = (await form_of(request)).get("name", "").strip()
        if not name or len(name) > 64 or not name.isprintable():
            error = RequestError("a program needs a name of 1 to 64 characters")
            return await self._page(request, error=error)
        if name in {client.name for client in await self._access.clients()}:
            # A new token under an old name would silently shut the old program out.
            error = RequestError("there is a program of this name already", "Revoke it first, or choose another name.")
            return await self._page(request, error=error)
        return await self._page(request, name=name, token=await self._access.add_client(name))

    async def revoke(self, request: web.Request) -> web.Response:
        await self._access.revoke("client", (await form_of(request)).get("name", ""))
        return see("/access")

    async def set_password(self, request: web.Request) -> web.Response:
        try:
            await self._access.set_password(request, (await form_of(request)).get("password", ""))
        except ComptoirError as error:
            return await self._page(request, error=error)
        return see("/access?password")

    async def _page(
        self, request: web.Request, name: str = "", token: str = "", error: ComptoirError | None = None
    ) -> web.Response:
        return self._render.render(
            request,
            "access.html",
            status=200 if error is None else error.http_status,
            desk=self._desk,
            here="/access",
            clients=await self._access.clients(),
            has_password=await self._access.has_password(),
            secured=self._access.secured,
            name=name,
            client_token=token,
            error=error,
            changed="password" in request.query,
            address=f"{request.scheme}://{request.host}",
        )
