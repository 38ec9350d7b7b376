"""What is said in English of prints that came through CUPS: a page says it in the reader's language.

Beside `known_sentences.py`, which looks them up.
"""

from __future__ import annotations

from typing import Final

from comptoir.web.locale import msgid

#: what is said, with its remedy → the sentence of a page; the first that fits is taken
CUPS_SAYS: Final = (
    (r"CUPS does not answer at (?P<text>\S+): (?P<why>.*?)\.?", msgid("CUPS does not answer at %(text)s: %(why)s.")),
    (
        r"Is it running\? On most systems: systemctl start cups",
        msgid("Is CUPS running? On most systems: systemctl start cups"),
    ),
    (r"CUPS has thrown its document away already\.?", msgid("CUPS has already thrown this document away.")),
    (
        r"CUPS does not give its document to the user of this service\.?",
        msgid("CUPS does not give this document to the service’s account."),
    ),
    (r"its document cannot be unpacked\.?", msgid("This document cannot be unpacked.")),
    (
        r"Set PreserveJobFiles Yes in cupsd\.conf, or capture the queue itself: comptoir capture install",
        msgid(
            "Set PreserveJobFiles Yes in cupsd.conf, or have the queue print through Comptoir: comptoir capture install"
        ),
    ),
    (
        r"Add this user to the group of CUPS' administrators, on Debian: adduser (?P<text>\S+) lpadmin\. .*",
        msgid(
            "Add the service’s account to the administrators of CUPS, on Debian: adduser %(text)s lpadmin. Then start "
            "the service anew."
        ),
    ),
    (
        r"Capture the queue itself: comptoir capture install",
        msgid("Have the queue print through Comptoir: comptoir capture install"),
    ),
    (
        r"there is no spool directory (?P<text>.*?)\.?",
        msgid("There is no folder %(text)s, in which prints are to wait."),
    ),
    (
        r"the spool directory (?P<text>.*) cannot be read: (?P<why>.*?)\.?",
        msgid("The folder %(text)s, in which prints wait, cannot be read: %(why)s."),
    ),
    (
        r"As the administrator, type: comptoir capture install",
        msgid("As the administrator, type: comptoir capture install"),
    ),
    (
        r"What there is of it lies in (?P<text>.*)\. It is shown until it is removed there\.",
        msgid("What there is of this print lies in %(text)s. It is shown here until it is removed there."),
    ),
)
