"""The code pages of ESC/POS printers by their slots, and in which order those of a model are tried.

Slots: Epson, ESC/POS command reference, `ESC t` (the list of the TM series); other models have their own
(`languages.profiles`). Codecs are Python's; slots for which Python has none (katakana, Vietnamese …) are absent.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from typing import Final

from comptoir.languages.codepages import ORDER

#: slot of ESC t n -> Python codec
CODECS: Final[dict[int, str]] = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    13: "cp857",
    14: "cp737",
    15: "iso8859_7",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
    32: "cp720",
    33: "cp775",
    34: "cp855",
    35: "cp861",
    36: "cp862",
    37: "cp864",
    38: "cp869",
    39: "iso8859_2",
    40: "iso8859_15",
    44: "cp1125",
    45: "cp1250",
    46: "cp1251",
    47: "cp1253",
    48: "cp1254",
    49: "cp1255",
    50: "cp1256",
    51: "cp1257",
    52: "cp1258",
    53: "kz1048",
}


def ordered(pages: Mapping[int, str]) -> dict[int, str]:
    """Slots and codecs in the order in which they are to be tried, each codec once.

    Left out: what Python lacks, right-to-left pages, and pages whose euro or place cannot be trusted (`ORDER`). Of
    several slots with the same page the one stays at which Epson has it.
    """
    slots: dict[str, int] = {}
    for slot, name in sorted(pages.items()):
        codec = _python_name(name)
        if codec not in slots or CODECS.get(slot) == codec:
            slots[codec] = slot
    return {slots[codec]: codec for codec in ORDER if codec in slots}


def _python_name(codec: str) -> str:
    """The name under which this module knows a codec; "" for one that Python lacks."""
    try:
        return _NAMES.get(codecs.lookup(codec).name, "")
    except LookupError:
        return ""


_NAMES: Final[dict[str, str]] = {codecs.lookup(name).name: name for name in (*ORDER, *CODECS.values())}

#: what a printer is taken to have of which no pages are known
EPSON: Final = ordered(CODECS)
