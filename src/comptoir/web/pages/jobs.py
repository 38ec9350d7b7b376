"""The list of jobs of both roles: newest first, by status, page by page. The address says what is shown."""

from __future__ import annotations

from typing import get_args

from aiohttp import web

from comptoir.core.errors import RequestError
from comptoir.core.job import Status
from comptoir.core.record import JobQuery
from comptoir.web.desk import Desk
from comptoir.web.pages import Access
from comptoir.web.pages.frame import framed
from comptoir.web.pages.view import views_of
from comptoir.web.render import Renderer

PAGE = 50
STATUSES: tuple[Status, ...] = get_args(Status)


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    async def show(request: web.Request) -> web.Response:
        query = query_of(request)
        jobs = await desk.journal.jobs(query)
        more = len(jobs) > PAGE
        return render.render(
            request,
            "jobs.html",
            desk=desk,
            jobs=await views_of(desk, jobs[:PAGE]),
            chosen=query.status[0] if query.status else "",
            counts=await desk.journal.counts(),
            statuses=STATUSES,
            before=query.below,
            older=jobs[PAGE - 1].id if more else None,
        )

    return [web.get("/jobs", framed(desk, render, show))]


def query_of(request: web.Request) -> JobQuery:
    """What the address asks for: ?status=WORD&before=ID, and one more than a page holds, to know of more."""
    asked, before = request.query.get("status", ""), request.query.get("before", "")
    if asked and asked not in STATUSES:
        raise RequestError(f"“{asked[:40]}” is no status", f"Known: {', '.join(STATUSES)}.")
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        raise RequestError("before must be the number of a job")
    status = tuple(word for word in STATUSES if word == asked)
    return JobQuery(status=status, below=int(before) if before else None, limit=PAGE + 1)
