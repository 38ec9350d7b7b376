"""Changing the password of the settings. The first one is set where one signs in."""

from __future__ import annotations

from aiohttp import web

from comptoir.core.errors import ComptoirError, RequestError
from comptoir.web.desk import Desk
from comptoir.web.pages import Access
from comptoir.web.pages.config.fields import Form
from comptoir.web.pages.config.page import ConfigPage
from comptoir.web.pages.frame import form_of, see
from comptoir.web.render import Renderer


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = PasswordPage(desk, render, access)
    return [
        web.get("/config/password", page.framed(page.show)),
        web.post("/config/password", page.framed(page.change)),
    ]


class PasswordPage(ConfigPage):
    """GET asks for the old one and twice for the new one, POST changes it. What was typed is never sent back."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        super().__init__(desk, render, access, "/config/password", "config_password.html")

    async def show(self, request: web.Request) -> web.Response:
        return self.page(request, Form({}), changed="changed" in request.query)

    async def change(self, request: web.Request) -> web.Response:
        given = await form_of(request)
        if given.get("new", "") != given.get("again", ""):
            return self.page(request, Form({}, "again"), changed=False)
        try:
            await self.people.change_password(request, given.get("old", ""), given.get("new", ""))
        except RequestError as error:
            return self._refused(request, error)
        return see("/config/password?changed")

    def _refused(self, request: web.Request, error: ComptoirError) -> web.Response:
        return self.page(request, Form({}), error, changed=False)
