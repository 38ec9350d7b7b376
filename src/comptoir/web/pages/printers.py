"""The printers of a station: a card each, with its state in words, its queue, its papers, its drawer, a test print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import quote, urlencode

from aiohttp import web

from comptoir.core.document import TEXT, Document, Origin, Submission
from comptoir.core.errors import ComptoirError, UnknownName
from comptoir.core.record import JobQuery
from comptoir.web.desk import Desk, Place
from comptoir.web.locale import msgid
from comptoir.web.pages import Access, StationAccess
from comptoir.web.pages.frame import form_of, framed, person, see
from comptoir.web.pages.view import View, views_of
from comptoir.web.render import Renderer
from comptoir.web.words import Word

LAST = 4
#: characters
LONGEST_REASON: Final = 200

TEST_TITLE = msgid("TEST PRINT")
TEST = msgid("If you can read this line, this printer works.")

#: what came of an action, as its card says it
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
    "closed": Word(msgid("The drawer is pushed shut."), "check", "done"),
    "sensor": Word(msgid("The drawer has a sensor: from now on it is said whether it opened."), "check", "done"),
    "no-sensor": Word(
        msgid("Its sensor did not move. If the drawer opened, it has none, or none that is connected."), "dash", "off"
    ),
    "probed": Word(msgid("The printer was asked: its card says what it can."), "check", "done"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A printer, and the jobs that it printed last; what can be wrong with it, where it is a virtual one."""

    place: Place
    jobs: list[View]
    #: fault → whether it is set; none for a real printer
    faults: dict[str, bool]

    @property
    def virtual(self) -> bool:
        return self.place.device.startswith("virtual")


class PrintersPage:
    """GET shows; POST /printers/NAME/… tests, probes, opens and learns the drawer, breaks a virtual printer."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        self._desk = desk
        self._render = render
        self._station = cast(StationAccess, access)

    async def show(self, request: web.Request) -> web.Response:
        return await self._page(request)

    async def test(self, request: web.Request) -> web.Response:
        name = self._name(request)
        words = self._render.words(request)
        document = Document.of(f"{words.text(TEST)}\n\n{name} · àéèêëïôûç œ € ✓\n0123456789".encode(), TEXT)
        origin = Origin("console", person(request), request.remote or "")
        title = words.text(TEST_TITLE)
        accepted = await self._desk.submit(Submission(document, origin, name, title=title, format="message"))
        return see(f"/jobs/{accepted.job.id}")

    async def probe(self, request: web.Request) -> web.Response:
        name = self._name(request)
        try:
            await self._station.probe(name)
        except ComptoirError as error:
            return await self._page(request, name, error)
        return _told(name, "probed")

    async def open(self, request: web.Request) -> web.Response:
        name = self._name(request)
        reason = (await form_of(request)).get("reason", "").strip()[:LONGEST_REASON]
        try:
            outcome = await self._station.open_drawer(name, reason, person(request), request.remote or "")
        except ComptoirError as error:
            return await self._page(request, name, error, reason)
        return _told(name, outcome)

    async def learn(self, request: web.Request) -> web.Response:
        name = self._name(request)
        try:
            sensor = await self._station.learn_drawer(name, person(request), request.remote or "")
        except ComptoirError as error:
            return await self._page(request, name, error)
        return _told(name, "sensor" if sensor else "no-sensor")

    async def close(self, request: web.Request) -> web.Response:
        name = self._name(request)
        self._station.close_drawer(name)
        return _told(name, "closed")

    async def faults(self, request: web.Request) -> web.Response:
        name = self._name(request)
        chosen = list(await form_of(request))
        self._station.set_faults(name, [fault for fault in self._station.faults(name) if fault in chosen])
        return see(f"/printers#{quote(name)}")

    def _name(self, request: web.Request) -> str:
        name = request.match_info["name"]
        if name not in {place.name for place in self._desk.parts.places()}:
            raise UnknownName(f"there is no printer “{name[:64]}”", "The printers page names those that there are.")
        return name

    async def _page(
        self, request: web.Request, name: str = "", error: ComptoirError | None = None, reason: str = ""
    ) -> web.Response:
        cards = [
            Card(place, await self._last(place), self._station.faults(place.name))
            for place in self._desk.parts.places()
        ]
        return self._render.render(
            request,
            "printers.html",
            here="/printers",
            status=200 if error is None else error.http_status,
            desk=self._desk,
            cards=cards,
            error=error,
            reason=reason,
            about=name or request.query.get("about", ""),
            told=OUTCOMES.get(request.query.get("told", "")),
        )

    async def _last(self, place: Place) -> list[View]:
        query = JobQuery(status=("printed",), destination=place.name, limit=LAST)
        return await views_of(self._desk, await self._desk.journal.jobs(query))


def _told(name: str, what: str) -> web.Response:
    """Back to the card, which says what came of it."""
    return see(f"/printers?{urlencode({'about': name, 'told': what})}#{quote(name)}")


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = PrintersPage(desk, render, access)
    actions = {
        "test": page.test,
        "probe": page.probe,
        "drawer": page.open,
        "drawer/close": page.close,
        "drawer/learn": page.learn,
        "faults": page.faults,
    }
    return [
        web.get("/printers", framed(desk, render, page.show)),
        *(web.post(f"/printers/{{name}}/{path}", framed(desk, render, act)) for path, act in actions.items()),
    ]
