"""Delivers a job into the queue of another system, the spooler of Windows, and follows it until it has left.

Nothing is handed over to a queue whose printer is stopped. What waits there for a person is told, expires and is
cancelled there; that nothing has come out is said only of a job that is gone from the queue and was never begun. After
a crash the job is looked for there by its title. What the queue says is not what the printer says: the evidence is
`sent`, with the queue's words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container, Coroutine
from typing import Final

from comptoir.core.document import Document
from comptoir.core.errors import NotSent, OutcomeUnknown, Refused
from comptoir.core.job import CANCELED_BY_USER, EXPIRED, OTHER_ERROR, Evidence, Job
from comptoir.core.ports import (
    Clock,
    Connection,
    Journal,
    Progress,
    QueueConnection,
    QueueDevice,
    QueuedJob,
)
from comptoir.core.queued import Queued
from comptoir.sinks.channel import Session, cause, not_sent
from comptoir.sinks.facts import Facts
from comptoir.sinks.printer import Printer, PrinterSink
from comptoir.sinks.sheets import SheetPrinter, SheetSink

#: seconds between looks at a job, where nothing is told of it: soon at first, because most are short
LOOKS: Final = (0.0, 0.05, 0.1, 0.2, 0.5, 1.0)
#: seconds in which the queue says how a job is
ANSWER: Final = 30.0
#: seconds for which a queue that has a job may not answer, before nobody knows what became of it
GONE: Final = 120.0
#: seconds that a job may take to leave the queue when it was deleted
DELETION: Final = 1.0
#: letters of a title: longer ones are cut, and the identity stands at their end
NAME: Final = 60

_PART: Final = "a part of it may have come out"

Say = Callable[[tuple[str, str] | None], None]
"""Told what stops the printer: (reason, message); None: nothing any more."""


def title_of(job: Job) -> str:
    """The job's name in the queue: its title, and what tells it from all others."""
    title = job.title or job.document.name or "Comptoir"
    title = " ".join("".join(letter if letter.isprintable() else " " for letter in title).split())[:NAME]
    return f"{title} ({job.uid[:12]})"


class Following:
    """One job in a queue, to its end. `unwanted`: jobs of ours that are to be taken back."""

    def __init__(
        self, queued: QueuedJob, job: Job, clock: Clock, progress: Progress, unwanted: Container[int], say: Say
    ) -> None:
        self._queued = queued
        self._job = job
        self._clock = clock
        self._progress = progress
        self._unwanted = unwanted
        self._say = say
        self._told: tuple[str, str] | None = None
        #: why it was taken out of the queue, if it was: a sentence, and a `job-state-reasons` keyword
        self._taking = ("somebody deleted it from the queue", CANCELED_BY_USER)

    async def to_the_end(self) -> str:
        """The words for the evidence. Raises Refused where it was taken out before it was begun, OutcomeUnknown."""
        looks, since = 0, asyncio.get_running_loop().time()
        try:
            while True:
                pause = LOOKS[min(looks, len(LOOKS) - 1)]
                looks += 1
                try:
                    async with asyncio.timeout(pause + ANSWER):
                        now = await self._queued.look(pause)
                except OSError as error:
                    self._tell(OTHER_ERROR, f"the queue does not answer: {cause(error)}")
                    if asyncio.get_running_loop().time() - since > GONE:
                        raise OutcomeUnknown(f"the queue has the job and does not answer: {cause(error)}") from None
                    await asyncio.sleep(pause)
                    continue
                since = asyncio.get_running_loop().time()
                if now.phase in ("waits", "prints"):
                    self._tell(now.reason, now.message)
                    await self._end_early(now)
                else:
                    return self._ended(now)
        finally:
            self._say(None)

    def _ended(self, now: Queued) -> str:
        number = self._queued.number
        match now.phase:
            case "printed":
                return f"the spooler reports it printed, job {number}"
            case "left":
                return f"taken by the spooler, job {number}"
            case "deleted":
                raise Refused(self._taking[0], "", self._taking[1])
            case "cut":
                raise OutcomeUnknown(f"{self._taking[0]}; {_PART}")
            case _:
                raise OutcomeUnknown(f"it is not in the queue any more, and nobody says why (job {number})")

    def _tell(self, reason: str, message: str) -> None:
        told = (reason, message) if reason else None
        if told == self._told:
            return
        self._told = told
        self._say(told)
        if told is None:
            self._progress.resumed()
        else:
            self._progress.stopped(reason, f"{message[:1].upper()}{message[1:]}.")

    async def _end_early(self, now: Queued) -> None:
        """Take back what is too late or unwanted, and does not print. Raises Refused, OutcomeUnknown."""
        if now.phase == "prints" and not now.reason:
            return  # it is nearly out
        expires = self._job.expires_at
        if expires is not None and self._clock.now() >= expires:
            await self._take_back(now, "it was not printed in time, and was taken back from the queue", EXPIRED)
        elif self._job.id in self._unwanted:
            await self._take_back(now, "it was cancelled, and taken back from the queue", CANCELED_BY_USER)

    async def _take_back(self, now: Queued, message: str, reason: str) -> None:
        """Where it stays, it is followed, and tried again: what is being sent stands until the printer lets go."""
        self._taking = (message, reason)
        taken = await self._queued.take_back(DELETION, begun=now.phase == "prints")
        if taken == "nothing":
            raise Refused(message, "", reason)
        if taken == "something":
            raise OutcomeUnknown(f"{message}; {_PART}")


async def begin(connection: Connection, job: Job) -> None:
    """Announce it in the queue. Raises NotSent: then the queue has no job."""
    if isinstance(connection, QueueConnection):
        try:
            await connection.begin(title_of(job))
        except OSError as error:
            raise not_sent(error) from error


async def settle(device: QueueDevice, job: Job) -> None:
    """Nothing is in the queue any more of the job that this service was handing over when it ended, and nothing of it
    came out: it may be handed over again. Raises OutcomeUnknown."""
    try:
        found = await device.find(title_of(job))
        if found is None:
            raise OutcomeUnknown("the service stopped while this was sent, and the queue has no such job any more")
        gone: set[int] = set()
        while found is not None and found.number not in gone:
            await _take_back(found)
            gone.add(found.number)
            found = await device.find(title_of(job))  # one that was only announced may be there, too
    except OSError as error:
        message = f"the service stopped while this was sent, and the queue does not answer: {cause(error)}"
        raise OutcomeUnknown(message) from error


async def _take_back(found: QueuedJob) -> None:
    """Raises OutcomeUnknown, OSError."""
    now = await found.look(0)
    if now.phase == "prints" and not now.reason:
        raise OutcomeUnknown(f"the service stopped while this was sent, and the queue prints it: job {found.number}")
    # Whether all of it was written is not known, so it is not left to print.
    taken = await found.take_back(DELETION, begun=now.phase == "prints")
    if taken == "there":
        raise OutcomeUnknown(
            "the service stopped while this was sent, and it could not be taken back from the queue",
            f"Delete job {found.number} there, in Windows.",
        )
    if taken != "nothing":
        raise OutcomeUnknown("the service stopped while this was printed; it is not in the queue any more")


class QueuedPrinterSink(PrinterSink):
    """`core.ports.Retriever` for a printer of receipts behind a queue."""

    repeatable = True

    def __init__(self, device: QueueDevice, printer: Printer, journal: Journal, clock: Clock, facts: Facts) -> None:
        super().__init__(printer, journal, clock, facts)
        self._queue = device
        self.unwanted: set[int] = set()
        #: jobs of which it is known that earlier attempts have left nothing
        self._nothing: set[str] = set()

    async def deliver(self, job: Job, document: Document, progress: Progress) -> Evidence:
        return await _again(self._queue, job, self._nothing, super().deliver(job, document, progress))

    async def _begin(self, session: Session, job: Job) -> None:
        await begin(session.connection, job)

    async def _finish(self, session: Session, job: Job, progress: Progress) -> str:
        connection, say = session.connection, self._printer.channel.say
        try:
            return await _handed_over(
                connection, lambda queued: Following(queued, job, self._clock, progress, self.unwanted, say)
            )
        except Refused as error:
            if session.slept:  # it was deleted for that
                raise OutcomeUnknown("this computer slept while it printed") from error
            session.unfinished = False  # the printer has seen nothing of it
            raise


class QueuedSheetSink(SheetSink):
    """`core.ports.Retriever` for an office printer behind a queue, in its page language."""

    repeatable = True

    def __init__(self, device: QueueDevice, printer: SheetPrinter, journal: Journal, clock: Clock) -> None:
        super().__init__(printer, journal)
        self._queue = device
        self._clock = clock
        self.unwanted: set[int] = set()
        self._nothing: set[str] = set()
        #: called with what stops the printer, and with None
        self.on_say: list[Say] = []

    async def deliver(self, job: Job, document: Document, progress: Progress) -> Evidence:
        return await _again(self._queue, job, self._nothing, super().deliver(job, document, progress))

    async def _begin(self, connection: Connection, job: Job) -> None:
        await begin(connection, job)

    async def _finish(self, connection: Connection, job: Job, progress: Progress) -> str:
        return await _handed_over(
            connection, lambda queued: Following(queued, job, self._clock, progress, self.unwanted, self._say)
        )

    def _say(self, trouble: tuple[str, str] | None) -> None:
        for listener in list(self.on_say):
            listener(trouble)


async def _handed_over(connection: Connection, follow: Callable[[QueuedJob], Following]) -> str:
    """The words for the evidence. Raises OSError, Refused, OutcomeUnknown."""
    if not isinstance(connection, QueueConnection):
        return await connection.finish()
    try:
        await connection.finish()
        return await follow(connection.job).to_the_end()
    except asyncio.CancelledError:
        connection.leave()  # the service stops; its next start finds it there
        raise


async def _again(
    device: QueueDevice, job: Job, nothing: set[str], delivery: Coroutine[object, object, Evidence]
) -> Evidence:
    """The delivery, after what an earlier run has left of it is out of the queue."""
    try:
        if job.attempts and job.uid not in nothing:
            await settle(device, job)
            nothing.add(job.uid)
        evidence = await delivery
    except NotSent:
        raise
    except BaseException:
        delivery.close()
        nothing.discard(job.uid)
        raise
    nothing.discard(job.uid)
    return evidence
