"""Prints that the archive keeps, for tests of what is done with them: a real journal, and one word where many stand."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.peers.clock import FakeClock

from comptoir.core.document import Document, Keep, Origin
from comptoir.core.kept import Capture, Filing, Part
from comptoir.core.ports import Journal
from comptoir.journal import open_journal

PDF = b"%PDF-1.4\nBalance of the night\n"
#: more than stands in a row
LARGE = b"%!PS\n" + bytes(range(256)) * 400
DAY = 86_400_000


@dataclass
class Shelf:
    """A journal whose archive is filled by `file`."""

    journal: Journal
    clock: FakeClock
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @classmethod
    async def at(cls, folder: Path, clock: FakeClock | None = None) -> Shelf:
        """`folder`: of the journal: a station's is DATA/station."""
        clock = clock or FakeClock()
        return cls(await open_journal("", folder, clock), clock)

    async def file(
        self,
        title: str = "Balance",
        content: bytes = PDF,
        date: str = "2026-11-17",
        *,
        kept_for: int | None = None,
        printed: bytes | None = None,
        source: str = "audit",
        **more: Any,
    ) -> int:
        """The number of a new document. `kept_for`: ms from now; None: without an end. `printed`: its other bytes."""
        origin = Origin(source, more.pop("user", "marie"), more.pop("host", "pc-3"))
        parts = [Part(Document.of(content, name=more.pop("name", "")))]
        if printed is not None:
            parts.append(Part(Document.of(printed), "printed"))
        until = None if kept_for is None else self.clock.now() + kept_for
        capture = Capture(origin, more.pop("uid", f"u{next(self._numbers)}"), tuple(parts), title, **more)
        filed = await self.journal.keeping.file(Filing(capture, Keep(until, date)))
        assert filed.number is not None
        return filed.number
