"""What the states of the Windows spooler mean, in the words of RFC 8011 §5.4.12 and in a sentence. Pure."""

from __future__ import annotations

from typing import Final

from comptoir.core.job import (
    COVER_OPEN,
    CUTTER_JAM,
    NO_PAPER,
    NO_RIBBON,
    OTHER_ERROR,
    OUTPUT_FULL,
    PAUSED,
    PRINTER_OFFLINE,
)
from comptoir.windows.structures import JobStatus, PrinterCondition, PrinterStatus

#: all bytes were sent to the printer; or the queue keeps what is printed
SENT: Final = JobStatus.PRINTED | JobStatus.COMPLETE
LEAVING: Final = JobStatus.DELETING | JobStatus.DELETED

#: the first that is set counts
_PRINTER: Final = (
    (PrinterStatus.DOOR_OPEN, COVER_OPEN, "Windows says that its cover is open"),
    (PrinterStatus.PAPER_JAM, CUTTER_JAM, "Windows says that paper is jammed in it"),
    (PrinterStatus.PAPER_OUT | PrinterStatus.PAPER_PROBLEM, NO_PAPER, "Windows says that it has no paper"),
    (PrinterStatus.OUTPUT_BIN_FULL, OUTPUT_FULL, "Windows says that its output tray is full"),
    (PrinterStatus.NO_TONER, NO_RIBBON, "Windows says that it has no toner or ribbon"),
    (PrinterStatus.PAUSED, PAUSED, "its queue is paused in Windows"),
    (PrinterStatus.PENDING_DELETION, OTHER_ERROR, "it is being removed from Windows"),
)
#: they may be of the last job, and then a print alone shows that they are over
_OF_JOBS: Final = (
    PrinterStatus.ERROR | PrinterStatus.USER_INTERVENTION | PrinterStatus.MANUAL_FEED | PrinterStatus.OUT_OF_MEMORY
)
_OFFLINE: Final = (PRINTER_OFFLINE, "Windows says that it is offline")
_ERROR: Final = (OTHER_ERROR, "Windows says that the printer has an error")
_JOB: Final = (
    (JobStatus.DELETING, OTHER_ERROR, "it was deleted from the queue of Windows, and the printer has not let go of it"),
    (JobStatus.PAPEROUT, NO_PAPER, "Windows says that it has no paper"),
    (JobStatus.OFFLINE, *_OFFLINE),
    (JobStatus.USER_INTERVENTION | JobStatus.BLOCKED | JobStatus.ERROR, *_ERROR),
    (JobStatus.PAUSED, PAUSED, "this print is paused in the queue of Windows"),
)
#: ERROR_ACCESS_DENIED, and what is said of it
DENIED: Final = 5
NOT_ALLOWED: Final = "Windows does not let this service print there"
ALLOW: Final = "In the printer’s properties in Windows, allow SYSTEM to print."
HINTS: Final = {
    PRINTER_OFFLINE: "Is it switched on and connected? In its queue, “Use Printer Offline” must not be ticked.",
    PAUSED: "Open its queue in Windows, and let it print on.",
}


def of_printer(condition: PrinterCondition) -> tuple[str, str]:
    """Why a printer prints nothing: (reason, message), both "" for one that prints."""
    for bits, reason, message in _PRINTER[:5]:
        if condition.status & bits:
            return reason, message
    if condition.offline:
        return _OFFLINE
    for bits, reason, message in _PRINTER[5:]:
        if condition.status & bits:
            return reason, message
    if condition.status & _OF_JOBS and condition.waiting:
        return _ERROR
    return "", ""


def of_job(status: JobStatus) -> tuple[str, str]:
    """Why a job does not go on: (reason, message), both "" for one that does."""
    return next(((reason, message) for bits, reason, message in _JOB if status & bits), ("", ""))
