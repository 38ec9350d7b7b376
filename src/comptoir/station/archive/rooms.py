"""The archive of a station, put together: what is derived from kept documents, and who answers for it to the pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from comptoir.archive.archive import Archive
from comptoir.archive.pack import Packer
from comptoir.config import Config
from comptoir.core.ports import Clock, Take
from comptoir.station.archive.desk import ArchiveKeeper
from comptoir.station.archive.keeping import Keeper
from comptoir.station.archive.night_sending import NightSending
from comptoir.station.archive.nights import NightKeeper
from comptoir.web.desk import Desk


class Rooms:
    """desk, nights, keeping: what pages and API may ask. `start`, then `stop`."""

    def __init__(self, config: Callable[[], Config], folder: Path, desk: Desk, take: Take, clock: Clock) -> None:
        """`folder`: the data folder; `config`: as it is now."""
        journal = desk.journal
        place = folder / "station" / "archive"
        self._archive = Archive(place, journal, clock, config().archive)
        self.desk = ArchiveKeeper(desk, take, self._archive, lambda: {one.name for one in config().source})
        packer = Packer(journal, self._archive, place / "packs")
        self.nights = NightKeeper(journal, clock, config, packer, desk.submit)
        self.keeping = Keeper(journal, clock, config, folder / "exports")
        self._sending = NightSending(self.nights, journal, clock, lambda: config().language)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to index, and to send what a night is to be sent to. The spooler must have started."""
        await self._archive.start()
        self._task = asyncio.get_running_loop().create_task(self._sending.run())

    async def stop(self) -> None:
        """What is derived is made on at the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.keeping.stop()
        await self._archive.stop()
