"""The archive, as the station uses it: searching, texts and pictures of what the journal keeps, made while time is.

The journal is the truth. Everything here is derived and lies in one folder: it follows the journal, is made anew where
it is missing, damaged or of another version, and goes on where it was when it was stopped in the middle.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, Literal

from comptoir.archive import finding, programs
from comptoir.archive.errand import Errand
from comptoir.archive.following import Following
from comptoir.archive.index import NO_PICTURE, Due
from comptoir.archive.making import Making, ask, thumbnail_of
from comptoir.archive.shelf import ArchiveError, Shelf
from comptoir.archive.worker import Died, Worker
from comptoir.config import ArchiveConfig
from comptoir.core.errors import JournalError
from comptoir.core.keeping import business_date
from comptoir.core.kept import Kept
from comptoir.core.ports import Clock, Journal
from comptoir.core.search import Facets, Found, Search
from comptoir.core.search_query import Asked, understood

log = logging.getLogger("comptoir.archive")

#: seconds for which a search waits for what was kept just before it
FRESH: Final = 0.25
#: dots across, of a page
NARROWEST: Final = 16
WIDEST: Final = 4_000


class Archive:
    """Finds kept documents, and shows them. folder: its own, beside which nothing is changed."""

    def __init__(self, folder: Path, journal: Journal, clock: Clock, config: ArchiveConfig) -> None:
        #: called, on the event loop, with the number of what is new or has changed; None: many
        self.on_change: list[Callable[[int | None], None]] = []
        self._journal = journal
        self._clock = clock
        self._config = config
        self._shelf = Shelf(folder / "index.db", journal.uid)
        self._following = Following(journal, self._shelf, self._added)
        reading, drawing = Worker(), Worker()
        self._languages = languages = config.ocr_languages if config.ocr == "auto" and programs.tesseract() else ""
        self._makers = (
            Making(journal, self._shelf, reading, ("read",), languages, self._changed),
            Making(journal, self._shelf, drawing, ("draw", "eyes"), languages, self._changed),
        )
        #: for people, who do not wait until the others have done their work
        self._asked = Worker()
        self._workers = (reading, drawing, self._asked)
        self._shelf.on_renewed += [self._following.begin_again, lambda: self._tell(None)]
        self._tasks: list[asyncio.Task[None]] = []
        self._unsubscribe: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """Returns at once; what the index lacks comes while others work, and when its folder can be used."""
        try:
            await self._shelf.open()
        except ArchiveError as error:
            log.error("%s", error.sentences)
        self._unsubscribe = self._journal.subscribe(self._following.listen)
        runs: Sequence[Coroutine[Any, Any, None]] = (self._following.run(), *(maker.run() for maker in self._makers))
        self._tasks = [asyncio.create_task(run) for run in runs]

    async def stop(self) -> None:
        """What was in the making is made another time. May be called twice."""
        unsubscribe, self._unsubscribe = self._unsubscribe, lambda: None
        unsubscribe()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(JournalError):
            for maker in self._makers:
                await maker.tell_pages()
        for worker in self._workers:
            await worker.close()
        await self._shelf.close()

    # -- finding ------------------------------------------------------------------------------------------------------

    def asked(self, search: Search) -> Asked:
        """The search with the operators of its text read, as of today's business date."""
        return understood(search, self._today())

    async def search(self, search: Search) -> Found:
        """Newest first; operators in `search.text` are understood. Nothing that is typed is an error.

        What was kept before the call is found by its title, user, printer …; by its text as soon as that is read.
        Raises ArchiveError where the index cannot be used.
        """
        asked = self.asked(search)
        await self._following.settled(FRESH)
        return await self._shelf.read(lambda db: finding.found(db, asked))

    async def facets(self) -> Facets:
        """Raises ArchiveError."""
        await self._following.settled(FRESH)
        return await self._shelf.read(finding.facets)

    def _today(self) -> date:
        now = datetime.fromtimestamp(self._clock.now() / 1000, UTC).astimezone()
        return business_date(now, self._config.day_starts)

    # -- showing ------------------------------------------------------------------------------------------------------

    async def text(self, kept: Kept) -> str:
        """The words of a document, pages apart by form feeds; "" where it has none. Raises ArchiveError."""
        found = await self._shelf.read(lambda db: finding.text(db, kept.id))
        if found is not None:
            return found
        await self._make(kept, "read")
        return await self._shelf.read(lambda db: finding.text(db, kept.id)) or ""

    async def thumbnail(self, kept: Kept) -> bytes | None:
        """The first page, small, WebP; made at once where it is not there yet. None where there is none.

        Raises ArchiveError.
        """
        drawn, picture = await self._shelf.read(lambda db: finding.picture(db, kept.id, kept.document.digest))
        if drawn:
            return picture
        if drawn is None:
            return await self._drawn(kept, thumbnail_of(kept.document.digest, kept.document.media_type))
        await self._make(kept, "draw")
        return (await self._shelf.read(lambda db: finding.picture(db, kept.id, kept.document.digest)))[1]

    async def page(self, kept: Kept, page: int, width: int) -> bytes | None:
        """PNG of the page (from 1), about that many dots wide, fewer where it has no more; None for none such.

        Raises ArchiveError.
        """
        drawn, _ = await self._shelf.read(lambda db: finding.picture(db, kept.id, kept.document.digest))
        if drawn == NO_PICTURE or page < 1:
            return None
        width = max(NARROWEST, min(width, WIDEST))
        document = kept.document
        return await self._drawn(
            kept, Errand(task="draw", key=document.digest, media_type=document.media_type, page=page, width=width)
        )

    async def trouble(self, kept: Kept) -> str:
        """Why it has no text or no picture, in English; "" where it has, where that is right, and where nobody has
        tried yet. Raises ArchiveError."""
        return await self._shelf.read(lambda db: finding.trouble(db, kept.id))

    async def _drawn(self, kept: Kept, errand: Errand) -> bytes | None:
        try:
            _, picture = await ask(self._asked, self._journal, kept.document, errand)
        except (Died, JournalError, OSError) as error:
            log.warning("document %d of the archive cannot be drawn: %s", kept.id, error)
            return None
        return picture or None

    async def _make(self, kept: Kept, stage: Literal["read", "draw"]) -> None:
        """Out of turn, because somebody wants to see it."""
        due = Due(kept.id, kept.document.digest, kept.document.media_type, stage, 0)
        maker = Making(self._journal, self._shelf, self._asked, (), self._languages, self._changed)
        with suppress(JournalError, OSError):
            await maker.make(due)
            await maker.tell_pages()

    async def reindex(self) -> None:
        """Make everything anew; returns when it has begun, lists what is kept meanwhile. Raises ArchiveError."""
        await self._shelf.renew()

    # -- telling ------------------------------------------------------------------------------------------------------

    def _added(self, numbers: Sequence[int]) -> None:
        for maker in self._makers:
            maker.wake()
        self._changed(numbers)

    def _changed(self, numbers: Sequence[int]) -> None:
        self._tell(numbers[0] if len(numbers) == 1 else None)

    def _tell(self, number: int | None) -> None:
        for listener in self.on_change:
            listener(number)
