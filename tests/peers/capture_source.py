"""A capturing source that a test drives: what it is handed, it takes; what it was told, it remembers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from tests.peers.clock import FakeClock
from tests.peers.site import Site

from comptoir.arrivals import LpdSourceConfig
from comptoir.config import Config, PrinterConfig, RouteConfig, StationConfig
from comptoir.core.errors import ConfigError
from comptoir.core.kept import Capture, Filed, SourceState
from comptoir.sources.surroundings import Surroundings
from comptoir.station.app import Station

#: “broken” cannot be made
CONFIG = Config(
    station=StationConfig(port=0),
    printer=(PrinterConfig(name="TICKET", device="virtual:?drawer=high", profile="TM-T88V"),),
    source=(LpdSourceConfig(name="audit"), LpdSourceConfig(name="broken")),
    route=(RouteConfig(source="audit", to=("TICKET",), keep="10 years"),),
)

#: those that were made, by name
MADE: dict[str, DrivenSource] = {}


class DrivenSource:
    """`sources.surroundings.CaptureSource`."""

    def __init__(self, config: LpdSourceConfig, surroundings: Surroundings) -> None:
        self.name = config.name
        self.surroundings = surroundings
        self.on_change: list[Callable[[], None]] = []
        self.starts = 0
        #: what ends the next run
        self.breaks: list[Exception] = []
        self.running = asyncio.Event()
        self.again = asyncio.Event()

    def state(self) -> SourceState:
        return SourceState(self.name, "lpd", taken=self.starts)

    async def run(self) -> None:
        self.starts += 1
        self.running.set()
        await self.again.wait()
        self.again.clear()
        raise self.breaks.pop()

    async def take(self, capture: Capture) -> Filed:
        filed = await self.surroundings.take(capture)
        for listener in self.on_change:
            listener()
        return filed


def make(config: LpdSourceConfig, surroundings: Surroundings) -> DrivenSource:
    if config.name == "broken":
        raise ConfigError("it cannot be made here", "Take it out.")
    MADE[config.name] = DrivenSource(config, surroundings)
    return MADE[config.name]


def station(folder: Path, config: Config = CONFIG) -> Site:
    clock = FakeClock()
    return Site(Station(config, folder, clock), clock)
