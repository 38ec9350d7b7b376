"""What is said in English of nights and packs, which a page says in the reader's language.

Beside `known_sentences.py`, which looks them up.
"""

from __future__ import annotations

from typing import Final

from comptoir.web.locale import msgid

#: what is said → the sentence of a page; the first that fits is taken
NIGHTS_SAY: Final = (
    (r"the night of (?P<day>\S+) has not begun", msgid("The night of %(day)s has not begun.")),
    (r"Choose today, or a day before\.", msgid("Choose today, or a day before.")),
    (r"a note has (?P<count>\d+) characters at most", msgid("A note has %(count)s characters at most.")),
    (
        r"a name of 1 to (?P<count>\d+) characters is needed to sign a night",
        msgid("To sign a night, type your name: %(count)s characters at most."),
    ),
    (
        r"documents have come to this night since it was shown",
        msgid("Documents have come to this night since it was shown."),
    ),
    (r"Look at it again, then sign it\.", msgid("Look at it again, then sign it.")),
    (r"this night is signed already, by (?P<who>.*)", msgid("This night is signed already, by %(who)s.")),
    (r"no destination is set that gets the nights", msgid("No destination is set that gets the nights.")),
    (r"Choose one in the settings\.", msgid("Choose one in the settings.")),
    (
        r"one PDF holds (?P<count>\d+) documents of (?P<size>\d+) GB at most",
        msgid("One PDF holds %(count)s documents of %(size)s GB at most."),
    ),
    (r"Choose a shorter time, or fewer\.", msgid("Choose a shorter time, or fewer.")),
    (
        r"the documents cannot be put together to one PDF",
        msgid("The documents cannot be put together to one PDF."),
    ),
    (r"Download them one by one\.", msgid("Download them one by one.")),
    (r"the pack cannot be written: (?P<why>.*)", msgid("The PDF cannot be written: %(why)s.")),
    (r"“(?P<text>.*)” is no month", msgid("“%(text)s” is no month.")),
    (r"A month is written like this: 2026-11\.", msgid("A month is written like this: 2026-11.")),
    (r"this report is not learned any more", msgid("This report is not learned any more.")),
    (r"there is no such report any more", msgid("There is no such report any more.")),
    (r"the reports were changed in the meantime", msgid("The reports were changed in the meantime.")),
)
