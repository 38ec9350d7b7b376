"""The hub's first page: write a message, send it, watch it come out. It works without a script, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import uuid4

from aiohttp import web

from comptoir.core.document import TEXT, Document, Origin, Submission
from comptoir.core.errors import ComptoirError, RequestError, UnknownName
from comptoir.core.record import JobQuery
from comptoir.web.desk import Desk, Place
from comptoir.web.pages import Access
from comptoir.web.pages.frame import form_of, framed, person, see
from comptoir.web.pages.view import View, view_of, views_of
from comptoir.web.render import Renderer

RECENT = 8
LONGEST_MESSAGE = 65_536  # bytes


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = PrintPage(desk, render)
    return [
        web.get("/", framed(desk, render, page.show)),
        web.post("/", framed(desk, render, page.send)),
    ]


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form. `key` makes sending the form twice print once."""

    content: str = ""
    place: str = ""
    key: str = ""


class PrintPage:
    """GET shows the form and what was sent last, POST sends."""

    def __init__(self, desk: Desk, render: Renderer) -> None:
        self._desk = desk
        self._render = render

    async def show(self, request: web.Request) -> web.Response:
        return await self._page(request, Draft(), sent=await self._sent(request))

    async def send(self, request: web.Request) -> web.Response:
        fields = await form_of(request)
        draft = Draft(fields.get("content", ""), fields.get("place", ""), fields.get("key", ""))
        try:
            accepted = await self._desk.submit(self._submission(request, draft))
        except ComptoirError as error:
            return await self._page(request, draft, error=error)
        return see(f"/?sent={accepted.job.id}")

    def _submission(self, request: web.Request, draft: Draft) -> Submission:
        text = draft.content.replace("\r\n", "\n")
        if not text.strip():
            raise RequestError("there is nothing to print: the message is empty", "Write something, then send it.")
        document = Document.of(text.encode(errors="replace"), TEXT)
        if document.size > LONGEST_MESSAGE:
            raise RequestError("this message is too long", "Send it as a file: docs/api.md")
        station, _, printer = draft.place.partition("/")
        # The same form with another text is another print, not a contradiction.
        key = f"{draft.key[:64]}:{document.digest[:32]}:{draft.place[:130]}" if draft.key else ""
        origin = Origin("web", person(request), request.remote or "")
        return Submission(document, origin, destination=station, printer=printer, key=key, format="message")

    async def _sent(self, request: web.Request) -> View | None:
        number = request.query.get("sent", "")
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            return None
        try:
            return await view_of(self._desk, await self._desk.job(int(number)))
        except UnknownName:
            return None

    async def _page(
        self, request: web.Request, draft: Draft, sent: View | None = None, error: ComptoirError | None = None
    ) -> web.Response:
        places = self._desk.parts.places()
        return self._render.render(
            request,
            "print.html",
            status=200 if error is None else error.http_status,
            desk=self._desk,
            draft=draft,
            key=uuid4().hex,
            error=error,
            sent=sent,
            recent=await views_of(self._desk, await self._desk.journal.jobs(JobQuery(limit=RECENT))),
            stations=_by_station(places),
            choices=len(places),
            linked=any(place.connected for place in places),
            troubled=[place for place in places if place.name and not place.ready and place.connected],
        )


def _by_station(places: Sequence[Place]) -> list[tuple[str, list[Place]]]:
    """The places, together by station."""
    known = sorted(places, key=lambda place: place.station)
    return [(station, list(group)) for station, group in groupby(known, lambda place: place.station)]
