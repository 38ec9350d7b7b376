"""Puts a line in the order in which it stands on paper: the Unicode Bidirectional Algorithm (UAX #9) on clusters.

The algorithm is python-bidi's. This module keeps what belongs together from being reversed, and finds out again which
way each piece is read, as that library gives characters only.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final
from unicodedata import bidirectional, category, mirrored

from comptoir.core.cells import clusters

_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI"})
#: Change the form of the letter before them.
_JOINERS: Final = "\u200c\u200d"
#: Follows a bracket without changing anything (a non-spacing mark takes the direction of what it stands on), so that
#: afterwards it stands at the side to which the bracket is read.
_TRACE: Final = "\u034f"


def reads_right_to_left(text: str) -> bool:
    """Whether the line as a whole does: its first strong character decides (UAX #9, P2 and P3)."""
    if text.isascii():
        return False
    from bidi import get_base_level  # noqa: PLC0415 - most lines need none of it

    return bool(get_base_level(text) == 1)


def visual(text: str) -> list[tuple[str, bool]]:
    """The clusters of a line from left to right, each with whether it is read from right to left."""
    if text.isascii() or not any(bidirectional(character) in _RIGHT_TO_LEFT for character in text):
        return [(cluster, False) for cluster in clusters(text)]
    from bidi import get_display  # noqa: PLC0415

    packed, parts = _packed(text.replace(_TRACE, ""))
    return list(_unpacked(get_display(packed), parts))


def _packed(text: str) -> tuple[str, dict[str, str]]:
    """The text with one stand-in of the same class for each cluster of several characters, right-to-left letters
    excepted, and a trace after each bracket; and what each stands for."""
    letters = (chr(code) for code in range(0xF0000, 0xFFFFE) if chr(code) not in text)
    neutrals = chain((chr(code) for code in range(0x2500, 0x2600) if chr(code) not in text), letters)
    stand_ins: dict[str, str] = {}
    out = []
    for cluster in clusters(text):
        direction = bidirectional(cluster[0])
        if len(cluster) == 1 or direction in _RIGHT_TO_LEFT:
            out.append(cluster + _TRACE if mirrored(cluster[0]) else cluster)
        else:
            if cluster not in stand_ins:
                stand_ins[cluster] = next(letters if direction == "L" else neutrals)
            out.append(stand_ins[cluster])
    return "".join(out), {stand_in: cluster for cluster, stand_in in stand_ins.items()}


def _unpacked(display: str, parts: dict[str, str]) -> Iterator[tuple[str, bool]]:
    """The clusters of a text in visual order. Marks of a right-to-left letter come before it, as all that is reversed,
    and go behind it again; a trace before its bracket says that the bracket is reversed, too."""
    marks, turned, traced = "", False, False
    for place, character in enumerate(display):
        if character == _TRACE:
            turned, traced = not traced, False
        elif category(character) in ("Mn", "Mc", "Me") or character in _JOINERS:
            marks = character + marks
        elif bidirectional(character) in ("R", "AL"):
            yield character + marks, True
            marks = ""
        else:
            yield from [(marks, True)] if marks else []
            yield parts.get(character, character), turned
            traced = bool(mirrored(character)) and not turned and display[place + 1 : place + 2] == _TRACE
            marks, turned = "", False
    yield from [(marks, True)] if marks else []
