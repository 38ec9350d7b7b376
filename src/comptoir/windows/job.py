"""A job of ours in a queue of Windows: followed until it has left, found again, taken out. Implements ports.QueuedJob.

A finished job vanishes as a deleted one does. What it was last is known where the spooler tells of changes; elsewhere
only that it has left is. Numbers are used again, so a job is known by when and under which title it was handed over,
too. Whatever blocks has a thread of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, Protocol, TypeVar

from comptoir.core.queued import Phase, Queued, TakenBack
from comptoir.threads import in_thread
from comptoir.windows.calls import JobGone, PrinterGone
from comptoir.windows.reasons import LEAVING, SENT, of_job, of_printer
from comptoir.windows.structures import JobStatus, PrinterCondition, SpooledJob

log = logging.getLogger("comptoir.printer")

T = TypeVar("T")

_BEGUN: Final = JobStatus.PRINTING | SENT
#: what a job has been that may have come out in part; Windows retains one that has not finished printing
_TOUCHED: Final = _BEGUN | JobStatus.RETAINED
#: seconds that the last words of a job may come after it is gone
LAST_WORDS: Final = 0.3
#: seconds between looks where nothing is told, or while a deleted job is not gone yet
LOOK: Final = 0.05
#: seconds for which who lets go of a job waits; it is let go of then, too
LETTING_GO: Final = 0.25
#: seconds for which a job that nobody wants is deleted again and again, while the spooler does not answer
PERSISTENT: Final = 600.0


class Changes(Protocol):
    """`windows.changes.JobChanges`."""

    lost: bool

    def wait(self, seconds: float) -> Sequence[tuple[int, JobStatus]]: ...

    def close(self) -> None: ...


class Jobs(Protocol):
    """What is asked of `windows.spooler.Win32Spooler`."""

    def condition(self, printer: str) -> PrinterCondition: ...

    def job(self, printer: str, number: int) -> SpooledJob: ...

    def hold(self, printer: str, number: int) -> None: ...

    def resume(self, printer: str, number: int) -> None: ...

    def delete(self, printer: str, number: int) -> None: ...

    def changes(self, printer: str) -> Changes: ...


class SpoolerJob:
    """`watch` it, hand it over, `know` it, `look` at it, `close` it."""

    def __init__(self, spooler: Jobs, printer: str) -> None:
        self._spooler = spooler
        self.printer = printer
        self.number = 0
        self._changes: Changes | None = None
        self._listening = threading.Lock()
        #: all states of our job that were told or seen
        self._seen = JobStatus(0)
        #: it was deleted before all of it was sent: what ends then is called printed, too
        self._taken_out = False
        #: when it was looked at last it did not go on, or the spooler did not answer
        self._stopped = False
        self._mine: tuple[int | None, str] | None = None

    # -- what blocks, for who is in a thread anyway -------------------------------------------------------------------

    def watch(self) -> None:
        """From now on it is told what happens to the printer's jobs. Before the job is handed over. Never raises."""
        try:
            self._changes = self._spooler.changes(self.printer)
        except OSError as error:
            log.debug("%s: Windows does not tell what becomes of its jobs: %s", self.printer, error)

    def know(self, number: int) -> None:
        """It was handed over, and has this number. Never raises."""
        self.number = number
        with contextlib.suppress(OSError):
            found = self._spooler.job(self.printer, number)
            self._mine = (found.submitted, found.title)

    def close(self) -> None:
        """Nobody follows it any more. Never raises."""
        with self._listening:
            if self._changes is not None:
                self._changes.close()
                self._changes = None

    def now(self, seconds: float = 0.0) -> Queued:
        """Raises OSError where the spooler cannot be asked."""
        self._listen(seconds)
        try:
            found = self._found()
        except JobGone:
            self._listen(LAST_WORDS, until=SENT | LEAVING)
            return Queued(self._end())
        except OSError:
            self._stopped = True
            raise
        self._heed(found.status)
        reason, message = of_job(found.status)
        if not reason:
            reason, message = of_printer(self._spooler.condition(self.printer))
        self._stopped = bool(reason)
        if found.status & SENT and not self._taken_out:
            return Queued("printed")
        phase: Phase = "prints" if found.status & (JobStatus.PRINTING | LEAVING) else "waits"
        return Queued(phase, reason, message)

    def remove(self, seconds: float, *, begun: bool) -> TakenBack:
        """Raises OSError where the spooler cannot be asked."""
        until = time.monotonic() + seconds
        try:
            held = self._hold()
            if not held and not begun:
                return "there"
            self._spooler.delete(self.printer, self.number)
        except JobGone:
            return "left"
        while True:
            try:
                self._found()
            except JobGone:
                return "nothing" if held and not self._seen & _TOUCHED else "something"
            if time.monotonic() >= until:
                return "there"
            time.sleep(LOOK)

    def _hold(self) -> bool:
        """Whether it has not begun, and cannot begin any more. Raises JobGone, OSError."""
        if self._found().status & (_BEGUN | LEAVING):
            return False
        self._spooler.hold(self.printer, self.number)
        status = self._found().status
        self._seen |= status & _TOUCHED
        if status & _BEGUN:
            self._spooler.resume(self.printer, self.number)  # it was quicker
        return bool(status & JobStatus.PAUSED) and not status & _BEGUN

    def remove_for_good(self) -> None:
        """Nobody waits for it, and it must not come out: until it is gone, or nobody can say any more. Never raises."""
        until = time.monotonic() + PERSISTENT
        pause = LOOK
        while self.number and time.monotonic() < until:
            try:
                if self.remove(pause, begun=True) != "there":
                    return
            except PrinterGone:
                return
            except OSError as error:
                log.warning("%s: job %d cannot be deleted yet: %s", self.printer, self.number, error)
            time.sleep(pause)
            pause = min(2 * pause, 5.0)
        log.error("%s: job %d could not be deleted from the queue of Windows", self.printer, self.number)

    # -- ports.QueuedJob ----------------------------------------------------------------------------------------------

    async def look(self, seconds: float) -> Queued:
        return await apart(lambda: self.now(seconds))

    async def let_go(self) -> None:
        """`close` it; where the spooler takes long, behind the back of whoever does. Never raises."""
        await asyncio.wait({asyncio.wrap_future(in_thread(self.close))}, timeout=LETTING_GO)

    async def take_back(self, seconds: float, *, begun: bool) -> TakenBack:
        try:
            async with asyncio.timeout(2 * seconds):
                return await apart(lambda: self.remove(seconds, begun=begun))
        except OSError as error:  # TimeoutError is one
            log.warning("%s: job %d was not deleted: %s", self.printer, self.number, error)
            return "there"

    # -- what is known ------------------------------------------------------------------------------------------------

    def _found(self) -> SpooledJob:
        """Our job. Raises JobGone, also where another one has its number now."""
        found = self._spooler.job(self.printer, self.number)
        identity = (found.submitted, found.title)
        if self._mine is None:
            self._mine = identity
        if identity != self._mine:
            raise JobGone(0, "its number is another job's now")
        return found

    def _listen(self, seconds: float, until: JobStatus | None = None) -> None:
        """Hear what is told, until something of our job is. Where nothing is told, the time is waited for."""
        deadline = time.monotonic() + seconds
        while True:
            left = max(0.0, deadline - time.monotonic())
            if self._seen & until if until else False:
                return
            heard = self._heard(left)
            if heard is None:
                if until is None:
                    time.sleep(left)
                return
            if (heard and until is None) or not left:
                return

    def _heard(self, seconds: float) -> bool | None:
        """Whether something was told of our job; None: nothing ever is."""
        with self._listening:
            if self._changes is None:
                return None
            try:
                told = [status for number, status in self._changes.wait(seconds) if number == self.number]
            except OSError as error:
                log.debug("%s: Windows tells no more of its jobs: %s", self.printer, error)
                self._changes.close()
                self._changes = None
                return None
        for status in told:
            self._heed(status)
        return bool(told)

    def _heed(self, status: JobStatus) -> None:
        self._taken_out = self._taken_out or bool(status & LEAVING and not (self._seen | status) & SENT)
        self._seen |= status

    def _end(self) -> Phase:
        """What a job that is gone has come to."""
        if self._seen & SENT and not self._taken_out:
            return "printed"
        if self._changes is not None and not self._changes.lost and self._seen & LEAVING:
            return "cut" if self._seen & _TOUCHED else "deleted"
        if self._seen & LEAVING:
            return "lost"
        # What was stopped is rather deleted than printed in the blink between two looks; so is what a spooler has
        # forgotten that was started anew.
        return "lost" if self._stopped else "left"


async def apart(call: Callable[[], T]) -> T:
    """What a call gives that may block for ever. Cancelled, it is no longer waited for, and goes on by itself."""
    ended = asyncio.wrap_future(in_thread(call))
    ended.add_done_callback(lambda done: done.cancelled() or done.exception())
    return await asyncio.shield(ended)
