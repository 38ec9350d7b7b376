"""The language of printers that are given their bytes ready-made. It encodes nothing and understands no
answer.

Raw documents are passed on untouched by the sink; whoever asks this language to draw a page gets an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.core.errors import FormatError
from comptoir.core.page import Encoded, Media, Page


@dataclass(frozen=True, slots=True)
class Silence:
    """The replies of a printer whose answers nobody can read: none."""

    answered: bool = False
    fenced: bool = False
    problems: tuple[str, ...] = ()


class Raw:
    """Implements core.ports.Language for bytes that are already in the printer's own language."""

    def encode(self, pages: Sequence[Page], media: Media) -> Encoded:
        """Raises FormatError: there is nothing that it could draw with."""
        raise FormatError(
            "This printer takes ready-made bytes only and cannot print text or pictures.",
            "Send the document with the format raw, or set the printer's language (escpos).",
        )

    def ask_status(self) -> bytes:
        return b""

    def ask_fence(self) -> bytes:
        return b""

    def read_replies(self, data: bytes) -> Silence:
        """Whatever came is not understood: never answered, never fenced, no problems."""
        return Silence()
