"""Which data of a linear bar code printers certainly draw themselves, and how wide it becomes. It draws nothing.

Printers answer nothing to data that they do not like: they leave the symbol out, or correct a check digit that was
wrong on purpose or by mistake. Languages whose printers compute check digits themselves (Star, ZPL) ask here first.
"""

from __future__ import annotations

from typing import Final

from comptoir.core.page import Barcode, BarcodeKind
from comptoir.core.symbology import SYMBOLOGIES, check_digit

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

    None, too, for a check digit that is wrong, and for what no two printers take alike: UPC-E, control characters and
    those beyond ASCII, small letters around a Codabar.
    """
    kind, data = barcode.kind, barcode.data
    if kind == "UPC-E" or not SYMBOLOGIES[kind].holds(data) or not (data.isascii() and data.isprintable()):
        return None
    if kind == "CODABAR" and data != data.upper():
        return None
    length = SYMBOLOGIES[kind].digits or len(data)
    data, given = data[:length], data[length:]
    return None if given and given != check_digit(data) else data


def widest(barcode: Barcode) -> int:
    """Dots that it takes at the most, without its quiet zones."""
    each, rest = _MODULES[barcode.kind]
    return (len(barcode.data) * each + rest) * barcode.module
