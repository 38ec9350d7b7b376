"""The station, put together: journal, printers, spooler, the link to the hub, desk, pages. Reads like a parts list."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from comptoir.config import VIRTUAL, Config, PrinterConfig
from comptoir.core.document import Submission
from comptoir.core.errors import ConfigError, UnknownName
from comptoir.core.job import Job
from comptoir.core.page import Media
from comptoir.core.ports import Clock, Device
from comptoir.core.route import Route, plan
from comptoir.devices import device
from comptoir.devices.paper_folder import PaperRecord
from comptoir.devices.virtual import VirtualDevice
from comptoir.formats import FORMATS, reader
from comptoir.journal import open_journal
from comptoir.journal.retention import forget_daily
from comptoir.languages import language
from comptoir.sinks.printer import Printer, PrinterSink
from comptoir.sources.relay import LinkState, RelaySource
from comptoir.station import doors, pairing
from comptoir.station.papers import Papers
from comptoir.station.spooler import Spooler
from comptoir.web import openapi, pages
from comptoir.web.api import Api
from comptoir.web.desk import Desk, Parts, Place
from comptoir.web.feed import Feed
from comptoir.web.guard import Policy
from comptoir.web.pages.frame import explaining
from comptoir.web.preview import Preview
from comptoir.web.render import Renderer
from comptoir.web.server import Server
from comptoir.wire import relay

log = logging.getLogger("comptoir.station")


class Station:
    """A running station. `start`, then `stop`."""

    def __init__(self, config: Config, folder: Path, clock: Clock) -> None:
        self._config = config
        self._folder = folder
        self._clock = clock
        #: the virtual printer is added only where none is configured
        self._printers = {p.name: p for p in config.printer or (VIRTUAL,)}
        self._default = next(iter(self._printers))
        self._routes = [Route(r.source, r.to, r.match) for r in config.route]
        _tell_what_has_no_effect(config)
        self._policy = Policy(
            bound_to=config.station.host,
            port=config.station.port,
            origins=frozenset(config.station.allowed_origins),
        )
        self._link: RelaySource | None = None
        self._linking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Raises ConfigError, JournalError; then nothing is left open."""
        self._ends = AsyncExitStack()
        try:
            await self._start()
        except BaseException:
            await self._ends.aclose()
            raise

    async def _start(self) -> None:
        devices = {name: _device(p, self._printer_folder(name)) for name, p in self._printers.items()}
        self.journal = await open_journal("", self._folder / "station", self._clock)
        self._ends.push_async_callback(self.journal.close)
        formats = {name: reader(name) for name in FORMATS}
        sinks = {
            name: PrinterSink(
                Printer(name, devices[name], language(p.language), formats, _media(p), p.status == "auto"),
                self.journal,
            )
            for name, p in self._printers.items()
        }
        self._spooler = Spooler(self.journal, sinks, self._clock)
        preview = Preview(self.journal, lambda job: _media(self._printers.get(job.destination, VIRTUAL)))
        parts = Parts(
            address=self._address,
            start=self._spooler.submit,
            withdraw=self._spooler.cancel,
            ended=lambda job, by: None,
            places=self.places,
            trouble=self._trouble,
            paper=preview.paper,
        )
        self.desk = Desk("station", self._config.station.name, self.journal, self._clock, parts)
        self.desk.link = LinkState()
        self._feed = Feed(self.desk)
        self._spooler.on_trouble.append(self._places_changed)
        virtual = {name: d for name, d in devices.items() if isinstance(d, VirtualDevice)}
        for name, one in virtual.items():
            one.listeners.append(partial(self._paper_came, name))
        render = Renderer(self._config.language)
        routes = [
            *Api(self.desk).routes(),
            *Papers({name: self._printer_folder(name) for name in virtual}).routes(),
            *doors.routes(self.pair),
            *openapi.routes(self.desk),
            *pages.routes("station", self.desk, render, self),
            self._feed.route(),
        ]
        self._server = Server(self._policy, self._clock, None, routes, explaining(self.desk, render))
        self._ends.push_async_callback(self._server.stop)
        self._ends.push_async_callback(self._spooler.stop)
        self._ends.callback(self._feed.close)
        await self._spooler.start()
        await self._server.start()
        self.port = self._server.port
        retention = asyncio.create_task(forget_daily(self.journal, self._clock, self._config.retention))
        self._ends.callback(retention.cancel)
        self._ends.push_async_callback(self._disconnect)
        await self._connect()

    async def stop(self) -> None:
        """In the reverse order of the start."""
        await self._ends.aclose()

    def _printer_folder(self, name: str) -> Path:
        return self._folder / "printers" / name

    # -- the hub ------------------------------------------------------------------------------------------------------

    async def pair(self, url: str, code: str) -> str:
        """Show a code to a hub, and link to it from now on; the name of this station there."""
        hub = await pairing.exchange(url, code, self._config.station.name)
        await asyncio.to_thread(pairing.keep, self._folder, hub)
        await self.journal.note("paired", {"hub": hub.url, "station": hub.station})
        await self._connect()
        return hub.station

    async def _connect(self) -> None:
        """(Re)start the link with what is on disk."""
        await self._disconnect()
        hub = pairing.find(self._config, self._folder)
        if hub is None:
            return
        self._link = RelaySource(
            hub.url,
            hub.token,
            self.journal,
            self.desk.submit,
            self._withdraw,
            self._told_printers,
            self._clock,
        )
        self._link.state.listeners.append(self._feed.places_changed)
        self.desk.link = self._link.state
        self._linking = asyncio.create_task(self._link.run())

    async def _disconnect(self) -> None:
        if self._linking is not None:
            self._linking.cancel()
            await asyncio.gather(self._linking, return_exceptions=True)

    async def _withdraw(self, job: Job, by: str) -> None:
        await self._spooler.cancel(job, by)

    def _told_printers(self) -> list[relay.Printer]:
        return [relay.Printer(p.name, p.ready, p.reason, p.message) for p in self.places()]

    def _paper_came(self, printer: str, record: PaperRecord) -> None:
        self._feed.tell("paper", {"printer": printer, "number": record.number})

    def _places_changed(self) -> None:
        self._feed.places_changed()
        if self._link is not None:
            self._link.printers_changed()

    # -- the desk -----------------------------------------------------------------------------------------------------

    def places(self) -> list[Place]:
        """The printers, the default one first."""
        return [self._place(p) for p in self._printers.values()]

    def _place(self, printer: PrinterConfig) -> Place:
        lane = self._spooler.lanes[printer.name]
        reason, message = lane.trouble or ("", "")
        return Place(
            name=printer.name,
            station=self._config.station.name,
            ready=lane.trouble is None,
            reason=reason,
            message=message,
            waiting=len(lane.waiting) + len(lane.active),
            device=printer.device,
            language=printer.language,
        )

    def _address(self, submission: Submission) -> Submission:
        """Find the printer, and the moment after which this is not printed. Raises UnknownName."""
        name = submission.destination
        if not name:
            (name, *_) = plan(submission.origin.source, submission.document, self._routes, self._default)
        printer = self._printers.get(name)
        if printer is None:
            raise UnknownName(f"no printer is called “{name}” here", f"Known printers: {', '.join(self._printers)}.")
        life = printer.expires_ms()
        expires_at = submission.expires_at
        if expires_at is None and life is not None:
            expires_at = self._clock.now() + life
        return replace(submission, destination=name, printer="", expires_at=expires_at)

    def _trouble(self, job: Job) -> tuple[str, str] | None:
        lane = self._spooler.lanes.get(job.destination)
        return None if lane is None else lane.trouble


def _tell_what_has_no_effect(config: Config) -> None:
    """Keys that this version takes, so that a configuration need not be changed later, and does not use yet."""
    for printer in config.printer:
        if printer.profile:
            log.warning("printer %s: profile = “%s” has no effect in this version", printer.name, printer.profile)
    for route in config.route:
        if len(route.to) > 1:
            log.warning("route from %s: only “%s” gets its documents in this version", route.source, route.to[0])


def _media(printer: PrinterConfig) -> Media:
    return Media(dots=printer.dots, columns=printer.columns)


def _device(printer: PrinterConfig, folder: Path) -> Device:
    """Raises ConfigError where the address is none that this version knows."""
    try:
        language(printer.language)
        found = device(printer.device, folder)
    except (UnknownName, ValueError) as error:
        hint = error.hint if isinstance(error, UnknownName) else "For instance socket://192.168.1.50:9100"
        raise ConfigError(f"the printer {printer.name} cannot be set up: {error}", hint) from None
    if isinstance(found, VirtualDevice):
        found.printer.load(_media(printer))
    return found
