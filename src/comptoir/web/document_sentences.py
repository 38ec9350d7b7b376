"""What is said in English of a document that cannot be put on paper, which a page says in the reader's language.

Those that lie in folders: PDF files, pictures, texts. Whoever writes tickets reads the words of their format.
Beside `known_sentences.py`, which looks them up.
"""

from __future__ import annotations

from typing import Final

from comptoir.web.locale import msgid

#: what is said, with its remedy → the sentence of a page; the first that fits is taken
DOCUMENTS_SAY: Final = (
    (
        r"The PDF wants a password\. .*|The PDF is encrypted in a way .*",
        msgid("This PDF is locked by a password. Save it without one and send that."),
    ),
    (
        r"The PDF cannot be read: .*|The PDF has no page\. .*",
        msgid("This PDF cannot be read: it is damaged, cut short, or empty. Open it in a PDF reader, print it to PDF "
              "again, and send that."),
    ),
    (
        r"Page (?P<number>\d+) of the PDF (?:is damaged|has no possible size)\. .*",
        msgid("Page %(number)s of this PDF is damaged. Open it in a PDF reader, print it to PDF again, and send that."),
    ),
    (
        r"(?:A page of the PDF cannot be drawn|The PDF cannot be written anew|An image in the PDF has more .*?)\. .*",
        msgid("A page of this PDF cannot be drawn. Open it in a PDF reader, print it to PDF again, and send that."),
    ),
    (
        r"The PDF has (?P<count>\d+) pages, more than (?P<number>\d+)\. .*",
        msgid("This PDF has %(count)s pages, more than %(number)s: print a part of it."),
    ),
    (
        r"The PDF would take (?P<number>[\d.]+) m of paper\. .*",
        msgid("This PDF would take %(number)s m of paper: print a part of it."),
    ),
    (
        r"The PDF cannot be marked as a DUPLICATA\. .*",
        msgid("DUPLICATA cannot be written on this PDF: print it from a PDF reader."),
    ),
    (
        r"The picture cannot be read: .*? Send it as one of (?P<names>.*)\.",
        msgid("This picture cannot be read: it is damaged, cut short, or of another kind than %(names)s."),
    ),
    (
        r"The picture has more than .*",
        msgid("This picture has too many pixels: make it smaller and send it again."),
    ),
    (
        r"The picture would take (?P<number>[\d.]+) m of paper\. .*",
        msgid("This picture would take %(number)s m of paper: make it shorter, or cut it into several."),
    ),
    (
        r"The text is not valid UTF-8: .*",
        msgid("This text is not in UTF-8, so its letters are not known: save it as UTF-8."),
    ),
    (
        r"The text would take more than (?P<count>\d+) lines of paper\. .*",
        msgid("This text would take more than %(count)s lines of paper: print a part of it."),
    ),
    (
        r"This printer prints whole sheets, and no document of the format .*|There is no format '.*'\. Known .*",
        msgid("This printer prints PDF files, pictures and texts, and this is none."),
    ),
)  # fmt: skip
