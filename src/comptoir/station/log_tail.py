"""How the log goes on: each line that is written, told to the pages that show it, as server-sent events.

Who may follow it is decided by the guard. A page that reads too slowly is cut off, and comes back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import msgspec
from aiohttp import web

from comptoir.logbook import Logbook
from comptoir.web.guard import USER
from comptoir.web.pages.journal import line_filter, line_of
from comptoir.web.render import Renderer
from comptoir.web.words import Words

ADDRESS: Final = "/journal/log/tail"
BEHIND: Final = 1_000  # lines that may wait for one page
QUIET: Final = 15.0  # seconds after which a comment keeps proxies from closing the stream
LIFE: Final = 600.0  # seconds of one stream: who comes back is asked again whether they may

_encode = msgspec.json.Encoder().encode
#: what waits for one page; None: the stream ends
_Reader = asyncio.Queue[str | None]


class LogTail:
    """The readers of one log. `book`: who writes it; None where this process does not."""

    def __init__(self, book: Logbook | None, render: Renderer) -> None:
        self._book = book
        self._render = render
        self._readers: dict[_Reader, str] = {}
        self._loop = asyncio.get_running_loop()
        if book is not None:
            book.listeners.append(self._written)

    def route(self) -> web.RouteDef:
        return web.get(ADDRESS, self.stream, allow_head=False)

    def close(self) -> None:
        """End all streams, so that the server can stop."""
        if self._book is not None:
            self._book.listeners.remove(self._written)
        for reader in tuple(self._readers):
            self._end(reader)

    def end(self, user: str) -> None:
        """End the streams of somebody who may not read any more; who still may comes back."""
        for reader, who in tuple(self._readers.items()):
            if who == user:
                self._end(reader)

    def _written(self, lines: Sequence[str]) -> None:
        """In the thread that writes the log."""
        if self._readers:
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._tell, lines)

    def _tell(self, lines: Sequence[str]) -> None:
        for reader in tuple(self._readers):
            try:
                for text in lines:
                    reader.put_nowait(text)
            except asyncio.QueueFull:
                self._end(reader)

    def _end(self, reader: _Reader) -> None:
        self._readers.pop(reader, None)
        while reader.full():
            reader.get_nowait()
        reader.put_nowait(None)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """`GET /journal/log/tail?level=&q=`: an event for each line that the page's filter wants."""
        is_wanted = line_filter(request.query.get("level", ""), request.query.get("q", ""))
        words = self._render.words(request)
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        await stream.prepare(request)
        reader: _Reader = asyncio.Queue(BEHIND)
        self._readers[reader] = request.get(USER, "")
        try:
            async with asyncio.timeout(LIFE):
                await stream.write(b"retry: 1000\n\n")
                while (text := await _next(reader)) is not None:
                    parts = [part for part in text.split("\n") if part and is_wanted(part)]
                    await stream.write(b"".join(_event(part, words) for part in parts) if text else b": still here\n\n")
        except (ConnectionError, TimeoutError):
            pass  # the reader has gone, or comes back
        finally:
            self._readers.pop(reader, None)
        return stream


async def _next(reader: _Reader) -> str | None:
    """The next entry of the log; after a while of silence an empty one."""
    try:
        # Not `wait_for`: before Python 3.12 it may swallow that the stream is to end.
        async with asyncio.timeout(QUIET):
            return await reader.get()
    except TimeoutError:
        return ""


def _event(text: str, words: Words) -> bytes:
    line = line_of(text)
    shown = {"time": line.time, "text": line.text, "tone": "", "word": ""}
    if line.mark:
        shown |= {"tone": line.mark.tone, "word": words.text(line.mark.word)}
    return b"event: line\ndata: %s\n\n" % _encode(shown)
