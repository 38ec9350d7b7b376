"""A document that is handed to the Windows spooler, from StartDocPrinter to EndDocPrinter. Calls block.

The spooler has a job from the first call on, and may print while it is still written to. A process that dies in the
middle leaves the job to the spooler, which may delete or print what it has.
"""

from __future__ import annotations

import ctypes
from ctypes import byref, c_uint32, c_void_p, c_wchar_p
from typing import Final

from comptoir.windows.calls import Calls

#: letters of a title: the spooler takes 255, some drivers fewer
_TITLE: Final = 120


class _DocInfo(ctypes.Structure):
    """DOC_INFO_1W"""

    _fields_ = (("name", c_wchar_p), ("output", c_wchar_p), ("datatype", c_wchar_p))


class SpoolDocument:
    """A job that is being written. `number`: the spooler's for it."""

    def __init__(self, calls: Calls, printer: str, title: str, datatype: str) -> None:
        """Raises OSError; then there is no job."""
        self._calls = calls
        self._winspool = calls.lib.winspool
        self.title = "".join(letter if letter.isprintable() else " " for letter in title)[:_TITLE]
        self._handle: c_void_p | None = calls.open(printer)
        self.number = 0
        try:
            described = _DocInfo(self.title, None, datatype)
            self.number = int(self._winspool.StartDocPrinterW(self._handle, c_uint32(1), byref(described)))
            calls.check(self.number)
            calls.check(self._winspool.StartPagePrinter(self._handle))
        except BaseException:
            self.abort()
            raise

    def write(self, data: bytes) -> int:
        """How many bytes were taken; 0 for none at the moment. Raises OSError."""
        taken = c_uint32()
        done = self._winspool.WritePrinter(self._opened(), data, c_uint32(len(data)), byref(taken))
        self._calls.check(done)
        return taken.value

    def end(self) -> None:
        """All is written: the spooler prints it when it can. Raises OSError; then it may, or may not."""
        handle, self._handle = self._opened(), None
        try:
            self._calls.check(self._winspool.EndPagePrinter(handle))
            self._calls.check(self._winspool.EndDocPrinter(handle))
        finally:
            self._calls.close(handle)

    def abort(self) -> None:
        """Nothing more of it is to come out. Never raises; does nothing after `end`."""
        handle, self._handle = self._handle, None
        if handle is None:
            return
        if self.number:
            self._winspool.AbortPrinter(handle)
        self._calls.close(handle)

    def _opened(self) -> c_void_p:
        if self._handle is None:
            raise ConnectionAbortedError("the document is closed")
        return self._handle
