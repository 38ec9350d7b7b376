"""What is said in English of sources that capture prints, and a page says in the reader's language. What ports and CUPS
say besides: `port_sentences.py`, `cups_sentences.py`. Beside `known_sentences.py`, which looks them up.
"""

from __future__ import annotations

from typing import Final

from comptoir.web.locale import msgid

#: what is said, with its remedy → the sentence of a page; the first that fits is taken
CAPTURES_SAY: Final = (
    # A printer for computers.
    (r"the client went away in the middle of it", msgid("The computer that printed it was gone in the middle.")),
    (r"the client sent nothing more for a minute", msgid("The computer that printed it fell silent in the middle.")),
    (r"what was sent cannot be unpacked", msgid("What the computer sent is compressed, and damaged.")),
    (r"it was packed, and ends in the middle", msgid("What the computer sent is compressed, and its end is missing.")),
    (
        r"the document is larger than (?P<number>\d+) MB",
        msgid("The document was larger than this printer takes, %(number)s MB."),
    ),
    (r"the station stops", msgid("The station is being stopped.")),
    (r"It takes the print when it has started again\.", msgid("It takes the print when it has started again.")),
    (r"Choose another port for this printer\.", msgid("Choose another port for this printer.")),
    (r"this user may not listen on (?P<text>.*)", msgid("The service’s account may not use the address %(text)s.")),
    (r"Choose a port above 1023\.", msgid("Choose a port above 1023.")),
    (
        r"it is not possible to listen on (?P<text>.*?): (?P<why>.*)",
        msgid("The address %(text)s cannot be used: %(why)s."),
    ),
    (r"Check host and port\.", msgid("Check its address and its port in the settings.")),
    (
        r"the (?:file|held document) (?P<text>.*) cannot be read: (?P<why>.*)",
        msgid("The file %(text)s cannot be read: %(why)s."),
    ),
    (r"the file (?P<text>.*) cannot be written: (?P<why>.*)", msgid("The file %(text)s cannot be written: %(why)s.")),
    (r"Restore it from a backup\.", msgid("Take it from a backup.")),
    # What the CUPS backend has left.
    (r"its description cannot be read: .*", msgid("The description of this print cannot be read.")),
    (r"it was made by another version of the backend", msgid("This print was left by another version of Comptoir.")),
    (r"it has no document", msgid("There is no document in this print.")),
    (
        r"its description names files that are not its own",
        msgid("The description of this print names files that are not its own."),
    ),
    (r"its file (?P<text>.*) is missing", msgid("The file %(text)s of this print is missing.")),
    (
        r"(?:its file )?(?P<text>\S+) (?:cannot be unpacked: .*|is not what was written|is no file)",
        msgid("The file %(text)s of this print is damaged."),
    ),
    # What a source is configured to.
    (
        r"the source (?P<name>.*) watches the queues of Windows, and this is none",
        msgid("The source %(name)s takes what Windows prints, and this computer does not run Windows."),
    ),
    (
        r"On Linux and macOS, a source of the kind cups does it\.",
        msgid("Here, a source “Queues of CUPS” does the same."),
    ),
    (
        r"(?:the )?source (?P<name>.*?): (?:largest: )?(?P<why>.*)",
        msgid("The settings of the source %(name)s cannot be used: %(why)s."),
    ),
    # What the system says of why.
    (r"No such file or directory", msgid("nothing is at this place")),
    (r"Permission denied|Operation not permitted", msgid("this account has no right to it")),
    (r"Address already in use", msgid("another program has it")),
    (r"Read-only file system", msgid("nothing can be written there")),
)
