"""The life of services in their process: started, started anew when a person asks for it, stopped when the system does.

What is started, and what is said of it, is decided elsewhere.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final, Protocol

from comptoir.cli.supervisor import Outside, Supervisor
from comptoir.config import Config
from comptoir.core.errors import ComptoirError
from comptoir.settings import Settings
from comptoir.station.app import Station
from comptoir.station.own_certificate import check_own

log = logging.getLogger("comptoir")

PATIENCE: Final = 4.0  # seconds that services have to stop
LONGEST_STOP: Final = 4.5  # seconds after which the process ends whatever is left
FINISHING: Final = 30.0  # seconds that printers have for what they are at, before the service starts anew


class Service(Protocol):
    async def start(self) -> None: ...

    async def stop(self) -> None: ...


Start = Callable[[Config, "Life"], Awaitable[Sequence[Service]]]
"""Makes the services of a configuration and starts them, all or none. Raises ComptoirError."""


class Life:
    """The services of this process, from the first start to the end."""

    def __init__(self, start: Start, settings: Settings, supervisor: Supervisor | None = None) -> None:
        self._start = start
        self.settings = settings
        self._supervisor = supervisor or Outside()
        #: why the last restart was none; "" where it was one
        self.trouble = ""
        self._stopping = asyncio.Event()
        self._asked = asyncio.Event()

    def restart(self) -> None:
        """Ask to be started anew; returns at once."""
        self._asked.set()

    async def run(self) -> int:
        """Until the supervisor ends it; the exit code. Raises what the first start raises."""
        self._supervisor.hear(self._ear())
        services = await self._started(self.settings.config)
        # What start-up made lives as long as the services: the collector need not look at it again.
        gc.freeze()
        while await self._first(self._asked.wait()):
            self._asked.clear()
            services = await self._anew(services)
            gc.unfreeze()
            gc.collect()
            gc.freeze()
        self._supervisor.ending()
        await stop(services)
        return 0

    async def _started(self, config: Config) -> Sequence[Service]:
        services = await self._start(config, self)
        self.settings.running = config
        self._supervisor.started(config)
        return services

    async def _anew(self, services: Sequence[Service]) -> Sequence[Service]:
        """Stop, read the configuration, start; with the earlier one where the new one cannot."""
        earlier = self.settings.running
        try:
            config = await asyncio.to_thread(self._read, services)
        except ComptoirError as error:
            self._tell(services, error)
            return services
        log.info("the service starts anew; what is being printed is finished first")
        if not await self._first(_finished(services)):
            return services
        await stop(services)
        if self._stopping.is_set():
            return ()
        self.trouble = ""
        try:
            return await self._started(config)
        except Exception as error:
            self._tell((), error)
        log.info("the service starts with the configuration that it had before")
        return await self._started(earlier)

    def _read(self, services: Sequence[Service]) -> Config:
        """The configuration as it is now. Raises ConfigError: also for what no start could use, the earlier
        configuration's neither, so that what runs goes on."""
        config = self.settings.reload()
        if config.station.certificate and any(isinstance(service, Station) for service in services):
            check_own(self.settings.folder, config.station)
        return config

    def _tell(self, services: Sequence[Service], error: Exception) -> None:
        """A restart was none: in the log, and where a person sees it who asked for it."""
        if isinstance(error, ComptoirError):
            self.trouble = error.message
            log.error("the service could not start anew: %s", error.sentences)
        else:
            self.trouble = f"{type(error).__name__}: {error}"
            log.error("the service could not start anew", exc_info=error)
        for service in services:
            if isinstance(service, Station):
                service.restart_trouble = self.trouble

    async def _first(self, work: Coroutine[Any, Any, object]) -> bool:
        """Do this, unless a signal comes first; whether it was done."""
        both = [asyncio.create_task(work), asyncio.create_task(self._stopping.wait())]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for task in both:
            task.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        return not self._stopping.is_set()

    def _ear(self) -> Callable[[], None]:
        """What the supervisor calls when the process is to end, from whichever thread."""
        loop = asyncio.get_running_loop()

        def end() -> None:
            if not self._stopping.is_set():
                self._stopping.set()
                _end_anyway(self._supervisor)

        def ask() -> None:
            with suppress(RuntimeError):  # the loop is closed: it has ended
                loop.call_soon_threadsafe(end)

        return ask


async def _finished(services: Sequence[Service]) -> None:
    """What printers are at is done; no longer than FINISHING."""
    stations = [service for service in services if isinstance(service, Station)]
    try:
        async with asyncio.timeout(FINISHING):
            await asyncio.gather(*(station.finish() for station in stations))
    except TimeoutError:
        log.warning("a printer did not finish in time: what it was printing will be held, for a person to look at")


async def stop(services: Sequence[Service]) -> None:
    """One after the other; each has its share of the time, so that one that does not end keeps no other from it."""
    for service in services:
        try:
            async with asyncio.timeout(PATIENCE / len(services)):
                await service.stop()
        except TimeoutError:
            log.warning("something did not end in time; what was accepted is on disk")
        except Exception:
            log.exception("something did not end as it should; what was accepted is on disk")


def _end_anyway(supervisor: Supervisor) -> None:
    """End the process when a thread does not: one that asks for an address, or writes to a printer that takes nothing.

    Nothing is lost by it: what was accepted is on disk before it is acknowledged.
    """

    def end() -> None:
        logging.shutdown()
        supervisor.ended(0)
        os._exit(0)

    timer = threading.Timer(LONGEST_STOP, end)
    timer.daemon = True
    timer.start()
