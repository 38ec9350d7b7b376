"""What the data of a linear bar code must be for a printer to draw it, and how wide it becomes. It draws nothing.

Printers answer nothing to data that they do not like: they leave the symbol out, or correct a check digit that was
wrong on purpose or by mistake. Languages whose printers compute check digits themselves (Star, ZPL) ask here first.
"""

from __future__ import annotations

import re
from typing import Final

from comptoir.core.page import Barcode, BarcodeKind

_DATA: Final[dict[BarcodeKind, re.Pattern[str]]] = {
    "UPC-A": re.compile(r"[0-9]{11,12}"),
    "EAN13": re.compile(r"[0-9]{12,13}"),
    "EAN8": re.compile(r"[0-9]{7,8}"),
    "CODE39": re.compile(r"[0-9A-Z $%+./-]+"),
    "ITF": re.compile(r"(?:[0-9]{2})+"),
    "CODABAR": re.compile(r"[A-D][0-9$+./:-]+[A-D]"),
    "CODE93": re.compile(r"[ -~]+"),
    "CODE128": re.compile(r"[ -~]+"),
}
#: digits before the check digit
_DIGITS: Final[dict[BarcodeKind, int]] = {"UPC-A": 11, "EAN13": 12, "EAN8": 7}
#: The most modules: of each character; of start, check and stop. A wide bar is 3 modules; a character of CODE93 may be
#: two, CODE128 may change its set once or twice.
_MODULES: Final[dict[BarcodeKind, tuple[int, int]]] = {
    "UPC-A": (0, 95),
    "EAN13": (0, 95),
    "EAN8": (0, 67),
    "CODE39": (16, 32),
    "ITF": (9, 9),
    "CODABAR": (14, 0),
    "CODE93": (18, 37),
    "CODE128": (11, 57),
}


def without_check_digit(barcode: Barcode) -> str | None:
    """The data as a printer takes it that computes the check digit; None where they are not of this kind.

    None, too, for a check digit that is wrong, and for UPC-E, which no two printers take alike.
    """
    pattern = _DATA.get(barcode.kind)
    if pattern is None or not pattern.fullmatch(barcode.data):
        return None
    length = _DIGITS.get(barcode.kind, len(barcode.data))
    data, given = barcode.data[:length], barcode.data[length:]
    return None if given and given != _check_digit(data) else data


def widest(barcode: Barcode) -> int:
    """Dots that it takes at the most, without its quiet zones."""
    each, rest = _MODULES[barcode.kind]
    return (len(barcode.data) * each + rest) * barcode.module


def _check_digit(digits: str) -> str:
    """GS1 General Specifications 7.9: weights of 3 and 1, from the right."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)
