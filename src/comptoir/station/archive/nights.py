"""The nights of a station, for its pages and its API: `web.night_desk.NightDesk`. It knows no HTTP.

What people say of a night (a note, a name under it) is the journal's; what was expected is worked out anew each time,
so that a night of last year is judged by the nights before it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Final

from comptoir.archive.pack import Packer
from comptoir.config import Config
from comptoir.core.document import Origin, Submission
from comptoir.core.errors import RequestError, UnknownName, WrongState
from comptoir.core.job import Job
from comptoir.core.kept import Kept, Night
from comptoir.core.night import Audit, Report, audit
from comptoir.core.ports import Clock, Journal
from comptoir.core.record import Accepted
from comptoir.station.archive.night_pack import leaf_of, night_cover, selection_cover, title_of
from comptoir.station.archive.night_records import NightRecords
from comptoir.web.night_desk import NightLine, NightState, NightView

#: the source of packs; the job of the one that goes out by itself has the key night:DATE
SOURCE: Final = "night"
LONGEST_NOTE: Final = 4_000
LONGEST_NAME: Final = 80
#: bytes of a pack that are handed over at once
PIECE: Final = 1 << 20
_DAY: Final = timedelta(days=1)


class NightKeeper:
    """`web.night_desk.NightDesk` of a station."""

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        config: Callable[[], Config],
        packer: Packer,
        submit: Callable[[Submission], Awaitable[Accepted]],
        zone: tzinfo | None = None,
    ) -> None:
        """`config`: as it is now; `submit`: keeps an order and puts it to work (`web.desk.Desk.submit`)."""
        self._journal = journal
        self._clock = clock
        self._config = config
        self._packer = packer
        self._submit = submit
        self.records = NightRecords(journal, config, zone)
        self.on_change: list[Callable[[str], None]] = self.records.on_change
        #: who writes of a night has read it before: two at once would undo each other's words
        self._saying = asyncio.Lock()
        #: the same form twice finds the job of the first
        self._ordering = asyncio.Lock()

    @property
    def today(self) -> date:
        return self.records.date_of(self._clock.now())

    @property
    def send_to(self) -> str:
        return self._config().night.send_to

    @property
    def printers(self) -> Sequence[str]:
        return [one.name for one in self._config().printer if one.prints_sheets]

    @property
    def destinations(self) -> Sequence[str]:
        names = [one.name for one in self._config().destination]
        return sorted(names, key=lambda name: name != self.send_to)

    def wall(self, at: int) -> datetime:
        return self.records.wall(at)

    # -- what there is ------------------------------------------------------------------------------------------------

    async def night(self, day: date) -> NightView:
        self._begun(day)
        documents = await self.records.documents(day)
        said = await self._journal.keeping.night(day.isoformat())
        return NightView(
            day,
            self.records.begins(day),
            self.records.begins(day + _DAY),
            await self._audit(day, documents),
            documents,
            {one.id: self.records.wall(one.printed_at) for one in documents},
            said,
            unread=_since(documents, said.signed_at),
            unsent=_since(documents, said.sent_at),
            parcel=await self._journal.job_by_key(SOURCE, key_of(day)),
            due_at=self.due_at(day) if self.send_to else None,
        )

    async def nights(self, since: date, until: date) -> Sequence[NightLine]:
        last = min(until, self.today)
        said = {one.date: one for one in await self._journal.keeping.nights(since.isoformat(), last.isoformat())}
        days = [since + count * _DAY for count in range((last - since).days + 1)]
        return [await self._line(day, said.get(day.isoformat(), Night(day.isoformat()))) for day in days]

    async def learned(self) -> Sequence[Report]:
        known = [report for report, _ in self.records.written()]
        found = await self.records.learned(self.today)
        return [one for one in found if not any(report.takes(one.example) for report in known)]

    def due_at(self, day: date) -> int:
        """When the pack of a business date goes out: at the set hour of the calendar day after it, ms."""
        hour = time.fromisoformat(self._config().night.send_at)
        return self.records.instant(datetime.combine(day + _DAY, hour))

    async def _audit(self, day: date, documents: Sequence[Kept]) -> Audit:
        printed = [self.records.printed(one) for one in documents if not one.partial]
        expected = await self.records.expected(day)
        starts, now = self._config().archive.day_starts, self.records.wall(self._clock.now())
        return await asyncio.to_thread(audit, day, starts, expected, printed, now)

    async def _line(self, day: date, said: Night) -> NightLine:
        documents = await self.records.documents(day)
        found = await self._audit(day, documents)
        return NightLine(
            day,
            _state(found, bool(documents)),
            len(found.reports),
            found.missing,
            found.count("late"),
            found.count("twice"),
            len(documents),
            said,
            len(_since(documents, said.signed_at)),
        )

    def _begun(self, day: date) -> None:
        if day > self.today:
            raise UnknownName(f"the night of {day} has not begun", "Choose today, or a day before.")

    # -- what a person says -------------------------------------------------------------------------------------------

    async def note(self, day: date, text: str, by: str) -> None:
        self._begun(day)
        note = "\n".join(line.rstrip() for line in text.strip().splitlines())
        if len(note) > LONGEST_NOTE:
            raise RequestError(f"a note has {LONGEST_NOTE} characters at most")
        async with self._saying:
            said = await self._journal.keeping.night(day.isoformat())
            if note != said.note:
                await self._put(replace(said, note=note, noted_by=by, noted_at=self._clock.now()), "night-noted")

    async def sign(self, day: date, by: str, seen: int) -> None:
        name = " ".join(by.split())
        if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
            raise RequestError(f"a name of 1 to {LONGEST_NAME} characters is needed to sign a night")
        async with self._saying:
            view = await self.night(day)
            if view.newest != seen:
                hint = "Look at it again, then sign it."
                raise WrongState("documents have come to this night since it was shown", hint)
            if view.said.signed_by and not view.unread:
                raise WrongState(f"this night is signed already, by {view.said.signed_by}")
            await self._put(replace(view.said, signed_by=name, signed_at=self._clock.now()), "night-signed")

    async def _put(self, night: Night, event: str) -> None:
        await self._journal.keeping.put_night(night, event)
        for listener in tuple(self.on_change):
            listener(night.date)

    # -- the pack -----------------------------------------------------------------------------------------------------

    def pack(self, day: date, language: str) -> AbstractAsyncContextManager[Path]:
        return self._pack(day, language)

    @asynccontextmanager
    async def _pack(self, day: date, language: str) -> AsyncIterator[Path]:
        view = await self.night(day)
        cover = night_cover(view, self._config().station.name, self._clock.now(), language, self.records.wall)
        leaves = [(leaf_of(one, language, self.records.wall), one) for one in view.documents]
        async with self._packer.bind(cover, leaves) as path:
            yield path

    def bound(self, numbers: Sequence[int], heading: str, language: str) -> AbstractAsyncContextManager[Path]:
        return self._bound(numbers, heading, language)

    @asynccontextmanager
    async def _bound(self, numbers: Sequence[int], heading: str, language: str) -> AsyncIterator[Path]:
        found: list[Kept] = []
        for number in dict.fromkeys(numbers):
            kept = await self._journal.keeping.kept(number)
            if kept is None:
                raise UnknownName(f"there is no document {number} in the archive")
            found.append(kept)
        house, wall = self._config().station.name, self.records.wall
        cover = selection_cover(found, heading, house, self._clock.now(), language, wall)
        leaves = [(leaf_of(one, language, wall, dated=True), one) for one in found]
        async with self._packer.bind(cover, leaves) as path:
            yield path

    async def send(self, day: date, by: str, language: str, key: str = "") -> Job:
        if not self.send_to:
            raise WrongState("no destination is set that gets the nights", "Choose one in the settings.")
        job = await self.print(day, self.send_to, by, language, key)
        await self.sent(day)
        return job

    async def print(self, day: date, destination: str, by: str, language: str, key: str = "") -> Job:
        async with self._ordering:
            known = await self._journal.job_by_key(SOURCE, key) if key else None
            return known or await self._order(day, destination, by, language, key)

    async def _order(self, day: date, destination: str, by: str, language: str, key: str) -> Job:
        name = f"{self._config().station.name}-{day}.pdf"
        async with self.pack(day, language) as path:
            size = path.stat().st_size
            document = await self._journal.keep(_pieces(path), "application/pdf", name, largest=size)
        title = title_of(self._config().station.name, day, language)
        order = Submission(document, Origin(SOURCE, by), destination, key=key, title=title, format="pdf")
        return (await self._submit(order)).job

    async def sent(self, day: date) -> None:
        """Write that the pack of this night has gone out now."""
        async with self._saying:
            said = await self._journal.keeping.night(day.isoformat())
            await self._put(replace(said, sent_at=self._clock.now()), "night-sent")


def key_of(day: date) -> str:
    """Of the job by which a night's pack goes out by itself."""
    return f"night:{day.isoformat()}"


def _since(documents: Sequence[Kept], at: int | None) -> frozenset[int]:
    """Those that came after an instant; none where there is none."""
    return frozenset(one.id for one in documents if at is not None and one.received_at > at)


def _state(found: Audit, printed: bool) -> NightState:
    if not found.over:
        return "running"
    if found.reports:
        return "complete" if found.complete else "incomplete"
    return "unexpected" if printed else "empty"


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as content:
        while piece := content.read(PIECE):
            yield piece
