"""What of a destination's queue stands on disk only: an archive that is away for days collects more jobs than memory
is worth. It knows which jobs those are by their numbers; the lane gets them back in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from comptoir.core.job import Job
from comptoir.core.ports import Journal
from comptoir.core.record import JobQuery
from comptoir.core.spool import Lane

#: jobs of one destination in memory: enough for hours of work, a few MB
MOST: Final = 2_000


class Backlog:
    """Beside one lane. `count`: about how many jobs wait on disk only."""

    def __init__(self, journal: Journal, lane: Lane, most: int = MOST) -> None:
        self._journal = journal
        self._lane = lane
        self._most = most
        #: every job that is on disk only has this number or a higher one
        self._first: int | None = None
        self._loading = False
        self.count = 0

    @property
    def has_room(self) -> bool:
        """Whether a new job may go into the lane: that is not full, and no older ones stand here before it."""
        return self._first is None and not self._loading and len(self._lane.waiting) < self._most

    def keep(self, job: Job) -> None:
        """This job stays on disk for now."""
        self._first = job.id if self._first is None else min(self._first, job.id)
        self.count += 1

    def has(self, job: Job) -> bool:
        """Whether this waiting job may stand here, and nowhere else."""
        return self._first is not None and job.id >= self._first and not self._in_lane(job.id)

    @property
    def due(self) -> bool:
        """Whether the lane has room for what stands here."""
        return self._first is not None and not self._loading and len(self._lane.waiting) <= self._most // 2

    async def load(self) -> Sequence[Job]:
        """The next jobs for the lane, in order; what comes meanwhile waits behind them. Raises JournalError."""
        if self._first is None:
            return []
        first, self._first, count, self.count, self._loading = self._first, None, self.count, 0, True
        try:
            query = JobQuery(destination=self._lane.name, open_only=True, after=first - 1, limit=self._most)
            found = await self._journal.jobs(query)
        except BaseException:
            self._first, self.count = first, self.count + count
            raise
        finally:
            self._loading = False
        if len(found) == self._most:
            beyond = found[-1].id + 1
            self._first = beyond if self._first is None else min(self._first, beyond)
            self.count += max(0, count - len(found))
        return [job for job in found if job.state == "pending" and not self._in_lane(job.id)]

    def _in_lane(self, job_id: int) -> bool:
        return job_id in self._lane.waiting or job_id in self._lane.active
