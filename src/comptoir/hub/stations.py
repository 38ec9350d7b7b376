"""The stations of a hub: who is connected, what is offered to whom, and what their reports mean.

The shell around `core.spool` on the hub's side, one lane a station. Jobs for an absent station wait in its lane; on its
return both sides settle: what the hub believes to be there is asked for, what waits is offered again, what the station
has not been able to report is reported. Nothing is ever printed from here.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace

from comptoir import __version__
from comptoir.core.errors import JournalError
from comptoir.core.job import CANCELED_BY_USER, FINAL, OTHER_ERROR, OUTCOME_UNKNOWN, Change, Job
from comptoir.core.ports import Clock, Journal
from comptoir.core.record import JobQuery
from comptoir.core.spool import (
    Arrived,
    CancelAsked,
    Closed,
    Deliver,
    Event,
    Failed,
    Forgot,
    Forwarded,
    Lane,
    Opened,
    Record,
    Tick,
    decide,
)
from comptoir.sinks.relay import Link
from comptoir.wire import relay

log = logging.getLogger("comptoir.stations")

#: jobs offered to one station and not yet acknowledged by it
WINDOW = 128
SETTLE_AT_ONCE = 500
RETRY = 1.0  # seconds between attempts to write what was decided here
OFTEN = 60.0  # seconds: clocks are set, and computers sleep, so what expires is looked at this often at least


class Stations:
    """Lanes and links by the name of the station."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self.lanes: dict[str, Lane] = {}
        self.links: dict[str, Link] = {}
        #: stations that may not connect any more; they are here as long as jobs of theirs are
        self.revoked_names = set[str]()
        #: by station, the jobs that it answers for, by the hub's number
        self._there: dict[str, dict[int, str]] = {}
        #: cancellations that a station has still to answer: who asked, by the hub's number
        self._asked: dict[int, str] = {}
        #: by station, the journal that it had when it was here last
        self.journals: dict[str, str] = {}
        self._tasks = set[asyncio.Task[object]]()
        self._timer: asyncio.TimerHandle | None = None
        #: called when a station comes, goes, or tells of its printers
        self.on_change: list[Callable[[], None]] = []
        self._sweep()

    async def start(self, names: Sequence[str]) -> None:
        """Take up the jobs that are in no final state."""
        for name in names:
            self.add(name)
        below: int | None = None
        found: list[Job] = []
        while jobs := await self._journal.jobs(JobQuery(open_only=True, below=below, limit=1000)):
            found += jobs
            below = jobs[-1].id
        for job in reversed(found):
            lane = self._lane(job.destination)
            if job.destination not in names:
                self.revoked_names.add(job.destination)
            if job.state == "pending":
                # Whether it was offered before the hub stopped is not known: the station will tell.
                self._handle(lane, Arrived(job, offered=True))
            else:
                self._there[job.destination][job.id] = job.uid

    def add(self, name: str) -> None:
        """A station that may connect."""
        self.revoked_names.discard(name)
        self._lane(name)

    def _lane(self, name: str) -> Lane:
        if name not in self.lanes:
            self.lanes[name] = Lane(name, width=WINDOW, open=False)
            self._there[name] = {}
        return self.lanes[name]

    def submit(self, job: Job) -> None:
        """A job that is on disk."""
        lane = self.lanes.get(job.destination)
        if lane is None:  # revoked while the job was being written
            self.revoked_names.add(job.destination)
            lane = self._lane(job.destination)
        self._handle(lane, Arrived(job))
        if job.id in lane.waiting and job.document.content is not None:
            # A thousand stations may be away for a week: what waits is read again when it is wanted.
            lane.waiting[job.id] = replace(job, document=replace(job.document, content=None))

    async def cancel(self, job: Job, by: str) -> bool:
        """Cancel what still waits here; ask the station about what it has. False: neither was possible."""
        lane = self.lanes.get(job.destination)
        if lane is not None and job.id in lane.waiting and job.id not in lane.offered:
            await self._carry_out(lane, decide(lane, CancelAsked(job.id, by), self._clock.now()))
            return True
        link = self.links.get(job.destination)
        if link is None:
            return False
        # It may be said before the offer has left, or get lost with the link: it holds until it is answered.
        self._asked[job.id] = by
        link.say(relay.Cancel(relay.ref_of(job), by))
        return True

    def ended(self, job: Job, by: str) -> None:
        """A person has ended a job that the station answered for: it is told, now or when it reports the job."""
        self._there.get(job.destination, {}).pop(job.id, None)
        self._asked.pop(job.id, None)
        link = self.links.get(job.destination)
        if link is not None:
            link.say(_ended(job, by))

    # -- connections --------------------------------------------------------------------------------------------------

    async def connected(self, link: Link, hello: relay.Hello) -> bool:
        """A station has said hello; False: it is refused, and told why."""
        name = link.station
        if hello.protocol != relay.PROTOCOL:
            older = "hub" if hello.protocol > relay.PROTOCOL else "station"
            message = (
                f"the hub ({__version__}) speaks relay protocol {relay.PROTOCOL}, "
                f"the station ({hello.version}) {hello.protocol}; update the {older}"
            )
            log.warning("station %s refused: %s", name, message)
            link.say(relay.Refused("protocol", message))
            return False
        before = self.links.get(name)
        if not self._is_the_same(name, hello, before):
            log.warning("station %s refused: another one of this name is connected", name)
            link.say(relay.Refused("duplicate", _DUPLICATE))
            return False
        self.add(name)
        if before is not None:
            # A link that died without a word; the station is the one that dials, so the new one is the live one.
            self.gone(before)
            self._spawn(before.hang_up(4000, "replaced by a newer connection of this station"))
        self.links[name] = link
        link.say(relay.Welcome(relay.PROTOCOL, __version__, name, self._clock.now()))
        there = [f"{number}.{uid}" for number, uid in self._there[name].items()]
        for start in range(0, len(there), SETTLE_AT_ONCE):
            link.say(relay.Settle(there[start : start + SETTLE_AT_ONCE]))
        for number, uid in self._there[name].items():
            if number in self._asked:
                link.say(relay.Cancel(f"{number}.{uid}", self._asked[number]))
        log.info("station %s connected, %d jobs there, %d waiting", name, len(there), len(self.lanes[name].waiting))
        self._handle(self.lanes[name], Opened())
        self._changed()
        return True

    def _is_the_same(self, name: str, hello: relay.Hello, before: Link | None) -> bool:
        """Whether this station is the one that it says; False: that one is here. One that has lost its memory is."""
        known = self.journals.get(name, hello.journal)
        if known != hello.journal:
            if before is not None and before.heard_at > self._loop.time() - 3 * relay.HEARTBEAT:
                return False
            log.warning("station %s has another journal than before: what it was offered may have come out", name)
            self._lane(name)
            if before is not None:
                self.gone(before)
            self._handle(self.lanes[name], Forgot(_LOST))
        self.journals[name] = hello.journal
        return True

    def _changed(self) -> None:
        for listener in self.on_change:
            listener()

    def gone(self, link: Link) -> None:
        """The connection has ended."""
        if self.links.get(link.station) is link:
            del self.links[link.station]
            self._handle(self.lanes[link.station], Closed())
            log.info("station %s disconnected", link.station)
            self._changed()

    def revoked(self, name: str) -> None:
        """The station's token is worth nothing any more. What waits for it waits on, until it is cancelled or the
        station is paired again."""
        link = self.links.get(name)
        if link is not None:
            self.gone(link)
            self._spawn(link.hang_up(4003, "this station's token was revoked"))
        if name in self.lanes and self.lanes[name].drained() and not self._there[name]:
            del self.lanes[name], self._there[name]
        elif name in self.lanes:
            self.revoked_names.add(name)
        self._changed()

    def _sweep(self) -> None:
        """Hang up on stations that have been silent for three heartbeats; one timer for all of them."""
        silent = self._loop.time() - 3 * relay.HEARTBEAT
        for link in [link for link in self.links.values() if link.heard_at < silent]:
            self.gone(link)
            self._spawn(link.hang_up(4002, "nothing was heard from the station"))
        self._sweeper = self._loop.call_later(relay.HEARTBEAT, self._sweep)

    async def stop(self) -> None:
        self._sweeper.cancel()
        if self._timer is not None:
            self._timer.cancel()
        links = list(self.links.values())
        self.links.clear()
        await asyncio.gather(*(link.hang_up(1001, "the hub stops") for link in links))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # -- what stations say --------------------------------------------------------------------------------------------

    def heard(self, link: Link, messages: Sequence[relay.FromStation]) -> None:
        """The messages of one frame. Reports are written in one commit and confirmed after it."""
        if self.links.get(link.station) is not link:
            return  # replaced or revoked: what matters is said again on the connection that lives
        link.heard_at = self._loop.time()
        reports: list[relay.Report] = []
        for message in messages:
            match message:
                case relay.Report():
                    reports.append(message)
                case relay.Accepted(refs):
                    self._accepted(link, refs)
                case relay.Lost(refs):
                    reports += [self._lost(link, ref) for ref in refs]
                case relay.Printers(printers):
                    link.printers = printers
                    self._changed()
                case relay.Ping():
                    link.say(relay.Pong())
                case relay.Hello():
                    log.warning("station %s said hello twice", link.station)
        if reports:
            self._spawn(self._reported(link, reports))

    def _accepted(self, link: Link, refs: Sequence[str]) -> None:
        lane = self.lanes[link.station]
        for ref in refs:
            number = relay.number_of(ref)
            if number is not None and number in lane.active:
                self._there[link.station][number] = lane.active[number].job.uid
                self._handle(lane, Forwarded(number))

    def _lost(self, link: Link, ref: str) -> relay.Report:
        """A job that the station has not: never taken, so that its cancellation holds, or forgotten."""
        if relay.number_of(ref) in self.lanes[link.station].active:
            return relay.Report(ref, "canceled", CANCELED_BY_USER)
        return relay.Report(ref, "pending-held", OUTCOME_UNKNOWN, _LOST)

    async def _reported(self, link: Link, reports: Sequence[relay.Report]) -> None:
        if link.station not in self.lanes:
            return
        pairs = [(report, self._change(link, report)) for report in reports]
        changes = [change for _, change in pairs if change is not None]
        try:
            await self._journal.record(changes)
        except JournalError as error:
            # It repeats what was not confirmed on its next connection.
            log.error("%s", error.sentences)
            self.gone(link)
            await link.hang_up(relay.TRY_LATER, "the hub cannot write")
            return
        there = self._there.get(link.station, {})
        for change in changes:
            if change.state in FINAL:
                there.pop(change.job_id, None)
                self._asked.pop(change.job_id, None)
        final = [
            report.ref
            for report, change in pairs
            if report.state in FINAL and (change is not None or not self._is_elsewhere(link, report.ref))
        ]
        if final:
            link.say(relay.Recorded(final))
        for report in reports:
            if report.reason == OUTCOME_UNKNOWN and report.state not in FINAL:
                await self._tell_ended(link, report.ref)

    def _is_elsewhere(self, link: Link, ref: str) -> bool:
        """Whether the job was given to this station under another name: then only that name may tell of it."""
        number = relay.number_of(ref)
        others = (there for name, there in self._there.items() if name != link.station)
        return number is not None and any(f"{number}.{there.get(number)}" == ref for there in others)

    async def _tell_ended(self, link: Link, ref: str) -> None:
        """A station holds a job: if a person has decided about it here, it learns that."""
        number = relay.number_of(ref)
        job = None if number is None else await self._journal.job(number)
        if job is not None and job.final and relay.ref_of(job) == ref and job.destination == link.station:
            last = (await self._journal.events(job.id))[-1]
            link.say(_ended(job, json.loads(last.body)["by"]))

    def _change(self, link: Link, report: relay.Report) -> Change | None:
        """What a report means to the hub's job; None: nothing, or it is none of this station's jobs."""
        number = relay.number_of(report.ref)
        if number is None:
            return None
        lane, there = self.lanes[link.station], self._there[link.station]
        active = lane.active.get(number)
        if active is not None and relay.ref_of(active.job) == report.ref:
            # The report says more than an acknowledgement, and makes it superfluous.
            there[number] = active.job.uid
            self._wake(lane, decide(lane, Forwarded(number), self._clock.now()), skip=number)
        elif report.ref != f"{number}.{there.get(number)}":
            return None
        state = report.state
        if state == "pending":
            state = "processing-stopped" if report.reason else "processing"
        return Change(number, state, report.reason, report.message, report.evidence, report.by or link.station)

    # -- the loop around the lane -------------------------------------------------------------------------------------

    def _handle(self, lane: Lane, event: Event) -> None:
        self._wake(lane, decide(lane, event, self._clock.now()))

    def _wake(self, lane: Lane, commands: list[Deliver | Record], skip: int | None = None) -> None:
        """Carry out commands; `skip`: a job whose acknowledgement need not be recorded."""
        changes = []
        for command in commands:
            if isinstance(command, Deliver):
                self._offer(lane.name, command.job)
            elif command.change.job_id != skip:
                changes.append(command.change)
        if changes:
            self._spawn(self._record(changes))
        if lane.expiries:
            self._wake_later(lane)

    async def _carry_out(self, lane: Lane, commands: list[Deliver | Record]) -> None:
        await self._record([command.change for command in commands if isinstance(command, Record)])
        self._wake(lane, [command for command in commands if isinstance(command, Deliver)])

    def _offer(self, station: str, job: Job) -> None:
        link = self.links[station]
        document = job.document
        if document.content is not None or document.size > relay.INLINE:
            self._put(link, job, document.content if document.size <= relay.INLINE else None)
        else:
            self._spawn(self._offer_from_disk(link, job))

    async def _offer_from_disk(self, link: Link, job: Job) -> None:
        try:
            self._put(link, job, await self._journal.content(job.document))
        except JournalError as error:
            log.error("job %d cannot be offered: %s", job.id, error.sentences)
            self._handle(self.lanes[link.station], Failed(job.id, "refused", OTHER_ERROR, error.message))

    def _put(self, link: Link, job: Job, content: bytes | None) -> None:
        """Offer the job, unless somebody has cancelled it, or the link has gone, in the meantime."""
        if self.links.get(link.station) is not link or job.id not in self.lanes[link.station].active:
            return
        by = self._asked.get(job.id)
        if by is None:
            link.offer(job, content, self._clock)
        else:
            link.say(relay.Cancel(relay.ref_of(job), by))

    def _wake_later(self, lane: Lane) -> None:
        """One timer for all lanes: at the earliest moment at which something expires."""
        at = lane.next_wake()
        if at is None:
            return
        when = self._loop.time() + min(OFTEN, max(0, at - self._clock.now()) / 1000)
        if self._timer is None or self._timer.cancelled() or when < self._timer.when():
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._loop.call_at(when, self._tick)

    def _tick(self) -> None:
        self._timer = None
        now = self._clock.now()
        for lane in self.lanes.values():
            if (at := lane.next_wake()) is not None:
                if at <= now:
                    self._handle(lane, Tick())
                else:
                    self._wake_later(lane)

    async def _record(self, changes: list[Change]) -> None:
        while True:
            try:
                await self._journal.record(changes)
            except JournalError as error:
                log.error("%s", error.sentences)
                # What the station has it will tell again; what was decided here nobody else knows.
                changes = [change for change in changes if change.state != "processing"]
                await asyncio.sleep(RETRY)
            else:
                return

    def _spawn(self, work: Coroutine[object, object, object]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _ended(job: Job, by: str) -> relay.Ended:
    return relay.Ended(relay.ref_of(job), job.state, job.reason, job.message, job.evidence, by)


_DUPLICATE = "another station of this name is connected; pair this one under a name of its own"
_LOST = "The station has lost its memory of this job; it may have come out."
