"""Keeps the index beside the journal: what is kept comes into it at once, what is eliminated goes."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, Final

from comptoir.archive.index import Index
from comptoir.archive.shelf import Shelf
from comptoir.core.errors import ComptoirError
from comptoir.core.ports import Journal
from comptoir.core.record import Event, EventQuery

log = logging.getLogger("comptoir.archive")

#: rows, or events, at once: a search has its turn in between
AT_ONCE: Final = 500
#: seconds before it is tried again
AGAIN: Final = 5.0
#: seconds without anything new, after which there is time for other work
QUIET: Final = 20.0

KEPT: Final = "document-kept"
ELIMINATED: Final = "documents-eliminated"
HELD: Final = "document-held"
RELEASED: Final = "document-released"
_KINDS: Final = frozenset({KEPT, ELIMINATED, HELD, RELEASED})

Changed = Callable[[Sequence[int]], None]
"""Called with the numbers of documents that are new or have changed."""


class Following:
    """Reads the journal from where the index is, and listens from then on."""

    def __init__(self, journal: Journal, shelf: Shelf, changed: Changed, quiet: float = QUIET) -> None:
        self._journal = journal
        self._shelf = shelf
        self._changed = changed
        self._quiet = quiet
        self._heard: deque[Event] = deque()
        self._wake = asyncio.Event()
        self._settled = asyncio.Event()
        self._begun = False

    def listen(self, events: Sequence[Event]) -> None:
        """What the journal has just written; cheap."""
        new = [event for event in events if event.kind in _KINDS]
        if new:
            self._heard += new
            self._settled.clear()
            self._wake.set()

    def begin_again(self) -> None:
        """The index is empty."""
        self._begun = False
        self._settled.clear()
        self._wake.set()

    async def settled(self, seconds: float) -> bool:
        """Whether everything is in the index that the journal has told by now; it is waited for so long."""
        if self._settled.is_set():
            return True
        try:
            async with asyncio.timeout(seconds):
                await self._settled.wait()
        except TimeoutError:
            return False
        return True

    async def run(self) -> None:
        """Until it is cancelled. What fails is tried again, and said once."""
        said = ""
        while True:
            self._wake.clear()
            try:
                await self._catch_up()
                said = ""
                if not self._wake.is_set():
                    self._settled.set()
                await self._rest()
            except ComptoirError as error:
                if error.sentences != said:
                    log.error("the archive's index is behind the journal: %s", error.sentences)
                said = error.sentences
                await asyncio.sleep(AGAIN)

    async def _rest(self) -> None:
        """Wait for something new; when nothing comes for a while, what was dropped is wiped out of the file."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._quiet):
                await self._wake.wait()
            return
        if await self._shelf.write(Index.unclean):
            done = await self._shelf.write(lambda index: index.cleanse(begin=True))
            while not done and not self._wake.is_set():
                done = await self._shelf.write(lambda index: index.cleanse(begin=False))
        await self._wake.wait()

    async def _catch_up(self) -> None:
        if not self._begun:
            await self._begin()
            self._begun = True
        await self._add()
        while self._heard:
            # A row that was read before it was eliminated is in the index by now.
            event = self._heard[0]
            await self._apply((event,))
            self._heard.popleft()

    async def _begin(self) -> None:
        """What has happened since the index was written last; all of it, where it is not of this journal."""
        seen = await self._shelf.write(lambda index: index.noted("event"))
        while seen and (events := await self._journal.events(after=seen, limit=AT_ONCE)):
            await self._apply([event for event in events if event.kind in _KINDS])
            seen = events[-1].seq
            await self._shelf.write(lambda index, seen=seen: index.note("event", seen))  # type: ignore[misc]
        newest = await self._journal.history(EventQuery(limit=1, apart=False))
        last = newest[0].seq if newest else 0
        if seen > last or not await self._same():
            await self._shelf.renew()
            seen = 0
        if not seen:
            await self._shelf.write(lambda index: index.note("event", last))

    async def _same(self) -> bool:
        """Whether the newest document of the index is the journal's: a journal may have come back from a backup."""
        newest = await self._shelf.write(Index.newest)
        if newest is None:
            return await self._shelf.write(lambda index: index.noted("after")) == 0
        number, digest = newest
        kept = await self._journal.keeping.kept(number)
        return kept is not None and kept.document.digest == digest

    async def _add(self) -> None:
        while True:
            after = await self._shelf.write(lambda index: index.noted("after"))
            rows = await self._journal.keeping.after(after, AT_ONCE)
            if not rows:
                return
            pages = await self._shelf.write(lambda index, rows=rows: index.add(rows))  # type: ignore[misc]
            if pages:
                await self._journal.keeping.counted(pages)
            self._changed([kept.id for kept in rows])

    async def _apply(self, events: Iterable[Event]) -> None:
        for event in events:
            body = json.loads(event.body)
            if event.kind == ELIMINATED:
                numbers = _eliminated(body)
                await self._shelf.write(lambda index, numbers=numbers: index.drop(numbers))  # type: ignore[misc]
            elif event.kind in (HELD, RELEASED):
                numbers, held = _held(body), event.kind == HELD
                await self._shelf.write(lambda index, numbers=numbers, held=held: index.hold(numbers, held))  # type: ignore[misc]
            else:
                continue
            await self._shelf.write(lambda index, event=event: index.note("event", event.seq))  # type: ignore[misc]
            self._changed(numbers)


def _eliminated(body: Any) -> list[int]:
    return [int(one["kept"]) for one in body["documents"]]


def _held(body: Any) -> list[int]:
    kept = body["kept"]
    return [int(number) for number in kept] if isinstance(kept, list) else [int(kept)]
