"""The stations of a hub as a calm table, and how one is paired. Programs get the same address as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from aiohttp import web

from comptoir.core.errors import RequestError
from comptoir.core.record import Credential
from comptoir.web.api import stations_json
from comptoir.web.desk import Desk, Place
from comptoir.web.pages import Access, HubAccess
from comptoir.web.pages.frame import form_of, framed, see, wants_page
from comptoir.web.render import Renderer


@dataclass(frozen=True, slots=True)
class Row:
    """A station: what it is called, whether it is linked, what stands there."""

    name: str
    known: Credential | None
    connected: bool
    waiting: int
    printers: list[Place]


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = StationsPage(desk, render, cast(HubAccess, access))
    answer_program = stations_json(desk)
    show_page = framed(desk, render, page.show)

    async def show(request: web.Request) -> web.StreamResponse:
        return await (show_page if wants_page(request) else answer_program)(request)

    return [
        web.get("/stations", show),
        web.post("/stations/pair", framed(desk, render, page.pair)),
        web.post("/stations/revoke", framed(desk, render, page.revoke)),
    ]


class StationsPage:
    """GET shows, POST makes a pairing code or takes a station's token away."""

    def __init__(self, desk: Desk, render: Renderer, access: HubAccess) -> None:
        self._desk = desk
        self._render = render
        self._access = access

    async def show(self, request: web.Request) -> web.Response:
        return await self._page(request)

    async def pair(self, request: web.Request) -> web.Response:
        name = (await form_of(request)).get("name", "").strip()
        if len(name) > 64 or "/" in name or not name.isprintable():
            raise RequestError("a station's name has at most 64 printable characters, without “/”")
        code, until = await self._access.pairing_code(name)
        return await self._page(request, code, until)

    async def revoke(self, request: web.Request) -> web.Response:
        await self._access.revoke("station", (await form_of(request)).get("name", ""))
        return see("/stations")

    async def _page(self, request: web.Request, code: str = "", until: int = 0) -> web.Response:
        return self._render.render(
            request,
            "stations.html",
            desk=self._desk,
            here="/stations",
            rows=await self._rows(),
            code=code,
            until=until,
            minutes=max(1, round((until - self._desk.clock.now()) / 60_000)) if code else 0,
            address=f"{request.scheme}://{request.host}",
            secured=self._access.secured,
        )

    async def _rows(self) -> list[Row]:
        known = {credential.name: credential for credential in await self._access.stations()}
        places = self._desk.parts.places()
        rows = []
        for name in sorted({*known, *(place.station for place in places)}):
            here = [place for place in places if place.station == name]
            connected = any(place.connected for place in here)
            printers = [place for place in here if place.name]
            rows.append(Row(name, known.get(name), connected, sum(place.waiting for place in here), printers))
        return rows
