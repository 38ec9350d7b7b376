"""What is said of prints in the queue of Windows is what the queue's parts say, and a page says it in French."""

from __future__ import annotations

import re

import pytest

from comptoir.web.locale import catalogue
from comptoir.web.words import Words
from comptoir.windows import reasons

FRENCH = Words(catalogue("fr"))

PRINTERS = tuple(
    message + (f". {reasons.HINTS[reason]}" if reason in reasons.HINTS else "")
    for _, reason, message in (*reasons._PRINTER, (0, *reasons._OFFLINE))
)
GONE = "the service stopped while this was sent, and "
SAID = (
    *PRINTERS, *(f"{message}." for _, _, message in reasons._JOB),
    "Windows has no printer called “BAR”; there are: Fax, TICKET. Is it switched on and connected?",
    "Windows has no printer called “BAR”; there is none at all",
    "Printers of Windows (winspool:) are to be had on Windows only. On Linux and macOS: cups:QUEUE, usb: or serial:.",
    "the spooler of Windows does not answer. Is it switched on and connected?",
    "the spooler reports it printed, job 12", "taken by the spooler, job 12",
    "The queue does not answer: error 1722 of the spooler.", "the queue has the job and does not answer: error 1722",
    "somebody deleted it from the queue", "somebody deleted it from the queue; a part of it may have come out.",
    "it is not in the queue any more, and nobody says why (job 12).",
    "it was not printed in time, and was taken back from the queue.",
    "it was not printed in time, and was taken back from the queue; a part of it may have come out.",
    "it was cancelled, and taken back from the queue.",
    "it was cancelled, and taken back from the queue; a part of it may have come out.",
    f"{GONE}the queue has no such job any more.", f"{GONE}the queue prints it: job 12.",
    f"{GONE}the queue does not answer: error 5.",
    f"{GONE}it could not be taken back from the queue. Delete job 12 there, in Windows.",
    "the service stopped while this was printed; it is not in the queue any more.",
    "other prints wait in the queue of TICKET; the drawer was not opened",
    "Wait until they are printed, or delete them there; then try again.",
    "the drawer was not opened: its queue did not pass the pulse on in time",
    "The pulse was deleted, and will not come later.",
    "the drawer was not opened: somebody deleted the pulse from the queue",
    "the queue has begun with the pulse, and not come to its end", "the pulse could not be deleted from the queue",
    "Look whether the drawer is open, and empty the queue of the printer.",
)  # fmt: skip


@pytest.mark.parametrize("english", SAID)
def test_it_is_said_in_french(english: str) -> None:
    french = FRENCH.known(english)
    assert french != english
    assert not re.search(r"\b(the|is|its|cannot|deleted|queue)\b", french)
