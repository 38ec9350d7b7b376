"""What is said to people about kept documents: kinds of documents, where they came from, what happened to them.

Tables of message ids, and the object that looks them up in one language, as `words.py` does for prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from gettext import NullTranslations
from typing import Final

from markupsafe import Markup

from comptoir.web.locale import msgid
from comptoir.web.words import Word

#: media type, or the beginning of it → what people call it; the first that fits
TYPES: Final[dict[str, str]] = {
    "application/pdf": msgid("PDF"),
    "image/pwg-raster": msgid("Printer picture"),
    "image/urf": msgid("Printer picture"),
    "image/": msgid("Picture"),
    "text/html": msgid("Web page"),
    "text/": msgid("Text"),
    "application/postscript": msgid("PostScript"),
    "application/vnd.hp-PCL": msgid("Printer data"),
    "application/vnd.hp-PJL": msgid("Printer data"),
    "application/octet-stream": msgid("Receipt or printer data"),
}
#: sources that are not in the configuration
SOURCES: Final[dict[str, str]] = {
    "api": msgid("Program"),
    "web": msgid("Console"),
    "console": msgid("Console"),
    "relay": msgid("Hub"),
    "browser": msgid("Browser"),
    "epos": msgid("Till"),
    "hw_proxy": msgid("Till"),
    "reprint": msgid("Reprint"),
}
EVENTS: Final[dict[str, Word]] = {
    "document-kept": Word(msgid("Kept in the archive"), "archive", "done"),
    "document-held": Word(msgid("Put on legal hold"), "pause", "ask"),
    "document-released": Word(msgid("Hold lifted"), "arrow", "off"),
    "documents-exported": Word(msgid("Exported"), "down", "go"),
    "documents-eliminated": Word(msgid("Eliminated"), "cross", "off"),
}


class ArchiveWords:
    """The tables above in one language."""

    def __init__(self, translations: NullTranslations) -> None:
        self._ = translations.gettext

    def type(self, media_type: str) -> str:
        """What people call it; a type that this version does not know is its own word."""
        found = (word for beginning, word in TYPES.items() if media_type.startswith(beginning))
        word = next(found, None)
        return media_type if word is None else self._(word)

    def source(self, name: str) -> str:
        """Where it came from: as the configuration calls it."""
        return self._(SOURCES[name]) if name in SOURCES else name

    def event(self, kind: str) -> Word:
        found = EVENTS.get(kind, Word(kind, "dash", "off"))
        return Word(self._(found.word), found.shape, found.tone)


def highlighted(text: str, marks: Sequence[tuple[int, int]]) -> Markup:
    """The text with what was looked for marked. Marks that overlap, or lie outside, mark what they can."""
    pieces: list[str] = []
    at = 0
    for first, last in sorted(marks):
        start, end = max(at, first), min(last, len(text))
        if start < end:
            pieces += [text[at:start], Markup("<mark>{}</mark>").format(text[start:end])]
            at = end
    return Markup("").join([*pieces, text[at:]])  # what is no markup is escaped by that
