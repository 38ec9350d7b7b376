"""The API for people who write programs: an example to copy, the calls, the fields. Made from `openapi.py`."""

from __future__ import annotations

from typing import cast

from aiohttp import web

from comptoir.web.desk import Desk
from comptoir.web.openapi import calls_of, fields_of
from comptoir.web.pages import Access, HubAccess
from comptoir.web.pages.frame import framed
from comptoir.web.render import Renderer


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    async def show(request: web.Request) -> web.Response:
        return render.render(
            request,
            "docs.html",
            desk=desk,
            calls=calls_of(desk.role),
            fields=fields_of(desk.role),
            address=f"{request.scheme}://{request.host}{'/print' if desk.role == 'hub' else '/api/print'}",
            secured=desk.role == "hub" and cast(HubAccess, access).secured,
        )

    return [web.get("/docs", framed(desk, render, show))]
