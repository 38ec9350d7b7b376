"""The link to the hub: its state, pairing with a code, ending it."""

from __future__ import annotations

from aiohttp import web

from comptoir.core.errors import ComptoirError
from comptoir.web.desk import Desk
from comptoir.web.pages import Access
from comptoir.web.pages.config.fields import Form
from comptoir.web.pages.config.page import ConfigPage
from comptoir.web.pages.frame import form_of, person, see
from comptoir.web.render import Renderer


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = HubPage(desk, render, access)
    return [
        web.get("/config/hub", page.framed(page.show)),
        web.post("/config/hub", page.framed(page.pair)),
        web.post("/config/hub/unlink", page.framed(page.unlink)),
    ]


class HubPage(ConfigPage):
    """GET shows; POST pairs or unlinks, at once."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        super().__init__(desk, render, access, "/config/hub", "config_hub.html")

    def context(self, request: web.Request) -> dict[str, object]:
        return {
            "link": self._desk.link,
            "paired": "paired" in request.query,
            "by_file": bool(self.station.config.relay.url),
        }

    async def show(self, request: web.Request) -> web.Response:
        return self.page(request, Form({}))

    async def pair(self, request: web.Request) -> web.Response:
        given = await form_of(request)
        url, code = given.get("url", "").strip(), given.get("code", "").strip()
        try:
            await self.access.pair(url, code)
        except ComptoirError as error:
            return self.page(request, Form({"url": url}), error)
        return see("/config/hub?paired")

    async def unlink(self, request: web.Request) -> web.Response:
        await self.station.unlink(person(request), request.remote or "")
        return see("/config/hub")
