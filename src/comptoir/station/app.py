"""The station, put together: journal, printers, spooler, the link to the hub, desk, pages. Reads like a parts list."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Final

from comptoir.config import Config, folder_name
from comptoir.core.errors import UnknownName
from comptoir.core.job import Job
from comptoir.core.ports import Clock
from comptoir.core.profile import DEFAULT, Profile
from comptoir.core.retry import DESTINATION
from comptoir.core.units import duration
from comptoir.devices.paper_folder import PaperRecord
from comptoir.devices.virtual import VirtualDevice
from comptoir.formats import readers
from comptoir.journal import open_journal
from comptoir.journal.retention import forget_daily
from comptoir.languages.escpos.excerpt import excerpt
from comptoir.logfiles import TILL_LOG
from comptoir.remains import Remains
from comptoir.settings import Settings
from comptoir.sinks.channel import Channel
from comptoir.sources.relay import LinkState
from comptoir.station import destinations, doors
from comptoir.station.addressing import Addressing
from comptoir.station.archive.rooms import Rooms
from comptoir.station.audit import Audit
from comptoir.station.books import Books
from comptoir.station.breakage import Breakage
from comptoir.station.capture.capturing import Capturing, CapturingParts
from comptoir.station.capture.downstream import Downstream
from comptoir.station.capture.filing import Filer
from comptoir.station.certificates import Certificates
from comptoir.station.configuring import Configuring, Wiring
from comptoir.station.drawers import Asker, Drawers
from comptoir.station.folders.watching import Folders
from comptoir.station.linking import Linking
from comptoir.station.log_tail import LogTail
from comptoir.station.logs import Logs
from comptoir.station.machine import Names, machine_names
from comptoir.station.papers import Papers
from comptoir.station.places import Places
from comptoir.station.printers import Counter, outlet
from comptoir.station.spooler import Spooler
from comptoir.station.till.delivery import Delivery
from comptoir.station.till.dialect import Dialect, in_its_words
from comptoir.station.till.earlier import Earlier
from comptoir.station.till.epos import Epos
from comptoir.station.till.hw_proxy import HwProxy
from comptoir.station.trust import Trust
from comptoir.waking import Absence, Waking
from comptoir.web import levels, openapi, openings, pages
from comptoir.web.access import Access
from comptoir.web.api import Api
from comptoir.web.archive_api import ArchiveApi
from comptoir.web.desk import Desk, Parts
from comptoir.web.feed import Feed
from comptoir.web.folder_api import FolderApi
from comptoir.web.guard import Guard, Policy, is_near
from comptoir.web.locale import catalogue
from comptoir.web.night_api import NightApi
from comptoir.web.pages.frame import explaining
from comptoir.web.preview import Preview
from comptoir.web.refusals import Refusals
from comptoir.web.render import Renderer
from comptoir.web.server import Server
from comptoir.web.shapes import DrawerOrder, Probed
from comptoir.wire import relay

#: connections of other machines at one time
STRANGERS: Final = 256


class Station:
    """A running station. `start`, then `stop`."""

    def __init__(
        self,
        config: Config,
        folder: Path,
        clock: Clock,
        *,
        settings: Settings | None = None,
        restart: Callable[[], None] | None = None,
    ) -> None:
        """`settings`: the file that a person may change on the pages; `restart`: ask to be started anew."""
        self._config = config
        self._folder = folder
        self._clock = clock
        self.settings = settings
        self.restart = restart
        #: why the last restart was none; "" where it was one
        self.restart_trouble = ""
        self._addressing = Addressing(config, clock)
        self._waking = Waking(clock)

    async def start(self) -> None:
        """Raises ConfigError, JournalError; then nothing is left open."""
        self._ends = AsyncExitStack()
        try:
            await self._start()
        except BaseException:
            await self._ends.aclose()
            raise

    async def _start(self) -> None:
        await self._keep_records()
        self._connect_printers()
        self._set_desk()
        self._keep_books()
        self._speak_to_tills()
        self._hang_doors()
        for name in await self._spooler.start():
            if name in self._counters:
                self._counters[name].was_cut_short()
        self._watch_printers()
        self._watch_clocks()
        self._ends.push_async_callback(self._folders.stop)
        self._folders.start()
        self._ends.push_async_callback(self.capturing.stop)
        self.capturing.start()
        self._ends.push_async_callback(self._rooms.stop)
        await self._rooms.start()
        await self._server.start()
        self.port = self._server.port
        renewal = asyncio.create_task(self.certificates.run())
        self._ends.callback(renewal.cancel)
        self._forget_old()
        self._ends.callback(lambda: self._forgetting.cancel())  # noqa: PLW0108 - another task by then
        self._ends.push_async_callback(self._linking.disconnect)
        await self._linking.connect()
        # The log says in sentences what becomes of the first drawer: its till is not to wait for them to be read.
        self._reading = asyncio.get_running_loop().run_in_executor(None, catalogue, self._config.language)

    async def _keep_records(self) -> None:
        """Journal, certificates, who is known, who was refused."""
        self._counters = {
            name: outlet(p, self._config, self._printer_folder(name)) for name, p in self._addressing.printers.items()
        }
        self.journal = await open_journal("", self._folder / "station", self._clock)
        self._ends.push_async_callback(self.journal.close)
        await self._certify()
        self.access = Access(self.journal, self._clock, secured=True, audited=True)
        await self.access.start()
        self.remains = Remains(self._folder, os.environ)
        self.refusals = Refusals(self.journal, self._clock)
        self._ends.push_async_callback(self.refusals.stop)

    def _connect_printers(self) -> None:
        formats = readers(excerpt)
        sinks = {name: c.sink(formats, self.journal, self._clock) for name, c in self._counters.items()}
        others = destinations.assemble(self._config.destination, self.journal, self._folder, self._clock)
        for other in others.values():
            self._ends.push_async_callback(other.close)
        patience = dict.fromkeys(others, DESTINATION)
        self._spooler = Spooler(self.journal, {**sinks, **others}, self._clock, patience)
        self._folders = Folders(lambda: self._config, self.journal, self._spooler, self._clock)
        self.folders = self._folders.desk
        self._places = Places(self._config.station.name, self._counters, self._spooler)
        self.places = self._places.all
        self.drawers = self._hang_drawers()
        self.capturing = self._set_up_capture()
        self._virtual = {name: c.device for name, c in self._receipts().items() if isinstance(c.device, VirtualDevice)}
        for name, one in self._virtual.items():
            one.listeners.append(partial(self._paper_came, name))
        self._breakage = Breakage(self._virtual)

    def _set_up_capture(self) -> Capturing:
        """The sources that take what others print, and what becomes of it."""

        def config() -> Config:
            return self._config

        self.filer = Filer(config, self._folders.planning, self.journal, self._clock, self._spooler.submit)
        return Capturing(
            CapturingParts(
                config=config,
                journal=self.journal,
                clock=self._clock,
                folder=self._folder,
                take=self.filer,
                context=self.certificates.context,
                downstream=Downstream(
                    config,
                    self._counters,
                    self._channels(),
                    self._places,
                    self.drawers,
                    lambda host: is_near(host, self._guard.policy),
                ),
                withdraw=self._spooler.cancel,
            )
        )

    def _set_desk(self) -> None:
        """What pages, API and link may ask, and who hears of changes."""
        preview = Preview(self.journal, self._profile, self._on_sheets)
        parts = Parts(
            address=self._addressing.address,
            start=self._spooler.submit,
            withdraw=self._spooler.cancel,
            ended=lambda job, by: None,
            places=self.places,
            trouble=self._places.trouble,
            paper=preview.paper,
            prints=self._addressing.prints,
        )
        self.desk = Desk("station", self._config.station.name, self.journal, self._clock, parts)
        self.desk.link = LinkState()
        self._linking = Linking(
            self._config, self._folder, self.journal, self._clock, accept=self.desk.submit, withdraw=self._withdraw,
            printers=self._told_printers, on_change=self._link_changed,
        )  # fmt: skip
        self._render = Renderer(self._config.language)
        self._feed = Feed(self.desk)
        self.access.on_ended.append(self._feed.end)
        self.refusals.on_change.append(self._feed.places_changed)
        self._spooler.on_trouble.append(self._places_changed)
        self.drawers.on_change.append(self._places_changed)
        self.folders.on_change.append(self._feed.folder_changed)
        self._rooms = Rooms(lambda: self._config, self._folder, self.desk, self.filer, self._clock)
        self.archive, self.nights, self.keeping = self._rooms.desk, self._rooms.nights, self._rooms.keeping
        self.archive.on_change.append(self._feed.document_changed)
        self.nights.on_change.append(lambda night: self._feed.tell("nights", {"date": night}))
        self.capturing.on_change.append(lambda name: self._feed.tell("captures", {"name": name}))
        self.configuring = self._settings()
        self._ends.push_async_callback(self.configuring.close)

    def _speak_to_tills(self) -> None:
        def config() -> Config:
            return self._config

        self.delivery = Delivery(self.desk, self._spooler)
        self._hw_proxy = HwProxy(self.desk, self.delivery, self.drawers, config)
        self.dialects: list[Dialect] = [
            Earlier(self.drawers, self.journal, config, self._folders.purge),
            self._hw_proxy,
            Epos(self.desk, self.delivery, self.drawers, self._channels(), config),
            self._logs,
        ]

    def _hang_doors(self) -> None:
        """All addresses behind the guard; not open yet."""
        routes = [
            *Api(self.desk).routes(),
            *FolderApi(self.desk, self.folders).routes(),
            *ArchiveApi(self.desk, self.archive, self._render).routes(),
            *NightApi(self.nights, self.archive, self._render).routes(),
            *Papers({name: self._printer_folder(name) for name in self._virtual}).routes(),
            *doors.routes(self.pair, self.probe),
            doors.certificate(self.certificates.authority_pem),
            *self.drawers.routes(),
            *self._breakage.routes(),
            *openapi.routes(self.desk),
            *openings.routes(self.desk, self._render),
            *pages.routes("station", self.desk, self._render, self),
            self._feed.route(),
            self._log_tail.route(),
            *(route for dialect in self.dialects for route in dialect.routes()),
        ]
        self._guard = Guard(policy_of(self._config), self._clock, self.access, levels.station, self.refusals)
        explain = in_its_words(self.dialects, explaining(self.desk, self._render))
        self._server = Server(self._guard, routes, explain, self.certificates.context, STRANGERS)
        # After the server: a drawer may be asked for until then.
        for counter in self._counters.values():
            self._ends.push_async_callback(counter.close)
        self._ends.push_async_callback(self._server.stop)
        self._ends.push_async_callback(self._spooler.stop)
        self._ends.callback(self._feed.close)
        self._ends.callback(self._log_tail.close)
        self._ends.callback(self._hw_proxy.close)

    async def finish(self) -> None:
        """Begin no paper, and return when those that have begun are done. `stop` comes next."""
        await self._spooler.finish()

    async def stop(self) -> None:
        """In the reverse order of the start."""
        await self._ends.aclose()

    def apply(self, config: Config) -> None:
        """Let hold from now on what needs no restart (`settings.LIVE`)."""
        before, self._config = self._config, config
        self._guard.policy = policy_of(config)
        self._render.language = config.language
        if config.retention != before.retention:
            self._forgetting.cancel()
            self._forget_old(believed=True)
        if config.route != before.route:
            self._addressing.follow(config)
            self._folders.look()
        self.books.keep(duration(config.log.keep))

    def _forget_old(self, *, believed: bool = False) -> None:
        """Forget finished jobs, now and daily, by the retention that holds."""
        forgetting = forget_daily(self.journal, self._clock, self._config.retention, believed=believed)
        self._forgetting = asyncio.create_task(forgetting)

    def _settings(self) -> Configuring:
        wiring = Wiring(
            self._config,
            self.settings,
            apply=self.apply,
            restart=self.restart,
            restart_trouble=lambda: self.restart_trouble,
            unlink=self._linking.unlink,
        )
        return Configuring(wiring, self._folder / "printers", self.journal, self._clock, self.trust)

    def _keep_books(self) -> None:
        """What was done is said in the log, can be read, and the journal be checked."""
        file = self._folder / "logs" / TILL_LOG
        stored = self._folder / "station" / "journal.db"
        self.books = Books(file, stored, self.journal, self._clock, lambda: self._config.station.network_logs)
        self.books.keep(duration(self._config.log.keep))
        self._ends.push_async_callback(self.books.stop)
        self._logs = Logs(self.books, self.desk, self._render)
        self._log_tail = LogTail(self.books.book, self._render)
        self.access.on_ended.append(self._log_tail.end)
        audit = Audit(self.journal, lambda: self._config.language, partial(self._feed.tell, "happened"))
        self._ends.callback(audit.stop)

    async def _certify(self) -> None:
        """Before the doors open: a key that cannot be read stops the start. Raises ConfigError."""

        def called() -> Names:
            return machine_names(self._config.station.allowed_hosts)

        station, note = self._config.station, self.journal.note
        self.certificates = Certificates(self._folder, station, self._clock, note, called)
        await self.certificates.start()
        self.trust = Trust(self.certificates.path, None, note, self.certificates.describe)

    def _printer_folder(self, name: str) -> Path:
        return self._folder / "printers" / folder_name(name)

    # -- the printers -------------------------------------------------------------------------------------------------

    def _hang_drawers(self) -> Drawers:
        drawers = {name: c.drawer for name, c in self._receipts().items()}
        default = self._config.drawer.printer or next(iter(drawers), self._addressing.default)
        return Drawers(drawers, default, self.journal, self._clock, self._waking.just_woke)

    def _channels(self) -> dict[str, Channel]:
        return {name: counter.channel for name, counter in self._receipts().items()}

    def _receipts(self) -> dict[str, Counter]:
        """Those that have a channel and may have a drawer."""
        return {name: counter for name, counter in self._counters.items() if isinstance(counter, Counter)}

    def _watch_printers(self) -> None:
        """Stay connected to those that are kept, and hear when one is ready again."""
        for name, counter in self._counters.items():
            counter.on_change.append(partial(self._printer_changed, name))
            watching = asyncio.get_running_loop().create_task(counter.run())
            self._ends.push_async_callback(_ended, watching)

    def _watch_clocks(self) -> None:
        """After this computer has slept, nothing of before is believed, and what waits is looked at at once."""

        def woke(absence: Absence) -> None:
            self._spooler.woke()
            self._folders.look()
            self._linking.woke()

        self._waking.on_wake += [*(channel.woke for channel in self._channels().values()), woke]
        looking = asyncio.create_task(self._waking.run())
        self._ends.callback(looking.cancel)

    def _printer_changed(self, name: str) -> None:
        """It has said something new: what waited for it need not wait for its next attempt."""
        lane = self._spooler.lanes[name]
        if self._counters[name].trouble is None and lane.trouble is not None and not lane.active:
            self._spooler.retry_now(name)
        self._places_changed()

    async def probe(self, name: str) -> Probed:
        """Find out what the printer can, and remember it. Raises UnknownName, ProbeFailed."""
        counter = self._counters.get(name)
        if counter is None:
            raise UnknownName(f"no printer is called “{name}” here", f"Known printers: {', '.join(self._counters)}.")
        learned = await counter.probe(self._clock.now())
        found = Probed(name, list(learned.confirms or ()), list(learned.identity))
        await self.journal.note("printer-probed", {"printer": name, "confirms": found.confirms})
        self._places_changed()
        return found

    async def open_drawer(self, name: str, reason: str, user: str, host: str) -> str:
        opened = await self.drawers.open(DrawerOrder(name, reason), Asker(user, host, "console"))
        return opened.outcome

    async def learn_drawer(self, name: str, user: str, host: str) -> bool:
        return (await self.drawers.learn(name, Asker(user, host, "console"))).sensor

    def faults(self, name: str) -> dict[str, bool]:
        return self._breakage.faults(name)

    def set_faults(self, name: str, faults: Sequence[str]) -> None:
        self._breakage.set_faults(name, faults)

    def drawer_is_open(self, name: str) -> bool:
        return self._breakage.drawer_is_open(name)

    def close_drawer(self, name: str) -> None:
        self._breakage.close_drawer(name)

    def _on_sheets(self, job: Job) -> bool:
        counter = self._counters.get(job.destination)
        return counter is not None and counter.config.prints_sheets

    def _profile(self, job: Job) -> Profile:
        counter = self._counters.get(job.destination)
        return DEFAULT if counter is None else counter.profile

    # -- the hub ------------------------------------------------------------------------------------------------------

    async def pair(self, url: str, code: str) -> str:
        """Introduce this station to a hub; its name there. Raises ComptoirError."""
        return await self._linking.pair(url, code)

    def _link_changed(self, state: LinkState) -> None:
        self.desk.link = state
        self._feed.places_changed()

    async def _withdraw(self, job: Job, by: str) -> None:
        await self._spooler.cancel(job, by)

    def _told_printers(self) -> list[relay.Printer]:
        return [relay.Printer(p.name, p.ready, p.reason, p.message) for p in self.places()]

    def _paper_came(self, printer: str, record: PaperRecord) -> None:
        self._feed.tell("paper", {"printer": printer, "number": record.number})

    def _places_changed(self) -> None:
        self._feed.places_changed()
        self._linking.printers_changed()


def policy_of(config: Config) -> Policy:
    """Who may call a station that is configured so."""
    station = config.station
    machine = socket.gethostname().lower()
    return Policy(
        bound_to=station.host,
        port=station.port,
        hosts=frozenset({*station.allowed_hosts, machine, f"{machine.partition('.')[0]}.local"}),
        origins=frozenset(station.allowed_origins),
        networks=tuple(ipaddress.ip_network(network) for network in station.allowed_addresses),
        unnamed=config.till.unnamed,
    )


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
