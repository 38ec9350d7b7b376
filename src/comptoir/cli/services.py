"""The commands that run: `up`, `station`, `hub`. They start, say where they are, and stop cleanly when asked."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path
from typing import Any, Final, Protocol

from filelock import FileLock, Timeout
from msgspec.structs import replace

from comptoir.cli import say
from comptoir.cli.place import EVERYWHERE, configuration, data_folder, here, not_writable, try_folder
from comptoir.cli.speech import shown, tr
from comptoir.clock import SystemClock
from comptoir.config import Config
from comptoir.core.errors import ConfigError
from comptoir.hub.app import Hub
from comptoir.station import pairing
from comptoir.station.app import Station
from comptoir.web.access import hashed

log = logging.getLogger("comptoir")

PATIENCE: Final = 4.0  # seconds that services have to stop
LONGEST_STOP: Final = 4.5  # seconds after which the process ends whatever is left
LOGS_KEPT: Final = 30  # days


class Service(Protocol):
    async def start(self) -> None: ...

    async def stop(self) -> None: ...


def up(options: argparse.Namespace) -> int:
    """Both roles on this machine, linked to each other."""
    config, folder = _prepare(options)

    async def start() -> list[Service]:
        hub, station = Hub(config, folder / "hub", SystemClock()), Station(config, folder, SystemClock())
        started: list[Service] = []
        try:
            await hub.start()
            started.append(hub)
            if not config.relay.url:
                await _link(hub, config, folder)
            await station.start()
        except BaseException:
            await _stop(started)
            raise
        _welcome(config, options.config or folder / "comptoir.toml", hub, station)
        if not options.no_browser and sys.stdout is not None and sys.stdout.isatty():
            # A browser started from here may be slow, and may print; neither must hold up the service.
            address = f"http://{here(config.hub.host)}:{hub.port}/"
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        return [station, hub]

    return _run(start, folder, ("hub", "station"))


def station(options: argparse.Namespace) -> int:
    """The service beside the printers."""
    config, folder = _prepare(options)

    async def start() -> list[Service]:
        service = Station(config, folder, SystemClock())
        await service.start()
        address = f"http://{here(config.station.host)}:{service.port}/"
        say(tr("Station %(name)s: %(address)s", name=config.station.name, address=address))
        if pairing.find(config, folder) is None:
            say(tr("It is linked to no hub. To link it: comptoir pair HUB_URL CODE"))
        return [service]

    return _run(start, folder, ("station",))


def hub(options: argparse.Namespace) -> int:
    """The server that web sites post to."""
    config, folder = _prepare(options)

    async def start() -> list[Service]:
        service = Hub(config, folder / "hub", SystemClock())
        await service.start()
        address = f"http://{_everywhere(config.hub.host)}:{service.port}"
        say(tr("Hub: %(address)s", address=f"{address}/"))
        if start_code := service.access.start_code:
            page = f"{address}/signin"
            say(tr("No password is set. Set it at %(page)s with the start code %(code)s", page=page, code=start_code))
        if not await service.access.stations():
            code, _ = await service.access.pairing_code()
            command = f"comptoir pair {address} {code}"
            say(tr("No station is paired. On the station, within 10 minutes: %(command)s", command=command))
        return [service]

    return _run(start, folder, ("hub",))


def _prepare(options: argparse.Namespace) -> tuple[Config, Path]:
    """The configuration with the options over it, and the data folder. Raises ConfigError."""
    folder = data_folder(options)
    config = configuration(options, folder)
    port, hub_port = getattr(options, "port", None), getattr(options, "hub_port", None)
    if port is not None:
        config = replace(config, station=replace(config.station, port=port))
    if hub_port is not None:
        config = replace(config, hub=replace(config.hub, port=hub_port))
    if config.hub.host in EVERYWHERE:
        # It tells people to call it by the machine's name (`_everywhere`), and must listen to it, then.
        names = (*config.hub.allowed_hosts, socket.gethostname().lower())
        config = replace(config, hub=replace(config.hub, allowed_hosts=names))
    return config, folder


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


def _welcome(config: Config, file: Path, hub: Hub, station: Station) -> None:
    printers = ", ".join(f"{place.name} ({place.device})" for place in station.places())
    say(tr("Write a message here:   %(address)s", address=f"http://{here(config.hub.host)}:{hub.port}/"))
    say(tr("See it on paper here:   %(address)s", address=f"http://{here(config.station.host)}:{station.port}/"))
    say(tr("Printers: %(names)s", names=printers))
    if not config.printer:
        own = 'name = "TICKET", device = "socket://ADDRESS:9100"'
        say(tr("A printer of your own: [[printer]] %(own)s in %(file)s", own=own, file=file.expanduser().absolute()))
    if code := hub.access.start_code:
        say(tr("The hub is open to the network. Its start code, to set the password: %(code)s", code=code))
    say(tr("Ctrl+C stops everything; nothing that was accepted is lost."))


def _everywhere(host: str) -> str:
    """The address of what listens at `host`, for other machines, where they can reach it."""
    return socket.gethostname() if host in EVERYWHERE else here(host)


# -- running ----------------------------------------------------------------------------------------------------------


def _run(start: Callable[[], Awaitable[Sequence[Service]]], folder: Path, roles: tuple[str, ...]) -> int:
    with _alone(folder, roles):
        _log_to(folder, f"{'-'.join(roles)}.log")
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(_serve(start))


async def _serve(start: Callable[[], Awaitable[Sequence[Service]]]) -> int:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stopping.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopping.set))
    services = await start()
    # What start-up made lives as long as the process: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    await stopping.wait()
    _end_anyway()
    await _stop(services)
    return 0


async def _stop(services: Sequence[Service]) -> None:
    """One after the other; each has its share of the time, so that one that does not end keeps no other from it."""
    for service in services:
        try:
            async with asyncio.timeout(PATIENCE / len(services)):
                await service.stop()
        except TimeoutError:
            log.warning("something did not end in time; what was accepted is on disk")
        except Exception:
            log.exception("something did not end as it should; what was accepted is on disk")


def _end_anyway() -> None:
    """End the process when a thread does not: one that asks for an address, or writes to a printer that takes nothing.

    Nothing is lost by it: what was accepted is on disk before it is acknowledged.
    """

    def end() -> None:
        logging.shutdown()
        os._exit(0)

    timer = threading.Timer(LONGEST_STOP, end)
    timer.daemon = True
    timer.start()


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
        yield


class _Line(logging.Formatter):
    """A line of the log. What others wrote cannot begin another one, nor steer the terminal that shows it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        return shown(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        return "\n".join(map(shown, super().formatException(ei).split("\n")))


def _log_to(folder: Path, name: str) -> None:
    """The log: on standard error for who watches, in a file for who comes later. Times are local, as on the wall."""
    path = folder / "logs" / name
    line = _Line("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    try:
        path.parent.mkdir(exist_ok=True)
        file = TimedRotatingFileHandler(path, when="midnight", backupCount=LOGS_KEPT, encoding="utf-8")
    except OSError as error:
        raise not_writable(folder, error) from None
    screen = logging.StreamHandler()
    for handler in (file, screen):
        handler.setFormatter(line)
    # A log that cannot be written, on a full disk for one, is no reason to fill standard error with tracebacks.
    logging.raiseExceptions = False
    level = os.environ.get("COMPTOIR_LOG", "INFO").upper()
    logging.basicConfig(
        level=level if level in logging.getLevelNamesMapping() else "INFO", handlers=[file, screen], force=True
    )
