"""Sends each night's pack to the destination that gets it, at the set hour, once.

In this order, so that an end in between neither forgets a night nor sends it twice: the job is kept under the key
night:DATE, then the night is said to be sent. What finds the job finds it sent. A machine that was off sends what was
due meanwhile when it is back, as far back as a week; the first time only the last night.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from comptoir.core.errors import ComptoirError, FormatError
from comptoir.core.ports import Clock, Journal
from comptoir.station.archive.nights import NightKeeper, key_of

log = logging.getLogger("comptoir.nights")

#: how many days back a night is sent that could not be sent at its hour
BACK: Final = 7
#: seconds: clocks are set and settings change, so it is looked at this often
OFTEN: Final = 60.0
#: seconds after something went wrong
AGAIN: Final = 600.0
_DAY: Final = timedelta(days=1)


class NightSending:
    """Runs until cancelled. `language`: of the first page."""

    def __init__(self, nights: NightKeeper, journal: Journal, clock: Clock, language: Callable[[], str]) -> None:
        self._nights = nights
        self._journal = journal
        self._clock = clock
        self._language = language

    async def run(self) -> None:
        while True:
            try:
                await self.send_due()
            except ComptoirError as error:
                log.error("the pack of a night cannot be sent, in ten minutes again: %s", error.sentences)
                await asyncio.sleep(AGAIN)
            else:
                await asyncio.sleep(OFTEN)

    async def send_due(self) -> list[date]:
        """Send what is due by now; of which dates. Raises ComptoirError; what was sent before that is written.

        A night of which no pack can be made holds up no other: once a later one is sent, it is left to a person.
        """
        sent = []
        for day in await self._due():
            try:
                if await self._send(day):
                    sent.append(day)
            except FormatError as error:
                log.error("no pack can be made of the night of %s: %s", day, error.sentences)
        return sent

    async def _due(self) -> list[date]:
        """The dates whose hour has come and that were not sent, oldest first."""
        if not self._nights.send_to:
            return []
        now, today = self._clock.now(), self._nights.today
        last = next((day for day in (today, today - _DAY, today - 2 * _DAY) if self._nights.due_at(day) <= now), None)
        if last is None:
            return []
        first = last - BACK * _DAY
        known = await self._journal.keeping.nights(first.isoformat(), last.isoformat())
        sent = {
            day for day, at in ((date.fromisoformat(one.date), one.sent_at) for one in known) if self._counts(day, at)
        }
        first = max(sent) + _DAY if sent else last
        return [first + count * _DAY for count in range((last - first).days + 1)]

    def _counts(self, day: date, at: int | None) -> bool:
        """Whether this was the night's pack: a person may send one of a night that goes on."""
        over = self._nights.records.begins(day + _DAY)
        return at is not None and at >= min(over, self._nights.due_at(day))

    async def _send(self, day: date) -> bool:
        """False: there is nothing to be told of that night."""
        view = await self._nights.night(day)
        if view.parcel is None:
            if not view.documents and not view.audit.reports:
                return False
            await self._nights.print(day, self._nights.send_to, "", self._language(), key_of(day))
            log.info("the pack of the night of %s was handed over for %s", day, self._nights.send_to)
        await self._nights.sent(day)
        return True
