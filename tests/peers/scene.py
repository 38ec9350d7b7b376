"""The stations of a hub, message by message: a real journal, and a station that the test speaks for."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.peers.clock import FakeClock
from tests.peers.papers import submission
from tests.peers.watch import PATIENCE, Watch, eventually

from comptoir.core.job import Evidence, Job
from comptoir.hub.stations import Stations
from comptoir.journal.sqlite import SqliteJournal
from comptoir.sinks.relay import Link
from comptoir.wire import relay

HELLO = relay.Hello(relay.PROTOCOL, "1.0", "journal-1", [relay.Printer("TICKET")])


@dataclass
class Wire:
    """The hub's side of a WebSocket, as the test sees it."""

    heard: list[relay.FromHub] = field(default_factory=list)
    closed: list[tuple[int, bytes]] = field(default_factory=list)
    broken: bool = False

    async def send_str(self, data: str) -> None:
        if self.broken:
            raise ConnectionResetError("cut")
        self.heard += relay.from_hub(data)

    async def close(self, *, code: int = 1000, message: bytes = b"") -> bool:
        self.closed.append((code, message))
        return True

    def of(self, kind: type) -> list[relay.FromHub]:
        return [message for message in self.heard if isinstance(message, kind)]

    def offered(self) -> list[str]:
        return [message.ref for message in self.heard if isinstance(message, relay.Offer)]


@dataclass
class Scene:
    """A hub's stations with one station, caisse-1."""

    journal: SqliteJournal
    clock: FakeClock
    stations: Stations
    watch: Watch

    async def connect(self, hello: relay.Hello = HELLO, name: str = "caisse-1") -> tuple[Link, Wire]:
        wire = Wire()
        link = Link(name, wire, hello.printers)
        if await self.stations.connected(link, hello):
            await eventually(lambda: wire.of(relay.Welcome))
        else:
            await link.flush()
        return link, wire

    async def submit(self, content: str = "Hello world", **more: object) -> Job:
        job = (await self.journal.accept(submission(content, "caisse-1", **more))).job  # type: ignore[arg-type]
        self.stations.submit(job)
        return job

    async def restart(self) -> None:
        await self.stations.stop()
        self.stations = Stations(self.journal, self.clock)
        await self.stations.start(["caisse-1"])

    async def status(self, job: Job, *status: str) -> Job:
        return await self.watch.status(job.id, *status, patience=PATIENCE)


def ref(job: Job) -> str:
    return relay.ref_of(job)


def done(job: Job) -> relay.Report:
    return relay.Report(ref(job), "completed", evidence=Evidence("processed"))
