"""One document of the archive: its paper, where it came from and went, its text; reprint, hold, and its own bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from aiohttp import web

from comptoir.core.document import RAW
from comptoir.core.errors import ComptoirError, RequestError, UnknownName
from comptoir.core.kept import Kept
from comptoir.core.search import Search
from comptoir.core.search_query import marked, understood
from comptoir.web.archive_desk import Life
from comptoir.web.archive_query import LONGEST, today_of
from comptoir.web.archive_shapes import parts_of
from comptoir.web.archive_words import highlighted
from comptoir.web.desk import Desk
from comptoir.web.pages import Access, StationAccess
from comptoir.web.pages.frame import form_of, framed, local_path, person, see
from comptoir.web.pages.life import Moment, life_of
from comptoir.web.pages.view import views_of
from comptoir.web.render import Renderer

#: pages that are shown at once
SHEETS: Final = 12
#: characters of text that are shown
LONGEST_TEXT: Final = 40_000


@dataclass(frozen=True, slots=True)
class Sheets:
    """Which pages are shown. `torn`: a receipt, not a sheet."""

    pages: Sequence[int]
    count: int | None
    torn: bool

    @property
    def before(self) -> int | None:
        first = self.pages[0]
        return max(1, first - SHEETS) if first > 1 else None

    @property
    def after(self) -> int | None:
        last = self.pages[-1]
        return last + 1 if self.count is not None and last < self.count else None


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = DocumentPage(desk, render, access)
    return [
        web.get(r"/archive/{id:\d+}", framed(desk, render, page.show)),
        web.post(r"/archive/{id:\d+}/reprint", framed(desk, render, page.reprint)),
        web.post(r"/archive/{id:\d+}/hold", framed(desk, render, page.hold)),
    ]


class DocumentPage:
    """GET shows; POST prints it again, or puts it on hold and lifts that."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        self._desk = desk
        self._render = render
        self._station = cast(StationAccess, access)

    async def show(self, request: web.Request) -> web.Response:
        archive, number = self._station.archive, number_of(request)
        kept, life = await archive.document(number), await archive.life(number)
        text, looked_for = await self._text(number), request.query.get("q", "").strip()[:LONGEST]
        shown = text[:LONGEST_TEXT] if text.strip() else ""
        return self._render.render(
            request,
            "document.html",
            desk=self._desk,
            kept=kept,
            parts=parts_of(kept),
            sheets=sheets_of(kept, request.query.get("page", "")),
            jobs=await views_of(self._desk, life.jobs),
            life=await self._moments(life),
            text=highlighted(shown, marks_of(shown, looked_for, today_of(self._desk.clock)) if looked_for else ()),
            cut=len(text) > LONGEST_TEXT,
            looked_for=looked_for,
            printers=[place.name for place in self._desk.parts.places()],
            there=_last_printer(self._desk, kept, life),
        )

    async def reprint(self, request: web.Request) -> web.Response:
        """A reprint is a job of its own: go and see it."""
        number, fields = number_of(request), await form_of(request)
        destination = fields.get("printer", "")
        if not destination:
            raise RequestError("no printer is chosen", "Choose one, then print it again.")
        job = await self._station.archive.reprint(number, destination, person(request), fields.get("key", "")[:80])
        return see(f"/jobs/{job.id}")

    async def hold(self, request: web.Request) -> web.Response:
        number, fields = number_of(request), await form_of(request)
        reason = fields.get("reason", "").strip()[:400]
        if not reason and "lift" not in fields:
            raise RequestError("a hold needs a reason", "Say why these documents must stay.")
        await self._station.archive.hold([number], "" if "lift" in fields else reason, person(request))
        return see(local_path(fields.get("back", ""), f"/archive/{number}"))

    async def _text(self, number: int) -> str:
        """Empty where it has none, and while the index cannot be read: the document itself is in the journal."""
        try:
            return await self._station.archive.text(number)
        except ComptoirError:
            return ""

    async def _moments(self, life: Life) -> list[Moment]:
        events = list(life.events)
        for job in life.jobs:
            events += await self._desk.journal.events(job.id)
        return life_of(life.jobs, events)


def number_of(request: web.Request) -> int:
    """The number in the address. Raises UnknownName."""
    digits = request.match_info["id"]
    if len(digits) > 18:
        raise UnknownName(f"there is no document {digits[:18]}…")
    return int(digits)


def sheets_of(kept: Kept, first: str) -> Sheets:
    """The pages from this one on; of a document whose pages nobody has counted, the first."""
    start = int(first) if first.isascii() and first.isdigit() and len(first) < 7 else 1
    start = max(1, min(start, kept.pages or 1))
    last = min(start + SHEETS - 1, kept.pages or 1)
    return Sheets(range(start, last + 1), kept.pages, kept.document.media_type == RAW)


def marks_of(text: str, looked_for: str, today: date) -> Sequence[tuple[int, int]]:
    """Where what was looked for stands in the text. `today`: what a search for “yesterday” counts from."""
    asked = understood(Search(text=looked_for), today)
    return marked(text, (*asked.terms, *asked.title))


def _last_printer(desk: Desk, kept: Kept, life: Life) -> str:
    """Where it was printed last, else where its sender printed it; "" where that printer is not there any more."""
    there = {place.name for place in desk.parts.places()}
    jobs = (job.destination for job in reversed(life.jobs) if job.destination in there)
    return next(jobs, kept.printer if kept.printer in there else "")
