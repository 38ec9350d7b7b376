"""What is said in English of eliminations, legal holds and exports, which a page says in the reader's language.

Beside `known_sentences.py`, which looks them up.
"""

from __future__ import annotations

from typing import Final

from comptoir.web.locale import msgid

#: what is said → the sentence of a page; the first that fits is taken
KEEPING_SAYS: Final = (
    (r"what is due has changed in the meantime", msgid("What is due has changed in the meantime.")),
    (
        r"Look at the list again; nothing was eliminated\.",
        msgid("Look at the list again; nothing was eliminated."),
    ),
    (r"an elimination or an export is under way", msgid("An elimination or an export is under way.")),
    (r"Wait until it is done\.", msgid("Wait until it is done.")),
    (r"a legal hold needs a reason", msgid("A legal hold needs a reason.")),
    (r"Say why: it stands in the journal\.", msgid("Say why: it stands in the journal.")),
    (r"the archive has nothing to hold there", msgid("The archive has nothing to hold there.")),
    (r"Look at the dates and the source\.", msgid("Look at the dates and the source.")),
    (r"there is no such legal hold any more", msgid("There is no such legal hold any more.")),
    (r"there is no export “(?P<name>.*)”", msgid("There is no export “%(name)s”.")),
    (r"there is nothing to export", msgid("There is nothing to export.")),
    (
        r"Look at the dates: the archive has nothing of them\.",
        msgid("Look at the dates: the archive has nothing of them."),
    ),
    (
        r"the export takes (?P<size>\d+) MB, and (?P<free>\d+) MB are free at (?P<path>.*)",
        msgid("The export takes %(size)s MB, and %(free)s MB are free at %(path)s."),
    ),
    (
        r"Make room, or export to another disk\. Nothing was written\.",
        msgid("Make room, or export to another disk. Nothing was written."),
    ),
    (r"the export cannot be read: (?P<why>.*)", msgid("The export cannot be read: %(why)s.")),
    (r"Was it removed\? Look at the list again\.", msgid("Was it removed? Look at the list again.")),
    (r"the export cannot be written: (?P<why>.*)", msgid("The export cannot be written: %(why)s.")),
    (
        r"(?P<path>\S.*/exports\b.*?) cannot be written: (?P<why>.*)",
        msgid("The export cannot be written to %(path)s: %(why)s."),
    ),
    (r"Choose another place\.", msgid("Make room there, and give the service’s account the right to write.")),
    (r"Check the disk\. Nothing of it is left\.", msgid("Check the disk. Nothing of it is left.")),
)
