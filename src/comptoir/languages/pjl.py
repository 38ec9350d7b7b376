"""PJL, what stands around a job on most office printers: which language comes, and how its sheets are wished.

HP's Printer Job Language Technical Reference. Nothing of it is asked back: what a printer answers, and when, differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from comptoir.core.errors import FormatError
from comptoir.core.sheet import Wishes

T = TypeVar("T")

#: Universal Exit Language: whatever the printer was reading, the next line is PJL
UEL: Final = b"\x1b%-12345X"
#: bytes of a job's name; the printers' displays are short
_LONGEST_NAME: Final = 80

_BINDING: Final = {"two-sided-long-edge": "LONGEDGE", "two-sided-short-edge": "SHORTEDGE"}
#: `media-source` of PWG 5100.13 → MEDIASOURCE
_TRAYS: Final = {
    "auto": "AUTO",
    "main": "TRAY1",
    "alternate": "TRAY2",
    "manual": "MANUALFEED",
    "by-pass-tray": "MPTRAY",
    "envelope": "ENVFEED",
    **{f"tray-{number}": f"TRAY{number}" for number in range(1, 10)},
}


def around(language: str, wishes: Wishes) -> tuple[bytes, bytes]:
    """What stands before and after a job of this language. Raises FormatError for a tray that PJL has no word for."""
    name = "".join(c for c in wishes.title if " " <= c <= "~" and c != '"')[:_LONGEST_NAME]
    lines = [f'JOB NAME="{name}"', *_settings(wishes), f"ENTER LANGUAGE={language}"]
    head = UEL + b"".join(f"@PJL {line}\r\n".encode() for line in lines)
    return head, UEL + f'@PJL EOJ NAME="{name}"\r\n'.encode() + UEL


def _settings(wishes: Wishes) -> list[str]:
    settings = []
    if wishes.sides:
        binding = _BINDING.get(wishes.sides)
        settings.append(f"SET DUPLEX={'ON' if binding else 'OFF'}")
        if binding:
            settings.append(f"SET BINDING={binding}")
    if wishes.tray:
        settings.append(f"SET MEDIASOURCE={word_of(wishes.tray, _TRAYS)}")
    return settings


def word_of(tray: str, words: Mapping[str, T]) -> T:
    """What this language calls the tray. Raises FormatError, which names those that it knows."""
    if tray not in words:
        raise FormatError(f"This printer's language knows no tray “{tray}”.", f"It knows {', '.join(words)}.")
    return words[tray]
