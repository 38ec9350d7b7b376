"""The archive: what is searched stands in the address, what is found below it, a preview beside; what is chosen can be
taken along or put on hold. Nothing is printed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, cast
from urllib.parse import urlencode

from aiohttp import web

from comptoir.core.errors import RequestError, UnknownName
from comptoir.core.kept import Kept, SavedSearch
from comptoir.core.search import Facets, Found, Search
from comptoir.web.archive_query import PAGE, SEVERAL, numbers_of, query_of, search_in, search_of, today_of
from comptoir.web.desk import Desk
from comptoir.web.locale import msgid
from comptoir.web.pages import Access, StationAccess
from comptoir.web.pages.frame import form_of, framed, local_path, person, see
from comptoir.web.render import Renderer

#: documents on a page: with all that it loads, it has less than 60 kB
ROWS: Final = 14
#: values of a filter that are offered
OFFERED: Final = 40
#: what can be done with what was chosen → where it is given out
TAKEN: Final = {"zip": "/api/documents.zip", "csv": "/api/documents.csv", "pdf": "/api/documents.pdf"}
#: days back from today → what that span is called
SPANS: Final[dict[int, str]] = {
    0: msgid("Today"),
    1: msgid("Since yesterday"),
    7: msgid("7 days"),
    30: msgid("30 days"),
    365: msgid("One year"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A value to filter by, or one by which is filtered. `address`: the page with it, or without it."""

    word: str
    value: str
    address: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    search: Search
    #: the document that is looked at beside the list
    see: int | None = None
    #: whether all filters are shown
    more: bool = False

    def address(self, **other: object) -> str:
        """The page that searches the same, but for these fields of the search; from its beginning."""
        search = replace(self.search, **{"below": None, **other})  # type: ignore[arg-type]  # fields by name
        return page_of(search, more=self.more)

    @property
    def toggled(self) -> str:
        """The same with all filters, or without."""
        return page_of(self.search, more=not self.more)

    @property
    def query(self) -> str:
        return query_of(self.search)

    @property
    def narrows(self) -> bool:
        """Whether anything is asked at all."""
        return bool(self.query)

    def following(self, below: int | None) -> str:
        return f"/archive?{self.query}{'&' if self.query else ''}{urlencode({'below': below})}"

    def to(self, number: int) -> str:
        """The page of a document, which marks what was looked for."""
        return f"/archive/{number}?{urlencode({'q': self.search.text})}" if self.search.text else f"/archive/{number}"


def page_of(search: Search, *, more: bool = False) -> str:
    query = "&".join(filter(None, (query_of(search), "more=1" if more else "")))
    return f"/archive?{query}" if query else "/archive"


def routes(desk: Desk, render: Renderer, access: Access | None) -> list[web.RouteDef]:
    page = ArchivePage(desk, render, access)
    return [
        web.get("/archive", framed(desk, render, page.show)),
        web.post("/archive/take", framed(desk, render, page.take)),
        web.post("/archive/hold", framed(desk, render, page.hold)),
        web.post("/archive/searches", framed(desk, render, page.save)),
        web.post("/archive/searches/forget", framed(desk, render, page.forget)),
    ]


class ArchivePage:
    """GET searches; POST takes along what was chosen, puts it on hold, or keeps a search under a name."""

    def __init__(self, desk: Desk, render: Renderer, access: Access | None) -> None:
        self._desk = desk
        self._render = render
        self._station = cast(StationAccess, access)

    async def show(self, request: web.Request) -> web.Response:
        asked, archive = asked_of(request), self._station.archive
        found, facets = await archive.search(asked.search), await archive.facets()
        saved = await archive.searches()
        return self._render.render(
            request,
            "archive.html",
            desk=self._desk,
            asked=asked,
            found=found,
            facets=facets,
            chosen=chosen_of(asked),
            offered=offered(asked, facets) if asked.more else {},
            spans=spans(asked, today_of(self._desk.clock)),
            saved=[(one, one.query == asked.query) for one in saved],
            kept_as=next((one.name for one in saved if one.query == asked.query), ""),
            seen=await self._seen(asked.see),
            listed=_listed(found),
        )

    async def _seen(self, number: int | None) -> Kept | None:
        """What is looked at beside the list; it may have gone meanwhile."""
        try:
            return None if number is None else await self._station.archive.document(number)
        except UnknownName:
            return None

    async def take(self, request: web.Request) -> web.Response:
        """What was ticked, else all that was found: to where it is given out, or to the question why it is held."""
        fields = await form_of(request)
        numbers = numbers_of([str(one) for one in (await request.post()).getall("n", [])])
        query = query_of(search_in(fields.get("query", "")))
        if fields.get("do") == "hold":
            return await self._ask(request, numbers, query)
        if fields.get("do") not in TAKEN:
            raise RequestError("this cannot be done with documents", f"Known: {', '.join(TAKEN)}, hold.")
        wanted = urlencode([("n", number) for number in numbers]) or query
        return see(f"{TAKEN[fields['do']]}{'?' if wanted else ''}{wanted}")

    async def _ask(self, request: web.Request, numbers: Sequence[int], query: str) -> web.Response:
        if not numbers:
            raise RequestError(
                "no document is ticked", "Tick those that must not be eliminated, then put them on hold."
            )
        documents = [await self._station.archive.document(number) for number in numbers[:PAGE]]
        back = f"/archive?{query}" if query else "/archive"
        return self._render.render(
            request, "archive_hold.html", here=back, desk=self._desk, documents=documents, back=back
        )

    async def hold(self, request: web.Request) -> web.Response:
        fields = await form_of(request)
        numbers = numbers_of([str(one) for one in (await request.post()).getall("n", [])])
        reason = fields.get("reason", "").strip()[:400]
        if not reason:
            raise RequestError("a hold needs a reason", "Say why these documents must stay.")
        await self._station.archive.hold(numbers, reason, person(request))
        return see(local_path(fields.get("back", ""), "/archive"))

    async def save(self, request: web.Request) -> web.Response:
        fields = await form_of(request)
        search = search_in(fields.get("query", ""))
        await self._station.archive.save_search(SavedSearch(fields.get("name", "").strip(), query_of(search)))
        return see(page_of(search))

    async def forget(self, request: web.Request) -> web.Response:
        fields = await form_of(request)
        await self._station.archive.forget_search(fields.get("name", ""))
        return see(local_path(fields.get("back", ""), "/archive"))


def asked_of(request: web.Request) -> Asked:
    """A search (`archive_query`), and &see=NUMBER&more=1. Raises RequestError."""
    seen = numbers_of([request.query.get("see", "")])
    search = replace(search_of(request.query), limit=ROWS)
    return Asked(search, seen[0] if seen else None, request.query.get("more") == "1")


def chosen_of(asked: Asked) -> list[Chip]:
    """By what is filtered, each with the way back."""
    search, chips = asked.search, []
    for word, name in SEVERAL.items():
        values: tuple[str, ...] = getattr(search, name)
        for value in values:
            rest = tuple(one for one in values if one != value)
            chips.append(Chip(word, value, asked.address(**{name: rest})))
    if search.title:
        chips.append(Chip("title", search.title, asked.address(title="")))
    if search.since:
        chips.append(Chip("since", search.since, asked.address(since="")))
    if search.until:
        chips.append(Chip("until", search.until, asked.address(until="")))
    if search.partial is not None:
        chips.append(Chip("partial", str(int(search.partial)), asked.address(partial=None)))
    return chips


def offered(asked: Asked, facets: Facets) -> dict[str, list[Chip]]:
    """What there is to filter by besides, by the word that stands for it in an address."""
    there: Mapping[str, Mapping[str, int]] = {
        "source": facets.sources, "printer": facets.printers, "user": facets.users, "type": facets.types,
    }  # fmt: skip
    found: dict[str, list[Chip]] = {}
    for word, counts in there.items():
        name = SEVERAL[word]
        values: tuple[str, ...] = getattr(asked.search, name)
        chips = [
            Chip(word, value, asked.address(**{name: (*values, value)}), count)
            for value, count in counts.items()
            if value and value not in values
        ]
        if chips:
            found[word] = chips[:OFFERED]
    return found


def spans(asked: Asked, today: date) -> list[tuple[str, str, bool]]:
    """(what it is called, its page, whether it is shown) of each span of days until today."""
    found = []
    for days, name in SPANS.items():
        since = (today - timedelta(days)).isoformat()
        found.append(
            (name, asked.address(since=since, until=""), asked.search.since == since and not asked.search.until)
        )
    return found


def _listed(found: Found) -> list[tuple[str, list[int]]]:
    """The places in what was found, by business date, in their order: a heading each."""
    groups: list[tuple[str, list[int]]] = []
    for place, hit in enumerate(found.hits):
        if not groups or groups[-1][0] != hit.business_date:
            groups.append((hit.business_date, []))
        groups[-1][1].append(place)
    return groups
