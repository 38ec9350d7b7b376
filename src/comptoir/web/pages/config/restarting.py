"""Starting the service anew from its page: it says so, waits until it answers again, and leads back.

The port may be another one by then; the page knows it, and asks at its own only: to the new one it would be a page of
another site, and be refused and noted as such. Without a script it leads there by itself, too.
"""

from __future__ import annotations

from aiohttp import web
from yarl import URL

from comptoir.web.desk import Desk
from comptoir.web.pages import Access
from comptoir.web.pages.config.fields import Form
from comptoir.web.pages.config.page import ConfigPage
from comptoir.web.pages.frame import person
from comptoir.web.render import Renderer

#: seconds until a browser without script goes on by itself
PATIENCE = 8


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = RestartPage(desk, render, access)
    return [web.post("/config/restart", page.framed(page.restart))]


class RestartPage(ConfigPage):
    """POST restarts, and answers before it does."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        super().__init__(desk, render, access, "/config/restart", "config_restart.html")

    async def restart(self, request: web.Request) -> web.Response:
        await self.station.restart(person(request), request.remote or "")
        here = URL(f"{request.scheme}://{request.host}")
        there = here.with_port(self.station.config.station.port or here.port)
        back = str(there.with_path("/config"))
        return self.page(request, Form({}), back=back, moves=there.port != here.port, patience=PATIENCE)
