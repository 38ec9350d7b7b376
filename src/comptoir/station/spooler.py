"""The loop around `core.spool`: it hands events to `decide` and carries out the commands. It decides nothing itself.

One lane a destination; lanes share nothing, so that a dead printer delays nobody. What is recorded is recorded in the
order in which it happened; a journal that cannot be written stops the lane, not the truth.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from comptoir.core.errors import DeliveryError, JournalError, NotSent, Refused, Withdrawn
from comptoir.core.job import CANCELED_BY_USER, OTHER_ERROR, Change, Job
from comptoir.core.ports import Clock, Journal, Retriever, Sink
from comptoir.core.record import JobQuery
from comptoir.core.retry import PRINTER, Backoff
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
from comptoir.station.backlog import MOST, Backlog

log = logging.getLogger("comptoir.spooler")

JOURNAL_RETRY = 1.0  # seconds between attempts to write what has happened
JOURNAL_PATIENCE = 2.0  # seconds that a printer is kept open for a journal that cannot be written
RETRIEVING = 5.0  # seconds that a printer has to give a job back
OFTEN = 60.0  # seconds: clocks are set, so what waits for a moment is looked at this often at least


class Spooler:
    """Works off the jobs of several destinations. Use as `async with`; leaving it stops what has not begun."""

    def __init__(
        self, journal: Journal, sinks: Mapping[str, Sink], clock: Clock, backoffs: Mapping[str, Backoff] | None = None
    ) -> None:
        """`backoffs`: when those destinations are tried again that are no printers."""
        self._journal = journal
        self._sinks = sinks
        self._clock = clock
        self.lanes = {name: Lane(name, backoff=(backoffs or {}).get(name, PRINTER)) for name in sinks}
        self._backlogs = {name: Backlog(journal, lane) for name, lane in self.lanes.items()}
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
        last = 0
        cut_short = set[str]()
        ready: list[Job] = []
        room: Counter[str] = Counter()
        while jobs := await self._journal.jobs(JobQuery(open_only=True, after=last, limit=1000)):
            last = jobs[-1].id
            changes = [change for job in jobs if (change := recover(job, self._repeats(job.destination)))]
            held = {change.job_id for change in changes if change.state == "pending-held"}
            if held:
                log.warning("%d jobs were being printed when the service stopped; they are held", len(held))
            if changes:
                await self._journal.record(changes)
            cut_short.update(job.destination for job in jobs if job.id in held)
            for job in jobs:
                if job.state == "pending-held" or job.id in held:
                    continue
                room[job.destination] += 1
                if room[job.destination] > MOST and job.destination in self._backlogs:
                    self._backlogs[job.destination].keep(job)
                else:
                    ready.append(replace(job, state="pending"))
        # Nothing begins before the caller knows which printers were cut short.
        for job in ready:
            self._arrive(job)
        return frozenset(cut_short)

    def _repeats(self, destination: str) -> bool:
        sink = self._sinks.get(destination)
        return sink is not None and sink.repeatable

    def may_have_arrived(self, job: Job) -> bool:
        """Whether a job that waits may be at its destination nevertheless: that is to be asked first."""
        return job.attempts > 0 and self._repeats(job.destination)

    def submit(self, job: Job) -> None:
        """A job that is on disk."""
        backlog = self._backlogs.get(job.destination)
        if backlog is not None and not backlog.has_room:
            backlog.keep(job)
        else:
            self._arrive(job)

    def _arrive(self, job: Job) -> None:
        lane = self.lanes.get(job.destination)
        if lane is None:
            message = f"No printer or other destination is called “{job.destination}” any more."
            self._spawn(self._record([Change(job.id, "aborted", "unknown-printer", message)]))
            return
        self._handle(lane.name, Arrived(job))
        if job.id in lane.waiting and job.document.content is not None:
            # A printer may be off for a day: what waits is read again when it is wanted.
            lane.waiting[job.id] = replace(job, document=replace(job.document, content=None))

    def waiting(self, destination: str) -> int:
        """How many jobs wait for this destination or are being delivered."""
        lane = self.lanes[destination]
        return len(lane.waiting) + len(lane.active) + self._backlogs[destination].count

    async def cancel(self, job: Job, by: str) -> bool:
        """Whether the job was still waiting, here or at a printer that has not begun with it, and will not begin."""
        lane = self.lanes.get(job.destination)
        if lane is None:  # it waits for the restart that its destination needs
            return all(await self._journal.record([Change(job.id, "canceled", CANCELED_BY_USER, by=by)]))
        commands = self._decide(lane, CancelAsked(job.id, by))
        if not commands and self._backlogs[lane.name].has(job):
            return all(await self._journal.record([Change(job.id, "canceled", CANCELED_BY_USER, by=by)]))
        canceled = any(isinstance(c, Record) and c.change.state == "canceled" for c in commands)
        await self._carry_out(lane, commands)
        return canceled or await self._retrieved(lane, job)

    async def _retrieved(self, lane: Lane, job: Job) -> bool:
        """Whether a job that is not wanted was given back by a printer that has not begun with it."""
        sink, active = self._sinks[lane.name], lane.active.get(job.id)
        if active is None or not isinstance(sink, Retriever):
            return False
        news = asyncio.Event()
        deaf = self._journal.subscribe(lambda events: news.set())
        sink.unwanted.add(job.id)
        found: Job | None = None
        try:
            async with asyncio.timeout(RETRIEVING):
                while (found := await self._journal.job(job.id)) is not None and not found.settled:
                    await news.wait()
                    news.clear()
        except TimeoutError:
            pass
        finally:
            deaf()
            sink.unwanted.discard(job.id)
            active.unwanted = ""
        return found is not None and found.state == "canceled"

    def withdraw(self, job: Job, by: str) -> Change | None:
        """Take a job that has not begun out of its lane: it will not begin in this run.

        The change is its end, which the caller writes; None: it is too late, or the job is not in the lane.
        """
        lane = self.lanes.get(job.destination)
        if lane is None:
            return None
        commands = self._decide(lane, CancelAsked(job.id, by))
        ends = [c.change for c in commands if isinstance(c, Record) and c.change.job_id == job.id]
        self._spawn(self._carry_out(lane, [c for c in commands if not (isinstance(c, Record) and c.change in ends)]))
        return next((change for change in ends if change.state == "canceled"), None)

    def retry_now(self, destination: str) -> None:
        """A person says that the destination is ready again."""
        if destination in self.lanes:
            self._handle(destination, Opened())

    def woke(self) -> None:
        """This computer has slept: what has expired meanwhile ends now, and what waits is tried at once."""
        for name in self.lanes:
            self._handle(name, Opened())

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
        while self._tasks:  # the end of one may begin another
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
        if self._backlogs[name].due:
            self._spawn(self._load(lane))

    async def _load(self, lane: Lane) -> None:
        """Bring the next jobs of a long queue from the disk."""
        backlog = self._backlogs[lane.name]
        while backlog.due:
            try:
                for job in await backlog.load():
                    self._arrive(job)
            except JournalError as error:
                log.error("%s", error.sentences)
                await asyncio.sleep(JOURNAL_RETRY)

    def _decide(self, lane: Lane, event: Event) -> list[Deliver | Record]:
        """What to do, and tell where the trouble of the destination begins, changes or ends."""
        trouble = lane.trouble
        commands = decide(lane, event, self._clock.now())
        if lane.trouble != trouble:
            if lane.trouble is not None:
                log.warning("%s: %s: %s", lane.name, *lane.trouble)
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
