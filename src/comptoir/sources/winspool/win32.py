"""The Windows spooler by ctypes: winspool.drv and what waits for its notifications. It decides nothing.

Documented at learn.microsoft.com, Print Spooler API: EnumPrinters, EnumJobs, OpenPrinter ("NAME,Job 3" opens a job),
ReadPrinter, SetJob, FindFirstPrinterChangeNotification. Only `this_computer` needs Windows; the rest takes the
libraries as they are handed to it.
"""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ctypes import byref, c_uint32, c_void_p
from dataclasses import dataclass
from typing import Any, Final

from comptoir.sources.winspool.spooler import JobGone
from comptoir.sources.winspool.structures import Bits, SpooledJob, jobs, printers

READ: Final = 65_536  # bytes
LEVEL: Final = 4  # JOB_INFO_4: the size of jobs over 4 GB
MOST_JOBS: Final = 10_000

_ENUM_LOCAL, _ENUM_CONNECTIONS = 0x2, 0x4
_PAUSE, _RESUME = 1, 2
#: PRINTER_CHANGE_ADD_JOB, SET_JOB, DELETE_JOB, WRITE_JOB
_JOBS_CHANGE: Final = 0x0100 | 0x0200 | 0x0400 | 0x0800
_NO_SUCH_PARAMETER, _TOO_SMALL, _NO_JOB = 87, 122, 3003
_TIMED_OUT: Final = 258
_INVALID: Final = c_void_p(-1).value


@dataclass(frozen=True, slots=True)
class Libraries:
    """winspool.drv, kernel32, and how the last error of this thread is asked for."""

    winspool: Any
    kernel32: Any
    last_error: Callable[[], int]
    bits: Bits = 8


class Win32Spooler:
    """`spooler.Spooler`."""

    def __init__(self, libraries: Libraries) -> None:
        self._lib = libraries
        #: an event that ends a wait
        self._woken = c_void_p(libraries.kernel32.CreateEventW(None, False, False, None))
        self._changes: c_void_p | None = None

    def printers(self) -> Sequence[str]:
        flags = _ENUM_LOCAL | _ENUM_CONNECTIONS
        buffer, count = self._filled(
            lambda *room: self._lib.winspool.EnumPrintersW(c_uint32(flags), None, c_uint32(4), *room)
        )
        return printers(buffer.raw, ctypes.addressof(buffer), count, self._lib.bits)

    def jobs(self, printer: str) -> Sequence[SpooledJob]:
        with self._opened(printer) as handle:
            buffer, count = self._filled(
                lambda *room: self._lib.winspool.EnumJobsW(
                    handle, c_uint32(0), c_uint32(MOST_JOBS), c_uint32(LEVEL), *room
                )
            )
        return jobs(buffer.raw, ctypes.addressof(buffer), count, self._lib.bits, LEVEL)

    def read(self, printer: str, number: int) -> Iterator[bytes]:
        with self._opened(f"{printer},Job {number}") as handle:
            buffer, count = ctypes.create_string_buffer(READ), c_uint32()
            while True:
                self._check(self._lib.winspool.ReadPrinter(handle, buffer, c_uint32(READ), byref(count)))
                if not count.value:
                    return
                yield buffer.raw[: count.value]

    def hold(self, printer: str, number: int) -> None:
        self._set(printer, number, _PAUSE)

    def resume(self, printer: str, number: int) -> None:
        self._set(printer, number, _RESUME)

    def wait(self, seconds: float) -> None:
        changes = self._watched()
        handles = (c_void_p * 2)(self._woken, changes)
        count = 1 if changes is None else 2
        milliseconds = c_uint32(round(seconds * 1000))
        which = self._lib.kernel32.WaitForMultipleObjects(c_uint32(count), handles, False, milliseconds)
        if which not in (0, 1, _TIMED_OUT):
            self._changes = None  # the spooler may have been started anew
            time.sleep(seconds)
        elif changes is not None and which == 1:
            self._lib.winspool.FindNextPrinterChangeNotification(changes, None, None, None)

    def wake(self) -> None:
        self._lib.kernel32.SetEvent(self._woken)

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
            self._changes = c_void_p(found)
        return self._changes

    def _set(self, printer: str, number: int, command: int) -> None:
        with self._opened(printer) as handle:
            self._check(self._lib.winspool.SetJobW(handle, c_uint32(number), c_uint32(0), None, c_uint32(command)))

    @contextmanager
    def _opened(self, name: str) -> Iterator[c_void_p]:
        handle = c_void_p()
        self._check(self._lib.winspool.OpenPrinterW(ctypes.c_wchar_p(name), byref(handle), None))
        try:
            yield handle
        finally:
            self._lib.winspool.ClosePrinter(handle)

    def _filled(self, call: Callable[..., int]) -> tuple[ctypes.Array[ctypes.c_char], int]:
        """A buffer as large as the spooler wants it, filled; how many structures are in it. It may grow meanwhile."""
        needed, count = c_uint32(), c_uint32()
        size = 0
        for _ in range(8):
            buffer = ctypes.create_string_buffer(max(size, 1))
            if call(buffer, c_uint32(size), byref(needed), byref(count)):
                return buffer, count.value
            if self._lib.last_error() != _TOO_SMALL:
                break
            size = needed.value + 4096
        raise self._error()

    def _check(self, done: int) -> None:
        if not done:
            raise self._error()

    def _error(self) -> OSError:
        number = self._lib.last_error()
        if number in (_NO_SUCH_PARAMETER, _NO_JOB):
            return JobGone(number, "the spooler has no such job any more")
        describe = getattr(ctypes, "FormatError", None)
        return OSError(number, describe(number).strip() if describe else f"error {number} of the spooler")


def this_computer() -> Win32Spooler:
    """The spooler of this computer. Raises OSError where this is no Windows."""
    if sys.platform == "win32":
        winspool = ctypes.WinDLL("winspool.drv", use_last_error=True)
        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
        winspool.FindFirstPrinterChangeNotification.restype = c_void_p
        kernel32.CreateEventW.restype = c_void_p
        bits: Bits = 8 if ctypes.sizeof(c_void_p) == 8 else 4
        return Win32Spooler(Libraries(winspool, kernel32, ctypes.get_last_error, bits))
    raise OSError("this is no Windows")
