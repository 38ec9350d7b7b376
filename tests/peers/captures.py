"""What surrounds a capturing source in its tests: a store in memory that can be full, a printer that answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from tests.peers.clock import FakeClock
from tests.peers.surroundings import without_printer

from comptoir.core.document import Document
from comptoir.core.errors import JournalError
from comptoir.core.kept import Capture, Filed
from comptoir.sources.surroundings import Surroundings

PATIENCE = 20.0


class Captures:
    """`taken` is what was captured. broken: what the disk says. answers: what the printer answers to which question."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.taken: list[Capture] = []
        self.asked: list[bytes] = []
        self.pulses: list[bytes] = []
        self.answers: dict[bytes, bytes] = {}
        #: said when a document is written, and when it is filed
        self.full: JournalError | None = None
        self.broken: JournalError | None = None
        #: documents that were given up
        self.given_up = 0
        self._folder = folder
        self._news = asyncio.Event()
        #: a document is on its way, and no byte of it has gone on
        self.begun = asyncio.Event()

    def surroundings(self) -> Surroundings:
        journal: Any = self
        return without_printer(self.take, journal, self.clock, self._folder, ask=self._ask, pulse=self._pulse)

    async def take(self, capture: Capture) -> Filed:
        if self.broken is not None:
            raise self.broken
        self.taken.append(capture)
        self._news.set()
        return Filed(len(self.taken), True)

    async def keep(
        self, chunks: AsyncIterator[bytes], media_type: str, name: str, largest: int | None = None
    ) -> Document:
        content = bytearray()
        self.begun.set()
        async for chunk in chunks:
            if self.full is not None:
                raise self.full
            content += chunk
        return Document.of(bytes(content), media_type, name)

    def give_up(self, document: Document) -> None:
        self.given_up += 1

    async def until(self, done: Callable[[], bool]) -> None:
        """Once that is so; looked at after each capture, question and pulse. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            while not done():
                self._news.clear()
                await self._news.wait()

    async def some(self, count: int) -> list[Capture]:
        """What was captured, once that many were. Raises TimeoutError."""
        await self.until(lambda: len(self.taken) >= count)
        return self.taken

    @property
    def contents(self) -> list[bytes]:
        return [capture.document.content or b"" for capture in self.taken]

    async def _ask(self, source: str, question: bytes, seconds: float) -> bytes:
        self.asked.append(question)
        self._news.set()
        return self.answers.get(question, b"")

    async def _pulse(self, source: str, host: str, pulse: bytes) -> bool:
        self.pulses.append(pulse)
        self._news.set()
        return True
