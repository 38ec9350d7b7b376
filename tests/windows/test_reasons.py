"""The spooler's states in the words of RFC 8011: what a person must help with comes first, what is no hindrance not at
all."""

from __future__ import annotations

import pytest

from comptoir.core.job import (
    COVER_OPEN,
    CUTTER_JAM,
    NO_PAPER,
    NO_RIBBON,
    OTHER_ERROR,
    OUTPUT_FULL,
    PAUSED,
    PRINTER_OFFLINE,
    REASONS,
)
from comptoir.windows.reasons import of_job, of_printer
from comptoir.windows.structures import WORK_OFFLINE, JobStatus, PrinterCondition, PrinterStatus


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (0, ""), (0x1, PAUSED), (0x8, CUTTER_JAM), (0x10, NO_PAPER), (0x40, NO_PAPER), (0x80, PRINTER_OFFLINE),
        (0x800, OUTPUT_FULL), (0x1000, PRINTER_OFFLINE), (0x40000, NO_RIBBON), (0x400000, COVER_OPEN),
        (0x2000000, PRINTER_OFFLINE), (0x4, OTHER_ERROR), (0x400012, COVER_OPEN), (0x81, PRINTER_OFFLINE),
    ],
)  # fmt: skip
def test_printers(status: int, reason: str) -> None:
    said, message = of_printer(PrinterCondition("TICKET", status=PrinterStatus(status)))
    assert said == reason
    assert bool(message) == bool(reason)


@pytest.mark.parametrize(
    "status", [0x100, 0x200, 0x400, 0x2000, 0x4000, 0x8000, 0x10000, 0x20000, 0x1000000, 0x4000000]
)
def test_busy_or_warming_up_is_no_hindrance(status: int) -> None:
    """PRINTER_STATUS_IO_ACTIVE, BUSY, PRINTING, WAITING, PROCESSING, INITIALIZING, WARMING_UP, TONER_LOW, POWER_SAVE,
    DRIVER_UPDATE_NEEDED."""
    assert of_printer(PrinterCondition("TICKET", status=PrinterStatus(status))) == ("", "")


def test_use_printer_offline() -> None:
    assert of_printer(PrinterCondition("TICKET", attributes=WORK_OFFLINE))[0] == PRINTER_OFFLINE


@pytest.mark.parametrize("status", [0x2, 0x20, 0x100000, 0x200000])
def test_an_error_is_the_last_jobs_where_none_waits(status: int) -> None:
    assert of_printer(PrinterCondition("TICKET", status=PrinterStatus(status)))[0] == ""
    assert of_printer(PrinterCondition("TICKET", status=PrinterStatus(status), waiting=1))[0] == OTHER_ERROR


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (JobStatus(0), ""), (JobStatus.PRINTING, ""), (JobStatus.PAUSED, PAUSED), (JobStatus.ERROR, OTHER_ERROR),
        (JobStatus.PRINTING | JobStatus.ERROR | JobStatus.PAPEROUT, NO_PAPER), (JobStatus.OFFLINE, PRINTER_OFFLINE),
        (JobStatus.USER_INTERVENTION, OTHER_ERROR), (JobStatus.BLOCKED, OTHER_ERROR), (JobStatus.SPOOLING, ""),
    ],
)  # fmt: skip
def test_jobs(status: JobStatus, reason: str) -> None:
    assert of_job(status)[0] == reason
    assert reason in ("", *REASONS)
