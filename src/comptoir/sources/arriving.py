"""One document that comes in piece by piece: its bytes go to the disk as they come, and the sender waits for the disk.

For sources that are sent streams. What stands around the document, and when it ends, they know.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from comptoir.core.document import Document, media_type_of
from comptoir.core.ending import TAIL, ended, tail_length
from comptoir.core.errors import TooLarge
from comptoir.core.ports import Journal
from comptoir.core.print_header import HEAD

#: bytes that nobody sends: what the journal takes from programs at most is no bound for prints
NO_BOUND: Final = 1 << 62
#: pieces that wait for the disk; then the sender does
WAITING: Final = 4

#: types of documents that are cut short for certain where their end is missing
_ENDING: Final = ("application/pdf", "image/jpeg", "image/png")


class Arriving:
    """A document on its way to the journal. `head`: its first HEAD bytes, `size`: bytes so far."""

    def __init__(self, journal: Journal, largest: int | None) -> None:
        """`largest`: bytes; None: no bound of ours."""
        self._journal = journal
        self._largest = largest
        self._pieces: asyncio.Queue[bytes] = asyncio.Queue(WAITING)
        self._keeping = asyncio.get_running_loop().create_task(journal.keep(self._chunks(), "", "", NO_BOUND))
        self._tail = b""
        self.head = b""
        self.size = 0

    @property
    def media_type(self) -> str:
        return media_type_of(self.head[:4096])

    @property
    def whole(self) -> bool:
        """False: its format demands an end, and it has none."""
        media_type = self.media_type
        return media_type not in _ENDING or not tail_length(media_type) or self._ended(media_type)

    async def write(self, data: bytes) -> None:
        """Returns when there is room for more. Raises TooLarge, JournalError."""
        if self._largest is not None and self.size + len(data) > self._largest:
            raise TooLarge(
                f"a document is larger than {self._largest:,} bytes", "The key “largest” of the source says so."
            )
        self.size += len(data)
        if len(self.head) < HEAD:
            self.head += data[: HEAD - len(self.head)]
        self._tail = (self._tail + data[-TAIL:])[-TAIL:]
        await self._put(data)

    async def end(self) -> Document:
        """All of it has come: on disk when this returns. Raises JournalError, TooLarge."""
        await self._put(b"")
        return await self._keeping

    async def give_up(self) -> None:
        """It is not wanted: nothing of it stays. Never raises."""
        self._keeping.cancel()
        (outcome,) = await asyncio.gather(self._keeping, return_exceptions=True)
        if isinstance(outcome, Document):
            self._journal.give_up(outcome)

    async def _put(self, data: bytes) -> None:
        if not self._pieces.full() and not self._keeping.done():
            self._pieces.put_nowait(data)
            return
        putting = asyncio.ensure_future(self._pieces.put(data))
        try:
            await asyncio.wait({putting, self._keeping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            putting.cancel()
        if self._keeping.done():
            await self._keeping  # raises what the disk said

    async def _chunks(self) -> AsyncIterator[bytes]:
        while data := await self._pieces.get():
            yield data

    def _ended(self, media_type: str) -> bool:
        return ended(media_type, self.head[:4096], self._tail, self.size)
