"""The JSON API of nights, and documents as one PDF: a night's pack, or those that a search finds (docs/nights.md)."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from aiohttp import hdrs, web

from comptoir.core.errors import RequestError
from comptoir.web import archive_export
from comptoir.web.answers import json_answer
from comptoir.web.archive_desk import ArchiveDesk
from comptoir.web.archive_query import numbers_of, search_of
from comptoir.web.attachment import disposition
from comptoir.web.locale import wanted
from comptoir.web.night_desk import NightDesk
from comptoir.web.night_shapes import Nights, line_shape, night_shape
from comptoir.web.openings import asked_day
from comptoir.web.render import Renderer

#: dates in one answer
LONGEST: Final = 400
#: documents of one PDF
MOST: Final = 500
#: bytes of a PDF that are sent at once
PIECE: Final = 1 << 18


class NightApi:
    """Handlers for the nights of one station."""

    def __init__(self, nights: NightDesk, archive: ArchiveDesk, render: Renderer) -> None:
        self._nights = nights
        self._archive = archive
        self._render = render

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/nights", self.list),
            web.get("/api/nights/{day}", self.show),
            web.get("/api/nights/{day}/pack", self.pack),
            web.get("/api/documents.pdf", self.bound),
        ]

    async def list(self, request: web.Request) -> web.StreamResponse:
        """?since=&until=, both included; the last 31 without."""
        today = self._nights.today
        until = min(asked_day(request.query.get("until", ""), today), today)
        since = asked_day(request.query.get("since", ""), until - timedelta(days=30))
        if (until - since).days >= LONGEST:
            raise RequestError(f"one answer has {LONGEST} nights at most")
        return json_answer(Nights([line_shape(one) for one in await self._nights.nights(since, until)]))

    async def show(self, request: web.Request) -> web.StreamResponse:
        return json_answer(night_shape(await self._nights.night(day_of(request, self._nights))))

    async def pack(self, request: web.Request) -> web.StreamResponse:
        """The night as one PDF; ?lang= for its first page."""
        day = day_of(request, self._nights)
        language = wanted(request, self._render.language)
        return await send_pdf(request, self._nights.pack(day, language), f"{day}.pdf")

    async def bound(self, request: web.Request) -> web.StreamResponse:
        """Those of ?n=1&n=2, else all that is found; ?heading= for the first page."""
        numbers = numbers_of(request.query.getall("n", []))
        chosen = await archive_export.chosen(self._archive, numbers, search_of(request.query), MOST)
        heading = request.query.get("heading", "").strip()[:120]
        language = wanted(request, self._render.language)
        return await send_pdf(request, self._nights.bound(list(chosen), heading, language), "archive.pdf")


def day_of(request: web.Request, nights: NightDesk) -> date:
    """The night of an address. Raises RequestError."""
    return asked_day(request.match_info["day"], nights.today)


async def send_pdf(request: web.Request, made: AbstractAsyncContextManager[Path], name: str) -> web.StreamResponse:
    """Give out a PDF that is made for this request, for the browser to show. Raises FormatError."""
    headers = {
        hdrs.CONTENT_TYPE: "application/pdf",
        hdrs.CONTENT_DISPOSITION: disposition(name).replace("attachment", "inline", 1),
        hdrs.CACHE_CONTROL: "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "frame-ancestors 'none'",
    }
    if request.method == hdrs.METH_HEAD:
        return web.Response(headers=headers)
    async with made as path:
        headers[hdrs.CONTENT_LENGTH] = str(path.stat().st_size)
        answer = web.StreamResponse(headers=headers)
        await answer.prepare(request)
        with await asyncio.to_thread(path.open, "rb") as content:
            while piece := await asyncio.to_thread(content.read, PIECE):
                await answer.write(piece)
        await answer.write_eof()
    return answer
