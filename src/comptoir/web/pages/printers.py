"""The printers of a station: a card each, with its state in words, its queue, its papers, a test print."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from comptoir.core.document import TEXT, Document, Origin, Submission
from comptoir.core.errors import UnknownName
from comptoir.core.record import JobQuery
from comptoir.web.desk import Desk, Place
from comptoir.web.locale import msgid
from comptoir.web.pages import Access
from comptoir.web.pages.frame import framed, person, see
from comptoir.web.pages.view import View, views_of
from comptoir.web.render import Renderer

LAST = 4

TEST_TITLE = msgid("TEST PRINT")
TEST = msgid("If you can read this line, this printer works.")


@dataclass(frozen=True, slots=True)
class Card:
    """A printer, and the jobs that it printed last."""

    place: Place
    jobs: list[View]

    @property
    def virtual(self) -> bool:
        return self.place.device.startswith("virtual")


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    async def show(request: web.Request) -> web.Response:
        cards = [Card(place, await _last(desk, place)) for place in desk.parts.places()]
        return render.render(request, "printers.html", desk=desk, cards=cards)

    async def test(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in {place.name for place in desk.parts.places()}:
            raise UnknownName(f"there is no printer “{name[:64]}”", "The printers page names those that there are.")
        words = render.words(request)
        document = Document.of(f"{words.text(TEST)}\n\n{name} · àéèêëïôûç œ € ✓\n0123456789".encode(), TEXT)
        origin = Origin("console", person(request), request.remote or "")
        accepted = await desk.submit(Submission(document, origin, name, title=words.text(TEST_TITLE), format="message"))
        return see(f"/jobs/{accepted.job.id}")

    return [
        web.get("/printers", framed(desk, render, show)),
        web.post("/printers/{name}/test", framed(desk, render, test)),
    ]


async def _last(desk: Desk, place: Place) -> list[View]:
    query = JobQuery(status=("printed",), destination=place.name, limit=LAST)
    return await views_of(desk, await desk.journal.jobs(query))
