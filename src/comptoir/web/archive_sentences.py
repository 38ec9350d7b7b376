"""What is said in English of the archive, and a page says in the reader's language. Beside `known_sentences.py`."""

from __future__ import annotations

from typing import Final

from comptoir.web.locale import msgid

#: what is said, as a pattern → the sentence of a page
ARCHIVE_SAYS: Final = (
    (
        r"there is no document (?P<number>\S+?)(?: in the archive)?",
        msgid("There is no document %(number)s in the archive"),
    ),
    (r"It may have been eliminated after its time\.", msgid("It may have been eliminated after its time.")),
    (r"no document is ticked", msgid("No document is ticked")),
    (
        r"Tick those that must not be eliminated, then put them on hold\.",
        msgid("Tick those that must not be eliminated, then put them on hold."),
    ),
    (r"a hold needs a reason", msgid("A hold needs a reason")),
    (r"Say why these documents must stay\.", msgid("Say why these documents must stay.")),
    (r"no printer is chosen", msgid("No printer is chosen")),
    (r"Choose one, then print it again\.", msgid("Choose one, then print it again.")),
    (r"“(?P<name>.*)” puts no paper out", msgid("“%(name)s” puts no paper out")),
    (r"Choose a printer\.", msgid("Choose a printer.")),
    (
        r"DUPLICATA cannot be written on a document of the type (?P<name>\S+)",
        msgid("DUPLICATA cannot be written on a document of this type (%(name)s)"),
    ),
    (
        r"Download it, and print it with the program that it is from\.",
        msgid("Download it, and print it with the program that it is from."),
    ),
    (r"this print is too long to be drawn", msgid("This print is too long to be drawn")),
    (
        r"these bytes are for a printer alone, and cannot be drawn",
        msgid("These bytes are for a printer alone, and cannot be drawn"),
    ),
    (
        r"a search needs a name of 1 to (?P<number>\d+) characters",
        msgid("A search needs a name of 1 to %(number)s characters"),
    ),
    (r"there are (?P<number>\d+) saved searches already", msgid("There are %(number)s saved searches already")),
    (
        r"the archive's index (?P<path>.*) cannot be used: (?P<why>.*)",
        msgid("The archive's index %(path)s cannot be used: %(why)s"),
    ),
    (
        r"Make room on the disk or check its rights; the documents themselves are in the journal\.",
        msgid("Make room on the disk or check its rights; the documents themselves are in the journal."),
    ),
    (r"the archive's index is closed", msgid("The archive's index is closed")),
    (r"Remove one first\.", msgid("Remove one first.")),
    (r"these are more than (?P<number>\d+) documents", msgid("These are more than %(number)s documents")),
    (
        r"Narrow the search, to a month for instance, and take it in parts\.",
        msgid("Narrow the search, to a month for instance, and take it in parts."),
    ),
)  # fmt: skip
