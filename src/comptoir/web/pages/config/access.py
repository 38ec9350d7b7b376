"""Who may use this station: web sites and machines that the owner allows, those that were refused, who is signed in."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from comptoir.core.errors import ComptoirError, ConfigError
from comptoir.settings import Set
from comptoir.web.desk import Desk
from comptoir.web.pages import Access
from comptoir.web.pages.config.fields import FLAG, LINES, Form, Kinds
from comptoir.web.pages.config.page import ConfigPage
from comptoir.web.pages.frame import form_of, person, see
from comptoir.web.render import Renderer

KINDS: Final[Kinds] = {
    "station.allowed_origins": LINES,
    "station.allowed_addresses": LINES,
    "station.allowed_hosts": LINES,
    "station.network_logs": FLAG,
    "till.unnamed": FLAG,
}


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = AccessPage(desk, render, access)
    return [
        web.get("/config/access", page.framed(page.show)),
        web.post("/config/access", page.framed(page.post)),
        web.post("/config/access/allow", page.framed(page.allow)),
        web.post("/config/access/dismiss", page.framed(page.dismiss)),
        web.post("/config/access/sign-out", page.framed(page.sign_out)),
    ]


class AccessPage(ConfigPage):
    """GET shows; POST saves the lists, decides about a site that was refused, or signs everybody out."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        super().__init__(desk, render, access, "/config/access", "config_access.html")

    async def show(self, request: web.Request) -> web.Response:
        return await self._show(request, self.form(KINDS))

    async def post(self, request: web.Request) -> web.Response:
        refused = await self.keep_sections(request, KINDS)
        return see("/config/access?saved") if refused is None else await self._show(request, *refused)

    async def allow(self, request: web.Request) -> web.Response:
        site = (await form_of(request)).get("site", "").strip()
        allowed = self.station.config.station.allowed_origins
        try:
            if site not in allowed:
                await self.save(request, [Set(("station", "allowed_origins"), [*allowed, site])])
        except ConfigError as error:
            return await self._show(request, self.form(KINDS), error)
        self.access.refusals.dismiss(site)
        who = {"user": person(request), "host": request.remote or ""}
        await self._desk.journal.note("site-allowed", {"site": site, **who})
        return see("/config/access?saved")

    async def dismiss(self, request: web.Request) -> web.Response:
        self.access.refusals.dismiss((await form_of(request)).get("site", ""))
        return see("/config/access")

    async def sign_out(self, request: web.Request) -> web.Response:
        await self.people.sign_out_everywhere(request)
        return see("/config/login")

    async def _show(self, request: web.Request, form: Form, error: ComptoirError | None = None) -> web.Response:
        return self.page(
            request,
            form,
            error,
            refusals=self.access.refusals.waiting(),
            unnamed=self.access.refusals.unnamed(),
            sessions=await self.people.sessions(),
            opened=self.station.config.station.host not in ("127.0.0.1", "::1", "localhost"),
        )
