"""What was printed on business dates, and what past ones teach: read from the journal, remembered while it holds.

Learning looks at a month of nights for each night of a month: what was read stays in memory until the journal says
that a date has another document, or fewer.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

import msgspec

from comptoir.arrivals import FolderSourceConfig
from comptoir.config import Config
from comptoir.config_check import RESERVED
from comptoir.core.habits import learn
from comptoir.core.keeping import business_date
from comptoir.core.kept import Kept
from comptoir.core.night import Printed, Report, expected_on
from comptoir.core.ports import Journal
from comptoir.core.record import Event
from comptoir.core.units import instant, local

#: sources that no configuration has, and through which nothing comes that a night audit prints
OTHERS: Final = RESERVED - {"browser"}
#: dates that are remembered
REMEMBERED: Final = 500
_DAY: Final = timedelta(days=1)


class NightRecords:
    """The documents of nights. `config`: as it is now; `zone`: None for this machine's."""

    def __init__(self, journal: Journal, config: Callable[[], Config], zone: tzinfo | None = None) -> None:
        self._journal = journal
        self._config = config
        self._zone = zone
        self._printed: OrderedDict[date, tuple[Printed, ...]] = OrderedDict()
        self._learned: dict[date, list[Report]] = {}
        self._told: tuple[object, ...] = ()
        #: what was asked before one of them is not remembered
        self._changes = 0
        #: called with the date of which the documents have changed; "": of several
        self.on_change: list[Callable[[str], None]] = []
        self.stop = journal.subscribe(self._heard)

    # -- times --------------------------------------------------------------------------------------------------------

    def wall(self, at: int) -> datetime:
        """An instant (ms) on the clock on the wall."""
        there = local(at) if self._zone is None else instant(at).astimezone(self._zone)
        return there.replace(tzinfo=None)

    def instant(self, wall: datetime) -> int:
        """When the clock on the wall shows this for the first time, ms."""
        return int(wall.replace(tzinfo=self._zone).timestamp() * 1000)

    def date_of(self, at: int) -> date:
        """The business date of an instant."""
        return business_date(self.wall(at), self._config().archive.day_starts)

    def begins(self, day: date) -> int:
        return self.instant(datetime.combine(day, time.fromisoformat(self._config().archive.day_starts)))

    # -- documents ----------------------------------------------------------------------------------------------------

    async def documents(self, day: date) -> list[Kept]:
        """What was printed on a business date and belongs to the night, in the order of printing."""
        asked = self._changes
        found = [one for one in await self._journal.keeping.of_date(day.isoformat()) if self._belongs(one)]
        if asked == self._changes:
            self._remember(day, self._whole(found))
        return found

    def _whole(self, found: Sequence[Kept]) -> tuple[Printed, ...]:
        return tuple(self.printed(one) for one in found if not one.partial)

    def printed(self, kept: Kept) -> Printed:
        return Printed(kept.id, kept.title or kept.document.name, self.wall(kept.printed_at), kept.copies)

    def _belongs(self, kept: Kept) -> bool:
        config, source = self._config(), kept.origin.source
        if config.night.sources:
            return source in config.night.sources
        folders = [one.name for one in config.source if isinstance(one, FolderSourceConfig)]
        return source not in OTHERS and source not in folders

    # -- what is expected ---------------------------------------------------------------------------------------------

    async def expected(self, day: date) -> list[Report]:
        """The reports that are expected on a date: written down, then learned; none before capture began here."""
        if day < await self._begun():
            return []
        return expected_on(day, self.written(), await self.learned(day))

    async def _begun(self) -> date:
        """The first date of which something is kept; where nothing is yet, the one on which the journal begins."""
        if first := await self._journal.keeping.first_date():
            return date.fromisoformat(first)
        events = await self._journal.events(limit=1)
        return self.date_of(events[0].at) if events else date.max

    def written(self) -> list[tuple[Report, Sequence[str]]]:
        """What the configuration says, with its days."""
        return [
            (Report(one.title, one.name or one.title, _time(one.by), one.copies), one.days)
            for one in self._config().report
        ]

    async def learned(self, day: date) -> list[Report]:
        """What the nights before a date teach, whether or not it is written down; nothing where that is not wanted."""
        night = self._config().night
        if not night.learn:
            return []
        self._forget_if_changed()
        if day in self._learned:
            return self._learned[day]
        asked = self._changes
        past = {one: await self._of(one) for one in _before(day, night.nights)}
        # A tenth of a second for a busy hotel, and a month asks for thirty: drawers do not wait for it.
        found = await asyncio.to_thread(learn, day, self._config().archive.day_starts, past)
        if asked == self._changes:
            self._learned[day] = found
            while len(self._learned) > REMEMBERED:
                self._learned.pop(next(iter(self._learned)))
        return found

    async def _of(self, day: date) -> tuple[Printed, ...]:
        known = self._printed.get(day)
        return self._whole(await self.documents(day)) if known is None else known

    # -- what is remembered -------------------------------------------------------------------------------------------

    def _remember(self, day: date, printed: tuple[Printed, ...]) -> None:
        self._forget_if_changed()
        self._printed[day] = printed
        self._printed.move_to_end(day)
        while len(self._printed) > REMEMBERED:
            self._printed.popitem(last=False)

    def _forget_if_changed(self) -> None:
        """Other settings, other nights."""
        config = self._config()
        told = (config.night, config.archive.day_starts, config.source)
        if told != self._told:
            self._told = told
            self._forget()

    def _forget(self, day: date | None = None) -> None:
        """A date, or all, and what was learned of it."""
        self._changes += 1
        if day is None:
            self._printed.clear()
        else:
            self._printed.pop(day, None)
        self._learned = {one: reports for one, reports in self._learned.items() if day is not None and one <= day}

    def _heard(self, events: Sequence[Event]) -> None:
        for event in events:
            if event.kind == "documents-eliminated":
                self._forget()
                self._tell("")
            elif event.kind == "document-kept":
                day = date.fromisoformat(msgspec.json.decode(event.body)["business_date"])
                self._forget(day)
                self._tell(day.isoformat())

    def _tell(self, day: str) -> None:
        for listener in tuple(self.on_change):
            listener(day)


def _before(day: date, nights: int) -> list[date]:
    return [day - count * _DAY for count in range(nights, 0, -1)]


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None
