"""The loop around `core.spool`: it hands events to `decide` and carries out the commands. It decides nothing itself.

One lane a printer; lanes share nothing, so that a dead printer delays nobody. What is recorded is recorded in the order
in which it happened; a journal that cannot be written stops the lane, not the truth.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from comptoir.core.errors import DeliveryError, JournalError, NotSent, Refused, Withdrawn
from comptoir.core.job import OTHER_ERROR, Change, Job
from comptoir.core.ports import Clock, Journal, Sink
from comptoir.core.record import JobQuery
from comptoir.core.spool import (
    Arrived,
    CancelAsked,
    Deliver,
    Delivered,
    Event,
    Failed,
    Lane,
    Opened,
    Record,
    Resumed,
    Starting,
    Stopped,
    Tick,
    decide,
    recover,
)

log = logging.getLogger("comptoir.spooler")

JOURNAL_RETRY = 1.0  # seconds between attempts to write what has happened
JOURNAL_PATIENCE = 2.0  # seconds that a printer is kept open for a journal that cannot be written
OFTEN = 60.0  # seconds: clocks are set, so what waits for a moment is looked at this often at least


class Spooler:
    """Works off the jobs of several destinations. Use as `async with`; leaving it stops what has not begun."""

    def __init__(self, journal: Journal, sinks: Mapping[str, Sink], clock: Clock) -> None:
        self._journal = journal
        self._sinks = sinks
        self._clock = clock
        self.lanes = {name: Lane(name) for name in sinks}
        #: what happens in a lane is written in the order in which it happened, also when the disk refuses for a while
        self._writing = {name: asyncio.Lock() for name in sinks}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks = set[asyncio.Task[None]]()
        #: deliveries that have not sent anything
        self._unsent = set[asyncio.Task[None]]()
        self._finishing = False
        #: called when the trouble of a destination begins, changes or ends
        self.on_trouble: list[Callable[[], None]] = []

    async def start(self) -> frozenset[str]:
        """Go on where the last run ended: what was being sent is held, what waited waits on.

        The destinations whose last job was cut short by the end of the last run.
        """
        below: int | None = None
        found: list[Job] = []
        while jobs := await self._journal.jobs(JobQuery(open_only=True, below=below, limit=1000)):
            found += jobs
            below = jobs[-1].id
        held = [change for job in found if (change := recover(job))]
        if held:
            log.warning("%d jobs were being printed when the service stopped; they are held", len(held))
            await self._journal.record(held)
        for job in reversed(found):
            if job.state == "pending":
                self.submit(job)
        return frozenset(job.destination for job in found if recover(job))

    def submit(self, job: Job) -> None:
        """A job that is on disk."""
        lane = self.lanes.get(job.destination)
        if lane is not None:
            self._handle(job.destination, Arrived(job))
            if job.id in lane.waiting and job.document.content is not None:
                # A printer may be off for a day: what waits is read again when it is wanted.
                lane.waiting[job.id] = replace(job, document=replace(job.document, content=None))
        else:
            message = f"No printer is called “{job.destination}” any more."
            self._spawn(self._record([Change(job.id, "aborted", "unknown-printer", message)]))

    async def cancel(self, job: Job, by: str) -> bool:
        """Whether the job was still waiting, and will not begin."""
        lane = self.lanes.get(job.destination)
        if lane is None:
            return False
        commands = self._decide(lane, CancelAsked(job.id, by))
        canceled = any(isinstance(c, Record) and c.change.state == "canceled" for c in commands)
        await self._carry_out(lane, commands)
        return canceled

    def retry_now(self, destination: str) -> None:
        """A person says that the destination is ready again."""
        if destination in self.lanes:
            self._handle(destination, Opened())

    async def finish(self) -> None:
        """Begin nothing more, and return when the outcome of all that has begun is on disk. What is new stays queued.

        For who stops this spooler next: it does not begin again.
        """
        self._finishing = True
        while busy := self._tasks - self._unsent:
            await asyncio.wait(busy, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self) -> None:
        """End within moments. What has not begun stays queued; what has begun is held when the service starts again."""
        for timer in self._timers.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # -- the loop -----------------------------------------------------------------------------------------------------

    def _handle(self, name: str, event: Event) -> None:
        lane = self.lanes[name]
        commands = self._decide(lane, event)
        if commands:
            self._spawn(self._carry_out(lane, commands))
        self._wake_later(lane)

    def _decide(self, lane: Lane, event: Event) -> list[Deliver | Record]:
        """What to do, and tell where the trouble of the destination begins, changes or ends."""
        trouble = lane.trouble
        commands = decide(lane, event, self._clock.now())
        if lane.trouble != trouble:
            if lane.trouble is not None:
                log.warning("printer %s: %s: %s", lane.name, *lane.trouble)
            for listener in self.on_trouble:
                listener()
        return commands

    async def _carry_out(self, lane: Lane, commands: list[Deliver | Record]) -> None:
        changes = [command.change for command in commands if isinstance(command, Record)]
        if changes:
            async with self._writing[lane.name]:
                await self._record(changes)
        for command in commands:
            if isinstance(command, Deliver) and not self._finishing:
                delivery = self._spawn(self._deliver(lane, command.job))
                self._unsent.add(delivery)
                delivery.add_done_callback(self._unsent.discard)

    def _wake_later(self, lane: Lane) -> None:
        if timer := self._timers.pop(lane.name, None):
            timer.cancel()
        at = lane.next_wake()
        if at is not None:
            delay = min(OFTEN, max(0, at - self._clock.now()) / 1000)
            loop = asyncio.get_running_loop()
            self._timers[lane.name] = loop.call_later(delay, self._handle, lane.name, Tick())

    async def _deliver(self, lane: Lane, job: Job) -> None:
        progress = _Progress(self, lane, job, asyncio.current_task())
        try:
            evidence = await self._sinks[lane.name].deliver(job, job.document, progress)
            event: Event = Delivered(job.id, evidence)
        except DeliveryError as error:
            event = _failed(job, error)
        except JournalError as error:
            event = Failed(job.id, "not-sent", OTHER_ERROR, error.message)
        except Exception as error:
            log.exception("job %d: an error of ours while it was delivered to %s", job.id, lane.name)
            event = Failed(job.id, "unknown" if progress.began else "refused", OTHER_ERROR, f"internal error: {error}")
        self._handle(lane.name, event)

    async def begin(self, lane: Lane, job: Job, delivery: asyncio.Task[None] | None) -> None:
        """The first byte may leave when this returns. Raises NotSent, Withdrawn, JournalError."""
        if self._finishing:
            raise Withdrawn("it begins when the service has started anew")
        if delivery is not None:
            self._unsent.discard(delivery)
        async with self._written(lane):
            await self._begin(lane, job)

    def tell(self, lane: Lane, news: Stopped | Resumed) -> None:
        """What happens to a job while it is delivered."""
        self._handle(lane.name, news)

    @asynccontextmanager
    async def _written(self, lane: Lane) -> AsyncIterator[None]:
        """All that happened before in this lane is on disk. Raises NotSent where that takes too long."""
        writing = self._writing[lane.name]
        try:
            async with asyncio.timeout(JOURNAL_PATIENCE):
                await writing.acquire()
        except TimeoutError:
            raise NotSent("the journal cannot be written", "Make room on the disk.", OTHER_ERROR) from None
        try:
            yield
        finally:
            writing.release()

    async def _begin(self, lane: Lane, job: Job) -> None:
        commands = self._decide(lane, Starting(job.id))
        if job.id not in lane.active:
            self._spawn(self._carry_out(lane, commands))  # it has expired, and the next one begins
            raise Withdrawn("the job was withdrawn before it began")
        mine = [c for c in commands if isinstance(c, Record) and c.change.job_id == job.id]
        self._spawn(self._carry_out(lane, [c for c in commands if c not in mine]))
        if not all(await self._journal.record([c.change for c in mine])):
            raise Withdrawn("the job was withdrawn before it began")

    async def _record(self, changes: list[Change]) -> None:
        """Write what has happened; where the disk refuses, try until it does not."""
        while True:
            try:
                await self._journal.record(changes)
            except JournalError as error:
                log.error("%s", error.sentences)
                await asyncio.sleep(JOURNAL_RETRY)
            else:
                return

    def _spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


class _Progress:
    """`core.ports.Progress` of one job in one lane."""

    def __init__(self, spooler: Spooler, lane: Lane, job: Job, delivery: asyncio.Task[None] | None) -> None:
        self._spooler = spooler
        self._lane = lane
        self._job = job
        self._delivery = delivery
        self.began = False

    async def started(self) -> None:
        await self._spooler.begin(self._lane, self._job, self._delivery)
        self.began = True

    def stopped(self, reason: str, message: str) -> None:
        self._spooler.tell(self._lane, Stopped(self._job.id, reason, message))

    def resumed(self) -> None:
        self._spooler.tell(self._lane, Resumed(self._job.id))


def _failed(job: Job, error: DeliveryError) -> Failed:
    match error:
        case NotSent():
            return Failed(job.id, "not-sent", error.reason, error.sentences)
        case Refused():
            return Failed(job.id, "refused", error.reason, error.sentences)
        case Withdrawn():
            return Failed(job.id, "withdrawn", error.reason, error.sentences)
        case _:
            return Failed(job.id, "unknown", error.reason, error.sentences)
