"""The watched folders: a card each, with its state, the sum of what lies there, what waits and what needs a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import quote

from aiohttp import web

from comptoir.core.intake import Original, OriginalQuery
from comptoir.core.watch import Entry, FolderState
from comptoir.web.desk import Desk
from comptoir.web.folder_desk import FolderDesk, folder_named
from comptoir.web.pages import Access, StationAccess
from comptoir.web.pages.frame import form_of, framed, local_path, person, see
from comptoir.web.render import Renderer

#: of each kind on a card; the folder's own page has them all
FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Card:
    """A folder. `sent`: originals by state; `undelivered`: some of those that failed."""

    folder: FolderState
    sent: dict[str, int]
    waiting: Sequence[Entry]
    stuck: Sequence[Entry]
    undelivered: Sequence[Original]

    @property
    def failures(self) -> int:
        """Files that a destination will not have until a person tries again."""
        return self.sent.get("failed", 0)

    @property
    def under_way(self) -> int:
        return self.sent.get("waiting", 0)

    @property
    def arrived(self) -> int:
        return sum(self.sent.values()) - self.failures - self.under_way


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = FoldersPage(desk, render, access)
    return [
        web.get("/folders", framed(desk, render, page.show)),
        web.post("/folders/{name}/rescan", framed(desk, render, page.rescan)),
        web.post("/folders/{name}/retry", framed(desk, render, page.retry)),
    ]


def address_of(name: str) -> str:
    """The page of a folder."""
    return f"/folders/{quote(name, safe='')}"


def folder_of(folders: FolderDesk, request: web.Request) -> FolderState:
    """The folder that the address names. Raises UnknownName."""
    return folder_named(folders.folders(), request.match_info["name"])


class FoldersPage:
    """GET shows; POST looks through one folder now, or tries again all that failed of it."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        self._desk = desk
        self._render = render
        self._station = cast(StationAccess, access)

    async def show(self, request: web.Request) -> web.Response:
        cards = [await self._card(folder) for folder in self._station.folders.folders()]
        return self._render.render(request, "folders.html", here="/folders", desk=self._desk, cards=cards)

    async def rescan(self, request: web.Request) -> web.Response:
        name = folder_of(self._station.folders, request).name
        fields = await form_of(request)
        await self._station.folders.rescan(name)
        return see(local_path(fields.get("back", ""), "/folders"))

    async def retry(self, request: web.Request) -> web.Response:
        name = folder_of(self._station.folders, request).name
        fields = await form_of(request)
        await self._station.folders.retry_all(name, person(request))
        return see(local_path(fields.get("back", ""), "/folders"))

    async def _card(self, folder: FolderState) -> Card:
        folders, name = self._station.folders, folder.name
        sent = dict(await folders.tally(name))
        failed = OriginalQuery(source=name, states=("failed",), limit=FEW)
        return Card(
            folder,
            sent,
            folders.entries(name, "waiting", "", FEW) if folder.waiting else (),
            folders.entries(name, "failed", "", FEW) if folder.failed else (),
            await folders.originals(failed) if sent.get("failed") else (),
        )
