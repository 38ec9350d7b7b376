"""What has been kept long enough: counted by source and year, and eliminated when a person has asked for it.

Nothing goes by itself. A legal hold of a route (`hold = true`) is judged as the configuration is now, by all names
under which a document may have met its routes: the careful reading wins. What was eliminated, by whom and why, the
journal says, without names (event `documents-eliminated`).
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from operator import itemgetter
from typing import Final

from comptoir.config import Config
from comptoir.core.errors import WrongState
from comptoir.core.intake import Candidate
from comptoir.core.kept import Kept
from comptoir.core.names import safe_name
from comptoir.core.ports import Clock, Journal
from comptoir.core.route import Route
from comptoir.core.units import size
from comptoir.web.keeping_desk import ALL, Due, Pile, Wanted

#: documents that are looked at in one go, and that are eliminated in one commit: others have their turn in between
STEP: Final = 500
PIECE: Final = 200
#: of what is due, so many are named
SAMPLE: Final = 8

Progress = Callable[[int], None]


class Holds:
    """The routes whose documents must stay."""

    def __init__(self, config: Config) -> None:
        self.routes = tuple(
            Route(one.source, one.to, one.match, one.format, one.types, one.folder, size(one.larger), size(one.smaller))
            for one in config.route
            if one.hold
        )

    def on(self, kept: Kept) -> bool:
        """Whether one of them takes this document."""
        document = kept.document
        if not any(route.source == kept.origin.source for route in self.routes):
            return False
        names = {kept.attributes.get("path", ""), kept.title, document.name}
        names |= {name.rpartition(".")[0] for name in names}  # titles of prints have no extension
        if kept.printer:  # a print lies in its queue, as a file in its folder
            names |= {f"{safe_name(kept.printer)}/{name}" for name in names}
        return any(
            route.matches(Candidate(kept.origin.source, name, document.size, 0, document.media_type))
            for route in self.routes
            for name in names
        )


class Eliminating:
    """The archive's end. config: as it is now."""

    def __init__(self, journal: Journal, clock: Clock, config: Callable[[], Config]) -> None:
        self._journal = journal
        self._clock = clock
        self._config = config

    async def due(self, wanted: Wanted = ALL, at: int | None = None) -> Due:
        """What may go now, or might have gone at that moment (ms)."""
        due, _ = await self._look(wanted, self._clock.now() if at is None else min(at, self._clock.now()))
        return due

    async def seen(self, wanted: Wanted, due: Due) -> frozenset[int]:
        """The numbers of what a person has seen. Raises WrongState where something else is due by now."""
        now, numbers = await self._look(wanted, min(due.at, self._clock.now()))
        if now.seal != due.seal or not numbers:
            raise WrongState(
                "what is due has changed in the meantime", "Look at the list again; nothing was eliminated."
            )
        return numbers

    async def eliminate(
        self, wanted: Wanted, due: Due, numbers: frozenset[int], by: str, why: str, progress: Progress | None = None
    ) -> int:
        """Eliminate exactly these, in pieces; how many. What is held by now stays. Raises JournalError.

        Whatever ends it early: what is gone is in the journal, and what is not is due still.
        """
        gone, piece = 0, list[int]()
        async for kept, stays in self._spent(wanted, due.at):
            if not stays and kept.id in numbers:
                piece.append(kept.id)
            if len(piece) == PIECE:
                gone += await self._journal.keeping.eliminate(piece, by, why)
                piece = []
                if progress is not None:
                    progress(gone)
        return gone + (await self._journal.keeping.eliminate(piece, by, why) if piece else 0)

    async def _look(self, wanted: Wanted, at: int) -> tuple[Due, frozenset[int]]:
        piles: dict[tuple[str, str], Pile] = {}
        sample: list[Kept] = []
        numbers: set[int] = set()
        seal, held = hashlib.sha256(), 0
        async for kept, stays in self._spent(wanted, at):
            if stays:
                held += 1
                continue
            pile = kept.business_date[:4], kept.origin.source
            piles[pile] = _more(piles.get(pile), kept)
            seal.update(f"{kept.id} {kept.document.digest}\n".encode())
            numbers.add(kept.id)
            if len(sample) < SAMPLE:
                sample.append(kept)
        newest_first = sorted(sorted(piles, key=itemgetter(1)), key=itemgetter(0), reverse=True)
        found = tuple(piles[key] for key in newest_first)
        return Due(at, found, seal.hexdigest(), held, tuple(sample)), frozenset(numbers)

    async def _spent(self, wanted: Wanted, at: int) -> AsyncIterator[tuple[Kept, bool]]:
        """Newest first, each with whether a route holds it."""
        below = None
        while found := await self._journal.keeping.spent(at, below, STEP):
            holds = Holds(self._config())
            for kept in found:
                if wanted.source in ("", kept.origin.source) and wanted.year in ("", kept.business_date[:4]):
                    yield kept, holds.on(kept)
            below = found[-1].id


def _more(pile: Pile | None, kept: Kept) -> Pile:
    """The pile with this document on it."""
    date, bytes_ = kept.business_date, kept.document.size + sum(part.document.size for part in kept.others)
    if pile is None:
        return Pile(kept.origin.source, date[:4], 1, bytes_, date, date)
    return replace(
        pile,
        documents=pile.documents + 1,
        size=pile.size + bytes_,
        first=min(pile.first, date),
        last=max(pile.last, date),
    )
