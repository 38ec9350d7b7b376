"""ESC/POS, the language of receipt printers: pages to bytes, answers to facts, and captured bytes to paper.

encode     pages -> bytes            codepages            which slot has which code page
                                     pictures, symbology  dots and barcodes as commands
replies    what the printer said     realtime             bytes that act at once, even inside pictures
interpret  bytes -> Paper            tokens, commands     where each command ends
draw       Paper -> PNG              render               captured bytes -> text, PNG, PDF, JSON
"""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.core.page import Encoded, Media, Page
from comptoir.core.profile import DEFAULT, Confirm, DrawerPulse, Profile
from comptoir.languages.escpos import encode, replies


class Escpos:
    """Implements core.ports.Language for one model."""

    reset: bytes = encode.RESET
    confirms: Sequence[Confirm] = ("process-id", "in-order")

    def __init__(self, profile: Profile = DEFAULT) -> None:
        self._profile = profile

    def encode(self, pages: Sequence[Page], media: Media) -> Encoded:
        """The bytes of one job: reset, each page with its cut, reset. Raises FormatError for what does not fit."""
        return encode.encode(pages, media, self._profile)

    def recover(self) -> bytes:
        """NULs, which are white in a picture and nothing in a text, as many as our longest command; reset, cut."""
        return encode.recovery(self._profile)

    def ask_status(self) -> bytes:
        """DLE EOT 1 to 4: printer, reason of being offline, error, paper."""
        return replies.ASK_STATUS

    def watch(self) -> bytes:
        """GS a: the printer tells its state at once and at every change."""
        return replies.WATCH

    def ask_identity(self) -> bytes:
        """GS I 66, 67, 65: maker, model, firmware."""
        return replies.ASK_IDENTITY

    def fence(self, confirm: Confirm, number: int) -> bytes:
        """GS ( H fn 48 or GS r 1; empty for what ESC/POS does not have."""
        return replies.fence(confirm, number) if confirm in self.confirms else b""

    def pulse(self, pulse: DrawerPulse) -> bytes:
        """ESC p, its OFF time four times the ON time or more; or the bytes of the configuration."""
        return encode.pulse(pulse)

    def listener(self) -> replies.Hearing:
        return replies.Hearing()
