"""The loop around CUPS: asks what was printed, fetches it, hands it over, remembers what could not be had.

Each job is taken once, by its UUID. What a queue prints that is captured already (our backend, a printer of ours) is
left alone, and so is what was there before this source was first configured.
"""

from __future__ import annotations

import logging
import time
import zlib
from collections.abc import AsyncIterator, Sequence
from typing import Final

from comptoir.core.document import Document, Origin
from comptoir.core.errors import JournalError
from comptoir.core.kept import Capture, Part, SourceState, Unkept
from comptoir.core.retry import Backoff
from comptoir.sources.arriving import NO_BOUND
from comptoir.sources.cups.client import CupsClient, Denied, NotHad, NotReached
from comptoir.sources.cups.memory import Memory, Missed
from comptoir.sources.cups.prints import Print, captured, print_of, wanted
from comptoir.sources.cups_spool import Unpacking
from comptoir.sources.rounds import Rounds
from comptoir.sources.surroundings import Surroundings

log = logging.getLogger("comptoir.cups")

EVENTS: Final = 2_000  # ms between two questions for news
BACKOFF: Final = Backoff(first=1_000, most=60_000)

NO_ANSWER: Final = "CUPS does not answer at {server}: {why}"
START: Final = "Is it running? On most systems: systemctl start cups"
GONE, DENIED, BROKEN = "gone", "denied", "broken"
#: why a print could not be had, and what can be done about it
WHY: Final = {
    GONE: "CUPS has thrown its document away already",
    DENIED: "CUPS does not give its document to the user of this service",
    BROKEN: "its document cannot be unpacked",
}
HINT: Final = {
    GONE: "Set PreserveJobFiles Yes in cupsd.conf, or capture the queue itself: comptoir capture install",
    DENIED: "Add this user to the group of CUPS' administrators, on Debian: adduser USER lpadmin. Then start it anew.",
    BROKEN: "Capture the queue itself: comptoir capture install",
}


class CupsSource(Rounds):
    """One server's queues."""

    def __init__(
        self,
        name: str,
        queues: tuple[str, ...],
        scan: int,
        client: CupsClient,
        surroundings: Surroundings,
        events: int = EVENTS,
    ) -> None:
        """`scan`, `events`: ms between two looks through all jobs, and between two questions for news."""
        super().__init__(SourceState(name, "cups", (client.server,)), surroundings.clock, BACKOFF)
        self._queues = queues
        self._scan = scan
        self._pause = events
        self._client = client
        self._around = surroundings
        self._memory: Memory | None = None
        self._subscription: int | None = None
        self._newest = 0
        self._scanned = 0.0
        #: a print was thrown away before it could be had: the next ones are fetched while they are being printed
        self._hasty = False

    async def close(self) -> None:
        """No more questions."""
        await self._client.close()

    def rescan(self) -> None:
        """Look through all jobs now."""
        self._scanned = 0.0
        self._wake.set()

    async def work(self) -> int:
        """Look whether there is news, and take it; for how long there is nothing to do then, in ms."""
        self._wake.clear()
        try:
            if await self._news():
                # What happens from here on is news again.
                self._scanned = time.monotonic()
                await self._sweep()
        except (NotReached, Denied, NotHad) as error:
            return self._down(NO_ANSWER.format(server=self._client.server, why=error), START)
        except JournalError as error:
            return self._down(error.message, error.hint)
        except OSError as error:
            return self._down(str(error), "Check the disk and its rights.")
        self._well()
        return self._scan if self._subscription is None else min(self._pause, self._scan)

    async def _news(self) -> bool:
        """Whether it is time to look through all jobs."""
        due = not self._scanned or time.monotonic() - self._scanned >= self._scan / 1000
        if self._subscription is not None:
            try:
                newest = await self._client.notifications(self._subscription, self._newest)
            except NotHad:
                self._subscription = None
            else:
                due, self._newest = due or newest > self._newest, newest
        if self._subscription is None:
            self._subscription, self._newest = await self._client.subscribe(), 0
            due = due or self._subscription is not None
        return due

    # -- all jobs -----------------------------------------------------------------------------------------------------

    async def _sweep(self) -> None:
        """Take every print that is new. Raises NotReached, Denied, NotHad, JournalError, OSError."""
        memory = self._remembered()
        known = await self._client.printers()
        ours = {name for name, (device, model) in known.items() if captured(device, model)}
        groups = [*await self._client.jobs("not-completed"), *await self._client.jobs("completed")]
        prints = {one.uid: one for group in groups if (one := print_of(group)) is not None}
        if not memory.begun:
            memory.begin([one.uid for one in prints.values() if one.done])
        # Whoever captures such a queue today may do so no more tomorrow; its prints of today are kept.
        memory.have([one.uid for one in prints.values() if one.queue in ours])
        for one in sorted(prints.values(), key=lambda one: one.job):
            if wanted(one.queue, self._queues) and self._is_new(one, memory):
                await self._take(one, memory)
        memory.forget(set(prints), self._around.clock.now())
        self._told(unkept=tuple(self._unkept(one) for one in memory.missed))

    def _remembered(self) -> Memory:
        if self._memory is None:
            self._memory = Memory(self._around.own(self.name) / "known.json")
        return self._memory

    def _is_new(self, one: Print, memory: Memory) -> bool:
        if one.uid in memory:
            return False
        if any(missed.uid == one.uid and missed.why != DENIED for missed in memory.missed):
            return False
        return one.done or self._hasty

    async def _take(self, one: Print, memory: Memory) -> None:
        """One print; what cannot be had is remembered as such. Raises JournalError, NotReached, OSError."""
        self._told(busy=1)
        if await self._around.journal.keeping.kept_by_uid(self.name, one.uid) is not None:
            return memory.has(one.uid)
        if not one.there:
            self._hasty = True
            return self._missed(one, memory, GONE)
        try:
            parts = [Part(await self._fetch(one, number + 1)) for number in range(one.documents)]
        except Denied:
            return self._missed(one, memory, DENIED)
        except NotHad:
            self._hasty = True
            return self._missed(one, memory, GONE)
        except zlib.error:
            return self._missed(one, memory, BROKEN)
        try:
            await self._around.take(self._capture(one, parts))
        except BaseException:
            for part in parts:
                self._around.journal.give_up(part.document)
            raise
        memory.has(one.uid)
        log.info("%s: job %d on %s is kept", self.name, one.job, one.queue)
        self._took()
        return None

    async def _fetch(self, one: Print, number: int) -> Document:
        async with self._client.document(one.job, number) as (name, chunks):
            return await self._around.journal.keep(_unpacked(chunks), "", name, NO_BOUND)

    def _capture(self, one: Print, parts: Sequence[Part]) -> Capture:
        return Capture(
            origin=Origin(self.name, one.user, one.host),
            uid=one.uid,
            parts=tuple(parts),
            title=one.title,
            printer=one.queue,
            printed_at=one.at,
            copies=one.copies,
            attributes={**one.attributes, "cups-job": str(one.job), "job-uuid": one.uuid},
        )

    # -- what is told -------------------------------------------------------------------------------------------------

    def _missed(self, one: Print, memory: Memory, why: str) -> None:
        missed = Missed(one.uid, one.job, one.queue, one.title, one.user, one.at, why)
        if missed not in memory.missed:
            log.warning("%s: job %d on %s is not kept: %s", self.name, one.job, one.queue, WHY[why])
        memory.misses(missed)

    def _unkept(self, one: Missed) -> Unkept:
        why, hint = WHY.get(one.why, one.why), HINT.get(one.why, "")
        return Unkept(self.name, str(one.job), one.queue, one.title, one.user, one.at, why, hint)

    def _down(self, trouble: str, hint: str) -> int:
        self._scanned = 0.0
        return super()._down(trouble, hint)


async def _unpacked(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """CUPS keeps a document as it was sent; that it was compressed on its way is no part of it. Raises zlib.error."""
    unpacking = None
    first = True
    async for chunk in chunks:
        if first and chunk.startswith(b"\x1f\x8b"):
            unpacking = Unpacking()
        first = False
        if unpacking is None:
            yield chunk
            continue
        for piece in unpacking.pieces(chunk):
            yield piece
