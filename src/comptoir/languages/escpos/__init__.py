"""ESC/POS, the language of receipt printers: pages to bytes, answers to facts, and captured bytes to paper.

encode     pages -> bytes            charset, codepages   which page has which character
replies    what the printer said     realtime             bytes that act at once, even inside pictures
interpret  bytes -> Paper            tokens, commands     where each command ends
draw       Paper -> PNG              render               captured bytes -> text, PNG, PDF, JSON
"""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.core.page import Encoded, Media, Page
from comptoir.languages.escpos import encode, replies
from comptoir.languages.escpos.codepages import PREFERENCE


class Escpos:
    """Implements core.ports.Language. `slots` are the code pages this model has, in order of preference."""

    def __init__(self, slots: Sequence[int] = PREFERENCE) -> None:
        self._slots = tuple(slots)

    def encode(self, pages: Sequence[Page], media: Media) -> Encoded:
        """The bytes of one job: reset, each page with its cut, reset. Raises FormatError for a picture too
        wide."""
        return encode.encode(pages, media, self._slots)

    def ask_status(self) -> bytes:
        """DLE EOT 1, 2 and 4: printer, reason of being offline, paper. Three bytes come back."""
        return replies.ASK_STATUS

    def ask_fence(self) -> bytes:
        """GS r 1: answered when all before it has been processed."""
        return replies.ASK_FENCE

    def read_replies(self, data: bytes) -> replies.EscposReplies:
        """What the printer has said: all bytes received since the connection was opened."""
        return replies.read(data)
