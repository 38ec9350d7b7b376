"""POST /config/save: the form of the earlier till service, for what fills it in by program. It has no page of its own.

Its answer is always 302 to /config, which says what became of it. What its fields mean is `comptoir.earlier`.
"""

from __future__ import annotations

from urllib.parse import urlencode

from aiohttp import web

from comptoir.core.errors import ConfigError, RequestError
from comptoir.earlier import edits_of
from comptoir.settings import WrongField
from comptoir.web.desk import Desk
from comptoir.web.pages import Access
from comptoir.web.pages.config.page import ConfigPage
from comptoir.web.pages.frame import form_of, see
from comptoir.web.render import Renderer


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = EarlierPage(desk, render, access)
    return [web.post("/config/save", page.framed(page.save_form))]


class EarlierPage(ConfigPage):
    """POST saves the settings, and the password where a new one is given: both or none."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        super().__init__(desk, render, access, "/config", "config_general.html")

    async def save_form(self, request: web.Request) -> web.Response:
        given = await form_of(request)
        try:
            edits = edits_of(given, self.station.config)
            await self.station.check(edits)
            changed = await self._password(request, given)
            await self.save(request, edits)
        except WrongField as error:
            return _refused(error.key)
        except (ConfigError, RequestError):
            return _refused("form")
        return see("/config?saved&password" if changed else "/config?saved", 302)

    async def _password(self, request: web.Request, given: dict[str, str]) -> bool:
        """Change it where a new one is given. Raises RequestError."""
        new = given.get("new_password", "")
        if not new:
            return False
        if given.get("confirm_new_password", "") != new:
            raise RequestError("the two passwords are not the same", "Type the same one twice.")
        await self.people.change_password(request, given.get("current_password", ""), new)
        return True


def _refused(what: str) -> web.Response:
    return see(f"/config?{urlencode({'refused': what})}", 302)
