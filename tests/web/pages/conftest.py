"""A desk with a real journal and parts that a test sets, behind a real HTTP server on loopback."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from tests.peers.archive_scene import FakeArchive
from tests.peers.capture_scene import FakeCapturing
from tests.peers.folder_scene import FakeFolders

from comptoir.config import Config
from comptoir.core.document import TEXT, Document, Origin, Submission
from comptoir.core.errors import ComptoirError, NotAllowed, UnknownName
from comptoir.core.job import OUTCOME_UNKNOWN, Change, Evidence, Job, State
from comptoir.core.ports import Journal
from comptoir.core.record import Credential
from comptoir.journal import open_journal
from comptoir.web import pages
from comptoir.web.desk import Desk, Parts, Place
from comptoir.web.refusals import Refused
from comptoir.web.render import Renderer
from comptoir.web.shapes import Probed

NOON = 1_795_176_000_000


@dataclass
class Clock:
    at: int = NOON

    def now(self) -> int:
        return self.at


@dataclass
class FakeAccess:
    """Both accesses: what is asked is written down, what is refused is set by the test."""

    secured: bool = False
    password: str = ""
    refusal: ComptoirError | None = None
    known: dict[tuple[str, str], Credential] = field(default_factory=dict)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    folders: FakeFolders = field(default_factory=FakeFolders)
    capturing: FakeCapturing = field(default_factory=FakeCapturing)
    archive: FakeArchive = field(default_factory=FakeArchive)
    nights: Any = None
    remains: Any = None
    configuring: Any = field(default_factory=lambda: SimpleNamespace(config=Config()))

    @property
    def access(self) -> FakeAccess:
        return self

    @property
    def refusals(self) -> FakeAccess:
        return self

    def waiting(self) -> list[Refused]:
        return self.refused

    async def pairing_code(self, name: str = "") -> tuple[str, int]:
        self.asked.append(("code", name))
        return "ABCD2345", NOON + 600_000

    async def stations(self) -> list[Credential]:
        return [c for (kind, _), c in self.known.items() if kind == "station"]

    async def clients(self) -> list[Credential]:
        return [c for (kind, _), c in self.known.items() if kind == "client"]

    async def add_client(self, name: str) -> str:
        self.know("client", name)
        return "token-of-" + name

    async def revoke(self, kind: Literal["station", "client"], name: str) -> bool:
        return self.known.pop((kind, name), None) is not None

    async def has_password(self) -> bool:
        return bool(self.password)

    async def set_password(self, request: web.Request, password: str, code: str = "") -> None:
        if self.refusal:
            raise self.refusal
        self.asked.append(("password", password, code))
        self.password = password

    async def sign_in(self, request: web.Request, password: str) -> str:
        if password != self.password:
            raise NotAllowed("the password is wrong")
        return "cookie-value"

    async def sign_out(self, request: web.Request) -> None:
        self.asked.append(("out",))

    async def pair(self, url: str, code: str) -> str:
        if self.refusal:
            raise self.refusal
        self.asked.append((url, code))
        return "caisse-1"

    async def probe(self, name: str) -> Probed:
        if self.refusal:
            raise self.refusal
        self.asked.append(("probe", name))
        return Probed(name, ["in-order"], [])

    async def open_drawer(self, name: str, reason: str, user: str, host: str) -> str:
        if self.refusal:
            raise self.refusal
        self.asked.append(("drawer", name, reason, user))
        return "processed"

    async def learn_drawer(self, name: str, user: str, host: str) -> bool:
        if self.refusal:
            raise self.refusal
        self.asked.append(("learn", name, user))
        return True

    def close_drawer(self, name: str) -> None:
        self.asked.append(("close", name))

    def faults(self, name: str) -> dict[str, bool]:
        return {"paper": "paper" in self.broken, "cover": "cover" in self.broken} if name == "TICKET" else {}

    def set_faults(self, name: str, faults: Sequence[str]) -> None:
        self.broken = list(faults)

    def know(self, kind: Literal["station", "client"], name: str, seen_at: int | None = None) -> None:
        self.known[kind, name] = Credential(kind, name, "hash", NOON, seen_at=seen_at)


@dataclass
class Bench:
    """A role under test."""

    desk: Desk
    clock: Clock
    access: FakeAccess
    journal: Journal
    places: list[Place]
    client: TestClient[web.Request, web.Application]
    started: list[Job] = field(default_factory=list)
    troubles: dict[str, tuple[str, str]] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> str:
        """The page, as a French browser without cookies gets it."""
        answer = await self.client.get(path, headers={"Accept": "text/html", "Accept-Language": "fr", **headers})
        assert answer.status == 200, await answer.text()
        return plain(await answer.text())

    async def post(self, path: str, **fields: str) -> tuple[int, str, str]:
        """(status, Location, page)."""
        answer = await self.client.post(path, data=fields, headers={"Accept-Language": "fr"}, allow_redirects=False)
        return answer.status, answer.headers.get("Location", ""), plain(await answer.text())

    async def job(self, text: str = "Bonjour", to: str = "TICKET", key: str = "") -> Job:
        order = Submission(Document.of(text.encode(), TEXT), Origin("api"), destination=to, key=key)
        return (await self.desk.submit(order)).job

    async def change(
        self, job: Job, state: State, reason: str = "", message: str = "", evidence: Evidence | None = None
    ) -> None:
        assert await self.journal.record([Change(job.id, state, reason, message, evidence)]) == [True]

    async def held(self, text: str = "Facture") -> Job:
        job = await self.job(text)
        await self.change(job, "processing")
        await self.change(job, "pending-held", OUTCOME_UNKNOWN, "the printer hung up while it printed")
        return job


def plain(html: str) -> str:
    """The page with the typographic spaces made ordinary, so that tests can be typed."""
    return re.sub("[\u00a0\u202f]", " ", html)


async def _bench(role: Literal["hub", "station"], folder: Path) -> AsyncIterator[Bench]:
    clock, access, places = Clock(), FakeAccess(), list[Place]()
    journal = await open_journal("", folder, clock)
    started: list[Job] = []
    troubles: dict[str, tuple[str, str]] = {}

    def address(submission: Submission) -> list[Submission]:
        names = [place.station if role == "hub" else place.name for place in places]
        if submission.destination and submission.destination not in names:
            raise UnknownName(f"no station is called “{submission.destination}”")
        if not names:
            raise UnknownName("no station is paired with this hub yet")
        return [replace(submission, destination=submission.destination or names[0])]

    async def withdraw(job: Job, by: str) -> bool:
        return all(await journal.record([Change(job.id, "canceled", "job-canceled-by-user", by=by)]))

    async def paper(job: Job) -> bytes | None:
        return None

    parts = Parts(
        address=address,
        start=started.append,
        withdraw=withdraw,
        ended=lambda job, by: None,
        places=lambda: places,
        trouble=lambda job: troubles.get(job.destination),
        paper=paper,
    )
    desk = Desk(role, "hub" if role == "hub" else "caisse-1", journal, clock, parts)
    app = web.Application()
    app.add_routes(pages.routes(role, desk, Renderer("fr"), access))
    async with TestClient(TestServer(app)) as client:
        yield Bench(desk, clock, access, journal, places, client, started, troubles)
    await journal.close()


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Bench]:
    """A hub with one station and one printer."""
    async for bench in _bench("hub", tmp_path / "hub"):
        bench.places.append(Place("TICKET", "caisse-1"))
        yield bench


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Bench]:
    """A station with one virtual printer."""
    async for bench in _bench("station", tmp_path / "station"):
        bench.places.append(Place("TICKET", "caisse-1", device="virtual:TICKET", language="escpos"))
        yield bench
