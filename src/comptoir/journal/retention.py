"""Forgets finished jobs that are older than the owner wants to keep. What is forgotten is on record; events stay."""

from __future__ import annotations

import asyncio
import logging

from comptoir.core.errors import JournalError
from comptoir.core.ports import Clock, Journal
from comptoir.core.units import duration

log = logging.getLogger("comptoir.journal")

DAY = 86_400.0  # seconds


async def forget_daily(journal: Journal, clock: Clock, retention: str) -> None:
    """Once at the start and once a day, until cancelled; at once over where `retention` is empty: for ever.

    `retention`: a duration such as "90 days". A purge that fails is logged, and tried again a day later.
    """
    keep = duration(retention)
    while keep is not None:
        try:
            if count := await journal.purge(clock.now() - keep):
                log.info("forgot %d finished jobs older than %s", count, retention)
        except JournalError as error:
            log.error("old jobs could not be forgotten, tomorrow again: %s", error.sentences)
        await asyncio.sleep(DAY)
