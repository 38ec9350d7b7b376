"""How the functions of the Windows spooler are called: handles opened and closed, buffers as large as it wants them.

Libraries are handed in, so that all of it runs anywhere; only `spooler.this_computer` needs Windows.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import byref, c_uint32, c_void_p
from dataclasses import dataclass
from typing import Any, Final

from comptoir.windows.structures import Bits

_NO_SUCH_PARAMETER, _TOO_SMALL, _NO_JOB = 87, 122, 3003
#: ERROR_INVALID_PRINTER_NAME, ERROR_PRINTER_DELETED
_NO_PRINTER: Final = (1801, 1905)

Filled = tuple["ctypes.Array[ctypes.c_char]", int]


class JobGone(OSError):
    """The spooler has no such job any more."""


class PrinterGone(OSError):
    """The spooler has no such printer."""


@dataclass(frozen=True, slots=True)
class Libraries:
    """winspool.drv, kernel32, and how the last error of this thread is asked for."""

    winspool: Any
    kernel32: Any
    last_error: Callable[[], int]
    bits: Bits = 8


class Calls:
    """Every call raises OSError where the spooler refuses: PrinterGone, and JobGone from a call about a job."""

    def __init__(self, libraries: Libraries) -> None:
        self.lib = libraries

    def open(self, name: str) -> c_void_p:
        """A handle, which somebody must `close`. "PRINTER,Job 3" opens a job."""
        handle = c_void_p()
        done = self.lib.winspool.OpenPrinterW(ctypes.c_wchar_p(name), byref(handle), None)
        self.check(done, job=",Job " in name)
        return handle

    def close(self, handle: c_void_p) -> None:
        self.lib.winspool.ClosePrinter(handle)

    @contextmanager
    def opened(self, name: str) -> Iterator[c_void_p]:
        handle = self.open(name)
        try:
            yield handle
        finally:
            self.close(handle)

    def filled(self, call: Callable[..., int], *, counts: bool = True, job: bool = False) -> Filled:
        """A buffer as large as the spooler wants it, filled; how many structures are in it. It may grow meanwhile."""
        needed, count = c_uint32(), c_uint32(1)
        size = 0
        for _ in range(8):
            buffer = ctypes.create_string_buffer(max(size, 1))
            rest = (byref(needed), byref(count)) if counts else (byref(needed),)
            # Wine writes into a buffer of which it was told that there is no room.
            if call(buffer if size else None, c_uint32(size), *rest):
                return buffer, count.value
            if self.lib.last_error() != _TOO_SMALL:
                break
            size = needed.value + 4096
        raise self.error(job=job)

    def check(self, done: int, *, job: bool = False) -> None:
        if not done:
            raise self.error(job=job)

    def error(self, *, job: bool = False) -> OSError:
        """What the last call says. `job`: it was about a job, and a wrong parameter is the number of none."""
        number = self.lib.last_error()
        if job and number in (_NO_SUCH_PARAMETER, _NO_JOB):
            return JobGone(number, "the spooler has no such job any more")
        if number in _NO_PRINTER:
            return PrinterGone(number, "Windows has no printer of this name")
        describe = getattr(ctypes, "FormatError", None)
        return OSError(number, describe(number).strip() if describe else f"error {number} of the spooler")
