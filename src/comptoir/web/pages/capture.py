"""The sources that capture prints: how each fares, how a computer adds it, and which prints nobody has kept."""

from __future__ import annotations

import re
from typing import cast

from aiohttp import web

from comptoir.web.answers import json_answer
from comptoir.web.capture_shapes import Captures, capture_shape
from comptoir.web.desk import Desk
from comptoir.web.pages import Access, StationAccess
from comptoir.web.pages.config.capture_fields import KINDS
from comptoir.web.pages.frame import framed
from comptoir.web.render import Renderer


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = CapturePage(desk, render, access)
    return [web.get("/capture", framed(desk, render, page.show)), web.get("/api/captures", page.tell)]


def queue_name(name: str) -> str:
    """What CUPS and shells take as the name of a queue."""
    return re.sub(r"[^\w.-]+", "_", name).strip("_") or "comptoir"


class CapturePage:
    """It only shows; what is captured, the settings say."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        self._desk = desk
        self._render = render
        self._station = cast(StationAccess, access)

    async def show(self, request: web.Request) -> web.Response:
        states = self._station.capturing.states()
        known = {state.name for state in states}
        config = self._station.configuring.config
        waiting = [one.name for one in config.source if one not in config.folders and one.name not in known]
        return self._render.render(
            request,
            "capture.html",
            here="/capture",
            desk=self._desk,
            states=states,
            waiting=waiting,
            kinds=KINDS,
            queue_name=queue_name,
        )

    async def tell(self, request: web.Request) -> web.StreamResponse:
        return json_answer(Captures([capture_shape(state) for state in self._station.capturing.states()]))
