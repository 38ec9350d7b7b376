"""What is said in English of prints that came in at a port or through a spooler, and of documents that other printers'
drivers made: a page says it in the reader's language. Beside `known_sentences.py`, which looks them up.
"""

from __future__ import annotations

from typing import Final

from comptoir.web.locale import msgid

#: what is said, with its remedy → the sentence of a page; the first that fits is taken
PORTS_SAY: Final = (
    (r"The sender was gone in the middle of it\.", msgid("The computer that printed it was gone in the middle.")),
    (r"The sender fell silent in the middle of it\.", msgid("The computer that printed it fell silent in the middle.")),
    (
        r"The sender never said what is to become of it\.",
        msgid("The computer that printed it never sent the end of its order."),
    ),
    (
        r"the port (?P<number>\d+) cannot be listened on: (?P<why>.*?)\.?",
        msgid("Nothing can be received on port %(number)s: %(why)s."),
    ),
    (
        r"Another program may have it; give the source another port\.",
        msgid("Another program may be using it: choose another port for this source."),
    ),
    (
        r"a document is larger than (?P<number>[\d,]+) bytes(?:\. The key .*)?",
        msgid("The document was larger than this source takes, %(number)s bytes."),
    ),
    (r"The key “largest” of the source says so\.", msgid("The largest size can be changed in the settings.")),
    (r"It was gone before it could be read\.", msgid("It had left the queue before it could be read.")),
    (
        r"Let the printer keep printed documents, in its properties, under Advanced\.",
        msgid("In the printer’s properties in Windows, under Advanced, tick “Keep printed documents”."),
    ),
    (r"It cannot be read: (?P<text>.*?)\.?", msgid("It cannot be read: %(text)s.")),
    (r"The service needs the right to it\.", msgid("The service’s account needs the right to manage documents there.")),
    (
        r"the spooler cannot be asked: (?P<text>.*?)\.?",
        msgid("The print spooler of Windows does not answer: %(text)s."),
    ),
    (
        r"the queue of (?P<name>.+?) cannot be looked at: (?P<text>.*?)\.?",
        msgid("The queue of %(name)s cannot be looked at: %(text)s."),
    ),
    (r"the queue of (?P<name>.+) does not answer", msgid("The queue of %(name)s does not answer.")),
    (
        r"Is its computer there\? It is waited for\.",
        msgid("Is the computer that has this printer switched on? The service waits for it."),
    ),
    (r"Is the print spooler running\?", msgid("Is the service “Print Spooler” running?")),
    (
        r"the document is PostScript, and Ghostscript, .*",
        msgid(
            "This document is PostScript, which this printer does not read, and Ghostscript is not installed: install "
            "it on this computer, or print with a driver that sends PDF."
        ),
    ),
    (
        r"Ghostscript cannot read this PostScript.*|Ghostscript took longer than .*",
        msgid("This PostScript document cannot be drawn: print it again, or with a driver that sends PDF."),
    ),
    (r"Ghostscript cannot be used: (?P<text>.*?)\..*", msgid("Ghostscript cannot be started: %(text)s.")),
    (
        r"the document is in the language of another printer.*",
        msgid("This document was made for another kind of printer. Print it with a driver that sends PDF."),
    ),
    (
        r"The raster document (?:is cut short|has no page)\..*|This is no raster document\..*"
        r"|A page of the raster document .*|The colours of this raster document .*|The raster document has colours .*",
        msgid("The pages of this print cannot be read: they are damaged or cut short. Print it again."),
    ),
    (
        r"The raster document is too large to be drawn\..*",
        msgid("This print is too large to be drawn: print it in parts, or as a PDF."),
    ),
    (r"The document would take too much paper\..*", msgid("This print would take too much paper: print a part of it.")),
)
