"""HTTPS: this station's certificate, who trusts its authority, and a certificate of one's own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from comptoir.core.errors import ComptoirError
from comptoir.web.desk import Desk
from comptoir.web.locale import wanted
from comptoir.web.pages import Access
from comptoir.web.pages.config.fields import TEXT, Form, Kinds
from comptoir.web.pages.config.page import ConfigPage
from comptoir.web.pages.frame import form_of, person, see
from comptoir.web.render import Renderer

KINDS: Final[Kinds] = {"station.certificate": TEXT, "station.private_key": TEXT}


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = CertificatesPage(desk, render, access)
    return [
        web.get("/config/certificates", page.framed(page.show)),
        web.post("/config/certificates", page.framed(page.post)),
        web.post("/config/certificates/install", page.framed(page.install)),
    ]


def day(at: int, language: str) -> str:
    """The day of an instant (ms) in this machine's time, with its year."""
    from babel.dates import format_date  # noqa: PLC0415 - a service is up sooner without

    return format_date(datetime.fromtimestamp(at / 1000, UTC).astimezone(), "long", locale=language)


class CertificatesPage(ConfigPage):
    """GET shows; POST names a certificate of one's own, or installs the authority in a store."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        super().__init__(desk, render, access, "/config/certificates", "config_certificates.html")

    async def show(self, request: web.Request) -> web.Response:
        return await self._show(request, self.form(KINDS))

    async def post(self, request: web.Request) -> web.Response:
        refused = await self.keep_sections(request, KINDS)
        return see("/config/certificates?saved") if refused is None else await self._show(request, *refused)

    async def install(self, request: web.Request) -> web.Response:
        trust = self.station.trust
        if trust is None:
            raise web.HTTPNotFound
        try:
            await trust.install((await form_of(request)).get("store", ""), person(request), request.remote or "")
        except ComptoirError as error:
            return await self._show(request, self.form(KINDS), error)
        return see("/config/certificates?installed")

    async def _show(self, request: web.Request, form: Form, error: ComptoirError | None = None) -> web.Response:
        trust = self.station.trust
        shown = None if trust is None else await trust.describe()
        return self.page(
            request,
            form,
            error,
            certificate=shown,
            until="" if shown is None else day(shown.ends_at, wanted(request, self._render.language)),
            stores=() if trust is None else await trust.stores(),
            installed="installed" in request.query,
            port=self.station.config.station.port,
        )
