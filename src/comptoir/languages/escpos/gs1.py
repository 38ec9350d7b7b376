"""GS1 element strings: application identifiers set in brackets, as an encoder wants them. It checks no data.

Source: GS1 General Specifications, section 3 (lengths of application identifiers).
"""

from __future__ import annotations

from typing import Final

FNC1: Final = "\x1d"

#: first two digits of the identifier -> digits of its data, where the length is fixed without FNC1
_FIXED: Final[dict[str, int]] = {
    "00": 18, "01": 14, "02": 14, "03": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2,
}  # fmt: skip
#: first two digits -> digits of the identifier, where there are more than two
_LONG: Final[dict[str, int]] = {
    "23": 3, "24": 3, "25": 3, "40": 3, "41": 3, "42": 3, "71": 3,
    "31": 4, "32": 4, "33": 4, "34": 4, "35": 4, "36": 4, "39": 4, "43": 4, "70": 4, "72": 4, "80": 4, "81": 4, "82": 4,
}  # fmt: skip


def bracketed(data: str) -> str:
    """`0109501101530003` → `(01)09501101530003`. What has brackets already is left as it is."""
    if data.startswith("("):
        return data.replace(FNC1, "")
    out = ""
    for part in data.split(FNC1):
        out += _elements(part)
    return out


def _elements(part: str) -> str:
    out = ""
    while part:
        head = part[:2]
        length = _LONG.get(head, 2)
        if head in _FIXED:
            rest = _FIXED[head]
        elif head in {"31", "32", "33", "34", "35", "36"}:
            rest = 6
        elif head == "41":
            rest = 13
        else:
            rest = len(part)
        out += f"({part[:length]}){part[length : length + rest]}"
        part = part[length + rest :]
    return out
