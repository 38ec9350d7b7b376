"""What surrounds a capturing source, with a real journal: what it takes is filed and kept without an end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.peers.clock import FakeClock
from tests.peers.surroundings import without_printer

from comptoir.core.document import Keep
from comptoir.core.errors import JournalError
from comptoir.core.kept import Capture, Filed, Filing, Kept
from comptoir.core.ports import Clock
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sources.surroundings import Surroundings


@dataclass
class Prints:
    """`captures`: what was taken, in order. broken: what the journal says instead."""

    journal: SqliteJournal
    folder: Path
    clock: Clock = field(default_factory=FakeClock)
    captures: list[Capture] = field(default_factory=list)
    broken: JournalError | None = None

    def surroundings(self) -> Surroundings:
        return without_printer(self.take, self.journal, self.clock, self.folder)

    async def take(self, capture: Capture) -> Filed:
        if self.broken is not None:
            raise self.broken
        filed = await self.journal.keeping.file(Filing(capture, Keep(None, "2026-11-20")))
        self.captures.append(capture)
        return filed

    async def kept(self) -> Sequence[Kept]:
        return await self.journal.keeping.after(0, 1000)

    async def content(self, number: int = 1) -> list[bytes]:
        """The documents of the nth print."""
        one = (await self.kept())[number - 1]
        return [await self.journal.content(document) for document in (one.document, *(p.document for p in one.others))]
