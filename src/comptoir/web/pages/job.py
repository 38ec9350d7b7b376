"""One job: its paper, its life as a line, what a person may decide about it. The desk carries it out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from comptoir.core.errors import UnknownName
from comptoir.core.job import Job
from comptoir.web.desk import Desk
from comptoir.web.pages import Access
from comptoir.web.pages.frame import form_of, framed, local_path, person, see
from comptoir.web.pages.view import view_of
from comptoir.web.render import Renderer


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    actions: dict[str, Callable[[int, str], Awaitable[Job]]] = {
        "cancel": desk.cancel,
        "reprint": desk.reprint,
        "confirm": desk.confirm,
        "give-up": desk.give_up,
    }

    async def show(request: web.Request) -> web.Response:
        view = await view_of(desk, await desk.job(_number(request)))
        return render.render(request, "job.html", desk=desk, view=view)

    async def act(request: web.Request) -> web.Response:
        number, action = _number(request), request.match_info["action"]
        fields = await form_of(request)
        job = await actions[action](number, person(request))
        # A reprint is a job of its own: go and see it.
        return see(f"/jobs/{job.id}" if action == "reprint" else local_path(fields.get("back", ""), f"/jobs/{number}"))

    return [
        web.get(r"/jobs/{id:\d+}", framed(desk, render, show)),
        web.post(rf"/jobs/{{id:\d+}}/{{action:{'|'.join(actions)}}}", framed(desk, render, act)),
    ]


def _number(request: web.Request) -> int:
    digits = request.match_info["id"]
    if len(digits) > 18:
        raise UnknownName(f"there is no job {digits[:18]}…")
    return int(digits)
