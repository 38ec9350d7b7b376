"""Keeping: how long what is kept, what is due for elimination, legal holds, exports. For who is signed in.

Nothing is eliminated but on the page that names what goes, and exactly what it names.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, cast

import msgspec
from aiohttp import web

from comptoir.logfiles import as_day
from comptoir.web.answers import json_answer
from comptoir.web.archive_export import send
from comptoir.web.desk import Desk
from comptoir.web.guard import USER
from comptoir.web.intake import small_body
from comptoir.web.keeping_desk import Due, Wanted
from comptoir.web.keeping_shapes import ExportMade, ExportNoted
from comptoir.web.locale import msgid, wanted
from comptoir.web.openings import local_day
from comptoir.web.pages import Access, StationAccess
from comptoir.web.pages.config.fields import UNITS
from comptoir.web.pages.frame import form_of, framed, person, see
from comptoir.web.render import Renderer
from comptoir.web.spreadsheet import BOM, rows

HERE: Final = "/archive/keeping"
#: eliminations on the page
FEW: Final = 12
#: what an export of the command line says of itself
EXAMPLE: Final = '{"by": "marie", "documents": 12, "size": 48213, "manifest": "9f86d081…"}'
#: characters of a reason
LONGEST: Final = 300
#: from when a duration is counted → how that is said
STARTS: Final[dict[str, str]] = {
    "received": msgid("counted from when it came"),
    "business-date": msgid("counted from its business date"),
    "year-end": msgid("counted from the end of its year"),
}
#: column of the list of what was eliminated → its heading
COLUMNS: Final[dict[str, str]] = {
    "at": msgid("Eliminated at"),
    "by": msgid("By"),
    "why": msgid("Reason"),
    "documents": msgid("Documents"),
    "first": msgid("First business date"),
    "last": msgid("Last business date"),
    "event": msgid("Event of the journal"),
    "hash": msgid("Hash of the event"),
}


class KeepingPage:
    """GET shows; POST eliminates, holds, releases, exports."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        self._desk = desk
        self._render = render
        self._station = cast(StationAccess, access)

    async def show(self, request: web.Request) -> web.StreamResponse:
        keeping = self._station.keeping
        work = keeping.work
        answer = self._render.render(
            request,
            "keeping.html",
            desk=self._desk,
            work=work,
            due=Due(0) if work and work.running else await keeping.due(),
            rules=keeping.rules(),
            starts=STARTS,
            holds=await keeping.holds(),
            eliminations=await keeping.eliminations(limit=FEW),
            exports=await keeping.exports(),
            sources=sorted({rule.source for rule in keeping.rules()}),
            told=request.query.get("told", ""),
            count=_number(request.query.get("count", "")),
            units=UNITS,
            period=lambda first, last: _period(first, last, wanted(request, self._render.language)),
        )
        if work and work.running:
            answer.headers["Refresh"] = "2"
        return answer

    # -- elimination --------------------------------------------------------------------------------------------------

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """What would go, by name, and the one button that lets it go."""
        chosen = Wanted(request.query.get("source", ""), request.query.get("year", ""))
        due = await self._station.keeping.due(chosen)
        return self._render.render(
            request,
            "keeping_ask.html",
            desk=self._desk,
            due=due,
            wanted=chosen,
            today=local_day(due.at).isoformat(),
            copies=len(await self._station.keeping.exports()),
        )

    async def eliminate(self, request: web.Request) -> web.StreamResponse:
        fields = await form_of(request)
        chosen = Wanted(fields.get("source", ""), fields.get("year", ""))
        seen = Due(_number(fields.get("at", "")), seal=fields.get("seal", ""))
        why = _reason(fields) or self._render.words(request).text(msgid("Its time of keeping is over"))
        await self._station.keeping.eliminate(chosen, seen, person(request), why)
        return see(HERE)

    async def eliminations(self, request: web.Request) -> web.StreamResponse:
        """All of them, for a spreadsheet."""
        found = await self._station.keeping.eliminations(limit=100_000)
        language, text = wanted(request, self._render.language), self._render.words(request).text
        lines = [[text(heading) for heading in COLUMNS.values()]]
        for one in found:
            when = datetime.fromtimestamp(one.at / 1000, UTC).astimezone()
            said = [one.by, one.why, str(one.documents), one.first, one.last, str(one.event), one.hash]
            lines.append([f"{when:%Y-%m-%d %H:%M:%S}", *said])
        return web.Response(
            body=BOM + rows(lines, language),
            headers={
                "Content-Type": "text/csv; charset=utf-8",
                "Content-Disposition": "attachment; filename=eliminations.csv",
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )

    # -- legal holds --------------------------------------------------------------------------------------------------

    async def hold(self, request: web.Request) -> web.StreamResponse:
        fields = await form_of(request)
        period = fields.get("since", ""), fields.get("until", ""), fields.get("source", "")
        count = await self._station.keeping.hold(*period, _reason(fields), person(request))
        return see(f"{HERE}?told=held&count={count}#holds")

    async def release(self, request: web.Request) -> web.StreamResponse:
        event = _number((await form_of(request)).get("event", ""))
        count = await self._station.keeping.release(event, person(request))
        return see(f"{HERE}?told=released&count={count}#holds")

    # -- exports ------------------------------------------------------------------------------------------------------

    async def export(self, request: web.Request) -> web.StreamResponse:
        fields = await form_of(request)
        await self._station.keeping.export(fields.get("since", ""), fields.get("until", ""), person(request))
        return see(f"{HERE}#exports")

    async def download(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        return await send(request, await self._station.keeping.packed(name), f"{name}.zip", "application/zip")

    async def remove(self, request: web.Request) -> web.StreamResponse:
        await self._station.keeping.remove_export((await form_of(request)).get("name", ""), person(request))
        return see(f"{HERE}?told=removed#exports")

    async def note(self, request: web.Request) -> web.StreamResponse:
        """The command line has made an export of its own: who, what, and its manifest's hash."""
        made = msgspec.to_builtins(await small_body(request, ExportMade, EXAMPLE))
        told = {name: value for name, value in made.items() if value not in ("", [])}
        await self._station.keeping.note_export({**told, "user": request.get(USER, ""), "host": request.remote or ""})
        return json_answer(ExportNoted(True), 201)


def _number(text: str) -> int:
    """0 for what is none: there is no such event, and nothing was due then."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _period(first: str, last: str, language: str) -> str:
    """Two dates, without what is said twice: 1–11 Dec 2016. What is no date is told as it is."""
    from babel.dates import format_interval  # noqa: PLC0415 - a service is up sooner without

    begin, end = as_day(first), as_day(last)
    return format_interval(begin, end, "yMMMd", locale=language) if begin and end else first


def _reason(fields: dict[str, str]) -> str:
    return " ".join(fields.get("why", "").split())[:LONGEST]


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = KeepingPage(desk, render, access)
    gets = {
        HERE: page.show,
        f"{HERE}/eliminate": page.ask,
        f"{HERE}/eliminations.csv": page.eliminations,
        f"{HERE}/exports/{{name}}.zip": page.download,
    }
    posts = {
        f"{HERE}/eliminate": page.eliminate,
        f"{HERE}/hold": page.hold,
        f"{HERE}/release": page.release,
        f"{HERE}/export": page.export,
        f"{HERE}/exports/remove": page.remove,
    }
    return [
        *(web.get(path, framed(desk, render, show)) for path, show in gets.items()),
        *(web.post(path, framed(desk, render, act)) for path, act in posts.items()),
        web.post("/api/archive/exports", page.note),
    ]
