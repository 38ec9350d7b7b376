"""The JSON API of the watched folders: what lies there, what was taken, what a person may decide (docs/api.md)."""

from __future__ import annotations

from aiohttp import web

from comptoir.core.errors import RequestError, UnknownName
from comptoir.core.intake import OriginalQuery
from comptoir.core.watch import FolderState, Kind
from comptoir.web.answers import json_answer
from comptoir.web.api import send_document
from comptoir.web.desk import Desk
from comptoir.web.folder_desk import KINDS, FolderDesk, folder_named
from comptoir.web.folder_shapes import (
    FolderFile,
    FolderFiles,
    Folders,
    Retried,
    Rules,
    file_of_entry,
    file_of_original,
    folder_shape,
    original_shape,
    original_with_life,
    rule_of,
)
from comptoir.web.guard import USER
from comptoir.web.shapes import print_of

#: files in one answer: of what was taken; of what lies there
PAGE = 50
MOST = 500
#: days back that the rules can be tried for
LONGEST = 365


class FolderApi:
    """Handlers for the folders of one station."""

    def __init__(self, desk: Desk, folders: FolderDesk) -> None:
        self._desk = desk
        self._folders = folders

    def routes(self) -> list[web.RouteDef]:
        folder, original = "/api/folders/{name}", r"/api/originals/{id:\d+}"
        return [
            web.get("/api/folders", self.list),
            web.get(folder, self.show),
            web.get(f"{folder}/files", self.files),
            web.get(f"{folder}/rules", self.rules),
            web.post(f"{folder}/rescan", self.rescan),
            web.get(original, self.original),
            web.get(f"{original}/document", self.document),
            web.post(f"{original}/retry", self.retry),
            web.post(f"{original}/leave", self.leave),
        ]

    async def list(self, request: web.Request) -> web.StreamResponse:
        found = [folder_shape(one, await self._folders.tally(one.name)) for one in self._folders.folders()]
        return json_answer(Folders(found))

    async def show(self, request: web.Request) -> web.StreamResponse:
        folder = self._folder(request)
        return json_answer(folder_shape(folder, await self._folders.tally(folder.name)))

    async def files(self, request: web.Request) -> web.StreamResponse:
        """What lies there and was not taken, then what was taken; further pages have the latter only."""
        name, text = self._folder(request).name, request.query.get("q", "")
        kind, below = _kind(request), _number(request, "below")
        limit = min(_number(request, "limit") or PAGE, MOST)
        there: list[FolderFile] = []
        if below is None:
            wanted = [one for one in KINDS if one != "taken" and kind in (None, one)]
            there = [file_of_entry(one) for each in wanted for one in self._folders.entries(name, each, text, MOST)]
        if kind in ("ignored", "waiting"):
            return json_answer(FolderFiles(there, None))
        query = OriginalQuery(
            source=name, states=("failed",) if kind == "failed" else (), text=text, below=below, limit=limit + 1
        )
        taken = await self._folders.originals(query)
        following = taken[limit - 1].id if len(taken) > limit else None
        return json_answer(FolderFiles([*there, *map(file_of_original, taken[:limit])], following))

    async def rules(self, request: web.Request) -> web.StreamResponse:
        """What the rules of now would do, for files of the last ?days (7)."""
        days = _number(request, "days")
        days = 7 if days is None else days
        if not 0 <= days <= LONGEST:
            raise RequestError(f"days must be 0 to {LONGEST}")
        rows = await self._folders.dry_run(self._folder(request).name, days)
        return json_answer(Rules([rule_of(row) for row in rows]))

    async def rescan(self, request: web.Request) -> web.StreamResponse:
        """202: it is looked through."""
        folder = self._folder(request)
        await self._folders.rescan(folder.name)
        return json_answer(folder_shape(folder, await self._folders.tally(folder.name)), 202)

    async def original(self, request: web.Request) -> web.StreamResponse:
        original, jobs, events = await self._folders.life(_id(request))
        prints = [print_of(self._desk.explained(job), self._desk) for job in jobs]
        return json_answer(original_with_life(original, prints, list(events)))

    async def document(self, request: web.Request) -> web.StreamResponse:
        """The bytes that were kept, as they were copied; of a lot its manifest."""
        original, _, _ = await self._folders.life(_id(request))
        return await send_document(request, self._desk, original.document, original.id)

    async def retry(self, request: web.Request) -> web.StreamResponse:
        return json_answer(Retried(await self._folders.retry(_id(request), _person(request))))

    async def leave(self, request: web.Request) -> web.StreamResponse:
        number = _id(request)
        await self._folders.leave(number, _person(request))
        original, _, _ = await self._folders.life(number)
        return json_answer(original_shape(original))

    def _folder(self, request: web.Request) -> FolderState:
        return folder_named(self._folders.folders(), request.match_info["name"])


def _kind(request: web.Request) -> Kind | None:
    word = request.query.get("kind", "")
    kind = next((one for one in KINDS if one == word), None)
    if word and kind is None:
        raise RequestError(f"“{word[:40]}” is no kind", f"Known: {', '.join(KINDS)}.")
    return kind


def _number(request: web.Request, name: str) -> int | None:
    value = request.query.get(name)
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise RequestError(f"{name} must be a whole number, not “{value[:40]}”")
    return int(value)


def _id(request: web.Request) -> int:
    digits = request.match_info["id"]
    if len(digits) > 18:
        raise UnknownName(f"there is no file {digits[:18]}…")
    return int(digits)


def _person(request: web.Request) -> str:
    return request.get(USER, "") or "api"
