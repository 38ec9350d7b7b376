"""The commands that run: `up`, `station`, `hub`. They start, say where they are, and stop cleanly when asked."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
from msgspec.structs import replace

from comptoir.cli.place import configuration, data_folder
from comptoir.clock import SystemClock
from comptoir.config import Config
from comptoir.core.errors import ConfigError
from comptoir.hub.app import Hub
from comptoir.station import pairing
from comptoir.station.app import Station
from comptoir.web.access import hashed
from comptoir.web.guard import is_loopback

log = logging.getLogger("comptoir")

PATIENCE = 4.5  # seconds that a stop may take
LOGS_KEPT = 30  # days


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
        _welcome(config, hub, station)
        if not options.no_browser and sys.stdout.isatty():
            # A browser started from here may be slow, and may print; neither must hold up the service.
            threading.Thread(
                target=webbrowser.open, args=(f"http://127.0.0.1:{hub.port}/",), daemon=True
            ).start()
        return [station, hub]

    return _run(start, folder, ("hub", "station"))


def station(options: argparse.Namespace) -> int:
    """The service beside the printers."""
    config, folder = _prepare(options)

    async def start() -> list[Service]:
        service = Station(config, folder, SystemClock())
        await service.start()
        _say(f"Station {config.station.name}: http://{_shown(config.station.host)}:{service.port}/")
        if pairing.find(config, folder) is None:
            _say("It is linked to no hub. To link it: comptoir pair HUB_URL CODE")
        return [service]

    return _run(start, folder, ("station",))


def hub(options: argparse.Namespace) -> int:
    """The server that web sites post to."""
    config, folder = _prepare(options)

    async def start() -> list[Service]:
        service = Hub(config, folder / "hub", SystemClock())
        await service.start()
        address = f"http://{_shown(config.hub.host)}:{service.port}"
        _say(f"Hub: {address}/")
        if service.access.start_code:
            _say(
                f"No password is set. Set it at {address}/signin with the start code {service.access.start_code}"
            )
        if not await service.access.stations():
            code, _ = await service.access.pairing_code()
            _say(f"No station is paired. On the station, within 10 minutes: comptoir pair {address} {code}")
        return [service]

    return _run(start, folder, ("hub",))


def _prepare(options: argparse.Namespace) -> tuple[Config, Path]:
    folder = data_folder(options)
    config = configuration(options, folder)
    port, hub_port = getattr(options, "port", None), getattr(options, "hub_port", None)
    if port is not None:
        config = replace(config, station=replace(config.station, port=port))
    if hub_port is not None:
        config = replace(config, hub=replace(config.hub, port=hub_port))
    return config, folder


async def _link(hub: Hub, config: Config, folder: Path) -> None:
    """Make the station of this machine known to the hub of this machine, once."""
    url = f"ws://127.0.0.1:{hub.port}/relay"
    known = {credential.secret for credential in await hub.access.stations()}
    found = None
    if (folder / pairing.TOKEN_FILE).exists() and (folder / pairing.LINK_FILE).exists():
        found = pairing.find(config, folder)
    if found is not None and hashed(found.token) in known:
        pairing.keep(folder, pairing.Hub(url, found.token, found.station))
        return
    name = config.station.name
    pairing.keep(folder, pairing.Hub(url, await hub.access.add_station(name), name))
    hub.add_station(name)


def _welcome(config: Config, hub: Hub, station: Station) -> None:
    printers = ", ".join(f"{place.name} ({place.device})" for place in station.places())
    _say(f"Write a message here:   http://{_shown(config.hub.host)}:{hub.port}/")
    _say(f"See it on paper here:   http://{_shown(config.station.host)}:{station.port}/")
    _say(f"Printers: {printers}")
    if not config.printer:
        _say(
            'A printer of your own: [[printer]] name = "TICKET", device = "socket://ADDRESS:9100" in comptoir.toml'
        )
    if hub.access.start_code:
        _say(f"The hub is open to the network. Its start code, to set the password: {hub.access.start_code}")
    _say("Ctrl+C stops everything; nothing that was accepted is lost.")


def _shown(host: str) -> str:
    """An address that a browser on this machine can open."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not listened on
        return "127.0.0.1"
    return f"[{host}]" if ":" in host and is_loopback(host) else host


def _say(text: str) -> None:
    print(text, flush=True)


# -- running ----------------------------------------------------------------------------------------------------------


def _run(start: Callable[[], Awaitable[Sequence[Service]]], folder: Path, roles: tuple[str, ...]) -> int:
    _log_to(folder / "logs" / f"{'-'.join(roles)}.log")
    with _alone(folder, roles), asyncio.Runner(loop_factory=_loop_factory()) as runner:
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
    await _stop(services)
    return 0


async def _stop(services: Sequence[Service]) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            for service in services:
                await service.stop()
    except TimeoutError:
        log.warning("something did not end in time; what was accepted is on disk")


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415 - not to be had on Windows
    except ImportError:
        return None
    return uvloop.new_event_loop


@contextmanager
def _alone(folder: Path, roles: tuple[str, ...]) -> Iterator[None]:
    """One service a role and data folder. Raises ConfigError."""
    locks = []
    try:
        for role in roles:
            lock = FileLock(folder / f"{role}.lock")
            lock.acquire(timeout=0)
            locks.append(lock)
        yield
    except Timeout:
        raise ConfigError(
            f"another Comptoir ({role}) works with the data in {folder} already",
            "Stop it, or choose another folder: --data",
        ) from None
    finally:
        for lock in locks:
            lock.release()


def _log_to(path: Path) -> None:
    """The log: on standard error for who watches, in a file for who comes later. Times are local, as on the wall."""
    line = logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = TimedRotatingFileHandler(
            path, when="midnight", backupCount=LOGS_KEPT, encoding="utf-8", delay=True
        )
    except OSError as error:
        raise ConfigError(
            f"the data folder {path.parent.parent} cannot be written: {error.strerror or error}",
            "Choose another with --data, or give this user the right to write there.",
        ) from None
    screen = logging.StreamHandler()
    for handler in (file, screen):
        handler.setFormatter(line)
    level = os.environ.get("COMPTOIR_LOG", "INFO").upper()
    logging.basicConfig(
        level=level if level in logging.getLevelNamesMapping() else "INFO",
        handlers=[file, screen],
        force=True,
    )
