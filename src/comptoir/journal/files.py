"""Documents that are files, for the event loop: taking them in, and putting them where their row will look for them.

What the disk does is done in threads by `store.py`. Here it is seen to that nothing is left behind when a source gives
up in the middle. What a job needs, and what may go, the journal says.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import TypeVar

from comptoir.core.document import Document, media_type_of
from comptoir.core.errors import JournalError, TooLarge
from comptoir.journal.store import Incoming, Store

LARGEST = 50 * 1024 * 1024  # bytes: what is streamed in has to end somewhere
SAMPLE = 1024  # bytes: enough to tell the media type by
MOST_KEPT = 256  # documents that came and that nobody has accepted yet: then the oldest is given up

T = TypeVar("T")


class Files:
    """The store, as the journal uses it on the event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: list[Incoming] = []

    async def keep(
        self, chunks: AsyncIterator[bytes], media_type: str, name: str, largest: int | None = None
    ) -> Document:
        """Bring a document of at most `largest` bytes (None: LARGEST) to the disk as it comes.

        Its file gets its name in `place`: that of a refused order never gets one, and goes.

        Raises TooLarge, JournalError where the disk refuses, and whatever the source raises.
        """
        most = LARGEST if largest is None else largest
        head = b""
        incoming = await on_disk(self._store.incoming, undo=Incoming.discard)
        try:
            async for chunk in chunks:
                if incoming.size + len(chunk) > most:
                    raise TooLarge(f"the document is larger than {most // 2**20} MB", "Send it in parts.")
                head += chunk[: SAMPLE - len(head)]
                await on_disk(partial(incoming.write, chunk))
            await on_disk(incoming.finish)
        except BaseException:
            incoming.discard()
            raise
        self._kept.append(incoming)
        if len(self._kept) > MOST_KEPT:
            self._kept.pop(0).discard()
        return Document(incoming.digest, incoming.size, media_type or media_type_of(head), name)

    async def small(self, document: Document, most: int) -> bytes | None:
        """The bytes of a kept document that has at most `most` of them: a row will hold them, and its file goes.

        None: it is larger, or none that was kept.
        """
        kept = next((one for one in self._kept if one.digest == document.digest), None)
        if kept is None or kept.size > most:
            return None
        self._kept.remove(kept)
        return await on_disk(kept.taken)

    def give_up(self, document: Document) -> None:
        """A kept document that nobody will accept goes."""
        kept = next((one for one in reversed(self._kept) if one.digest == document.digest), None)
        if kept is not None:
            self._kept.remove(kept)
            kept.discard()

    async def place(self, document: Document) -> None:
        """Put the document's bytes under their digest, and hold them there: `release` when their row can be seen.

        Raises JournalError where the disk refuses, or where the bytes are nowhere.
        """
        digest = document.digest
        # One with a row has come before, and must not take what another caller has just brought.
        kept = None if document.row else next((one for one in self._kept if one.digest == digest), None)
        if document.content is not None:
            await on_disk(partial(self._store.put, document.content), undo=self.release)
        elif kept is not None:
            self._kept.remove(kept)
            try:
                await on_disk(kept.commit, undo=self.release)
            finally:
                kept.discard()
        elif not self._store.hold_if_there(digest):
            raise JournalError(f"the document {digest[:12]}… is not here any more", "Send it again.")

    def release(self, digest: str) -> None:
        """The row is written, or never will be."""
        self._store.release(digest)

    def close(self) -> None:
        """What was kept and never accepted goes."""
        while self._kept:
            self._kept.pop().discard()


async def on_disk(call: Callable[[], T], undo: Callable[[T], object] | None = None) -> T:
    """A call to the store, in a thread and to its end. Raises JournalError where the disk refuses.

    A caller that is cancelled meanwhile waits for the end, too, and `undo` takes back what was made: nobody else could.
    """
    work = asyncio.ensure_future(asyncio.to_thread(call))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        if undo is not None and work.exception() is None:
            undo(work.result())
        raise
    except OSError as error:
        raise JournalError(
            f"the document cannot be kept: {error.strerror or error}",
            "Make room on the disk or check its rights; nothing was accepted.",
        ) from error
