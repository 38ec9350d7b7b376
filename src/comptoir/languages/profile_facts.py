"""Data: what escpos-printer-db does not know of printers that shops have. No code is here.

Sources: Epson ESC/POS reference (the lists of models at GS ( H, ESC t, ESC *; printable area); specifications of the
makers for width and resolution; escpos-printer-db of a sibling model (`like`) for code pages and features. What no
source tells stands as the careful value, and a probe or the configuration knows better.
"""

from __future__ import annotations

import re
from typing import Final, TypedDict

from comptoir.core.profile import Cut, Kanji


class Facts(TypedDict, total=False):
    """What is said about a model. `like`: the entry of the database that it starts from; else the default profile."""

    like: str
    dots: int
    columns: int
    dpi: int
    kanji: Kanji
    cut: Cut
    strip: int
    columns_only: bool
    buzzer: bool


_80_MM: Final[Facts] = {"dots": 576, "columns": 48, "dpi": 203}
_58_MM: Final[Facts] = {"dots": 384, "columns": 32, "dpi": 203}
#: 80 mm at 180 dots an inch: 512 dots, 42 characters
_180_DPI: Final[Facts] = {"dots": 512, "columns": 42, "dpi": 180}
_EPSON_203: Final[Facts] = {"like": "TM-T20II", **_80_MM}
_EPSON_180: Final[Facts] = {"like": "TM-T88V", **_180_DPI}
#: Star Line Mode and StarPRNT share one list of code pages
_STAR: Final[Facts] = {"like": "TSP600", **_80_MM}
#: needles: ESC * has columns of 8 dots only (Epson reference, ESC *), and 160 dots an inch across
_NEEDLES: Final[Facts] = {"columns_only": True, "strip": 8, "dpi": 160}

#: Models by name. TSP100 and TSP143 up to the third generation are absent: they understand pictures only.
MODELS: Final[dict[str, Facts]] = {
    # any printer of this width; small ones have a small buffer and seldom a cutter
    "80mm": _80_MM,
    "58mm": {**_58_MM, "cut": "none", "strip": 64},
    # Epson
    "TM-L100": {"like": "TM-L90", **_80_MM},
    "TM-m10": {"like": "TM-T20II", "dots": 420, "columns": 35, "dpi": 203},
    "TM-m30": _EPSON_203,
    "TM-m30II": _EPSON_203,
    "TM-m30III": _EPSON_203,
    "TM-m50": _EPSON_203,
    "TM-P20": {"like": "TM-P80", **_58_MM, "cut": "none"},
    "TM-P20II": {"like": "TM-P80", **_58_MM, "cut": "none"},
    "TM-P80II": {"like": "TM-P80", **_80_MM},
    "TM-T20": _EPSON_203,
    "TM-T20III": _EPSON_203,
    "TM-T20IV": _EPSON_203,
    "TM-T20X": _EPSON_203,
    "TM-T70": _EPSON_180,
    "TM-T70II": _EPSON_180,
    "TM-T81III": _EPSON_203,
    "TM-T82": _EPSON_203,
    "TM-T82II": _EPSON_203,
    "TM-T82III": _EPSON_203,
    "TM-T82X": _EPSON_203,
    "TM-T83III": _EPSON_203,
    "TM-T88VI": _EPSON_180,
    "TM-T88VII": _EPSON_180,
    "TM-T90": {"like": "TM-T88IV", **_180_DPI},
    "TM-U220": {"like": "TM-U220", **_NEEDLES},
    "TM-U220B": {"like": "TM-U220B", **_NEEDLES},
    "TM-U220II": {"like": "TM-U220B", **_NEEDLES},
    # Star
    "mC-Print2": {**_STAR, **_58_MM},
    "mC-Print3": _STAR,
    "TSP143IV": _STAR,
    "TSP600": _STAR,
    "TSP650": _STAR,
    "TSP650II": _STAR,
    "TSP700II": _STAR,
    "TSP800II": {**_STAR, "dots": 832, "columns": 69},
    # Citizen, Bixolon (Metapace sells its SRP-350 as T-1)
    "CT-E351": {"like": "CT-S651", **_80_MM},
    "CT-S310": {"like": "CT-S651", **_80_MM},
    "CT-S310II": {"like": "CT-S651", **_80_MM},
    "CT-S601": {"like": "CT-S651", **_80_MM},
    "SRP-330": {"like": "T-1", **_180_DPI},
    "SRP-350": {"like": "T-1", **_180_DPI},
    "SRP-350III": {"like": "T-1", **_180_DPI},
    # Chinese makers: their ROM has the characters of GB 18030, and they start with them (DantSu issues 185, 462)
    "POS-5890": {"like": "POS-5890", "kanji": "gb18030", "cut": "none", "strip": 64},
    "Sunmi-V2": {"like": "Sunmi-V2", "kanji": "gb18030", "cut": "none"},
    "Sunmi-T2": {"like": "Sunmi-V2", **_80_MM, "kanji": "gb18030", "cut": "partial"},
    "XP-58": {"like": "POS-5890", **_58_MM, "kanji": "gb18030", "cut": "none", "strip": 64},
    "XP-80": {**_80_MM, "kanji": "gb18030", "buzzer": True},
    "ZJ-5870": {"like": "ZJ-5870", "kanji": "gb18030", "cut": "none", "strip": 64},
    # the database has the width of a character in the place of their number
    "NT-80-V-UL": {"like": "NT-80-V-UL", **_80_MM},
}

#: Entries of the database that are no printers: displays for customers.
DISPLAYS: Final = frozenset({"AF-240", "OCD-100", "OCD-300"})

#: Models that answer GS ( H fn 48, the process id (Epson ESC/POS reference). TM-U220 without a number is the old one,
#: which does not (Ver. 10.01).
PROCESS_ID: Final = re.compile(
    r"TM-(?:m10|m30\w*|m50\w*|T20\w*|T70\w*|T8[123]\w*|T88(?:IV|VI{0,2})|T90|T100|L90|L100|P[268]0\w*|U220II|U230|J2[01]00)"
    r"(?:-.*)?",
    re.IGNORECASE,
)

#: The same model with the characters of another market: TM-m30III-CN.
MARKETS: Final[dict[str, Kanji]] = {"-jp": "cp932", "-cn": "gb18030", "-tw": "big5", "-kr": "cp949"}
