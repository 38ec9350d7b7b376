"""The archive as pages and API ask it: records from the journal, texts, pictures and search from what is derived from
them, reprints through the desk. Nothing is decided here but who is asked.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from typing import Final, Protocol

from comptoir.core.document import Document
from comptoir.core.errors import RequestError, UnknownName
from comptoir.core.job import Job
from comptoir.core.kept import Capture, Filed, Kept, SavedSearch
from comptoir.core.ports import Take
from comptoir.core.search import Facets, Found, Search
from comptoir.station.archive.reprinting import reprint
from comptoir.web.archive_desk import Life
from comptoir.web.desk import Desk

#: characters of a search's name, and searches in all
LONGEST_NAME: Final = 80
MOST_SEARCHES: Final = 100
#: sources that are in no configuration
OURS: Final = frozenset({"console", "epos", "hw_proxy", "night", "relay", "reprint", "till", "web"})


class Derived(Protocol):
    """What was made of the documents (`archive.archive.Archive`)."""

    on_change: list[Callable[[int | None], None]]

    async def search(self, search: Search) -> Found: ...

    async def facets(self) -> Facets: ...

    async def thumbnail(self, kept: Kept) -> bytes | None: ...

    async def page(self, kept: Kept, page: int, width: int) -> bytes | None: ...

    async def text(self, kept: Kept) -> str: ...


class ArchiveKeeper:
    """`web.archive_desk.ArchiveDesk` of a station."""

    def __init__(
        self, desk: Desk, take: Take, derived: Derived, sources: Callable[[], Collection[str]] = tuple
    ) -> None:
        """`take`: files what a program hands over, as the routes say. `sources`: the configured ones."""
        self._desk = desk
        self._keeping = desk.journal.keeping
        self._take = take
        self._derived = derived
        self._sources = sources
        self.on_change: list[Callable[[int | None], None]] = []
        derived.on_change.append(self.changed)

    def changed(self, number: int | None) -> None:
        """Tell who listens that a document is new or has changed; None: many."""
        for listener in self.on_change:
            listener(number)

    async def take(self, capture: Capture) -> Filed:
        """Raises RequestError for a name under which something else brings documents, whose identities are its own."""
        source = capture.origin.source
        if source in OURS or source in self._sources():
            self._desk.journal.give_up(capture.document)
            raise RequestError(f"“{source}” is a source of the station itself", "Choose another name: source=…")
        filed = await self._take(capture)
        if filed.fresh and filed.number is not None:
            self.changed(filed.number)
        return filed

    async def search(self, search: Search) -> Found:
        return await self._derived.search(search)

    async def facets(self) -> Facets:
        return await self._derived.facets()

    async def document(self, number: int) -> Kept:
        kept = await self._keeping.kept(number)
        if kept is None:
            raise UnknownName(
                f"there is no document {number} in the archive", "It may have been eliminated after its time."
            )
        return kept

    async def life(self, number: int) -> Life:
        await self.document(number)
        return Life(await self._keeping.jobs_of(number), await self._keeping.events_of(number))

    async def thumbnail(self, number: int) -> bytes | None:
        return await self._derived.thumbnail(await self.document(number))

    async def page(self, number: int, page: int, width: int) -> bytes | None:
        return await self._derived.page(await self.document(number), page, width)

    async def text(self, number: int) -> str:
        return await self._derived.text(await self.document(number))

    def chunks(self, document: Document) -> AsyncIterator[bytes]:
        return self._desk.journal.chunks(document)

    async def reprint(self, number: int, destination: str, by: str, key: str = "") -> Job:
        kept = await self.document(number)
        job = await reprint(self._desk, kept, await self._keeping.jobs_of(number), destination, by, key)
        self.changed(number)
        return job

    async def hold(self, numbers: Sequence[int], reason: str, by: str) -> int:
        count = await self._keeping.hold(numbers, reason, by)
        if count:
            self.changed(numbers[0] if len(numbers) == 1 else None)
        return count

    async def searches(self) -> Sequence[SavedSearch]:
        return await self._keeping.searches()

    async def save_search(self, search: SavedSearch) -> None:
        """Raises RequestError for a name that is none, and for more searches than a page can show."""
        if not 0 < len(search.name) <= LONGEST_NAME or not search.name.isprintable():
            raise RequestError(f"a search needs a name of 1 to {LONGEST_NAME} characters")
        known = {one.name for one in await self.searches()}
        if len(known) >= MOST_SEARCHES and search.name not in known:
            raise RequestError(f"there are {MOST_SEARCHES} saved searches already", "Remove one first.")
        await self._keeping.put_search(search)

    async def forget_search(self, name: str) -> bool:
        return await self._keeping.drop_search(name)
