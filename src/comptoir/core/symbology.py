"""What linear bar codes and QR codes can hold, and the check digit of EAN and UPC. It knows no printer and no format.

Which of it a printer draws itself is its language's business; what an author may write is the format's. Sources: GS1
General Specifications (EAN, UPC), ISO/IEC 16388 (Code 39), 16390 (ITF), 15417 (Code 128), AIM USS-93, EN 798
(Codabar), ISO/IEC 18004 (QR).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from comptoir.core.page import BarcodeKind


@dataclass(frozen=True, slots=True)
class Symbology:
    """What the data of a linear symbology look like, and how to say so after “It holds”.

    digits: how many stand before the check digit, which the data may end with; 0 where there is none.
    """

    data: re.Pattern[str]
    content: str
    digits: int = 0

    def holds(self, data: str) -> bool:
        """Whether a symbol can be made of it. A check digit is not verified."""
        return self.data.fullmatch(data) is not None


SYMBOLOGIES: Final[Mapping[BarcodeKind, Symbology]] = {
    "EAN13": Symbology(re.compile(r"[0-9]{12,13}"), "12 digits, or 13 with the check digit", 12),
    "EAN8": Symbology(re.compile(r"[0-9]{7,8}"), "7 digits, or 8 with the check digit", 7),
    "UPC-A": Symbology(re.compile(r"[0-9]{11,12}"), "11 digits, or 12 with the check digit", 11),
    "UPC-E": Symbology(
        re.compile(r"[0-9]{6}|[01][0-9]{6,7}"),
        "6 digits, 7 with the 0 or 1 before them, 8 with the check digit",
        7,
    ),
    "CODE39": Symbology(re.compile(r"[0-9A-Z. $/+%-]+"), "digits, capital letters, space and - . $ / + %"),
    "ITF": Symbology(re.compile(r"(?:[0-9]{2})+"), "an even number of digits"),
    "CODABAR": Symbology(
        re.compile(r"[A-Da-d][0-9$:/.+-]+[A-Da-d]"), "digits and - $ : / . + between two of the letters A, B, C, D"
    ),
    "CODE93": Symbology(re.compile(r"[\x00-\x7f]+"), "ASCII characters"),
    "CODE128": Symbology(re.compile(r"[\x00-\xff]+"), "characters of Latin-1"),
}

#: Bytes that the largest QR code (version 40) holds, by level; one less of text beyond ASCII, which must say that it is
#: UTF-8 (ECI).
QR_BYTES: Final[Mapping[str, int]] = {"L": 2953, "M": 2331, "Q": 1663, "H": 1273}
#: Bytes that version 6 holds (table 7 of the standard), and its side in squares: most codes need no closer look.
QR_6_BYTES: Final[Mapping[str, int]] = {"L": 134, "M": 106, "Q": 74, "H": 58}
QR_6_SIDE: Final = 41


def check_digit(digits: str) -> str:
    """Of EAN and UPC-A (GS1 General Specifications 7.9): weights of 3 and 1, from the right."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def upc_e_check_digit(digits: str) -> str:
    """The same of a UPC-E of 7 digits: that of the UPC-A that it stands for."""
    system, body, last = digits[0], digits[1:6], digits[6]
    if last in "012":
        long = f"{system}{body[:2]}{last}0000{body[2:]}"
    elif last == "3":
        long = f"{system}{body[:3]}00000{body[3:]}"
    elif last == "4":
        long = f"{system}{body[:4]}00000{body[4]}"
    else:
        long = f"{system}{body}0000{last}"
    return check_digit(long)
