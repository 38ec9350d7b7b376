"""What the Windows spooler says of jobs and printers, as the bytes of its structures. Pure: it calls nothing.

The spooler fills one buffer with an array of structures, and the texts that they point to, by address: so the buffer's
own address is needed to find them. JOB_INFO_2 and JOB_INFO_4, DEVMODEW, PRINTER_INFO_2 and PRINTER_INFO_4,
DRIVER_INFO_8, PRINTER_NOTIFY_INFO as winspool.h and wingdi.h have them, of 64 and of 32 bits. Addresses that lead out
of the buffer are read as nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntFlag
from typing import Final, Literal

Bits = Literal[4, 8]
"""Bytes of an address."""


class JobStatus(IntFlag):
    """JOB_STATUS_…"""

    PAUSED = 0x1
    ERROR = 0x2
    DELETING = 0x4
    SPOOLING = 0x8
    PRINTING = 0x10
    OFFLINE = 0x20
    PAPEROUT = 0x40
    PRINTED = 0x80
    DELETED = 0x100
    BLOCKED = 0x200
    USER_INTERVENTION = 0x400
    RESTART = 0x800
    COMPLETE = 0x1000
    RETAINED = 0x2000


class PrinterStatus(IntFlag):
    """PRINTER_STATUS_…"""

    PAUSED = 0x1
    ERROR = 0x2
    PENDING_DELETION = 0x4
    PAPER_JAM = 0x8
    PAPER_OUT = 0x10
    MANUAL_FEED = 0x20
    PAPER_PROBLEM = 0x40
    OFFLINE = 0x80
    OUTPUT_BIN_FULL = 0x800
    NOT_AVAILABLE = 0x1000
    NO_TONER = 0x40000
    USER_INTERVENTION = 0x100000
    OUT_OF_MEMORY = 0x200000
    DOOR_OPEN = 0x400000
    SERVER_OFFLINE = 0x2000000


FINE: Final = PrinterStatus(0)
#: PRINTER_ATTRIBUTE_WORK_OFFLINE: “Use printer offline” is ticked, or the port has told Windows that it is
WORK_OFFLINE: Final = 0x400


@dataclass(frozen=True, slots=True)
class PrinterCondition:
    """What the spooler says of a printer. `waiting`: jobs in its queue, also those that it keeps printed."""

    name: str
    port: str = ""
    driver: str = ""
    comment: str = ""
    status: PrinterStatus = FINE
    attributes: int = 0
    waiting: int = 0

    @property
    def offline(self) -> bool:
        away = PrinterStatus.OFFLINE | PrinterStatus.NOT_AVAILABLE | PrinterStatus.SERVER_OFFLINE
        return bool(self.status & away or self.attributes & WORK_OFFLINE)


@dataclass(frozen=True, slots=True)
class SpooledJob:
    """A job of the spooler. submitted: ms since 1970 UTC; None where it is no date. wishes: IPP's words."""

    number: int
    printer: str
    machine: str
    user: str
    title: str
    datatype: str
    driver: str
    status: JobStatus
    pages: int
    size: int
    submitted: int | None
    copies: int = 1
    wishes: tuple[tuple[str, str], ...] = ()


#: bytes of a job's texts that are read, of UTF-16
_LONGEST_TEXT: Final = 4096
_POINTERS: Final = 12
#: behind the addresses: Status, Priority, Position, StartTime, UntilTime, TotalPages, Size, SYSTEMTIME, Time,
#: PagesPrinted; and SizeHigh of JOB_INFO_4
_NUMBERS: Final = struct.Struct("<7I8H2I")


def size_of_job(bits: Bits, level: int) -> int:
    """Bytes of a structure of level 2 or 4, with what stands behind it so that the next is aligned."""
    size = bits * (1 + _POINTERS) + _NUMBERS.size + (4 if level == 4 else 0)
    return size + -size % bits


def jobs(buffer: bytes, base: int, count: int, bits: Bits = 8, level: int = 2) -> list[SpooledJob]:
    """The jobs of a buffer that EnumJobs has filled. `base`: the buffer's address; `count`: as EnumJobs says it."""
    step = size_of_job(bits, level)
    return [_job(buffer, base, at * step, bits, level) for at in range(min(count, len(buffer) // step))]


def printers(buffer: bytes, base: int, count: int, bits: Bits = 8) -> list[str]:
    """The names in an array of PRINTER_INFO_4: two addresses and a number."""
    step = 3 * bits if bits == 8 else 12
    names = [_text(buffer, base, _addresses(buffer, at * step, 1, bits)[0]) for at in range(count)]
    return [name for name in names if name]


def printer_condition(buffer: bytes, base: int, bits: Bits = 8) -> PrinterCondition:
    """A PRINTER_INFO_2: thirteen addresses; Attributes, Priority, DefaultPriority, StartTime, UntilTime, Status, cJobs,
    AveragePPM. Bytes that are too few say nothing."""
    if len(buffer) < 13 * bits + 32:
        return PrinterCondition("")
    addresses = _addresses(buffer, 0, 13, bits)
    attributes, _, _, _, _, status, waiting, _ = struct.unpack_from("<8I", buffer, 13 * bits)
    name, port, driver, comment = (_text(buffer, base, addresses[at]) for at in (1, 3, 4, 5))
    return PrinterCondition(name, port, driver, comment, PrinterStatus(status), attributes, waiting)


def is_xps_driver(buffer: bytes, bits: Bits = 8) -> bool:
    """Whether dwPrinterDriverAttributes of a DRIVER_INFO_8 has PRINTER_DRIVER_XPS: it stands behind a number, ten
    addresses, a date, a version and eight addresses."""
    at = 168 if bits == 8 else 96
    return len(buffer) >= at + 4 and bool(struct.unpack_from("<I", buffer, at)[0] & 0x2)


#: PRINTER_NOTIFY_INFO_DATA: Type, Field, Reserved, Id, and the value, which may be an address
_JOB_NOTICE, _STATUS_FIELD = 1, 0x0A
_DISCARDED: Final = 1


def size_of_notice(bits: Bits, count: int) -> int:
    """Bytes of a PRINTER_NOTIFY_INFO with so many data."""
    return (16 + 32 * count) if bits == 8 else (12 + 20 * count)


def notified(buffer: bytes, bits: Bits = 8) -> tuple[list[tuple[int, JobStatus]], bool]:
    """(number of the job, its state) of a PRINTER_NOTIFY_INFO, in their order; whether some were discarded."""
    if len(buffer) < 12:
        return [], False
    _, flags, count = struct.unpack_from("<3I", buffer)
    head, step, place = (16, 32, 16) if bits == 8 else (12, 20, 12)
    told = []
    for at in range(head, min(head + count * step, len(buffer) - step + 1), step):
        kind, what, _, number = struct.unpack_from("<2H2I", buffer, at)
        if (kind, what) == (_JOB_NOTICE, _STATUS_FIELD):
            told.append((number, JobStatus(struct.unpack_from("<I", buffer, at + place)[0])))
    return told, bool(flags & _DISCARDED)


def _job(buffer: bytes, base: int, at: int, bits: Bits, level: int) -> SpooledJob:
    (number,) = struct.unpack_from("<I", buffer, at)
    addresses = _addresses(buffer, at + bits, _POINTERS, bits)
    place = at + bits * (1 + _POINTERS)
    status, _, _, _, _, pages, size, *rest = _NUMBERS.unpack_from(buffer, place)
    if level == 4:
        size += struct.unpack_from("<I", buffer, place + _NUMBERS.size)[0] << 32
    names = [_text(buffer, base, address) for address in addresses[:9]]
    copies, wishes = _devmode(buffer, addresses[9] - base)
    return SpooledJob(
        number=number, printer=names[0], machine=names[1].lstrip("\\"), user=names[2], title=names[3],
        datatype=names[5], driver=names[8], status=JobStatus(status), pages=pages, size=size,
        submitted=_instant(rest[:8]), copies=copies, wishes=wishes,
    )  # fmt: skip


def _addresses(buffer: bytes, at: int, count: int, bits: Bits) -> Sequence[int]:
    return struct.unpack_from(f"<{count}{'Q' if bits == 8 else 'I'}", buffer, at)


def _text(buffer: bytes, base: int, address: int) -> str:
    """UTF-16 to its NUL."""
    at = address - base
    if address == 0 or not 0 <= at < len(buffer):
        return ""
    end = at
    while end + 1 < len(buffer) and end - at < _LONGEST_TEXT and buffer[end : end + 2] != b"\0\0":
        end += 2
    return buffer[at:end].decode("utf-16-le", "replace")


def _instant(parts: Sequence[int]) -> int | None:
    """A SYSTEMTIME, which is UTC here: year, month, day of the week, day, hour, minute, second, millisecond."""
    year, month, _, day, hour, minute, second, ms = parts
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return int(at.timestamp()) * 1000 + min(ms, 999)


#: dmFields
_PAPER, _COPIES, _DUPLEX = 0x2, 0x100, 0x1000
_MEDIA: Final = {1: "letter", 5: "legal", 7: "executive", 8: "a3", 9: "a4", 11: "a5"}
_SIDES: Final = {1: "one-sided", 2: "two-sided-long-edge", 3: "two-sided-short-edge"}


def _devmode(buffer: bytes, at: int) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Copies and wishes of a DEVMODEW: dmFields at 72, dmPaperSize at 78, dmCopies at 86, dmDuplex at 94."""
    if at < 0 or at + 96 > len(buffer):
        return 1, ()
    (fields,) = struct.unpack_from("<I", buffer, at + 72)
    paper, copies, duplex = (struct.unpack_from("<h", buffer, at + place)[0] for place in (78, 86, 94))
    wishes = []
    if fields & _PAPER and paper in _MEDIA:
        wishes.append(("media", _MEDIA[paper]))
    if fields & _DUPLEX and duplex in _SIDES:
        wishes.append(("sides", _SIDES[duplex]))
    return copies if fields & _COPIES and 1 <= copies <= 9_999 else 1, tuple(wishes)
