"""The hub, put together: journal, who is known, stations, desk, pages. Reads like a parts list; decides nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from comptoir.config import Config
from comptoir.core.document import Submission
from comptoir.core.errors import TooMany, UnknownName
from comptoir.core.job import STATION_OFFLINE, Job
from comptoir.core.ports import Clock
from comptoir.hub.relay import RelayDoors, known_of
from comptoir.hub.stations import Stations
from comptoir.journal import open_journal
from comptoir.journal.retention import forget_daily
from comptoir.web import levels, openapi, pages
from comptoir.web.access import Access
from comptoir.web.api import Api
from comptoir.web.desk import Desk, Parts, Place
from comptoir.web.feed import Feed
from comptoir.web.guard import Guard, Policy
from comptoir.web.pages.frame import explaining
from comptoir.web.preview import Preview
from comptoir.web.render import Renderer
from comptoir.web.server import Server
from comptoir.wire import relay

log = logging.getLogger("comptoir.hub")

#: jobs that may wait for one station
LONGEST_QUEUE = 100_000


class Hub:
    """A running hub. `start`, then `stop`."""

    def __init__(self, config: Config, folder: Path, clock: Clock) -> None:
        self._config = config
        self._folder = folder
        self._clock = clock
        if config.hub.bus:
            log.warning("[hub] bus = “%s” has no effect in this version", config.hub.bus)
        self._policy = Policy(
            bound_to=config.hub.host,
            port=config.hub.port,
            hosts=frozenset(config.hub.allowed_hosts),
            origins=frozenset(config.hub.allowed_origins),
            rate=config.hub.rate,
            burst=config.hub.burst,
        )

    async def start(self) -> None:
        """Raises ConfigError, JournalError; then nothing is left open."""
        self._ends = AsyncExitStack()
        try:
            await self._start()
        except BaseException:
            await self._ends.aclose()
            raise

    async def _start(self) -> None:
        self.journal = await open_journal(self._config.hub.database, self._folder, self._clock)
        self._ends.push_async_callback(self.journal.close)
        self.access = Access(self.journal, self._clock, self._policy.open_to_network)
        await self.access.start()
        self._stations = Stations(self.journal, self._clock)
        stations = await self.access.stations()
        known = {c.name: known_of(c.data) for c in stations}
        self._told: dict[str, Sequence[relay.Printer]] = {name: one.printers for name, one in known.items()}
        self._stations.journals = {name: one.journal for name, one in known.items() if one.journal}
        await self._stations.start([c.name for c in stations])
        self.access.on_revoked.append(self._stations.revoked)
        preview = Preview(self.journal)
        parts = Parts(
            address=self._address,
            start=self._stations.submit,
            withdraw=self._stations.cancel,
            ended=self._stations.ended,
            places=self.places,
            trouble=self._trouble,
            paper=preview.paper,
        )
        self.desk = Desk("hub", "hub", self.journal, self._clock, parts)
        self._feed = Feed(self.desk)
        self._stations.on_change.append(self._feed.places_changed)
        self.access.on_ended.append(self._feed.end)
        render = Renderer(self._config.language)
        routes = [
            *Api(self.desk).routes(),
            *RelayDoors(self.desk, self._stations, self.access).routes(),
            *openapi.routes(self.desk),
            *pages.routes("hub", self.desk, render, self.access),
            self._feed.route(),
        ]
        self._server = Server(self._guard(), routes, explaining(self.desk, render))
        self._ends.push_async_callback(self._server.stop)
        self._ends.push_async_callback(self._stations.stop)
        self._ends.callback(self._feed.close)
        await self._server.start()
        self.port = self._server.port
        retention = asyncio.create_task(forget_daily(self.journal, self._clock, self._config.retention))
        self._ends.callback(retention.cancel)

    def _guard(self) -> Guard:
        if self._policy.open_to_network:
            return Guard(self._policy, self._clock, self.access, levels.hub_in_a_network)
        return Guard(self._policy, self._clock, None, levels.hub_on_its_own_machine)

    async def stop(self) -> None:
        """In the reverse order of the start."""
        await self._ends.aclose()

    def add_station(self, name: str) -> None:
        """A station that was made known from this machine, without a pairing code."""
        self._stations.add(name)

    def places(self) -> list[Place]:
        """Every printer of every station that may connect, as last told; a station without printers is one too."""
        places = []
        for name, lane in self._stations.lanes.items():
            link = self._stations.links.get(name)
            if link is not None:
                self._told[name] = link.printers
            told = self._told.get(name) or [relay.Printer("")]
            for printer in told:
                places.append(
                    Place(printer.name, name, link is not None, printer.ready, printer.reason, printer.message,
                          len(lane.waiting) if printer is told[0] else 0)
                )  # fmt: skip
        return places

    def _address(self, submission: Submission) -> tuple[Submission]:
        """Find the station. Raises UnknownName, TooMany."""
        station = submission.destination or self._only_station()
        lane = self._stations.lanes.get(station)
        if lane is None or station in self._stations.revoked_names:
            known = ", ".join(self._known()) or "none yet"
            raise UnknownName(f"no station is called “{station}”", f"Known stations: {known}.")
        if len(lane.waiting) >= LONGEST_QUEUE:
            raise TooMany(f"{LONGEST_QUEUE} jobs wait for the station “{station}” already", "Is it switched off?")
        if submission.printer:
            self._check_printer(station, submission.printer)
        return (submission if submission.destination else replace(submission, destination=station),)

    def _check_printer(self, station: str, name: str) -> None:
        link = self._stations.links.get(station)
        told = self._told.get(station, ()) if link is None else link.printers
        printers = sorted(printer.name for printer in told)
        if printers and name not in printers:
            raise UnknownName(f"the station “{station}” has no printer “{name}”", f"It has: {', '.join(printers)}.")

    def _known(self) -> list[str]:
        return [name for name in self._stations.lanes if name not in self._stations.revoked_names]

    def _only_station(self) -> str:
        lanes = self._stations.lanes
        if len(lanes) == 1 and not self._stations.revoked_names:
            return next(iter(lanes))
        names = self._known()
        if len(names) == 1:
            return names[0]
        if not names:
            raise UnknownName(
                "no station is paired with this hub yet",
                "Show a pairing code (Stations), then: comptoir pair HUB_URL CODE",
            )
        raise UnknownName("there are several stations; say which", f"station: one of {', '.join(names)}.")

    def _trouble(self, job: Job) -> tuple[str, str] | None:
        link = self._stations.links.get(job.destination)
        if link is not None:
            # Where the station has it and no printer was asked for, it goes to the first one.
            told = [one for one in link.printers if job.printer in ("", one.name)][:1]
            return (told[0].reason, told[0].message) if told and not told[0].ready else None
        return (
            STATION_OFFLINE,
            f"The station {job.destination} is not connected; it gets this when it is back.",
        )
