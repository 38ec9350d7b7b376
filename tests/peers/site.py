"""A running hub or station for tests of what it answers over HTTP, and a caller that can be anybody."""

from __future__ import annotations

import asyncio
import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from tests.peers.clock import FakeClock
from tests.peers.watch import Watch

from comptoir.config import Config, HubConfig, PrinterConfig, RouteConfig, StationConfig
from comptoir.hub.app import Hub
from comptoir.station.app import Station


def own_address() -> str | None:
    """An address of this machine that is not loopback; None where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
        return None if address.startswith("127.") else address


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, str]:
        """The error of an answer that is one: always code, message and hint."""
        assert self.status >= 400, self.body
        assert self.headers["Content-Type"].startswith("application/json"), (self.headers, self.body)
        error: dict[str, str] = self.json["error"]
        assert set(error) == {"code", "message", "hint"}
        assert error["code"]
        assert error["message"]
        return error


class Site:
    """One service on a free port; `async with Site.hub(tmp_path) as site`."""

    def __init__(self, service: Hub | Station, clock: FakeClock) -> None:
        self.service: Any = service
        self.clock = clock
        self.address = "127.0.0.1"

    @classmethod
    def hub(cls, folder: Path, **config: Any) -> Site:
        clock = FakeClock()
        return cls(Hub(Config(hub=HubConfig(port=0, **config)), folder / "hub", clock), clock)

    @classmethod
    def station(
        cls,
        folder: Path,
        printers: tuple[PrinterConfig, ...] = (),
        routes: tuple[RouteConfig, ...] = (),
        **config: Any,
    ) -> Site:
        clock = FakeClock()
        given = Config(station=StationConfig(port=0, **config), printer=printers, route=routes)
        return cls(Station(given, folder, clock), clock)

    async def __aenter__(self) -> Site:
        await self.service.start()
        self.journal = self.service.journal
        self.watch = Watch(self.journal)
        if isinstance(self.service, Hub):
            self.access = self.service.access
        # A hang is a failure, not a wait.
        patience = aiohttp.ClientTimeout(total=20)
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), timeout=patience)
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.session.close()
        await self.service.stop()

    @property
    def url(self) -> str:
        return f"http://{self.address}:{self.service.port}"

    async def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **more: Any
    ) -> Answer:
        """`body`: bytes and streams as they are, a dict as JSON."""
        given = {"json": body} if isinstance(body, dict | list) else {"data": body}
        async with self.session.request(
            method, self.url + path, headers=headers, allow_redirects=False, **given, **more
        ) as answer:
            return Answer(answer.status, answer.headers, await answer.read())

    async def raw(self, head: str, body: bytes = b"") -> tuple[int, bytes]:
        """Bytes as no library would send them; the status and the rest of the answer."""
        reader, writer = await asyncio.open_connection(self.address, self.service.port)
        try:
            writer.write(head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body)
            await writer.drain()
            line = await asyncio.wait_for(reader.readline(), 10)
            status = int(line.split()[1])
            length = 0
            while (header := await asyncio.wait_for(reader.readline(), 10)).strip():
                if header.lower().startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
            return status, await asyncio.wait_for(reader.readexactly(length), 10)
        finally:
            writer.close()
