"""The Windows spooler by ctypes: its printers and its jobs. It decides nothing.

Documented at learn.microsoft.com, Print Spooler API: EnumPrinters, GetPrinter, EnumJobs, GetJob, OpenPrinter
("NAME,Job 3" opens a job), ReadPrinter, SetJob. What is written stands in `documents.py`, notifications in
`changes.py`. Only `this_computer` needs Windows; the rest takes the libraries as they are handed to it.
"""

from __future__ import annotations

import ctypes
import sys
import time
import weakref
from collections.abc import Iterator, Sequence
from ctypes import byref, c_uint32, c_void_p
from typing import Final

from comptoir.windows.calls import Calls, JobGone, Libraries
from comptoir.windows.changes import JobChanges
from comptoir.windows.documents import SpoolDocument
from comptoir.windows.structures import (
    Bits,
    JobStatus,
    PrinterCondition,
    SpooledJob,
    is_xps_driver,
    jobs,
    printer_condition,
    printers,
)

READ: Final = 65_536  # bytes
LEVEL: Final = 4  # JOB_INFO_4: the size of jobs over 4 GB
MOST_JOBS: Final = 10_000

_ENUM_LOCAL, _ENUM_CONNECTIONS = 0x2, 0x4
_PAUSE, _RESUME, _DELETE = 1, 2, 5
#: what Wine says of a job that is gone: nothing, or that the handle is none
_NOTHING_SAID: Final = (0, 6)
#: PRINTER_CHANGE_ADD_JOB, SET_JOB, DELETE_JOB, WRITE_JOB
_JOBS_CHANGE: Final = 0x0100 | 0x0200 | 0x0400 | 0x0800
_TIMED_OUT: Final = 258
_INVALID: Final = c_void_p(-1).value


class Win32Spooler:
    """The spooler of a computer. Every call raises OSError where it refuses: PrinterGone for a printer that it does
    not have, JobGone for such a job."""

    def __init__(self, libraries: Libraries) -> None:
        self._calls = Calls(libraries)
        self._lib = libraries
        #: an event that ends a wait
        self.woken = c_void_p(libraries.kernel32.CreateEventW(None, False, False, None))
        self._changes: c_void_p | None = None
        self._server = c_void_p()

    # -- printers -----------------------------------------------------------------------------------------------------

    def printers(self) -> Sequence[str]:
        """The names of its local printers and of those it is connected to."""
        flags = _ENUM_LOCAL | _ENUM_CONNECTIONS
        buffer, count = self._calls.filled(
            lambda *room: self._lib.winspool.EnumPrintersW(c_uint32(flags), None, c_uint32(4), *room)
        )
        return printers(buffer.raw, ctypes.addressof(buffer), count, self._lib.bits)

    def condition(self, printer: str) -> PrinterCondition:
        """What it says of a printer. One of another computer may take long, or for ever."""
        with self._calls.opened(printer) as handle:
            buffer, _ = self._calls.filled(
                lambda *room: self._lib.winspool.GetPrinterW(handle, c_uint32(2), *room), counts=False
            )
        return printer_condition(buffer.raw, ctypes.addressof(buffer), self._lib.bits)

    def takes_raw(self, printer: str) -> bool:
        """Whether ready-made bytes are RAW to its driver; to one that is made of XPS they are XPS_PASS
        (support.microsoft.com, KB2779300). One that does not say is believed to be of the usual kind."""
        try:
            with self._calls.opened(printer) as handle:
                buffer, _ = self._calls.filled(
                    lambda *room: self._lib.winspool.GetPrinterDriverW(handle, None, c_uint32(8), *room), counts=False
                )
        except OSError:
            return True
        return not is_xps_driver(buffer.raw, self._lib.bits)

    # -- jobs ---------------------------------------------------------------------------------------------------------

    def jobs(self, printer: str) -> Sequence[SpooledJob]:
        """The jobs that a printer has, also those that it keeps printed."""
        with self._calls.opened(printer) as handle:
            buffer, count = self._calls.filled(
                lambda *room: self._lib.winspool.EnumJobsW(
                    handle, c_uint32(0), c_uint32(MOST_JOBS), c_uint32(LEVEL), *room
                )
            )
        return jobs(buffer.raw, ctypes.addressof(buffer), count, self._lib.bits, LEVEL)

    def job(self, printer: str, number: int) -> SpooledJob:
        """One job, as it is now."""
        with self._calls.opened(printer) as handle:
            try:
                buffer, _ = self._calls.filled(
                    lambda *room: self._lib.winspool.GetJobW(handle, c_uint32(number), c_uint32(2), *room),
                    counts=False,
                    job=True,
                )
            except OSError as error:
                if error.errno in _NOTHING_SAID and self._answers(handle):
                    raise JobGone(error.errno, "the spooler has no such job any more") from None
                raise
        found = jobs(buffer.raw, ctypes.addressof(buffer), 1, self._lib.bits)
        if not found or found[0].number != number or found[0].status & JobStatus.DELETED:
            raise JobGone(0, "the spooler has no such job any more")
        return found[0]

    def _answers(self, handle: c_void_p) -> bool:
        """Whether the handle is a good one: then it is the job that is not there."""
        try:
            self._calls.filled(lambda *room: self._lib.winspool.GetPrinterW(handle, c_uint32(2), *room), counts=False)
        except OSError:
            return False
        return True

    def read(self, printer: str, number: int) -> Iterator[bytes]:
        """The bytes of a job, as far as they are spooled."""
        with self._calls.opened(f"{printer},Job {number}") as handle:
            buffer, count = ctypes.create_string_buffer(READ), c_uint32()
            while True:
                done = self._lib.winspool.ReadPrinter(handle, buffer, c_uint32(READ), byref(count))
                self._calls.check(done, job=True)
                if not count.value:
                    return
                yield buffer.raw[: count.value]

    def hold(self, printer: str, number: int) -> None:
        """It is not printed until `resume`."""
        self._set(printer, number, _PAUSE)

    def resume(self, printer: str, number: int) -> None:
        self._set(printer, number, _RESUME)

    def delete(self, printer: str, number: int) -> None:
        """Take it out of the queue. The spooler agrees before it has done so: `job` tells when it is gone."""
        self._set(printer, number, _DELETE)

    def start(self, printer: str, title: str) -> SpoolDocument:
        """A job of ready-made bytes, of which nothing is written yet."""
        return SpoolDocument(self._calls, printer, title, "RAW" if self.takes_raw(printer) else "XPS_PASS")

    def changes(self, printer: str) -> JobChanges:
        """What happens to its jobs from now on. Raises OSError also where nothing of it is told, as by Wine."""
        return JobChanges(self._calls, printer)

    def _set(self, printer: str, number: int, command: int) -> None:
        with self._calls.opened(printer) as handle:
            done = self._lib.winspool.SetJobW(handle, c_uint32(number), c_uint32(0), None, c_uint32(command))
            self._calls.check(done, job=True)

    # -- any change of any job ----------------------------------------------------------------------------------------

    def wait(self, seconds: float) -> None:
        """Until something about jobs has changed, or so long."""
        changes = self._watched()
        handles = (c_void_p * 2)(self.woken, changes)
        count = 1 if changes is None else 2
        milliseconds = c_uint32(round(seconds * 1000))
        which = self._lib.kernel32.WaitForMultipleObjects(c_uint32(count), handles, False, milliseconds)
        if which not in (0, 1, _TIMED_OUT):
            self._forget()
            time.sleep(seconds)
        elif which == 1 and not self._lib.winspool.FindNextPrinterChangeNotification(changes, None, None, None):
            self._forget()

    def wake(self) -> None:
        """End a `wait`, from any thread."""
        self._lib.kernel32.SetEvent(self.woken)

    def _watched(self) -> c_void_p | None:
        """The handle that is signalled when jobs change; None where the spooler has none: Wine, for instance."""
        if self._changes is None:
            handle = c_void_p()
            if not self._lib.winspool.OpenPrinterW(None, byref(handle), None):
                return None
            # The handle of the server stays open for as long as it is watched.
            found = self._lib.winspool.FindFirstPrinterChangeNotification(handle, c_uint32(_JOBS_CHANGE), 0, None)
            if found in (None, 0, -1, _INVALID):
                self._lib.winspool.ClosePrinter(handle)
                return None
            self._changes, self._server = c_void_p(found), handle
        return self._changes

    def _forget(self) -> None:
        """The spooler may have been started anew: nothing more is told by what it had given."""
        if self._changes is not None:
            self._lib.winspool.FindClosePrinterChangeNotification(self._changes)
            self._lib.winspool.ClosePrinter(self._server)
            self._changes = None


def this_computer() -> Win32Spooler:
    """The spooler of this computer. Raises OSError where this is no Windows."""
    if sys.platform == "win32":
        winspool = ctypes.WinDLL("winspool.drv", use_last_error=True)
        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
        winspool.FindFirstPrinterChangeNotification.restype = c_void_p
        kernel32.CreateEventW.restype = c_void_p
        bits: Bits = 8 if ctypes.sizeof(c_void_p) == 8 else 4
        found = Win32Spooler(Libraries(winspool, kernel32, ctypes.get_last_error, bits))
        # Not when the process ends: somebody may wait for it still.
        weakref.finalize(found, kernel32.CloseHandle, found.woken).atexit = False
        return found
    raise OSError("this is no Windows")
