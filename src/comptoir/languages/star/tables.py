"""Data: the code pages, bar codes and sizes of Star printers. No code is here.

Source: Star Micronics, STAR Line Mode Command Specifications (ESC GS t, ESC b) and StarPRNT Command Specifications.
Code pages for which Python has no codec (851, 928, 772, 774, 3840 and above) are absent; so are the Hebrew, Arabic and
Thai ones (862, 864, 874): the printer neither orders nor joins nor stacks their letters, a picture does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from comptoir.core.page import Align, BarcodeKind
from comptoir.core.profile import Cut, Kanji

#: slot of ESC GS t -> Python codec, in the order in which they are tried: what French shops live with first
CODE_PAGES: Final[Mapping[int, str]] = {
    4: "cp858",
    32: "cp1252",
    1: "cp437",
    5: "cp852",
    10: "cp866",
    15: "cp737",
    12: "cp857",
    33: "cp1250",
    34: "cp1251",
    9: "cp865",
    7: "cp861",
    6: "cp860",
    8: "cp863",
    11: "cp855",
    17: "cp869",
}

#: Printers with two-byte characters read bytes above 7F as these; only the Japanese ones must be told (ESC $ 1). Of
#: GB 18030 they have what two bytes can say.
KANJI_ON: Final[Mapping[Kanji, bytes]] = {"cp932": b"\x1b$\x01", "gb18030": b"", "big5": b"", "cp949": b""}

ALIGN: Final[Mapping[Align, bytes]] = {"left": b"\x1b\x1da\x00", "center": b"\x1b\x1da\x01", "right": b"\x1b\x1da\x02"}

#: ESC d: the paper is fed to the cutter first. Without one: far enough to be torn off.
CUTS: Final[Mapping[Cut, bytes]] = {"partial": b"\x1bd\x03", "full": b"\x1bd\x02", "none": b"\x1ba\x06"}

#: the highest size of ESC i
LARGEST: Final = 6

#: n1 of ESC b; UPC-E (0) is absent: it wants the long form
BARCODES: Final[Mapping[BarcodeKind, int]] = {
    "UPC-A": 1,
    "EAN8": 2,
    "EAN13": 3,
    "CODE39": 4,
    "ITF": 5,
    "CODE128": 6,
    "CODE93": 7,
    "CODABAR": 8,
}

#: n3 of ESC b: the narrow bar in dots -> mode. CODE39 and CODABAR get wide bars of three, ITF of two and a half.
MODULES: Final[Mapping[int, int]] = {2: 1, 3: 2, 4: 3}
MODULES_OF_ITF: Final[Mapping[int, int]] = {2: 1, 4: 2, 6: 3}

#: ESC GS y S 1
QR_LEVELS: Final[Mapping[str, int]] = {"L": 0, "M": 1, "Q": 2, "H": 3}
#: ESC GS y S 2: the largest cell in dots
QR_LARGEST: Final = 8
