"""What a ZPL printer answers to ~HS and ~HI: strings of fields between STX and ETX. It sends nothing.

Source: Zebra, ZPL Programming Guide, ~HS (three strings of 12, 11 and 2 fields) and ~HI (one of 4 or 5).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from comptoir.core.profile import Confirm, PrinterState

ASK_STATUS: Final = b"~HS"
ASK_IDENTITY: Final = b"~HI"

_STRING: Final = re.compile(rb"\x02([^\x02\x03]{0,250})\x03")
_LONGEST: Final = 251


class Hearing:
    """`core.ports.Hearing`: what one connection says."""

    def __init__(self) -> None:
        self._held = b""
        self._heard = False
        self._state = PrinterState()
        self._asked = self._answers = 0
        self._identity: tuple[str, ...] = ()
        self._first: Sequence[bytes] = ()
        self._second: Sequence[bytes] = ()

    def asking(self) -> None:
        """ask_status is about to be sent."""
        self._asked += 1

    def fencing(self, confirm: Confirm, number: int) -> None:
        """There are no fences."""

    def feed(self, data: bytes) -> None:
        self._heard = self._heard or bool(data)
        data = self._held + data
        at = 0
        for string in _STRING.finditer(data):
            at = string.end()
            self._hear(string[1].split(b","))
        begun = data.rfind(b"\x02", at)
        self._held = data[begun:] if begun >= 0 and len(data) - begun <= _LONGEST else b""

    @property
    def state(self) -> PrinterState:
        return replace(self._state, heard=self._heard)

    @property
    def answers(self) -> int:
        return self._answers

    @property
    def identity(self) -> tuple[str, ...]:
        """Model and firmware; ~HI does not name the maker."""
        return self._identity

    def passed(self, confirm: Confirm, number: int) -> bool:
        return False

    def _hear(self, fields: Sequence[bytes]) -> None:
        match len(fields):
            case 12:
                self._first, self._second = fields, ()
            case 11 if self._first:
                self._second = fields
            case 2 if self._second:
                self._state = _read(self._first, self._second)
                self._first = self._second = ()
                if self._asked:
                    self._asked -= 1
                    self._answers += 1
            case 4 | 5:
                self._identity = tuple(field.decode("ascii", "replace").strip() for field in fields[:2])


def _read(first: Sequence[bytes], second: Sequence[bytes]) -> PrinterState:
    """Pause is said only where nothing else explains it: a printer without paper pauses, too."""
    told = {
        "media-empty-error": first[1],
        "cover-open-error": second[2],
        "marker-supply-empty-error": second[3],  # the ribbon
        "output-area-full-error": second[7],  # a label waits to be taken (peel-off)
        "other-error": first[11],  # the head is too hot
    }
    words = tuple(word for word, flag in told.items() if flag.strip() == b"1")
    paused = ("paused",) if first[2].strip() == b"1" else ()
    return PrinterState(problems=words or paused)
