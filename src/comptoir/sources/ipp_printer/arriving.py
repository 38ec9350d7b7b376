"""A document on its way in: the rest of an HTTP body, unpacked where it is packed, in pieces of bounded size.

A client that goes away in the middle ends it, and is no error here: `broken` says why the document is not whole.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from typing import Final

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from comptoir.core.errors import JournalError, TooLarge

#: seconds without a byte after which a client is gone
IDLE: Final = 60.0
#: bytes that are unpacked at one time, however well they are packed
PIECE: Final = 65_536
#: zlib's words for the kinds of packing: RFC 1952, RFC 1950, RFC 1951
GZIP, ZLIB, BARE = 31, 15, -15
_MAGIC: Final = b"\x1f\x8b"

#: how a connection that ends is told by the library: by a RuntimeError where it had ended before anybody read
ENDED: Final = (
    aiohttp.ClientError, HttpProcessingError, ConnectionError, asyncio.IncompleteReadError, RuntimeError,
)  # fmt: skip

GONE: Final = "the client went away in the middle of it"
SILENT: Final = "the client sent nothing more for a minute"
DAMAGED: Final = "what was sent cannot be unpacked"
CUT: Final = "it was packed, and ends in the middle"


class Stopping(Exception):
    """The station stops: what has not come by now is not taken."""


class Body:
    """What follows the message in a request. `broken`: why it ended before its end; "" where it did not."""

    def __init__(self, first: bytes, content: aiohttp.StreamReader, idle: float = IDLE) -> None:
        self._first = first
        self._content = content
        self._idle = idle
        self._stopping = False
        self.broken = ""

    def stop(self) -> None:
        """Whoever reads it is told that the station stops: its client gets an answer, and sends it again."""
        self._stopping = True
        self._content.set_exception(Stopping())

    async def pieces(self) -> AsyncIterator[bytes]:
        """Raises JournalError where the station stops."""
        if self._first:
            first, self._first = self._first, b""
            yield first
        while True:
            try:
                async with asyncio.timeout(self._idle):
                    piece = await self._content.readany()
            except TimeoutError:
                self.broken = SILENT
                return
            except (Stopping, *ENDED):
                if self._stopping:  # the connection may have been closed for that, which is not its client's doing
                    raise JournalError("the station stops", "It takes the print when it has started again.") from None
                self.broken = GONE
                return
            if not piece:
                return
            yield piece

    async def drain(self, most: int = 1 << 30, seconds: float = 30.0) -> None:
        """Let a client finish what is not wanted: most look for the answer only then."""
        try:
            async with asyncio.timeout(seconds):
                async for piece in self.pieces():
                    most -= len(piece)
                    if most < 0:
                        return
        except (TimeoutError, JournalError):
            return


class Arriving:
    """The document in a body. `size`: bytes, unpacked, so far."""

    def __init__(self, body: Body, compression: str, largest: int | None) -> None:
        self._body = body
        self._compression = compression
        self._largest = largest
        self._fault = ""
        self.size = 0

    @property
    def broken(self) -> str:
        """Why it is not whole; "" for a whole one."""
        return self._body.broken or self._fault

    @property
    def damaged(self) -> bool:
        """It came to its end, and cannot be unpacked."""
        return bool(self._fault) and not self._body.broken

    async def pieces(self) -> AsyncIterator[bytes]:
        """Raises TooLarge."""
        whole = self._body.pieces()
        async for piece in whole if self._compression == "none" else self._unpacked(whole):
            self.size += len(piece)
            if self._largest is not None and self.size > self._largest:
                raise TooLarge(f"the document is larger than {self._largest // 10**6} MB", "Print it in parts.")
            yield piece

    async def _unpacked(self, packed: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        unpacker, waiting = None, b""
        async for piece in packed:
            waiting += piece
            if unpacker is None and len(waiting) < 2:
                continue  # the first two bytes tell the kinds of deflate apart
            unpacker = unpacker or zlib.decompressobj(_kind(self._compression, waiting))
            while waiting:
                try:
                    out = unpacker.decompress(waiting, PIECE)
                except zlib.error:
                    self._fault = DAMAGED
                    return
                if out:
                    yield out
                waiting = unpacker.unconsumed_tail
                if unpacker.eof:
                    waiting = unpacker.unused_data
                    if self._compression != "gzip" or not waiting.startswith(_MAGIC[: len(waiting)]):
                        waiting = b""
                        break
                    if len(waiting) >= 2:
                        unpacker = zlib.decompressobj(GZIP)  # a file of several members, RFC 1952 §2.2
                    else:
                        break
                elif not waiting and not out:
                    break
        if unpacker is None or not unpacker.eof:
            self._fault = CUT


def _kind(compression: str, head: bytes) -> int:
    """IPP means RFC 1951 by deflate (PWG 5100.13 aside), and some clients send it in the wrapping of RFC 1950."""
    if compression == "gzip":
        return GZIP
    wrapped = head[0] & 0x0F == 8 and head[0] >> 4 <= 7 and int.from_bytes(head[:2]) % 31 == 0
    return ZLIB if wrapped else BARE
