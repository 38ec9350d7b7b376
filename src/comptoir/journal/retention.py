"""Forgets finished jobs that are older than the owner wants to keep. What is forgotten is on record; events stay."""

from __future__ import annotations

import asyncio
import logging

from comptoir.core.errors import JournalError
from comptoir.core.ports import Clock, Journal
from comptoir.core.record import JobQuery
from comptoir.core.units import duration

log = logging.getLogger("comptoir.journal")

DAY = 86_400.0  # seconds


async def forget_daily(journal: Journal, clock: Clock, retention: str, *, believed: bool = False) -> None:
    """Once at the start and once a day, until cancelled; at once over where `retention` is empty: for ever.

    `retention`: a duration such as "90 days". A purge that fails is logged, and tried again a day later. A clock
    that is ahead is believed a day at a time: one that is a year ahead and set right within a day forgets nothing.
    `believed`: it is taken for right now, in a service that has been running.
    """
    keep = duration(retention)
    known = None if believed or keep is None else await _last_taken_in(journal)
    while keep is not None:
        now = clock.now()
        sure = now if known is None else min(now, known + int(DAY * 1000))
        known = now
        try:
            if count := await journal.purge(sure - keep, sure):
                log.info("forgot %d finished jobs older than %s", count, retention)
        except JournalError as error:
            log.error("old jobs could not be forgotten, tomorrow again: %s", error.sentences)
        await asyncio.sleep(DAY)


async def _last_taken_in(journal: Journal) -> int | None:
    """When the newest job was taken in (ms): that late it was at least; None: there is none."""
    newest = await journal.jobs(JobQuery(limit=1))
    return newest[0].created_at if newest else None
