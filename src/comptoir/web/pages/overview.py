"""The station's first page: does everything work, what is happening, what needs a person."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from comptoir.core.errors import ComptoirError
from comptoir.core.job import OUTCOME_UNKNOWN, Job
from comptoir.core.record import JobQuery
from comptoir.web.desk import Desk
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
    ]


class OverviewPage:
    """GET shows, POST /pair introduces this station to a hub."""

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

    async def _page(self, request: web.Request, error: ComptoirError | None = None, url: str = "") -> web.Response:
        desk = self._desk
        recent = await desk.journal.jobs(JobQuery(limit=50))
        running = await desk.journal.jobs(JobQuery(open_only=True, limit=NEEDED))
        link = desk.link
        places = desk.parts.places()
        needing = await self._needing(recent)
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
            last=next((job for job in recent if job.state == "completed"), None),
            papers=await views_of(desk, recent[:PAPERS]),
            running=await views_of(desk, [job for job in running if not job.settled]),
            needing=await views_of(desk, needing),
            refused=refusals.waiting() if (refusals := getattr(self._access, "refusals", None)) else [],
            held=sum(job.reason == OUTCOME_UNKNOWN for job in needing),
        )

    async def _needing(self, recent: Sequence[Job]) -> list[Job]:
        """What is held, and what failed lately and was not reprinted since."""
        unclear = await self._desk.journal.jobs(JobQuery(status=("unknown",), open_only=True, limit=NEEDED))
        failed = await self._desk.journal.jobs(JobQuery(status=("failed",), limit=NEEDED))
        reprinted = {job.reprint_of for job in recent}
        since = self._desk.clock.now() - FRESH
        return [*unclear, *(j for j in failed if j.updated_at > since and j.id not in reprinted)]
