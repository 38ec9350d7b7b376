"""A night: its expected reports as a check list, all that was printed, what people say of it, and its pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast
from uuid import uuid4

from aiohttp import web

from comptoir.core.errors import ComptoirError, RequestError
from comptoir.core.kept import Kept
from comptoir.core.night import Checked
from comptoir.web.desk import Desk
from comptoir.web.guard import USER
from comptoir.web.locale import wanted
from comptoir.web.night_api import day_of, send_pdf
from comptoir.web.night_desk import NightDesk, NightView
from comptoir.web.night_words import NightWords
from comptoir.web.pages import Access, StationAccess
from comptoir.web.pages.frame import form_of, framed, person, see
from comptoir.web.render import Renderer

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """An expected report with its documents."""

    checked: Checked
    documents: Sequence[Kept]


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = NightPage(desk, render, access)
    one = r"/nights/{day:\d{4}-\d{2}-\d{2}}"
    return [
        web.get(one, framed(desk, render, page.show)),
        web.get(f"{one}/pack.pdf", framed(desk, render, page.pack)),
        web.post(f"{one}/note", framed(desk, render, page.note)),
        web.post(f"{one}/sign", framed(desk, render, page.sign)),
        web.post(f"{one}/deliver", framed(desk, render, page.deliver)),
    ]


def address_of(day: date) -> str:
    """The page of a night."""
    return f"/nights/{day}"


class NightPage:
    """GET shows; POST notes, signs, prints or sends the pack."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        self._desk = desk
        self._render = render
        self._access = access

    @property
    def _nights(self) -> NightDesk:
        return cast(StationAccess, self._access).nights

    async def show(self, request: web.Request) -> web.Response:
        return await self._page(request, day_of(request, self._nights))

    async def pack(self, request: web.Request) -> web.StreamResponse:
        day = day_of(request, self._nights)
        return await send_pdf(request, self._nights.pack(day, self._language(request)), f"{day}.pdf")

    async def note(self, request: web.Request) -> web.Response:
        day, fields = day_of(request, self._nights), await form_of(request)
        text = fields.get("note", "")
        try:
            await self._nights.note(day, text, person(request))
        except ComptoirError as error:
            return await self._page(request, day, error, note=text)
        return see(f"{address_of(day)}?told=noted#said")

    async def sign(self, request: web.Request) -> web.Response:
        day, fields = day_of(request, self._nights), await form_of(request)
        name = fields.get("name", "")
        try:
            await self._nights.sign(day, name, _seen(fields.get("seen", "")))
        except ComptoirError as error:
            return await self._page(request, day, error, name=name)
        return see(f"{address_of(day)}?told=signed#said")

    async def deliver(self, request: web.Request) -> web.Response:
        """The pack to a printer, or to another destination; the same form twice sends it once."""
        day, fields = day_of(request, self._nights), await form_of(request)
        to, key, language = fields.get("to", ""), fields.get("key", "")[:64], self._language(request)
        key = f"{key}:{day}:{to[:64]}" if key else ""
        try:
            if to == self._nights.send_to:
                job = await self._nights.send(day, person(request), language, key)
            else:
                job = await self._nights.print(day, to, person(request), language, key)
        except ComptoirError as error:
            return await self._page(request, day, error)
        return see(f"{address_of(day)}?told=handed&job={job.id}#pack")

    async def _page(
        self, request: web.Request, day: date, error: ComptoirError | None = None, **typed: str
    ) -> web.Response:
        view = await self._nights.night(day)
        parcel = None if view.parcel is None else self._desk.explained(view.parcel)
        return self._render.render(
            request,
            "night.html",
            here=address_of(day),
            status=200 if error is None else error.http_status,
            desk=self._desk,
            error=error,
            view=view,
            rows=_rows(view),
            expected={one.number: each for each in view.audit.reports for one in each.prints},
            parcel=parcel,
            nights=self._nights,
            before=day - _DAY,
            after=day + _DAY if day < self._nights.today else None,
            note=typed.get("note", view.said.note),
            name=typed.get("name", ""),
            known=request.get(USER, ""),
            key=uuid4().hex,
            told=request.query.get("told", ""),
            job=_number(request.query.get("job", "")),
            night_words=NightWords(self._language(request)),
        )

    def _language(self, request: web.Request) -> str:
        return wanted(request, self._render.language)


def _rows(view: NightView) -> list[Row]:
    known = {one.id: one for one in view.documents}
    return [Row(one, [known[each.number] for each in one.prints]) for one in view.audit.reports]


def _seen(text: str) -> int:
    """What the person saw who signs. Raises RequestError."""
    number = _number(text)
    if number is None:
        raise RequestError("seen must be a number", "Load the page again.")
    return number


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
