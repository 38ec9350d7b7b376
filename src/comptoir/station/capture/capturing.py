"""The capturing sources of a station, put together: each runs by itself, and one that fails stops no other.

What becomes of a print is `filing.py`'s; what a source needs of its printer, `downstream.py`'s.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from comptoir.arrivals import FolderSourceConfig, SourceConfig
from comptoir.config import Config
from comptoir.core.errors import ComptoirError
from comptoir.core.job import Job
from comptoir.core.kept import SourceState
from comptoir.core.ports import Clock, Journal, Take
from comptoir.sources import CAPTURING
from comptoir.sources.surroundings import CaptureSource, Surroundings
from comptoir.station.capture.downstream import Downstream

log = logging.getLogger("comptoir.capture")

AGAIN: Final = 30.0  # seconds after which a source is started again that an error of ours has ended


@dataclass(frozen=True, slots=True)
class CapturingParts:
    """What of a station its sources use."""

    config: Callable[[], Config]
    journal: Journal
    clock: Clock
    folder: Path
    take: Take
    context: Callable[[], ssl.SSLContext | None]
    downstream: Downstream
    withdraw: Callable[[Job, str], Awaitable[bool]]


class Capturing:
    """All of them. `start`, then `stop`. on_change: called with the name of a source whose state has changed."""

    def __init__(self, station: CapturingParts) -> None:
        self._station = station
        self.on_change: list[Callable[[str], None]] = []
        self._sources: dict[str, CaptureSource] = {}
        #: those that cannot be made here, with the reason
        self._broken: dict[str, SourceState] = {}
        self._tasks: list[asyncio.Task[None]] = []
        for one in station.config().source:
            if not isinstance(one, FolderSourceConfig):
                self._make(one)

    def start(self) -> None:
        """Begin to take. The spooler must have started."""
        for name, source in self._sources.items():
            source.on_change.append(lambda name=name: self._changed(name))  # type: ignore[misc]
            self._tasks.append(asyncio.get_running_loop().create_task(self._run(name, source)))

    async def stop(self) -> None:
        """Take nothing more. Who is in the middle of sending is told no, or nothing."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def states(self) -> Sequence[SourceState]:
        """How each fares, in the order of the configuration."""
        found = {name: source.state() for name, source in self._sources.items()} | self._broken
        return [found[one.name] for one in self._station.config().source if one.name in found]

    # -- the parts ----------------------------------------------------------------------------------------------------

    def _make(self, config: SourceConfig) -> None:
        kind = str(config.__struct_config__.tag)
        try:
            # Not before one is configured: it loads what it listens with.
            module, _, name = CAPTURING[kind].partition(":")
            make: Callable[..., CaptureSource] = getattr(import_module(module), name)
            self._sources[config.name] = make(config, self._surroundings())
        except (ComptoirError, ImportError, OSError) as error:
            hint = error.hint if isinstance(error, ComptoirError) else ""
            log.error("%s takes nothing: %s", config.name, error)
            self._broken[config.name] = SourceState(
                config.name, kind, trouble=str(error), hint=hint, since=self._station.clock.now()
            )

    def _surroundings(self) -> Surroundings:
        station = self._station
        return Surroundings(
            take=station.take,
            journal=station.journal,
            clock=station.clock,
            folder=station.folder,
            context=station.context,
            ask=station.downstream.ask,
            trouble=station.downstream.trouble,
            withdraw=station.withdraw,
            language=lambda: station.config().language,
            pulse=station.downstream.pulse,
        )

    async def _run(self, name: str, source: CaptureSource) -> None:
        while True:
            try:
                return await source.run()
            except Exception:
                log.exception("%s: an error of ours; it is started again in %d s", name, AGAIN)
                await asyncio.sleep(AGAIN)

    def _changed(self, name: str) -> None:
        for listener in tuple(self.on_change):
            listener(name)
