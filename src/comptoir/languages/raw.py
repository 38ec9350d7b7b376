"""The language of printers that are given their bytes ready-made. It encodes nothing and understands no answer.

Raw documents are passed on untouched by the sink; whoever asks this language to draw a page gets an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from comptoir.core.errors import FormatError
from comptoir.core.page import Encoded, Media, Page
from comptoir.core.profile import DEFAULT, Confirm, DrawerPulse, PrinterState, Profile


class Deaf:
    """Implements core.ports.Hearing for a printer whose answers nobody can read: it knows that there were some."""

    answers: Final = 0
    identity: Final[Sequence[str]] = ()

    def __init__(self) -> None:
        self._heard = False

    def asking(self) -> None:
        """Nothing is asked."""

    def fencing(self, confirm: Confirm, number: int) -> None:
        """There are no fences."""

    def feed(self, data: bytes) -> None:
        self._heard = self._heard or bool(data)

    @property
    def state(self) -> PrinterState:
        return PrinterState(heard=self._heard)

    def passed(self, confirm: Confirm, number: int) -> bool:
        return False


class Raw:
    """Implements core.ports.Language for bytes that are already in the printer's own language."""

    reset: bytes = b""
    confirms: Sequence[Confirm] = ()

    def __init__(self, profile: Profile = DEFAULT) -> None:
        """Nothing of the model matters."""

    def encode(self, pages: Sequence[Page], media: Media) -> Encoded:
        """Raises FormatError: there is nothing that it could draw with."""
        raise FormatError(
            "This printer takes ready-made bytes only and cannot print text or pictures.",
            "Send the document with the format raw, or set the printer's language (escpos).",
        )

    def recover(self) -> bytes:
        """Nothing: nobody knows what the bytes were."""
        return b""

    def ask_status(self) -> bytes:
        return b""

    def watch(self) -> bytes:
        return b""

    def ask_identity(self) -> bytes:
        return b""

    def fence(self, confirm: Confirm, number: int) -> bytes:
        return b""

    def pulse(self, pulse: DrawerPulse) -> bytes:
        """The bytes that the configuration gives, or none."""
        return pulse.command

    def listener(self) -> Deaf:
        return Deaf()
