"""What the contract suite of destinations wants of a far side: to see what has arrived there, and to make it fail.

One class a kind, in `FARS` (`tests/peers/fars.py`). They are real servers and folders, not mocks.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tests.peers.papers import submission

from comptoir.core.document import Document, Submission
from comptoir.core.job import Job
from comptoir.core.lot import LOT, manifest
from comptoir.core.ports import Journal
from comptoir.journal.sqlite import SqliteJournal


@dataclass(frozen=True)
class Arrival:
    """A document that can be seen there. `lot`: what it came together with; `known`: what else is said of it."""

    name: str
    content: bytes
    lot: str = ""
    known: dict[str, Any] = field(default_factory=dict)


class Far(Protocol):
    """A far side. Use as `async with`."""

    #: secrets that may stand in no message, log or evidence
    secrets: tuple[str, ...]

    async def __aenter__(self) -> Far: ...

    async def __aexit__(self, *error: object) -> None: ...

    def config(self, **keys: Any) -> Any:
        """The destination as the configuration has it."""
        ...

    async def arrivals(self) -> list[Arrival]:
        """What is whole there, for whoever looks."""
        ...

    async def halves(self) -> list[str]:
        """What is visible there and not whole."""
        ...

    def nobody(self) -> Any:
        """The configuration of one that is not there."""
        ...

    def cut(self, after: int) -> None: ...

    def lose_answer(self, after: int) -> None: ...

    def lock(self) -> None:
        """Our secret is not the right one."""
        ...

    def fill(self) -> None:
        """It has no room."""
        ...

    def connections(self) -> int:
        """How many are open."""
        ...


class Watched:
    """A journal's bytes, handed to a sink: counted, stopped, or damaged on the way."""

    def __init__(self, journal: SqliteJournal) -> None:
        self._journal = journal
        self.pieces = 0
        #: after so many pieces of a document nothing more comes until `go`
        self.stop_after: int | None = None
        self.stopped = asyncio.Event()
        self.go = asyncio.Event()
        self.at_end: list[Any] = []

    async def content(self, document: Document) -> bytes:
        return await self._journal.content(document)

    async def chunks(self, document: Document, offset: int = 0) -> AsyncIterator[bytes]:
        pieces = 0
        async for piece in self._journal.chunks(document, offset):
            pieces += 1
            self.pieces += 1
            yield piece
            if pieces == self.stop_after:
                self.stopped.set()
                await self.go.wait()
        for call in self.at_end:
            call()


class Told:
    """`core.ports.Progress` that counts."""

    def __init__(self) -> None:
        self.began = 0

    async def started(self) -> None:
        self.began += 1

    def stopped(self, reason: str, message: str) -> None:
        raise AssertionError("no destination stops in the middle")

    def resumed(self) -> None:
        raise AssertionError("no destination stops in the middle")


async def a_job(journal: Journal, content: bytes, name: str = "FAC-1.pdf", **more: Any) -> Job:
    """A job whose document is on disk."""
    return (await journal.accept(submission(content, "archives", "factures", name=name, **more))).job


async def a_lot(journal: Journal, name: str, members: dict[str, bytes], **more: Any) -> Job:
    """A job whose document is the manifest of these members, which are on disk."""
    documents = []
    for path, content in members.items():
        made = await journal.accept(submission(content, "archives", "factures", name=path))
        documents.append(made.job.document)
    document = Document.of(manifest(documents), LOT, name)
    return (await journal.accept(Submission(document, made.job.origin, "archives", **more))).job


def in_store(folder: Path, size: int) -> Document:
    """A large document that is in the store of this journal, without ever having been in memory."""
    written, seen = folder / "written", hashlib.sha256()
    with written.open("wb") as file:
        for number in range(size // 1_000_000):
            piece = bytes([number % 256]) * 1_000_000
            file.write(piece)
            seen.update(piece)
    digest = seen.hexdigest()
    place = folder / "documents" / digest[:2] / digest
    place.parent.mkdir(parents=True, exist_ok=True)
    written.rename(place)
    return Document(digest, size, "application/pdf", "large.pdf")
