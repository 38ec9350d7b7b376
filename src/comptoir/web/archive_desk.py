"""What pages and API may ask of the archive. The station answers (`station/archive/desk.py`)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from comptoir.core.document import Document
from comptoir.core.job import Job
from comptoir.core.kept import Capture, Filed, Kept, SavedSearch
from comptoir.core.record import Event
from comptoir.core.search import Facets, Found, Search


@dataclass(frozen=True, slots=True)
class Life:
    """Where a document went, and what happened to it."""

    jobs: Sequence[Job]
    events: Sequence[Event]


class ArchiveDesk(Protocol):
    """The archive, for people and programs. Methods raise UnknownName for a number that there is not."""

    #: called with the number of what is new or has changed; None: many
    on_change: list[Callable[[int | None], None]]

    async def take(self, capture: Capture) -> Filed:
        """File what a program outside hands over, as the routes of its source say."""
        ...

    async def search(self, search: Search) -> Found: ...

    async def facets(self) -> Facets: ...

    async def document(self, number: int) -> Kept: ...

    async def life(self, number: int) -> Life: ...

    async def thumbnail(self, number: int) -> bytes | None:
        """A small picture of its first page, WebP; None where it has none."""
        ...

    async def page(self, number: int, page: int, width: int) -> bytes | None:
        """A page (from 1) as a picture, PNG, about as wide as asked for; None where there is none such."""
        ...

    async def text(self, number: int) -> str: ...

    def chunks(self, document: Document) -> AsyncIterator[bytes]: ...

    async def reprint(self, number: int, destination: str, by: str, key: str = "") -> Job:
        """Print it again, marked DUPLICATA. Raises RequestError for a destination that prints nothing."""
        ...

    async def hold(self, numbers: Sequence[int], reason: str, by: str) -> int:
        """Put a legal hold on these; an empty reason lifts it."""
        ...

    async def searches(self) -> Sequence[SavedSearch]: ...

    async def save_search(self, search: SavedSearch) -> None: ...

    async def forget_search(self, name: str) -> bool: ...
