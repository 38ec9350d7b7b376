"""What happens, as it happens: server-sent events for pages and programs (WHATWG HTML §9.2).

A reader that comes back says the last event it has seen and gets what it missed from the journal. One that reads too
slowly is cut off and comes back in the same way; nobody waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import msgspec
from aiohttp import web

from comptoir.core.record import Event
from comptoir.web.desk import Desk
from comptoir.web.guard import USER
from comptoir.web.shapes import event_of

BEHIND = 1_000  # messages that may wait for one reader
MISSED = 1_000  # events that are read at once for a reader that comes back
LIFE = 600.0  # seconds of one stream: who may not read any more is asked again by then
SOON = 0.25  # seconds in which a folder's changes are told in one
CALMLY = 1.0  # seconds in which what comes into the archive is told in one
QUIET = 15.0  # seconds after which a comment keeps proxies from closing the stream

_encode = msgspec.json.Encoder().encode


#: what waits for one reader: (number of the event, 0 for what has none; its message); None: the stream ends
Reader = asyncio.Queue[tuple[int, bytes] | None]


class Feed:
    """The readers of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._readers = dict[Reader, str]()  # and who reads
        self._folders = set[str]()
        self._telling: asyncio.TimerHandle | None = None
        self._documents = set[int | None]()
        self._telling_documents: asyncio.TimerHandle | None = None
        self._stop_listening: Callable[[], None] = desk.journal.subscribe(self._on_events)

    def route(self) -> web.RouteDef:
        address = "/events" if self._desk.role == "hub" else "/api/events"
        return web.get(address, self.stream, allow_head=False)

    def places_changed(self) -> None:
        """Tell every reader what the printers are like now."""
        if self._readers:
            self.tell("places", self._desk.parts.places())

    def folder_changed(self, name: str) -> None:
        """Tell every reader, soon and once for all that changes until then, that a folder is not as it was."""
        if not self._readers:
            return
        if not self._folders:
            self._telling = asyncio.get_running_loop().call_later(SOON, self._tell_folders)
        self._folders.add(name)

    def _tell_folders(self) -> None:
        names, self._folders = sorted(self._folders), set()
        for name in names:
            self.tell("folders", {"name": name})

    def document_changed(self, number: int | None) -> None:
        """The same of a document of the archive; None: of many."""
        if not self._readers:
            return
        if not self._documents:
            self._telling_documents = asyncio.get_running_loop().call_later(CALMLY, self._tell_documents)
        self._documents.add(number)

    def _tell_documents(self) -> None:
        """Where several have changed, lists look again, and so does each page that may be about one of them."""
        numbers, self._documents = self._documents, set()
        self.tell("documents", {"number": numbers.pop() if len(numbers) == 1 else None})

    def tell(self, kind: str, value: object) -> None:
        """Tell every reader something that is not in the journal."""
        if self._readers:
            self._put(0, b"event: %s\ndata: %s\n\n" % (kind.encode(), _encode(value)))

    def close(self) -> None:
        """End all streams, so that the server can stop."""
        self._stop_listening()
        for telling in (self._telling, self._telling_documents):
            if telling is not None:
                telling.cancel()
        for reader in tuple(self._readers):
            self._end(reader)

    def end(self, user: str) -> None:
        """End the streams of somebody who may not read any more; who still may comes back."""
        for reader, who in tuple(self._readers.items()):
            if who == user:
                self._end(reader)

    def _end(self, reader: Reader) -> None:
        self._readers.pop(reader, None)
        if reader.full():
            reader.get_nowait()
        reader.put_nowait(None)

    def _on_events(self, events: Sequence[Event]) -> None:
        if self._readers:
            for event in events:
                if event.job_id is not None:
                    self._put(event.seq, _message(event))

    def _put(self, number: int, message: bytes) -> None:
        for reader in tuple(self._readers):
            try:
                reader.put_nowait((number, message))
            except asyncio.QueueFull:
                self._end(reader)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        headers = {
            "Content-Type": "text/event-stream",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
        answer = web.StreamResponse(headers=headers)
        await answer.prepare(request)
        reader: Reader = asyncio.Queue(BEHIND)
        self._readers[reader] = request.get(USER, "")
        try:
            await answer.write(b"retry: 1000\n\n")
            told = await self._tell_missed(request, answer)
            async with asyncio.timeout(LIFE):
                while (waiting := await _next(reader)) is not None:
                    number, message = waiting
                    if not 0 < number <= told:
                        await answer.write(message)
        except (ConnectionError, TimeoutError):
            pass  # the reader has gone, or comes back
        finally:
            self._readers.pop(reader, None)
        return answer

    async def _tell_missed(self, request: web.Request, answer: web.StreamResponse) -> int:
        """Tell what happened since the reader was here last; the number of the last event told, 0: none."""
        last = request.headers.get("Last-Event-ID", request.query.get("since", ""))
        if not (last.isascii() and last.isdigit() and len(last) < 19):
            return 0
        told, after = 0, int(last)
        while events := await self._desk.journal.events(after=after, limit=MISSED):
            await answer.write(b"".join(_message(event) for event in events if event.job_id is not None))
            told = after = events[-1].seq
        return told


async def _next(reader: Reader) -> tuple[int, bytes] | None:
    try:
        # Not `wait_for`: before Python 3.12 it may swallow that the stream is to end.
        async with asyncio.timeout(QUIET):
            return await reader.get()
    except TimeoutError:
        return 0, b": still here\n\n"


def _message(event: Event) -> bytes:
    shape = event_of(event)
    data = {"job": event.job_id, **{name: getattr(shape, name) for name in shape.__struct_fields__}}
    return b"event: job\nid: %d\ndata: %s\n\n" % (event.seq, _encode(data))
