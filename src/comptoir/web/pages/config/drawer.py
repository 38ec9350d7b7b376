"""The cash drawer: which printer it hangs on, its pulse, its sensor; and trying it out, as it works now."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from comptoir.core.errors import ComptoirError
from comptoir.web.desk import Desk
from comptoir.web.locale import msgid
from comptoir.web.pages import Access
from comptoir.web.pages.config.fields import SPAN, TEXT, WHOLE, Kinds, names_of
from comptoir.web.pages.config.page import ConfigPage
from comptoir.web.pages.frame import person, see
from comptoir.web.render import Renderer
from comptoir.web.words import Word

KINDS: Final[Kinds] = {
    "drawer.printer": TEXT,
    "drawer.pin": WHOLE,
    "drawer.on": SPAN,
    "drawer.off": SPAN,
    "drawer.pulse": TEXT,
    "drawer.sensor": TEXT,
}
#: what came of trying it
OUTCOMES: Final = {
    "opened": Word(msgid("The drawer has opened: its sensor says so."), "check", "done"),
    "was-open": Word(msgid("The drawer was open already: its sensor says so."), "check", "done"),
    "processed": Word(
        msgid("The printer has sent the pulse to the drawer. Without a sensor, that is all that is known."),
        "check",
        "done",
    ),
    "sent": Word(
        msgid("The pulse went out to the printer, which confirms nothing: look at the drawer."), "arrow", "go"
    ),
    "sensor": Word(msgid("The drawer has a sensor: from now on it is said whether it opened."), "check", "done"),
    "no-sensor": Word(
        msgid("Its sensor did not move. If the drawer opened, it has none, or none that is connected."), "dash", "off"
    ),
}
#: what the journal has as the reason
TRYING: Final = msgid("tried from the settings")


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = DrawerPage(desk, render, access)
    return [
        web.get("/config/drawer", page.framed(page.show)),
        web.post("/config/drawer", page.framed(page.post)),
        web.post("/config/drawer/try", page.framed(page.try_it)),
        web.post("/config/drawer/learn", page.framed(page.learn)),
    ]


class DrawerPage(ConfigPage):
    """GET shows; POST saves, opens the drawer, or finds out whether it has a sensor."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        super().__init__(desk, render, access, "/config/drawer", "config_drawer.html")

    def context(self, request: web.Request) -> dict[str, object]:
        places = {place.name: place for place in self._desk.parts.places()}
        name = self._printer()
        return {
            "printers": names_of(self.station.config.printer),
            "place": places.get(name),
            "told": OUTCOMES.get(request.query.get("told", "")),
        }

    async def show(self, request: web.Request) -> web.Response:
        return self.page(request, self.form(KINDS))

    async def post(self, request: web.Request) -> web.Response:
        return await self.save_sections(request, KINDS)

    async def try_it(self, request: web.Request) -> web.Response:
        try:
            reason = self._render.words(request).text(TRYING)
            outcome = await self.access.open_drawer(self._printer(), reason, person(request), request.remote or "")
        except ComptoirError as error:
            return self.page(request, self.form(KINDS), error)
        return see(f"/config/drawer?told={outcome}")

    async def learn(self, request: web.Request) -> web.Response:
        try:
            sensor = await self.access.learn_drawer(self._printer(), person(request), request.remote or "")
        except ComptoirError as error:
            return self.page(request, self.form(KINDS), error)
        return see(f"/config/drawer?told={'sensor' if sensor else 'no-sensor'}")

    def _printer(self) -> str:
        """The printer on which it hangs, among those that work now; "" where none does."""
        names = [place.name for place in self._desk.parts.places()]
        wanted = self.station.config.drawer.printer
        return wanted if wanted in names else next(iter(names), "")
