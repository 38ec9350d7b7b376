"""The station's first page: does everything work, what is happening, what needs a person."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import timedelta

from aiohttp import web

from comptoir.children import own_name
from comptoir.core.errors import ComptoirError
from comptoir.core.job import OUTCOME_UNKNOWN, Job
from comptoir.core.kept import SourceState
from comptoir.core.record import JobQuery
from comptoir.core.search import Hit, Search
from comptoir.core.watch import FolderState
from comptoir.remains import Remains
from comptoir.web.archive_desk import ArchiveDesk
from comptoir.web.capture_desk import CaptureDesk
from comptoir.web.desk import Desk
from comptoir.web.locale import wanted
from comptoir.web.night_desk import NightDesk, NightLine
from comptoir.web.night_words import NightWords
from comptoir.web.pages import Access
from comptoir.web.pages.frame import form_of, framed, see
from comptoir.web.pages.view import views_of
from comptoir.web.render import Renderer

PAPERS = 6
NEEDED = 20
FRESH = 12 * 3_600_000  # ms: a failure older than that needs nobody any more


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = OverviewPage(desk, render, access)
    return [
        web.get("/", framed(desk, render, page.show)),
        web.post("/pair", framed(desk, render, page.pair)),
        web.post("/config/remains", framed(desk, render, page.leave)),
    ]


class OverviewPage:
    """GET shows, POST /pair introduces this station to a hub, POST /config/remains leaves what an earlier one left."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        self._desk = desk
        self._render = render
        self._access = access

    async def show(self, request: web.Request) -> web.Response:
        return await self._page(request)

    async def pair(self, request: web.Request) -> web.Response:
        fields = await form_of(request)
        url, code = fields.get("url", "").strip(), fields.get("code", "").strip()
        pair = getattr(self._access, "pair", None)
        if pair is None:
            raise web.HTTPNotFound
        try:
            await pair(url, code)
        except ComptoirError as error:
            return await self._page(request, error=error, url=url)
        return see("/?paired")

    async def leave(self, request: web.Request) -> web.Response:
        """The earlier service's settings are not wanted."""
        if (remains := self._remains()) is None:
            raise web.HTTPNotFound
        await asyncio.to_thread(remains.decide)
        return see("/")

    def _remains(self) -> Remains | None:
        found: Remains | None = getattr(self._access, "remains", None)
        return found

    async def _page(self, request: web.Request, error: ComptoirError | None = None, url: str = "") -> web.Response:
        desk = self._desk
        recent = await desk.journal.jobs(JobQuery(limit=50))
        running = await desk.journal.jobs(JobQuery(open_only=True, limit=NEEDED))
        link = desk.link
        places = desk.parts.places()
        ailing = await self._ailing()
        needing = await self._needing(recent, {folder.name for folder, _ in ailing})
        printed = [job for job in recent if desk.parts.prints(job.destination)]
        return self._render.render(
            request,
            "overview.html",
            here="/",
            status=200 if error is None else error.http_status,
            desk=desk,
            error=error,
            link=link,
            url=url or (link.url if link else ""),
            paired="paired" in request.query,
            places=places,
            troubled=[place for place in places if not place.ready],
            last=next((job for job in printed if job.state == "completed"), None),
            papers=await views_of(desk, printed[:PAPERS]),
            running=await views_of(desk, [job for job in running if not job.settled]),
            needing=await views_of(desk, needing),
            refused=refusals.waiting() if (refusals := getattr(self._access, "refusals", None)) else [],
            ailing=ailing,
            deaf=self._deaf(),
            remains=await asyncio.to_thread(remains.waiting) if (remains := self._remains()) else None,
            program=own_name(),
            lacking=await self._lacking(),
            night_words=NightWords(wanted(request, self._render.language)),
            documents=await self._documents(),
            held=sum(job.reason == OUTCOME_UNKNOWN for job in needing),
        )

    async def _ailing(self) -> list[tuple[FolderState, int]]:
        """The watched folders that need somebody, and how many of their files did not arrive."""
        folders = getattr(self._access, "folders", None)
        if folders is None:
            return []
        known = [(one, (await folders.tally(one.name)).get("failed", 0)) for one in folders.folders()]
        return [(one, failed) for one, failed in known if failed or one.failed or one.trouble or not one.reachable]

    def _deaf(self) -> list[SourceState]:
        """The sources that take no prints, or have missed some; those that take none come first."""
        capturing: CaptureDesk | None = getattr(self._access, "capturing", None)
        states = () if capturing is None else capturing.states()
        return sorted((one for one in states if one.trouble or one.unkept), key=lambda one: not one.trouble)

    async def _lacking(self) -> NightLine | None:
        """Last night, where reports of it are missing and nobody has signed for that."""
        nights: NightDesk | None = getattr(self._access, "nights", None)
        if nights is None:
            return None
        day = nights.today - timedelta(days=1)
        line = (await nights.nights(day, day))[0]
        return line if line.missing and not line.said.signed_by else None

    async def _documents(self) -> Sequence[Hit]:
        """The last that came into the archive; none while its index cannot be read, which the archive's page tells."""
        archive: ArchiveDesk | None = getattr(self._access, "archive", None)
        if archive is None:
            return ()
        try:
            return (await archive.search(Search(limit=PAPERS))).hits
        except ComptoirError:
            return ()

    async def _needing(self, recent: Sequence[Job], folders: Collection[str]) -> list[Job]:
        """What is held, and what failed lately and was not reprinted since. `folders`: they tell of their own files."""
        unclear = await self._desk.journal.jobs(JobQuery(status=("unknown",), open_only=True, limit=NEEDED))
        failed = await self._desk.journal.jobs(JobQuery(status=("failed",), limit=NEEDED))
        reprinted = {job.reprint_of for job in recent}
        since = self._desk.clock.now() - FRESH
        fresh = [job for job in failed if job.updated_at > since and job.id not in reprinted]
        return [*unclear, *(job for job in fresh if job.attributes.get("source") not in folders)]
