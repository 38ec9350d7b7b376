"""winspool.drv and kernel32 as functions on ctypes values, over the queues of `spool_queues.py`.

They stand where Windows stands, below `windows.spooler`.
"""

from __future__ import annotations

import ctypes
import struct
import threading
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from tests.peers.spool_queues import Handle, SpoolPrinter, SpoolQueues, Watch
from tests.peers.winspool import recorded

from comptoir.windows.calls import Libraries
from comptoir.windows.spooler import Win32Spooler
from comptoir.windows.structures import Bits, JobStatus

INVALID_HANDLE, INVALID_PARAMETER, TOO_SMALL, NO_PRINTER, NO_SERVICE = 6, 87, 122, 1801, 1722
PAUSE, RESUME, DELETE = 1, 2, 5


class SpoolLibrary(SpoolQueues):
    """refuses: error by function; hangs: what a function waits for first; log: functions in their order."""

    def __init__(self, *names: str, notifies: bool = True, bits: Bits = 8) -> None:
        super().__init__(*names)
        self.notifies = notifies
        self.bits: Bits = bits
        self.refuses: dict[str, int] = {}
        self.hangs: dict[str, threading.Event] = {}
        self.log: list[str] = []
        self.discards = False
        self.datatypes: list[str] = []
        self._given: dict[int, Any] = {}
        self._ids = count(1000)
        self._errors = threading.local()
        self.winspool = self.kernel32 = self

    @property
    def spooler(self) -> Win32Spooler:
        return Win32Spooler(Libraries(self, self, self.last_error, self.bits))

    def last_error(self) -> int:
        return getattr(self._errors, "number", 0)

    # -- printers -----------------------------------------------------------------------------------------------------

    def OpenPrinterW(self, name: Any, handle: Any, defaults: Any) -> int:  # noqa: N802
        said = getattr(name, "value", name)
        found = next((one for one in self.printers if said and one.lower() == said.lower()), None)
        if not self._answers("OpenPrinterW"):
            return 0
        if found is None:
            return self._refuse(NO_PRINTER)
        handle._obj.value = self._handle(Handle(found))
        return 1

    def ClosePrinter(self, handle: Any) -> int:  # noqa: N802
        with self._changed:
            closed = self._handles.pop(handle.value, None)
            if closed is not None and closed.job:
                self.log.append("closed in the middle")
        return 1

    def EnumPrintersW(self, flags: Any, name: Any, level: Any, buffer: Any, size: Any, *rest: Any) -> int:  # noqa: N802
        if not self._answers("EnumPrintersW"):
            return 0
        names = list(self.printers)

        def build(base: int) -> bytes:
            step = 24 if self.bits == 8 else 12
            form = "<QQI4x" if self.bits == 8 else "<III"
            fixed, texts = b"", b""
            for one in names:
                fixed += struct.pack(form, base + step * len(names) + len(texts), 0, 0x40)
                texts += one.encode("utf-16-le") + b"\0\0"
            return fixed + texts

        return self._fill(build, len(names), buffer, size, *rest)

    def GetPrinterW(self, handle: Any, level: Any, buffer: Any, size: Any, needed: Any) -> int:  # noqa: N802
        printer = self._of("GetPrinterW", handle)
        if printer is None:
            return 0
        wide = "Q" if self.bits == 8 else "I"

        def build(base: int) -> bytes:
            at = base + 13 * self.bits + 32
            texts, addresses = b"", [0] * 13
            for place, text in ((1, printer.name), (3, "USB001"), (4, "EPSON TM"), (5, "Counter")):
                addresses[place] = at + len(texts)
                texts += text.encode("utf-16-le") + b"\0\0"
            numbers = (printer.attributes, 1, 0, 0, 0, int(printer.status), len(printer.jobs), 0)
            return struct.pack(f"<13{wide}8I", *addresses, *numbers) + texts

        return self._fill(build, 1, buffer, size, needed)

    def GetPrinterDriverW(self, handle: Any, where: Any, level: Any, buffer: Any, size: Any, needed: Any) -> int:  # noqa: N802
        printer = self._of("GetPrinterDriverW", handle)
        if printer is None:
            return 0
        at = 168 if self.bits == 8 else 96
        return self._fill(
            lambda base: bytes(at) + struct.pack("<I", 2 * printer.xps) + bytes(60), 1, buffer, size, needed
        )

    # -- jobs ---------------------------------------------------------------------------------------------------------

    def EnumJobsW(self, handle: Any, first: Any, most: Any, level: Any, buffer: Any, size: Any, *rest: Any) -> int:  # noqa: N802
        printer = self._of("EnumJobsW", handle)
        if printer is None:
            return 0
        jobs = list(printer.jobs.values())
        return self._fill(lambda base: recorded(jobs, base, self.bits, level.value), len(jobs), buffer, size, *rest)

    def GetJobW(self, handle: Any, number: Any, level: Any, buffer: Any, size: Any, needed: Any) -> int:  # noqa: N802
        printer = self._of("GetJobW", handle)
        if printer is None:
            return 0
        job = printer.jobs.get(number.value)
        if job is None:
            return self._refuse(INVALID_PARAMETER)
        return self._fill(lambda base: recorded([job], base, self.bits, level.value), 1, buffer, size, needed)

    def SetJobW(self, handle: Any, number: Any, level: Any, job: Any, command: Any) -> int:  # noqa: N802
        words = {PAUSE: "pause", RESUME: "resume", DELETE: "delete"}
        printer = self._of(words[command.value], handle)
        if printer is None:
            return 0
        with self._changed:
            found = printer.jobs.get(number.value)
            if found is None:
                return self._refuse(INVALID_PARAMETER)
            if command.value == PAUSE:
                self._set(found.number, lambda status: status | JobStatus.PAUSED)
            elif command.value == RESUME:
                self._set(found.number, lambda status: status & ~JobStatus.PAUSED)
                self._schedule(printer, found.number)
            elif found.status & JobStatus.PRINTING:
                self._set(found.number, lambda status: status | JobStatus.DELETING)  # until its printer lets go
            else:
                self.delete(found.number)
        return 1

    def StartDocPrinterW(self, handle: Any, level: Any, described: Any) -> int:  # noqa: N802
        printer = self._of("StartDocPrinterW", handle)
        if printer is None:
            return 0
        with self._changed:
            datatype = described._obj.datatype
            self.datatypes.append(datatype)
            number = self._add(printer, described._obj.name, datatype, JobStatus.SPOOLING)
            self._handles[handle.value].job = number
        return number

    def StartPagePrinter(self, handle: Any) -> int:  # noqa: N802
        return int(self._of("StartPagePrinter", handle) is not None)

    def WritePrinter(self, handle: Any, data: bytes, size: Any, written: Any) -> int:  # noqa: N802
        if self._of("WritePrinter", handle) is None:
            return 0
        job = self._handles[handle.value].job
        if job not in self.spooled:
            return self._refuse(INVALID_HANDLE)
        self.spooled[job] += data[: size.value]
        written._obj.value = size.value
        return 1

    def EndPagePrinter(self, handle: Any) -> int:  # noqa: N802
        return int(self._of("EndPagePrinter", handle) is not None)

    def EndDocPrinter(self, handle: Any) -> int:  # noqa: N802
        printer = self._of("EndDocPrinter", handle)
        if printer is None:
            return 0
        with self._changed:
            number, self._handles[handle.value].job = self._handles[handle.value].job, 0
            if number in printer.jobs:
                self._set(number, lambda status: status & ~JobStatus.SPOOLING)
                self._schedule(printer, number)
        return 1

    def AbortPrinter(self, handle: Any) -> int:  # noqa: N802
        printer = self._of("AbortPrinter", handle)
        if printer is None:
            return 0
        with self._changed:
            number, self._handles[handle.value].job = self._handles[handle.value].job, 0
            if number in printer.jobs:
                self.delete(number)
        return 1

    # -- notifications ------------------------------------------------------------------------------------------------

    def FindFirstPrinterChangeNotification(self, handle: Any, changes: Any, options: Any, what: Any) -> int | None:  # noqa: N802
        printer = self._of("FindFirstPrinterChangeNotification", handle)
        if printer is None or not self.notifies:
            return ctypes.c_void_p(-1).value
        asked = what._obj
        assert (asked.version, asked.count, asked.types[0].type, asked.types[0].fields[0]) == (2, 1, 1, 0x0A)
        with self._changed:
            self._watches[number := next(self._ids)] = Watch(printer.name)
        return number

    def FindNextPrinterChangeNotification(self, change: Any, changed: Any, options: Any, told: Any) -> int:  # noqa: N802
        with self._changed:
            watch = self._watches.get(change.value)
            if watch is None:
                return self._refuse(INVALID_HANDLE)
            notices, watch.told = watch.told, []
            flags = int(self.discards)
            if flags:
                notices, self.discards = [], False
            elif options is not None:
                notices = [(job.number, job.status) for job in self.printers[watch.printer].jobs.values()]
        head, form = ("<3I4x", "<2H2I4xQ8x") if self.bits == 8 else ("<3I", "<2H2IQ")
        data = struct.pack(head, 2, flags, len(notices))
        data += b"".join(struct.pack(form, 1, 0x0A, 0, number, int(status)) for number, status in notices)
        buffer = ctypes.create_string_buffer(data, len(data))
        self._given[ctypes.addressof(buffer)] = buffer
        told._obj.value = ctypes.addressof(buffer)
        return 1

    def FreePrinterNotifyInfo(self, told: Any) -> int:  # noqa: N802
        del self._given[told.value]
        return 1

    def FindClosePrinterChangeNotification(self, change: Any) -> int:  # noqa: N802
        self._watches.pop(change.value, None)
        return 1

    def WaitForSingleObject(self, handle: Any, milliseconds: Any) -> int:  # noqa: N802
        with self._changed:
            until = time.monotonic() + milliseconds.value / 1000
            while True:
                watch = self._watches.get(handle.value)
                if watch is None or not self.running:
                    self._errors.number = INVALID_HANDLE
                    return 0xFFFFFFFF
                if watch.told or self.discards:
                    return 0
                if not self._changed.wait(max(0.0, until - time.monotonic())):
                    return 258

    def CreateEventW(self, *how: Any) -> int:  # noqa: N802
        return 9

    @property
    def left_open(self) -> int:
        """Handles that somebody has forgotten to close."""
        return len(self._handles) + len(self._watches) + len(self._given)

    # -- calls --------------------------------------------------------------------------------------------------------

    def _answers(self, what: str) -> bool:
        self.log.append(what)
        if what in self.hangs:
            self.hangs[what].wait(30)
        if not self.running:
            return bool(self._refuse(NO_SERVICE))
        if what in self.refuses:
            return bool(self._refuse(self.refuses[what]))
        return True

    def _of(self, what: str, handle: Any) -> SpoolPrinter | None:
        if not self._answers(what):
            return None
        found = self._handles.get(handle.value)
        if found is None or found.printer not in self.printers:
            self._refuse(INVALID_HANDLE if found is None else 1905)
            return None
        return self.printers[found.printer]

    def _handle(self, opened: Handle) -> int:
        with self._changed:
            number = next(self._ids)
            self._handles[number] = opened
        return number

    def _refuse(self, error: int) -> int:
        self._errors.number = error
        return 0

    def _fill(
        self, build: Callable[[int], bytes], count: int, buffer: Any, size: Any, needed: Any, returned: Any = None
    ) -> int:
        data = build(ctypes.addressof(buffer) if buffer is not None else 0)
        needed._obj.value = len(data)
        if buffer is None or size.value < len(data):
            return self._refuse(TOO_SMALL)
        ctypes.memmove(buffer, data, len(data))
        if returned is not None:
            returned._obj.value = count
        return 1
