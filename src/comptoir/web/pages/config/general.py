"""What concerns the whole station: its language and name, where it listens, what it keeps, which tills it answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from aiohttp import web

from comptoir.web.desk import Desk
from comptoir.web.pages import Access
from comptoir.web.pages.config.fields import FLAG, SPAN, TEXT, WHOLE, Kinds, names_of
from comptoir.web.pages.config.page import ConfigPage
from comptoir.web.render import Renderer

KINDS: Final[Kinds] = {
    "language": TEXT,
    "retention": SPAN,
    "station.name": TEXT,
    "station.host": TEXT,
    "station.port": WHOLE,
    "log.keep": SPAN,
    "till.enabled": FLAG,
    "till.invoices": TEXT,
    "epos.enabled": FLAG,
    "epos.printer": TEXT,
    "hw_proxy.enabled": FLAG,
    "hw_proxy.printer": TEXT,
}


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = GeneralPage(desk, render, access)
    return [
        web.get("/config", page.framed(page.show)),
        web.post("/config", page.framed(page.post)),
    ]


class GeneralPage(ConfigPage):
    """GET shows, POST saves all of it."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        super().__init__(desk, render, access, "/config", "config_general.html")

    async def show(self, request: web.Request) -> web.Response:
        refused = request.query.get("refused", "")
        form = self.form(KINDS)
        # Whoever comes from the earlier service's form (`earlier.py`) is told which field it was.
        return self.page(request, replace(form, wrong=refused) if refused in KINDS else form, status=200)

    async def post(self, request: web.Request) -> web.Response:
        return await self.save_sections(request, KINDS)

    def context(self, request: web.Request) -> dict[str, object]:
        config = self.station.config
        return {
            "printers": names_of(config.printer),
            "sources": names_of(config.folders),
            "refused": "refused" in request.query,
            "changed": "password" in request.query,
            "address": f"127.0.0.1:{config.station.port}",
        }
