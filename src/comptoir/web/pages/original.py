"""One file that was taken from a folder: where it is now, what every destination has of it, its whole life."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from aiohttp import web

from comptoir.core.errors import UnknownName
from comptoir.core.intake import Original, OriginalQuery
from comptoir.web.desk import Desk
from comptoir.web.pages import Access, StationAccess
from comptoir.web.pages.folders import address_of
from comptoir.web.pages.frame import form_of, framed, local_path, person, see
from comptoir.web.pages.life import life_of
from comptoir.web.pages.view import views_of
from comptoir.web.render import Renderer

#: members of a lot that its page names
MEMBERS: Final = 200


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = OriginalPage(desk, render, access)
    return [
        web.get(r"/originals/{id:\d+}", framed(desk, render, page.show)),
        web.post(r"/originals/{id:\d+}/retry", framed(desk, render, page.retry)),
        web.post(r"/originals/{id:\d+}/leave", framed(desk, render, page.leave)),
    ]


class OriginalPage:
    """GET shows; POST tries again what failed, or leaves it."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        self._desk = desk
        self._render = render
        self._station = cast(StationAccess, access)

    async def show(self, request: web.Request) -> web.Response:
        original, jobs, events = await self._station.folders.life(number_of(request))
        return self._render.render(
            request,
            "original.html",
            desk=self._desk,
            original=original,
            folder=address_of(original.source),
            jobs=await views_of(self._desk, jobs),
            life=life_of(jobs, events),
            members=await self._members(original),
        )

    async def retry(self, request: web.Request) -> web.Response:
        number, fields = number_of(request), await form_of(request)
        await self._station.folders.retry(number, person(request))
        return see(local_path(fields.get("back", ""), f"/originals/{number}"))

    async def leave(self, request: web.Request) -> web.Response:
        number, fields = number_of(request), await form_of(request)
        await self._station.folders.leave(number, person(request))
        return see(local_path(fields.get("back", ""), f"/originals/{number}"))

    async def _members(self, original: Original) -> Sequence[Original]:
        if not original.is_lot:
            return ()
        return await self._station.folders.originals(OriginalQuery(lot=original.id, limit=MEMBERS))


def number_of(request: web.Request) -> int:
    """The number in the address. Raises UnknownName."""
    digits = request.match_info["id"]
    if len(digits) > 18:
        raise UnknownName(f"there is no file {digits[:18]}…")
    return int(digits)
