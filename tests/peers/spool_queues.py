"""The queues of a Windows spooler as it keeps them: states, deletion, notifications, its service started anew.

A test says whether printers print, and plays the person at the queue's window. The functions that programs call stand
in `spool_library.py`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final

from tests.peers.winspool import JOB

from comptoir.windows.structures import FINE, JobStatus, PrinterStatus, SpooledJob

NOTHING: Final = JobStatus(0)


@dataclass
class SpoolPrinter:
    """prints: what is scheduled is sent at once; else it waits for `SpoolQueues.print`."""

    name: str
    status: PrinterStatus = FINE
    attributes: int = 0
    prints: bool = True
    keeps: bool = False
    xps: bool = False
    jobs: dict[int, SpooledJob] = field(default_factory=dict)
    printed: list[bytes] = field(default_factory=list)


@dataclass
class Handle:
    """Of a printer; job: the one that is written through it, 0: none."""

    printer: str
    job: int = 0


@dataclass
class Watch:
    """Somebody who is told of a printer's jobs."""

    printer: str
    told: list[tuple[int, JobStatus]] = field(default_factory=list)


class SpoolQueues:
    """`running`: the service; `_next`: the number of the next job."""

    def __init__(self, *names: str) -> None:
        self.printers = {name: SpoolPrinter(name) for name in names or ("TICKET",)}
        self.running = True
        #: what is written to jobs
        self.spooled: dict[int, bytearray] = {}
        self._numbers = count(11)
        self._handles: dict[int, Handle] = {}
        self._watches: dict[int, Watch] = {}
        self._changed = threading.Condition(threading.RLock())

    @property
    def ticket(self) -> SpoolPrinter:
        """The first printer."""
        return next(iter(self.printers.values()))

    # -- the person at the queue's window, and the printer ------------------------------------------------------------

    def put(self, title: str = "Notepad", status: JobStatus = NOTHING, printer: str = "") -> int:
        """A job of another program."""
        there = self.printers[printer] if printer else self.ticket
        with self._changed:
            return self._add(there, title, "RAW", status)

    def begin(self, number: int) -> None:
        self._set(number, lambda status: status | JobStatus.PRINTING)

    def print(self, number: int) -> None:
        """All of it is sent to the printer."""
        with self._changed:
            there = self._printer_of(number)
            self._set(number, lambda status: (status | JobStatus.PRINTING) & ~JobStatus.SPOOLING)
            there.printed.append(bytes(self.spooled.get(number, b"")))
            if there.keeps:
                self._set(number, lambda status: JobStatus.PRINTED | JobStatus.RETAINED)
            else:
                self._gone(number, JobStatus.PRINTED | JobStatus.DELETING | JobStatus.DELETED)

    def delete(self, number: int) -> None:
        """Somebody deletes it, and the printer lets go of it."""
        with self._changed:
            status = self._printer_of(number).jobs[number].status
            self._gone(number, status | JobStatus.DELETING | JobStatus.DELETED)

    def say(self, number: int, status: JobStatus) -> None:
        self._set(number, lambda _: status)

    def restart(self, *, keeps: bool = True) -> None:
        """The service is started anew: all handles are dead; it finds its jobs again on the disk, or does not."""
        with self._changed:
            self._handles.clear()
            self._watches.clear()
            self.running = True
            for printer in self.printers.values() if not keeps else ():
                printer.jobs.clear()
            self._changed.notify_all()

    def reuse(self, number: int, title: str) -> None:
        """Another program's job has this number now."""
        with self._changed:
            printer = self.ticket
            printer.jobs.pop(number, None)
            printer.jobs[number] = replace(JOB, number=number, title=title, printer=printer.name, status=NOTHING)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _add(self, printer: SpoolPrinter, title: str, datatype: str, status: JobStatus) -> int:
        number = next(self._numbers)
        submitted = (JOB.submitted or 0) + number * 1000
        printer.jobs[number] = replace(
            JOB, number=number, printer=printer.name, title=title, datatype=datatype, status=status, submitted=submitted
        )
        self.spooled[number] = bytearray()
        self._tell(printer.name, number, status)
        return number

    def _schedule(self, printer: SpoolPrinter, number: int) -> None:
        job = printer.jobs.get(number)
        stopped = printer.status or printer.attributes & 0x400 or any(n < number for n in printer.jobs)
        if (
            printer.prints
            and not stopped
            and job is not None
            and not job.status & (JobStatus.PAUSED | JobStatus.PRINTED)
        ):
            self.print(number)

    def _printer_of(self, number: int) -> SpoolPrinter:
        return next(printer for printer in self.printers.values() if number in printer.jobs)

    def _set(self, number: int, change: Callable[[JobStatus], JobStatus]) -> None:
        with self._changed:
            printer = self._printer_of(number)
            job = printer.jobs[number]
            printer.jobs[number] = replace(job, status=change(job.status))
            self._tell(printer.name, number, printer.jobs[number].status)

    def _gone(self, number: int, status: JobStatus) -> None:
        printer = self._printer_of(number)
        self._tell(printer.name, number, status)
        del printer.jobs[number]
        self.spooled.pop(number, None)

    def _tell(self, printer: str, number: int, status: JobStatus) -> None:
        for watch in self._watches.values():
            if watch.printer == printer:
                watch.told.append((number, status))
        self._changed.notify_all()
