"""A month of nights at a glance: each with what is missing, and whether it is signed."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from aiohttp import web

from comptoir.core.errors import RequestError
from comptoir.web.desk import Desk
from comptoir.web.locale import wanted
from comptoir.web.night_words import NightWords
from comptoir.web.pages import Access, StationAccess
from comptoir.web.pages.frame import framed
from comptoir.web.render import Renderer


@dataclass(frozen=True, slots=True)
class Month:
    """A month and its neighbours, as 2026-11; no later one where it is the present one."""

    first: date
    last: date
    before: str
    after: str


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    station = cast(StationAccess, access)

    async def show(request: web.Request) -> web.Response:
        today = station.nights.today
        month = month_of(request.query.get("month", ""), today)
        nights = await station.nights.nights(month.first, month.last)
        return render.render(
            request,
            "nights.html",
            desk=desk,
            month=month,
            nights=nights,
            today=today,
            # How many squares of the calendar stand empty before the first and after the last day.
            lead=month.first.weekday(),
            rest=[month.first + timedelta(count) for count in range(len(nights), month.last.day)],
            night_words=NightWords(wanted(request, render.language)),
        )

    return [web.get("/nights", framed(desk, render, show))]


def month_of(text: str, today: date) -> Month:
    """The month of an address; the present one where it names none, or a later one. Raises RequestError."""
    if text and not re.fullmatch(r"(19[7-9]|[2-9]\d\d)\d-(0[1-9]|1[0-2])", text, re.ASCII):
        raise RequestError(f"“{text[:40]}” is no month", "A month is written like this: 2026-11.")
    present = today.replace(day=1)
    first = min(date.fromisoformat(f"{text}-01") if text else present, present)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    before = (first - timedelta(1)).strftime("%Y-%m") if first.year > 1970 or first.month > 1 else ""
    after = (last + timedelta(1)).strftime("%Y-%m") if first < present else ""
    return Month(first, last, before, after)
