"""A Windows spooler for tests: its structures as bytes, and its libraries as far as our calls go."""

from __future__ import annotations

import ctypes
import struct
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from comptoir.windows.calls import JobGone
from comptoir.windows.structures import Bits, JobStatus, SpooledJob

JOB = SpooledJob(
    7, "HP LaserJet", "RECEPTION-1", "claire", "Rapport de nuit – Müller 🖨", "RAW", "HP Universal", JobStatus.SPOOLING,
    3, 4711, 1_795_000_000_250, 2, (("media", "a4"), ("sides", "two-sided-long-edge")),
)  # fmt: skip


def devmode(copies: int = 2, paper: int = 9, duplex: int = 2) -> bytes:
    """DEVMODEW with these three set."""
    mode = bytearray(220)
    struct.pack_into("<4HI", mode, 64, 0x401, 0, 220, 0, 0x2 | 0x100 | 0x1000)
    struct.pack_into("<h", mode, 78, paper)
    struct.pack_into("<h", mode, 86, copies)
    struct.pack_into("<h", mode, 94, duplex)
    return bytes(mode)


def recorded(jobs: Sequence[SpooledJob], base: int, bits: Bits = 8, level: int = 2, room: int = 0) -> bytes:
    """The buffer of EnumJobs, as winspool.h lays it out: the structures first, their texts from the end."""
    fixed = b""
    texts = bytearray()
    step = {(8, 2): 160, (8, 4): 160, (4, 2): 104, (4, 4): 108}[bits, level]
    start = base + step * len(jobs)

    def place(data: bytes) -> int:
        texts.extend(b"\0" * (-len(texts) % 8))
        texts.extend(data)
        return start + len(texts) - len(data)

    def text(said: str) -> int:
        return place(said.encode("utf-16-le") + b"\0\0") if said else 0

    for job in jobs:
        assert job.submitted is not None
        at = datetime.fromtimestamp(job.submitted // 1000, UTC)
        addresses = [
            text(job.printer), text(f"\\\\{job.machine}"), text(job.user), text(job.title), text(job.user),
            text(job.datatype), text("winprint"), 0, text(job.driver), place(devmode()), 0, 0,
        ]  # fmt: skip
        one = struct.pack("<I", job.number) + (b"\0" * 4 if bits == 8 else b"")
        one += struct.pack(f"<12{'Q' if bits == 8 else 'I'}", *addresses)
        one += struct.pack("<7I", int(job.status), 1, 1, 0, 0, job.pages, job.size & 0xFFFFFFFF)
        one += struct.pack("<8H", at.year, at.month, 0, at.day, at.hour, at.minute, at.second, job.submitted % 1000)
        one += struct.pack("<2I", 0, 0)
        if level == 4:
            one += struct.pack("<i", job.size >> 32)
        fixed += one.ljust(step, b"\0")
    return (fixed + bytes(texts)).ljust(room, b"\0")


@dataclass
class FakeSpooler:
    """`spooler.Spooler` that a test fills. bytes_of: of each job. log: what was asked of jobs."""

    queue: dict[int, SpooledJob] = field(default_factory=dict)
    bytes_of: dict[int, bytes] = field(default_factory=dict)
    names: tuple[str, ...] = ("HP LaserJet", "Fax")
    log: list[tuple[str, int]] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    broken: OSError | None = None
    #: printer → what it says when it is asked for its jobs; None: nothing, until `answer` is set
    silent: dict[str, OSError | None] = field(default_factory=dict)
    #: set when a job is being read, which goes on when there is an `answer`
    stuck: threading.Event | None = None
    #: what a server calls a printer in its jobs; "": as it is called here
    calls_itself: str = ""
    answer: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._changed = threading.Event()

    def put(self, job: SpooledJob, content: bytes) -> None:
        self.queue[job.number] = job
        self.bytes_of[job.number] = content
        self._changed.set()

    def change(self, number: int, status: JobStatus) -> None:
        self.queue[number] = replace(self.queue[number], status=status)
        self._changed.set()

    def gone(self, number: int) -> None:
        self.queue.pop(number, None)
        self._changed.set()

    def printers(self) -> Sequence[str]:
        if self.broken is not None:
            raise self.broken
        return self.names

    def jobs(self, printer: str) -> Sequence[SpooledJob]:
        if printer in self.silent:
            error = self.silent[printer]
            if error is not None:
                raise error
            self.answer.wait(30)
        found = [job for job in self.queue.values() if job.printer == printer]
        return [replace(job, printer=self.calls_itself or printer) for job in found]

    def read(self, printer: str, number: int) -> Iterator[bytes]:
        assert printer in self.names
        self._say("read", number)
        content = self.bytes_of.get(number)
        if content is None:
            raise JobGone(87, "gone")
        yield content[:5]
        if self.stuck is not None:
            self.stuck.set()
            self.answer.wait(30)
        yield content[5:]

    def hold(self, printer: str, number: int) -> None:
        self._say("hold", number)

    def resume(self, printer: str, number: int) -> None:
        if printer in self.silent and self.silent[printer] is None:
            self.answer.wait(30)
        self._say("resume", number)
        if number not in self.queue:
            raise JobGone(87, "gone")

    def wait(self, seconds: float) -> None:
        self._changed.wait(seconds)
        self._changed.clear()

    def wake(self) -> None:
        self._changed.set()

    def _say(self, word: str, number: int) -> None:
        self.log.append((word, number))
        if word in self.refuses:
            raise PermissionError(5, "Access is denied.")


class FakeLibraries:
    """winspool.drv and kernel32 as functions on ctypes values, over one printer with these jobs."""

    def __init__(self, jobs: Sequence[SpooledJob], content: bytes = b"", bits: Bits = 8) -> None:
        self.jobs = jobs
        self.content = content
        self.bits: Bits = bits
        self.error = 0
        self.opened: list[str | None] = []
        self.closed = 0
        self.commands: list[tuple[int, int]] = []
        self.notifies = True
        self.fails = False
        self.tells = True
        self.signalled = threading.Event()
        self.winspool = self.kernel32 = self
        self._at = 0

    def last_error(self) -> int:
        return self.error

    def OpenPrinterW(self, name: Any, handle: Any, defaults: Any) -> int:  # noqa: N802
        said = getattr(name, "value", name)
        if said not in (None, "HP LaserJet", "HP LaserJet,Job 7"):
            self.error = 87 if said and ",Job " in said else 1801
            return 0
        self.opened.append(said)
        self._at = 0
        handle._obj.value = 42
        return 1

    def ClosePrinter(self, handle: Any) -> int:  # noqa: N802
        self.closed += 1
        return 1

    def EnumJobsW(self, handle: Any, first: Any, most: Any, level: Any, *room: Any) -> int:  # noqa: N802
        base = ctypes.addressof(room[0]) if room[0] else 0
        return self._fill(recorded(self.jobs, base, self.bits, level.value), len(self.jobs), *room)

    def EnumPrintersW(self, flags: Any, name: Any, level: Any, *room: Any) -> int:  # noqa: N802
        words = [name.encode("utf-16-le") + b"\0\0" for name in ("HP LaserJet", "Fax")]
        fixed, at = b"", (ctypes.addressof(room[0]) if room[0] else 0) + 48
        for word in words:
            fixed += struct.pack("<QQI4x", at, 0, 0x40)
            at += len(word)
        return self._fill(fixed + b"".join(words), 2, *room)

    def ReadPrinter(self, handle: Any, buffer: Any, size: Any, read: Any) -> int:  # noqa: N802
        piece = self.content[self._at : self._at + size.value]
        self._at += len(piece)
        ctypes.memmove(buffer, piece, len(piece))
        read._obj.value = len(piece)
        return 1

    def SetJobW(self, handle: Any, number: Any, level: Any, job: Any, command: Any) -> int:  # noqa: N802
        self.commands.append((number.value, command.value))
        return 1

    def CreateEventW(self, *how: Any) -> int:  # noqa: N802
        return 9

    def SetEvent(self, event: Any) -> int:  # noqa: N802
        self.signalled.set()
        return 1

    def FindFirstPrinterChangeNotification(self, *what: Any) -> int | None:  # noqa: N802
        return 5 if self.notifies else ctypes.c_void_p(-1).value

    def FindNextPrinterChangeNotification(self, *what: Any) -> int:  # noqa: N802
        self.commands.append((0, 0))
        return int(self.tells)

    def FindClosePrinterChangeNotification(self, change: Any) -> int:  # noqa: N802
        assert change.value == 5
        return 1

    def WaitForMultipleObjects(self, count: Any, handles: Any, every: Any, milliseconds: Any) -> int:  # noqa: N802
        self.commands.append((count.value, milliseconds.value))
        return -1 if self.fails else int(count.value) - 1

    def _fill(self, data: bytes, count: int, buffer: Any, size: Any, needed: Any, returned: Any) -> int:
        needed._obj.value = len(data)
        if size.value < len(data):
            self.error = 122
            return 0
        ctypes.memmove(buffer, data, len(data))
        returned._obj.value = count
        return 1
