"""A hub and a station in this process, each with a real journal, and printers that the test names."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import aiohttp
from tests.peers.watch import Watch, eventually

from comptoir.clock import SystemClock
from comptoir.config import Config, HubConfig, PrinterConfig, StationConfig
from comptoir.core.ports import Clock
from comptoir.hub.app import Hub
from comptoir.station.app import Station


class Link:
    """Start and stop either side as often as wanted; what was on disk is there again."""

    def __init__(self, folder: Path, printers: Iterable[PrinterConfig] = (), clock: Clock | None = None) -> None:
        self.folder = folder
        self.clock = clock or SystemClock()
        self.printers = tuple(printers)
        self.hub: Hub | None = None
        self.station: Station | None = None
        self.hub_port = 0
        self.session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Both, and linked."""
        self.session = aiohttp.ClientSession()
        hub = await self.start_hub()
        station = await self.start_station()
        code, _ = await hub.access.pairing_code()
        await station.pair(f"http://127.0.0.1:{hub.port}", code)
        await self.linked()

    async def start_hub(self) -> Hub:
        config = Config(hub=HubConfig(port=self.hub_port), station=StationConfig(port=0))
        self.hub = Hub(config, self.folder / "hub", self.clock)
        await self.hub.start()
        self.hub_port = self.hub.port
        self.at_hub = Watch(self.hub.journal)
        return self.hub

    async def start_station(self) -> Station:
        config = Config(station=StationConfig(port=0), printer=self.printers)
        self.station = Station(config, self.folder / "station", self.clock)
        await self.station.start()
        self.at_station = Watch(self.station.journal)
        return self.station

    async def stop_hub(self) -> None:
        if self.hub is not None:
            hub, self.hub = self.hub, None
            await hub.stop()

    async def stop_station(self) -> None:
        if self.station is not None:
            station, self.station = self.station, None
            await station.stop()

    async def stop(self) -> None:
        if self.session is not None:
            await self.session.close()
        await self.stop_station()
        await self.stop_hub()

    async def linked(self) -> None:
        """Returns when the hub knows that the station is there, and the station too."""
        await eventually(lambda: self.hub and any(place.connected for place in self.hub.places()))
        await eventually(lambda: self.station and self.station.desk.link and self.station.desk.link.connected)

    async def unlinked(self) -> None:
        """Returns when the hub knows that the station has gone."""
        await eventually(lambda: self.hub and not any(place.connected for place in self.hub.places()))

    async def post(self, body: dict[str, Any] | bytes, **headers: str) -> dict[str, Any]:
        """Hand something to the hub as a program does; the answer."""
        assert self.hub is not None
        assert self.session is not None
        url = f"http://127.0.0.1:{self.hub.port}/print"
        given: dict[str, Any] = {"data": body} if isinstance(body, bytes) else {"json": body}
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.post(url, headers=names, **given) as answer:
            told: dict[str, Any] = await answer.json()
            assert answer.status in (200, 202), told
            return told

    async def ask(self, method: str, path: str) -> tuple[int, Any]:
        """Ask the hub something else."""
        assert self.hub is not None
        assert self.session is not None
        async with self.session.request(method, f"http://127.0.0.1:{self.hub.port}{path}") as answer:
            return answer.status, await answer.json()


async def soon(*awaitables: Any) -> Any:
    """All of them, within half a minute."""
    async with asyncio.timeout(30):
        return await asyncio.gather(*awaitables)
