"""What is said in English of documents that a driver of Windows draws; a page says it in the reader's language.

Beside `known_sentences.py`, which looks them up.
"""

from __future__ import annotations

from typing import Final

from comptoir.web.locale import msgid

#: what is said, with its remedy → the sentence of a page; the first that fits is taken
DRIVERS_SAY: Final = (
    (
        r"(?P<why>.+); it may stand in the queue of Windows still\..*",
        msgid("%(why)s. It may still stand in the queue of Windows: look there first."),
    ),
    (
        r"a driver of Windows takes no ready-made bytes\..*",
        msgid(
            "This was made for another printer, and the Windows driver of this one cannot draw it. Send it as PDF, or "
            "set the printer up a second time in its own language."
        ),
    ),
    (
        r"this printer of Windows asks a person for the name of a file, and nobody is there\..*",
        msgid("This printer asks for the name of a file. To keep documents as files, send them to a folder."),
    ),
    (
        r"its driver does not say how large its sheets are\.?",
        msgid("Its Windows driver does not say how large its paper is: install the driver anew."),
    ),
    (
        r"the printer’s driver (?:failed|cannot be loaded): (?P<text>.*?)\.?(?: Print a test page from Windows; .*)?",
        msgid(
            "The printer’s Windows driver has failed (%(text)s). Print a test page from Windows; does that fail, too, "
            "install the driver anew."
        ),
    ),
    (
        r"Windows has no printer of this name\..*",
        msgid("Windows has no printer of this name. Its name stands in the printers of Windows."),
    ),
    (
        r"Windows does not let this service print there\..*",
        msgid("Windows does not let this service print there: in the printer’s properties, allow SYSTEM to print."),
    ),
    (r"Windows does not print it: (?P<text>.*?)\.?", msgid("Windows does not print it: %(text)s.")),
    (r"Windows would not print on it: (?P<why>.*?)\.?", msgid("Windows would not print on it: %(why)s.")),
    (r"it was cancelled before any of it came out\.?", msgid("It was cancelled before any of it came out.")),
)
