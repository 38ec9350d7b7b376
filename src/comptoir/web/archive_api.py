"""The JSON API of the archive: search, what is known of a document, its bytes, text and pictures; what programs hand
over, and what a person may decide (docs/archive.md). It decides nothing itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aiohttp import hdrs, web

from comptoir.core.errors import RequestError, UnknownName
from comptoir.core.kept import Kept, SavedSearch
from comptoir.web import archive_export
from comptoir.web.answers import json_answer
from comptoir.web.api import send_document
from comptoir.web.archive_desk import ArchiveDesk
from comptoir.web.archive_intake import ArchiveIntake
from comptoir.web.archive_query import numbers_of, query_of, search_in, search_of
from comptoir.web.archive_shapes import (
    ArchivedDocuments,
    ArchivedPrints,
    Handed,
    HoldOrder,
    ReprintOrder,
    Searches,
    SearchShape,
    document_shape,
    facets_shape,
    hit_shape,
    print_shape,
    search_shape,
)
from comptoir.web.attachment import INERT, file_name
from comptoir.web.desk import Desk
from comptoir.web.guard import USER
from comptoir.web.intake import key_of, small_body
from comptoir.web.locale import wanted
from comptoir.web.render import Renderer
from comptoir.web.shapes import print_of

#: dots across that a page can be asked for
NARROWEST, USUAL, WIDEST = 100, 1_000, 2_400
#: what was drawn of a document that cannot change stays good; a session that has ended must not show it for long
_A_WHILE: Final = "private, max-age=3600"


class ArchiveApi:
    """Handlers for the archive of one station."""

    def __init__(self, desk: Desk, archive: ArchiveDesk, render: Renderer) -> None:
        self._desk = desk
        self._archive = archive
        self._render = render
        self._intake = ArchiveIntake(desk.journal, archive)

    def routes(self) -> list[web.RouteDef]:
        one = r"/api/documents/{id:\d+}"
        return [
            web.get("/api/documents", self.list),
            web.post("/api/documents", self.take),
            web.get("/api/documents/facets", self.facets),
            web.get("/api/documents.csv", self.csv),
            web.get("/api/documents.zip", self.zip),
            web.get(one, self.show),
            web.get(f"{one}/document", self.document),
            web.get(f"{one}/text", self.text),
            web.get(f"{one}/thumbnail", self.thumbnail),
            web.get(rf"{one}/pages/{{number:\d+}}", self.page),
            web.post(f"{one}/reprint", self.reprint),
            web.post(f"{one}/hold", self.hold),
            web.get("/api/searches", self.searches),
            web.put("/api/searches", self.save_search),
            web.delete("/api/searches/{name}", self.forget_search),
            web.get("/api/prints/list", self.prints),
        ]

    # -- what there is ------------------------------------------------------------------------------------------------

    async def list(self, request: web.Request) -> web.StreamResponse:
        found = await self._archive.search(search_of(request.query))
        return json_answer(ArchivedDocuments([hit_shape(hit) for hit in found.hits], found.more, found.total))

    async def prints(self, request: web.Request) -> web.StreamResponse:
        """What was captured, as the earlier design listed it."""
        found = await self._archive.search(search_of(request.query))
        prints = []
        for hit in found.hits:
            try:
                prints.append(print_shape(await self._archive.document(hit.number)))
            except UnknownName:  # eliminated meanwhile
                continue
        return json_answer(ArchivedPrints(prints, found.more))

    async def facets(self, request: web.Request) -> web.StreamResponse:
        return json_answer(facets_shape(await self._archive.facets()))

    async def show(self, request: web.Request) -> web.StreamResponse:
        kept = await self._kept(request)
        life = await self._archive.life(kept.id)
        jobs = [print_of(self._desk.explained(job), self._desk) for job in life.jobs]
        return json_answer(document_shape(kept, life, jobs))

    # -- one document -------------------------------------------------------------------------------------------------

    async def document(self, request: web.Request) -> web.StreamResponse:
        """The bytes as they were captured; ?part=1 and on: the other documents of the same print."""
        kept = await self._kept(request)
        given = request.query.get("part", "0")
        documents = [kept.document, *(part.document for part in kept.others)]
        if not (given.isascii() and given.isdigit() and len(given) < 6 and int(given) < len(documents)):
            raise UnknownName(f"this print has no part {given[:20]}", f"It has {len(documents)}, counted from 0.")
        document = documents[int(given)]
        name = file_name(kept.title or document.name or f"document-{kept.id}", document.media_type)
        return await send_document(request, self._desk, document, kept.id, name)

    async def text(self, request: web.Request) -> web.StreamResponse:
        text = await self._archive.text(_id(request))
        return web.Response(text=text, content_type="text/plain", headers={**INERT, "Cache-Control": "no-store"})

    async def thumbnail(self, request: web.Request) -> web.StreamResponse:
        return _picture(await self._archive.thumbnail(_id(request)), "image/webp")

    async def page(self, request: web.Request) -> web.StreamResponse:
        """?width=1000: about so many dots."""
        width = request.query.get("width", str(USUAL))
        if not (width.isascii() and width.isdigit() and len(width) < 6):
            raise RequestError(f"width must be a whole number, not “{width[:40]}”")
        number, page = _id(request), _whole(request.match_info["number"])
        within = min(max(int(width), NARROWEST), WIDEST)
        return _picture(await self._archive.page(number, page, within) if page else None, "image/png")

    async def reprint(self, request: web.Request) -> web.StreamResponse:
        """202 with the job, once it is on disk."""
        order = await small_body(request, ReprintOrder, '{"printer": "TICKET"}')
        job = await self._archive.reprint(_id(request), order.printer, _person(request), key_of(request))
        answer = json_answer(print_of(job, self._desk), 202)
        answer.headers[hdrs.LOCATION] = f"/api/jobs/{job.id}"
        return answer

    async def hold(self, request: web.Request) -> web.StreamResponse:
        order = await small_body(request, HoldOrder, '{"reason": "contrôle fiscal 2026"}')
        await self._archive.hold([(await self._kept(request)).id], order.reason.strip(), _person(request))
        return await self.show(request)

    # -- many at once -------------------------------------------------------------------------------------------------

    async def csv(self, request: web.Request) -> web.StreamResponse:
        """Those of ?n=1&n=2, else all that is found."""
        numbers = await self._chosen(request, archive_export.MOST_LINES)
        words, language = self._render.words(request), wanted(request, self._render.language)
        pieces = archive_export.table(self._archive, numbers, words, language)
        return await archive_export.send(request, pieces, "archive.csv", "text/csv; charset=utf-8")

    async def zip(self, request: web.Request) -> web.StreamResponse:
        numbers = await self._chosen(request, archive_export.MOST)
        words, language = self._render.words(request), wanted(request, self._render.language)
        pieces = archive_export.zipped(self._archive, numbers, words, language, self._desk.clock.now())
        return await archive_export.send(request, pieces, "archive.zip", "application/zip")

    async def _chosen(self, request: web.Request, most: int) -> Sequence[int]:
        numbers = numbers_of(request.query.getall("n", []))
        return await archive_export.chosen(self._archive, numbers, search_of(request.query), most)

    # -- what programs hand over --------------------------------------------------------------------------------------

    async def take(self, request: web.Request) -> web.StreamResponse:
        """201 once it is on disk; 200 where this Idempotency-Key was known."""
        filed = await self._intake.take(request)
        answer = json_answer(Handed(filed.number, [job.id for job in filed.jobs]), 201 if filed.fresh else 200)
        if filed.number is not None:
            answer.headers[hdrs.LOCATION] = f"/api/documents/{filed.number}"
        return answer

    # -- saved searches -----------------------------------------------------------------------------------------------

    async def searches(self, request: web.Request) -> web.StreamResponse:
        return json_answer(Searches([search_shape(one) for one in await self._archive.searches()]))

    async def save_search(self, request: web.Request) -> web.StreamResponse:
        shape = await small_body(request, SearchShape, '{"name": "TVA", "query": "q=TVA&source=audit"}')
        await self._archive.save_search(SavedSearch(shape.name.strip(), query_of(search_in(shape.query))))
        return await self.searches(request)

    async def forget_search(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if not await self._archive.forget_search(name):
            raise UnknownName(f"there is no search “{name[:80]}”")
        return await self.searches(request)

    async def _kept(self, request: web.Request) -> Kept:
        return await self._archive.document(_id(request))


def _picture(picture: bytes | None, media_type: str) -> web.StreamResponse:
    if picture is None:
        raise UnknownName("there is no picture of this", "Download the document instead: …/document")
    headers = {**INERT, "Cache-Control": _A_WHILE}
    return web.Response(body=picture, content_type=media_type, headers=headers)


def _id(request: web.Request) -> int:
    digits = request.match_info["id"]
    if len(digits) > 18:
        raise UnknownName(f"there is no document {digits[:18]}…")
    return int(digits)


def _whole(digits: str) -> int:
    """The number of a page; 0, which none has, for one that no document has."""
    return int(digits) if len(digits) < 10 else 0


def _person(request: web.Request) -> str:
    return request.get(USER, "") or "api"
