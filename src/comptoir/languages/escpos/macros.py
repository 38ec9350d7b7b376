"""Macros: commands that a stream records and has repeated (GS :, GS ^). Repetition is bounded.

Source: Epson ESC/POS command reference, GS : and GS ^ (a macro has 2048 bytes at most).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from comptoir.languages.escpos.tokens import Token

LONGEST: Final = 2048
#: Tokens repeated in all, and one more for so many bytes of the stream: five bytes may not cost a minute.
_FREE: Final = 5_000
_BYTES: Final = 8


class Macros:
    """The one macro that there is."""

    def __init__(self) -> None:
        self._tokens: list[Token] = []
        #: what is being defined; None: nothing is
        self.recording: list[Token] | None = None
        self._size = 0
        self._repeated = 0

    def switch(self) -> None:
        """GS :, which begins a definition and ends it."""
        if self.recording is None:
            self.recording, self._size = [], 0
        else:
            self._tokens, self.recording = self.recording, None

    def record(self, token: Token) -> None:
        """What is obeyed while a macro is defined. Longer than LONGEST, there is none."""
        if self.recording is None:
            return
        self._size += len(token.code) + len(token.body)
        if self._size > LONGEST:
            self._tokens, self.recording = [], None
        else:
            self.recording.append(token)

    def repeat(self, times: int, consumed: int) -> Iterator[Token]:
        """GS ^ r t m: the macro's tokens r times, as far as a stream of `consumed` bytes may have."""
        if self.recording is not None:
            self._tokens, self.recording = [], None
        for _ in range(times):
            for token in self._tokens:
                self._repeated += 1
                if self._repeated > _FREE + consumed // _BYTES:
                    return
                yield token
