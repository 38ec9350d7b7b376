"""The commands that run: `up`, `station`, `hub`. They start, say where they are, and stop cleanly when asked."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from msgspec.structs import replace

from comptoir.children import own_name
from comptoir.cli import data_version, say, start_code
from comptoir.cli.neighbour import earlier_service
from comptoir.cli.place import (
    EVERYWHERE,
    configuration,
    configuration_file,
    data_folder,
    here,
    not_writable,
    try_folder,
)
from comptoir.cli.running import Life, Service, Start, stop
from comptoir.cli.speech import tr
from comptoir.clock import SystemClock
from comptoir.config import Config
from comptoir.core.errors import ConfigError
from comptoir.core.units import duration
from comptoir.hub.app import Hub
from comptoir.logbook import Logbook, OneLine
from comptoir.logfiles import TILL_LOG, LogFiles, days_kept
from comptoir.remains import Remains
from comptoir.settings import Settings
from comptoir.station import pairing
from comptoir.station.app import Station
from comptoir.web.access import hashed
from comptoir.web.guard import is_loopback

log = logging.getLogger("comptoir")


def up(options: argparse.Namespace) -> int:
    """Both roles on this machine, linked to each other."""
    folder = data_folder(options)
    settings = _settings(options, folder)
    first = True

    async def start(config: Config, life: Life) -> list[Service]:
        nonlocal first
        config = _with_own_name(config)
        hub, station = Hub(config, folder / "hub", SystemClock()), _station(config, folder, life)
        started: list[Service] = []
        try:
            await hub.start()
            started.append(hub)
            if not config.relay.url:
                await _link(hub, config, folder)
            await _start_station(station, config)
        except BaseException:
            await stop(started)
            raise
        _welcome(config, settings.file, folder, hub, station)
        if first and not options.no_browser and sys.stdout is not None and sys.stdout.isatty():
            # A browser started from here may be slow, and may print; neither must hold up the service.
            address = f"http://{here(config.hub.host)}:{hub.port}/"
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        first = False
        return [station, hub]

    return _run(start, folder, ("hub", "station"), settings, options)


def station(options: argparse.Namespace) -> int:
    """The service beside the printers."""
    folder = data_folder(options)

    async def start(config: Config, life: Life) -> list[Service]:
        service = _station(config, folder, life)
        await _start_station(service, config)
        address = f"http://{here(config.station.host)}:{service.port}/"
        say(tr("Station %(name)s: %(address)s", name=config.station.name, address=address))
        _tell_start_code(config, service, folder)
        if pairing.find(config, folder) is None:
            say(tr("It is linked to no hub. To link it: comptoir pair HUB_URL CODE"))
        return [service]

    return _run(start, folder, ("station",), _settings(options, folder), options)


def hub(options: argparse.Namespace) -> int:
    """The server that web sites post to."""
    folder = data_folder(options)

    async def start(config: Config, life: Life) -> list[Service]:
        config = _with_own_name(config)
        service = Hub(config, folder / "hub", SystemClock())
        await service.start()
        address = f"http://{_everywhere(config.hub.host)}:{service.port}"
        say(tr("Hub: %(address)s", address=f"{address}/"))
        start_code.keep(folder / "hub", service.access.start_code)
        if code := service.access.start_code:
            page = f"{address}/signin"
            say(tr("No password is set. Set it at %(page)s with the start code %(code)s", page=page, code=code))
        if not await service.access.stations():
            code, _ = await service.access.pairing_code()
            command = f"comptoir pair {address} {code}"
            say(tr("No station is paired. On the station, within 10 minutes: %(command)s", command=command))
        return [service]

    return _run(start, folder, ("hub",), _settings(options, folder), options)


def _settings(options: argparse.Namespace, folder: Path) -> Settings:
    """The configuration with the options over it, and its file. Raises ConfigError."""
    data_version.check(folder)
    configuration(options, folder)  # a file that the command names must be there
    given = {
        ("station", "port"): ("--port", getattr(options, "port", None)),
        ("hub", "port"): ("--hub-port", getattr(options, "hub_port", None)),
    }
    fixed = {key: option for key, option in given.items() if option[1] is not None}
    return Settings(configuration_file(options), folder, os.environ, fixed)


def _with_own_name(config: Config) -> Config:
    """A hub that all machines reach tells people to call it by the machine's name, and must listen to it, then."""
    if config.hub.host not in EVERYWHERE:
        return config
    names = (*config.hub.allowed_hosts, socket.gethostname().lower())
    return replace(config, hub=replace(config.hub, allowed_hosts=names))


def _station(config: Config, folder: Path, life: Life) -> Station:
    one = Station(config, folder, SystemClock(), settings=life.settings, restart=life.restart)
    one.restart_trouble = life.trouble
    return one


async def _start_station(station: Station, config: Config) -> None:
    """Raises ComptoirError; where the earlier till service has the port, one that says so."""
    host, port = config.station.host, config.station.port
    try:
        await station.start()
    except ConfigError:
        if port and await asyncio.to_thread(earlier_service, host, port):
            raise ConfigError(
                f"the earlier till service runs on this machine and has the port {port}",
                "Take over its settings (comptoir import-config), end it, remove it from the programs that start with "
                "the computer, and start Comptoir again.",
            ) from None
        raise


async def _link(hub: Hub, config: Config, folder: Path) -> None:
    """Make the station of this machine known to the hub of this machine, once. Raises ConfigError."""
    url = f"ws://{here(config.hub.host)}:{hub.port}/relay"
    known = {credential.secret for credential in await hub.access.stations()}
    found = None
    if (folder / pairing.TOKEN_FILE).exists() and (folder / pairing.LINK_FILE).exists():
        # Damaged, it is made anew: both ends are here, and nobody need be asked for a code.
        with suppress(ConfigError):
            found = pairing.find(config, folder)
    linked = found is not None and hashed(found.token) in known
    if found is None or not linked:
        name = config.station.name
        found = pairing.Hub(url, await hub.access.add_station(name), name)
    try:
        pairing.keep(folder, pairing.Hub(url, found.token, found.station))  # the port may be another one by now
    except OSError as error:
        raise not_writable(folder, error) from None
    if not linked:
        hub.add_station(found.station)


def _welcome(config: Config, file: Path, folder: Path, hub: Hub, station: Station) -> None:
    printers = ", ".join(f"{place.name} ({place.device})" for place in station.places())
    say(tr("Write a message here:   %(address)s", address=f"http://{here(config.hub.host)}:{hub.port}/"))
    say(tr("See it on paper here:   %(address)s", address=f"http://{here(config.station.host)}:{station.port}/"))
    say(tr("Printers: %(names)s", names=printers))
    if not config.printer:
        own = 'name = "TICKET", device = "socket://ADDRESS:9100"'
        say(tr("A printer of your own: [[printer]] %(own)s in %(file)s", own=own, file=file.expanduser().absolute()))
    if code := hub.access.start_code:
        say(tr("The hub is open to the network. Its start code, to set the password: %(code)s", code=code))
    start_code.keep(folder / "hub", hub.access.start_code)
    _tell_start_code(config, station, folder)
    say(tr("Ctrl+C stops everything; nothing that was accepted is lost."))


def _tell_start_code(config: Config, station: Station, folder: Path) -> None:
    """Where others may set the first password, they must know what only this screen says."""
    code = "" if is_loopback(config.station.host) else station.access.start_code
    start_code.keep(folder / "station", code)
    if code:
        say(tr("The station is open to the network. Its start code, to set the password: %(code)s", code=code))


def _everywhere(host: str) -> str:
    """The address of what listens at `host`, for other machines, where they can reach it."""
    return socket.gethostname() if host in EVERYWHERE else here(host)


# -- running ----------------------------------------------------------------------------------------------------------


def _run(start: Start, folder: Path, roles: tuple[str, ...], settings: Settings, options: argparse.Namespace) -> int:
    with _alone(folder, roles):
        _log_to(folder, TILL_LOG if "station" in roles else "hub.log", duration(settings.config.log.keep))
        if "station" in roles:
            _tell_remains(folder)
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(Life(start, settings, getattr(options, "supervisor", None)).run())


def _tell_remains(folder: Path) -> None:
    if found := Remains(folder, os.environ).waiting():
        log.warning("the earlier till service has left its settings in %s: %s import-config", found, own_name())


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415 - not to be had on Windows
    except ImportError:
        return None
    return uvloop.new_event_loop


@contextmanager
def _alone(folder: Path, roles: tuple[str, ...]) -> Iterator[None]:
    """One service a role and data folder, which is made. Raises ConfigError."""
    try:
        try_folder(folder)  # the lock would take a folder that refuses it for one that is locked
    except OSError as error:
        raise not_writable(folder, error) from None
    with ExitStack() as locks:
        for role in roles:
            try:
                locks.enter_context(FileLock(folder / f"{role}.lock", timeout=0))
            except Timeout:
                raise ConfigError(
                    f"another Comptoir ({role}) works with the data in {folder} already",
                    "Stop it, or choose another folder: --data",
                ) from None
            except OSError as error:
                raise not_writable(folder, error) from None
        try:
            data_version.note(folder)
        except OSError as error:
            raise not_writable(folder, error) from None
        yield


def _log_to(folder: Path, name: str, keep: int | None) -> None:
    """The log: on standard error for who watches, in files for who comes later. Times are local, as on the wall.

    `keep`: ms; None: for ever. Raises ConfigError.
    """
    files = LogFiles(folder / "logs" / name)
    files.keep = days_kept(keep)
    try:
        files.append("", None)
    except OSError as error:
        raise not_writable(folder, error) from None
    files.forget()
    screen = logging.StreamHandler()
    screen.setFormatter(OneLine("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    # A log that cannot be written, on a full disk for one, is no reason to fill standard error with tracebacks.
    logging.raiseExceptions = False
    level = os.environ.get("COMPTOIR_LOG", "INFO").upper()
    logging.basicConfig(
        level=level if level in logging.getLevelNamesMapping() else "INFO",
        handlers=[Logbook(files, SystemClock()), screen],
        force=True,
    )
