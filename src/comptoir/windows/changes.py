"""What the Windows spooler tells of the jobs of a printer while it happens: the only way to know what has become of a
job that is gone. FindFirstPrinterChangeNotification with JOB_NOTIFY_FIELD_STATUS. Calls block.

Wine has none of it; a printer of another computer may refuse.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from ctypes import POINTER, byref, c_uint16, c_uint32, c_void_p
from typing import Final

from comptoir.windows.calls import Calls
from comptoir.windows.structures import JobStatus, notified, size_of_notice

_JOBS, _STATUS = 1, 0x0A
_REFRESH: Final = 1
_SIGNALLED, _TIMED_OUT = 0, 258
_INVALID: Final = c_void_p(-1).value
#: notices in one answer that are read
_MOST: Final = 10_000


class _OfType(ctypes.Structure):
    """PRINTER_NOTIFY_OPTIONS_TYPE"""

    _fields_ = (
        ("type", c_uint16), ("reserved0", c_uint16), ("reserved1", c_uint32), ("reserved2", c_uint32),
        ("count", c_uint32), ("fields", POINTER(c_uint16)),
    )  # fmt: skip


class _Options(ctypes.Structure):
    """PRINTER_NOTIFY_OPTIONS"""

    _fields_ = (("version", c_uint32), ("flags", c_uint32), ("count", c_uint32), ("types", POINTER(_OfType)))


class JobChanges:
    """The states of the jobs of one printer, from now on. For one thread at a time."""

    def __init__(self, calls: Calls, printer: str) -> None:
        """Raises OSError."""
        self._calls = calls
        self._winspool = calls.lib.winspool
        self._fields = (c_uint16 * 1)(_STATUS)
        self._type = _OfType(_JOBS, 0, 0, 0, 1, self._fields)
        self._handle = calls.open(printer)
        found = self._winspool.FindFirstPrinterChangeNotification(
            self._handle, c_uint32(0), c_uint32(0), byref(self._options(0))
        )
        if found in (None, 0, -1, _INVALID):
            error = calls.error()
            calls.close(self._handle)
            raise error
        self._change = c_void_p(found)
        self._closed = False
        #: some were lost: what is known of a job is not all that happened
        self.lost = False

    def wait(self, seconds: float) -> Sequence[tuple[int, JobStatus]]:
        """(number, state) in their order, as soon as there are some; none after so long. Raises OSError where the
        spooler has gone."""
        if self._closed:
            raise ConnectionAbortedError("nobody listens any more")
        milliseconds = c_uint32(max(0, round(seconds * 1000)))
        which = self._calls.lib.kernel32.WaitForSingleObject(self._change, milliseconds)
        if which == _TIMED_OUT:
            return ()
        if which != _SIGNALLED:
            raise self._calls.error()
        told, lost = self._next(0)
        if lost:
            self.lost = True
            told, _ = self._next(_REFRESH)  # it tells nothing more until it is asked for all
        return told

    def close(self) -> None:
        """Never raises."""
        if not self._closed:
            self._closed = True
            self._winspool.FindClosePrinterChangeNotification(self._change)
            self._calls.close(self._handle)

    def _next(self, flags: int) -> tuple[Sequence[tuple[int, JobStatus]], bool]:
        change, address = c_uint32(), c_void_p()
        options = byref(self._options(flags)) if flags else None
        done = self._winspool.FindNextPrinterChangeNotification(self._change, byref(change), options, byref(address))
        self._calls.check(done)
        if not address.value:
            return (), False
        try:
            bits = self._calls.lib.bits
            head = ctypes.string_at(address.value, 12)
            count = min(int.from_bytes(head[8:12], "little"), _MOST)
            return notified(ctypes.string_at(address.value, size_of_notice(bits, count)), bits)
        finally:
            self._winspool.FreePrinterNotifyInfo(address)

    def _options(self, flags: int) -> _Options:
        return _Options(2, flags, 1, ctypes.pointer(self._type))
