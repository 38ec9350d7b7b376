"""Waits for what a journal tells: no test polls, and none sleeps."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from comptoir.core.job import Job
from comptoir.core.ports import Journal
from comptoir.core.record import Event

PATIENCE = 20.0


class Watch:
    """Hears every event of a journal from the moment it is made."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.events: list[Event] = []
        self._news = asyncio.Event()
        journal.subscribe(self._heard)

    def _heard(self, events: Sequence[Event]) -> None:
        self.events += events
        self._news.set()

    async def until(self, wanted: Callable[[], Any], patience: float = PATIENCE) -> None:
        """Returns when `wanted()` is true, asked again after each event."""
        async with asyncio.timeout(patience):
            while not wanted():
                self._news.clear()
                await self._news.wait()

    def statuses(self, job_id: int) -> list[str]:
        """The words for people that this job has had so far, each once in a row."""
        words = [json.loads(e.body)["status"] for e in self.events if e.job_id == job_id]
        return [word for i, word in enumerate(words) if i == 0 or words[i - 1] != word]

    async def status(self, job_id: int, *status: str, patience: float = PATIENCE) -> Job:
        """The job, as soon as it is there and its status is one of these."""
        async with asyncio.timeout(patience):
            while True:
                self._news.clear()
                job = await self._journal.job(job_id)
                if job is not None and job.status in status:
                    return job
                await self._news.wait()

    async def reason(self, job_id: int, reason: str, patience: float = PATIENCE) -> Job:
        """The job, as soon as it gives this reason."""
        async with asyncio.timeout(patience):
            while True:
                self._news.clear()
                job = await self._journal.job(job_id)
                if job is not None and job.reason == reason:
                    return job
                await self._news.wait()


async def eventually(wanted: Callable[[], Any], patience: float = PATIENCE) -> None:
    """Returns when `wanted()` is true; for what no journal tells. Gives way to the loop between two looks."""
    async with asyncio.timeout(patience):
        while not wanted():
            await asyncio.sleep(0.002)
