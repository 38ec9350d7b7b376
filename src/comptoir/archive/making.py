"""Makes texts and pictures of what is new, one document after the other, in processes of their own (`worker.py`).

The newest first: who looks for something looks for what was just printed. Texts and pictures are made side by side, so
that no picture keeps a text waiting. A document that ends its process twice is left alone, and says so.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Final, Protocol

import msgspec

from comptoir.archive.errand import Answer, Errand
from comptoir.archive.following import Changed
from comptoir.archive.index import Due, Stage
from comptoir.archive.shelf import Shelf
from comptoir.archive.worker import Died
from comptoir.core.document import Document
from comptoir.core.errors import ComptoirError, JournalError, TooLarge
from comptoir.core.kept import Kept
from comptoir.core.ports import Journal

log = logging.getLogger("comptoir.archive")

THUMBNAIL: Final = 240  # dots
#: documents that are asked for at once: a newer one waits for so many at most
AT_ONCE: Final = 8
AGAIN: Final = 5.0  # seconds


class Bench(Protocol):
    """One who makes things of documents."""

    async def ask(self, errand: Errand, content: bytes = b"") -> tuple[Answer, bytes]: ...


class Making:
    """What is due of these stages. languages: of pictures that are read; "": they are not."""

    def __init__(
        self, journal: Journal, shelf: Shelf, worker: Bench, stages: Sequence[Stage], languages: str, changed: Changed
    ) -> None:
        self._journal = journal
        self._shelf = shelf
        self._worker = worker
        self._stages = stages
        self._languages = languages
        self._changed = changed
        self._counted: dict[int, int] = {}
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There may be something to do."""
        self._wake.set()

    async def run(self) -> None:
        """Until it is cancelled. What fails is tried again; what a document is to blame for is not."""
        said = ""
        while True:
            self._wake.clear()
            try:
                due = await self._shelf.write(lambda index: index.due(self._stages, AT_ONCE))
                for one in due:
                    await self.make(one)
                await self.tell_pages()
                said = ""
            except (ComptoirError, OSError) as error:
                if str(error) != said:
                    log.error("texts and pictures of the archive are not made: %s", error)
                said = str(error)
                await asyncio.sleep(AGAIN)
                continue
            if not due:
                await self._wake.wait()

    async def make(self, due: Due) -> None:
        """One text, or one picture. Raises JournalError, ArchiveError, OSError."""
        kept = await self._journal.keeping.kept(due.number)
        if kept is None:
            await self._shelf.write(lambda index: index.drop([due.number]))
            return
        try:
            answer, picture = await self.asked(kept, self._errand(due))
        except Died as error:
            await self._blame(due, kept, str(error))
            return
        except JournalError as error:
            answer, picture = Answer(trouble=error.message), b""
        await self._put(due, answer, picture)

    async def asked(self, kept: Kept, errand: Errand) -> tuple[Answer, bytes]:
        """Raises Died, JournalError where the document is damaged, OSError where there can be no process."""
        return await ask(self._worker, self._journal, kept.document, errand)

    def _errand(self, due: Due) -> Errand:
        if due.stage == "draw":
            return thumbnail_of(due.digest, due.media_type)
        return Errand(task=due.stage, key=due.digest, media_type=due.media_type, languages=self._languages)

    async def _put(self, due: Due, answer: Answer, picture: bytes) -> None:
        if due.stage == "draw":
            numbers = await self._shelf.write(lambda index: index.put_picture(due, picture or None, answer.trouble))
        else:
            eyes = answer.eyes and bool(self._languages) and due.stage == "read"
            numbers = await self._shelf.write(
                lambda index: index.put_text(due, answer.text, answer.pages, eyes=eyes, trouble=answer.trouble)
            )
            if answer.pages is not None:
                self._counted.update(dict.fromkeys(numbers, answer.pages))
        self._changed(numbers)

    async def _blame(self, due: Due, kept: Kept, why: str) -> None:
        """It has ended the process: once more, and then never again."""
        log.warning("document %d of the archive cannot be read or drawn: %s", kept.id, why)
        if due.stage == "eyes" or await self._shelf.write(lambda index: index.failed(due)):
            await self._shelf.write(lambda index: index.give_up(due, why))
            self._changed([due.number])

    async def tell_pages(self) -> None:
        """How many there are is the journal's to know, too. Raises JournalError."""
        counted = dict(self._counted)
        if counted:
            await self._journal.keeping.counted(counted)
            for number in counted:
                self._counted.pop(number, None)


def thumbnail_of(digest: str, media_type: str) -> Errand:
    return Errand(task="draw", key=digest, media_type=media_type, width=THUMBNAIL, image="webp")


async def ask(worker: Bench, journal: Journal, document: Document, errand: Errand) -> tuple[Answer, bytes]:
    """With the document's file, or its bytes where it has none. Raises Died, JournalError, OSError."""
    path = journal.path(document)
    if path is not None:
        return await worker.ask(msgspec.structs.replace(errand, path=path))
    try:
        content = await journal.content(document)
    except TooLarge as error:
        return Answer(trouble=error.message), b""
    return await worker.ask(msgspec.structs.replace(errand, size=len(content)), content)
