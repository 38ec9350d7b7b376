"""A hub that the test speaks for, on a real WebSocket, and a station that only keeps what it is given."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from aiohttp import WSMsgType, web
from tests.peers.clock import FakeClock
from tests.peers.watch import Watch

from comptoir.core.document import Submission
from comptoir.core.errors import UnknownName
from comptoir.core.job import Change, Job
from comptoir.core.record import Accepted
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sources.relay import RelaySource
from comptoir.wire import relay


class FakeHub:
    """A hub: each connection of the station is a conversation that the test leads."""

    def __init__(self) -> None:
        self.calls: asyncio.Queue[Conversation] = asyncio.Queue()
        self.documents: dict[str, bytes] = {}
        self.fetched: list[str] = []
        self.status = 0
        self.port = 0

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get(relay.PATH, self._link)
        app.router.add_get(relay.DOCUMENTS + "/{ref}", self._document)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _link(self, request: web.Request) -> web.StreamResponse:
        if self.status:
            return web.Response(status=self.status)
        wire = web.WebSocketResponse()
        await wire.prepare(request)
        conversation = Conversation(wire, request.headers["Authorization"])
        await self.calls.put(conversation)
        async for message in wire:
            if message.type is WSMsgType.TEXT:
                for said in relay.from_station(message.data):
                    await conversation.heard.put(said)
        conversation.ended.set()
        return wire

    async def _document(self, request: web.Request) -> web.StreamResponse:
        ref = request.match_info["ref"]
        self.fetched.append(ref)
        if ref not in self.documents:
            return web.Response(status=404)
        return web.Response(body=self.documents[ref])


class Conversation:
    def __init__(self, wire: web.WebSocketResponse, authorization: str) -> None:
        self.wire = wire
        self.authorization = authorization
        self.heard: asyncio.Queue[relay.FromStation] = asyncio.Queue()
        self.ended = asyncio.Event()

    async def hear(self) -> relay.FromStation:
        async with asyncio.timeout(10):
            return await self.heard.get()

    async def say(self, *messages: relay.FromHub) -> None:
        await self.wire.send_str(relay.encode(list(messages)))

    async def welcome(self, clock: FakeClock) -> relay.Hello:
        hello = await self.hear()
        assert isinstance(hello, relay.Hello)
        await self.say(relay.Welcome(relay.PROTOCOL, "1.0", "caisse-1", clock.now()))
        return hello


class Station:
    """A journal and a relay source; jobs are only kept, nothing prints them."""

    def __init__(self, journal: SqliteJournal, clock: FakeClock, hub: FakeHub) -> None:
        self.journal = journal
        self.clock = clock
        self.hub = hub
        self.watch = Watch(journal)
        self.started: list[int] = []
        self.withdrawn: list[tuple[int, str]] = []
        self.task: asyncio.Task[None] | None = None

    def run(self) -> RelaySource:
        url = f"ws://127.0.0.1:{self.hub.port}{relay.PATH}"
        printers = [relay.Printer("TICKET")]
        self.source = RelaySource(url, "token", self.journal, self.take, self.withdraw, lambda: printers, self.clock)
        self.task = asyncio.create_task(self.source.run())
        return self.source

    async def take(self, submission: Submission) -> Accepted:
        if submission.destination == "NOPE":
            raise UnknownName("no printer is called “NOPE” here", "Known printers: TICKET.")
        accepted = await self.journal.accept(replace(submission, destination="TICKET"))
        if accepted.fresh:
            self.started.append(accepted.job.id)
        return accepted

    async def withdraw(self, job: Job, by: str) -> None:
        self.withdrawn.append((job.id, by))
        await self.journal.record([Change(job.id, "canceled", by=by)])

    async def stop(self) -> None:
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)

    async def called(self) -> Conversation:
        async with asyncio.timeout(10):
            return await self.hub.calls.get()
