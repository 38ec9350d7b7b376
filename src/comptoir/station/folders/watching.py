"""The watched folders of a station, put together: sources, planner, who follows what was taken, who tells of it.

It decides nothing. A folder that cannot be watched stops no other, and not the station.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from comptoir.arrivals import FolderSourceConfig
from comptoir.config import Config
from comptoir.core.intake import Stamp
from comptoir.core.job import Job
from comptoir.core.ports import Clock, Journal
from comptoir.core.units import duration
from comptoir.sources import SOURCES
from comptoir.sources.folder.settings import FolderSettings
from comptoir.station.fallback import Fallback
from comptoir.station.folders.desk import FolderKeeper, Source
from comptoir.station.folders.following import Following
from comptoir.station.folders.planning import Planning
from comptoir.station.folders.telling import Telling
from comptoir.station.originals import Originals
from comptoir.station.spooler import Spooler

log = logging.getLogger("comptoir.folder")

SCAN: Final = 30_000  # ms between two looks through a folder whose configuration names no time
AGAIN: Final = 30.0  # seconds after which a part is started again that an error of ours has ended


class Folders:
    """The folders of one station. `start`, then `stop`. `desk`: what pages and API may ask of them."""

    def __init__(self, config: Callable[[], Config], journal: Journal, spooler: Spooler, clock: Clock) -> None:
        """`config`: as it is now. What routes say may change; which folders there are, not before the next start."""
        self._journal = journal
        self._spooler = spooler
        configured = config().folders
        self.planning = Planning(config, clock)
        self._paths = {one.name: Path(one.path).expanduser() for one in configured}
        self._telling = Telling(journal, lambda: config().language)
        self._sources: dict[str, Source] = {one.name: self._source(one, clock) for one in configured}
        self.desk = FolderKeeper(self._sources, self._paths, journal, self.planning, clock, spooler.submit)
        self._steps = Originals(self._paths, journal.ledger, clock, self._leave_alone)
        self._following = Following(journal, self._steps, clock, self.desk.changed)
        self._fallback = Fallback(spooler, journal, clock, self.planning.fallback)
        self._tasks: list[asyncio.Task[None]] = []
        self._forget: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Begin to watch. The spooler must have started: what is taken goes to it at once."""
        self._run(self._fallback.run, "fallback")
        if not self._sources:
            return
        self._forget = self._journal.subscribe(self._telling.hear)
        self._run(self._telling.run, "log")
        self._run(self._following.run, "following")
        for name, source in self._sources.items():
            source.on_change.append(partial(self.desk.changed, name))
            source.on_change.append(partial(self._look, source))
            self._run(source.run, name)

    async def stop(self) -> None:
        """Take nothing more. What was begun ends at the next start."""
        self._forget()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._steps.close()

    async def purge(self, source: str) -> int:
        """Remove from this folder what is delivered; how many files have gone. Raises JournalError."""
        return await self._following.remove_delivered(source)

    def look(self) -> None:
        """Routes have changed, or a person has acted: what they make of things is looked at anew."""
        for source in self._sources.values():
            source.rescan()
        self._following.look()

    # -- the parts ----------------------------------------------------------------------------------------------------

    def _source(self, config: FolderSourceConfig, clock: Clock) -> Source:
        # Not before a folder is configured: it loads what watches file systems.
        module, _, name = SOURCES["folder"].partition(":")
        make: Callable[..., Source] = getattr(import_module(module), name)
        news = partial(self._telling.tell, config.name)
        return make(settings_of(config), self._journal.ledger, self.planning, clock, self._took, news=news)

    def _look(self, source: Source) -> None:
        self._telling.look(source.state())

    async def _leave_alone(self, name: str, files: Sequence[tuple[str, Stamp]]) -> None:
        await self._sources[name].leave_alone(files)

    def _took(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            self._spooler.submit(job)

    def _run(self, part: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
        self._tasks.append(asyncio.get_running_loop().create_task(_kept_running(part, name)))


async def _kept_running(part: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
    while True:
        try:
            return await part()
        except Exception:
            log.exception("%s: an error of ours; it is started again in %d s", name, AGAIN)
            await asyncio.sleep(AGAIN)


def settings_of(config: FolderSourceConfig) -> FolderSettings:
    """What a source is told of its configuration. A folder with an empty `scan` is looked through as by default."""
    scan = duration(config.scan)
    return FolderSettings(
        name=config.name,
        path=Path(config.path).expanduser(),
        match=config.match,
        ignore=config.ignore,
        recursive=config.recursive,
        existing=config.existing,
        quiet=duration(config.quiet) or 0,
        scan=SCAN if scan is None else scan,
        lot=config.lot,
        marker=config.marker,
        once=config.duplicates == "once",
        watch=config.watch,
    )
