"""How many cells of a fixed-pitch line a text takes: a wide East Asian character has two, a mark none.

It measures and divides; it does not break lines (formats.wrap) and knows no font. The widths are those of UAX #11, the
clusters those of UAX #29 as far as the standard library's character data go, so that a letter and its accents, a flag
or a family of emoji stay together.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from unicodedata import category, combining, east_asian_width

_JOINER: Final = "\u200d"
_AS_EMOJI: Final = "\ufe0f"
#: Emoji that stand for a country in pairs: regional indicators A to Z.
_FLAGS: Final = range(0x1F1E6, 0x1F200)
#: Emoji that colour the one before them: skin tones 1 to 5.
_TONES: Final = range(0x1F3FB, 0x1F400)
#: Where emoji are added: those that the library's data do not know yet are as wide as the others.
_EMOJI: Final = range(0x1F300, 0x1FB00)
#: Hangul vowels and finals, which join the consonant before them.
_JAMO: Final = range(0x1160, 0x1200)
#: characters of one cluster: no language needs so many, and what is endless can be neither broken nor drawn
_LONGEST: Final = 32
#: An Indic conjunct: after these marks the next consonant belongs to the same cluster.
_VIRAMA: Final = 9
#: Text of one cell a character, none of which joins another: what Latin, Greek and Cyrillic are written with, general
#: punctuation, currencies, arrows and frames. Nearly every line of a shop is such.
_PLAIN: Final = re.compile(
    "[\0-\u02ff\u0370-\u0482\u048a-\u0590\u2010-\u2027\u202f-\u205f\u20a0-\u20cf\u2190-\u2319\u2500-\u259f]*"
)


@lru_cache(maxsize=4096)
def cells(character: str) -> int:
    """The cells that a character takes: 0 for a combining or format mark, 2 for a wide one, else 1."""
    if character < "\u0300":
        return 1
    if category(character) in ("Mn", "Me", "Cf") or ord(character) in _JAMO:
        return 0
    if category(character) == "Cn":
        return 2 if ord(character) in _EMOJI else 1
    return 2 if east_asian_width(character) in ("W", "F") else 1


def width(text: str) -> int:
    """The cells that a clean text takes: the sum over its clusters."""
    return len(text) if _plain(text) else sum(map(cluster_cells, clusters(text)))


def cluster_cells(cluster: str) -> int:
    """The cells of one cluster: an emoji with all that changes it takes two, letters the sum of their parts."""
    if len(cluster) == 1:
        return cells(cluster)
    if _AS_EMOJI in cluster or cells(cluster[0]) == 2:
        return 2
    return sum(map(cells, cluster))


def clusters(text: str) -> list[str]:
    """The text in the pieces that a reader takes for one character each; joined again they are the text."""
    if _plain(text):
        return list(text)
    edges = [0]
    for at in range(1, len(text)):
        if not _continues(text, edges[-1], at):
            edges.append(at)
    return [text[begin:end] for begin, end in zip(edges, [*edges[1:], len(text)], strict=True)]


def _plain(text: str) -> bool:
    return text.isascii() or _PLAIN.fullmatch(text) is not None


def _continues(text: str, begin: int, at: int) -> bool:
    """Whether the character at `at` belongs to the cluster that begins at `begin` and reaches to it."""
    character, last = text[at], text[at - 1]
    if character < "\u0300" or at - begin >= _LONGEST:
        return False
    if _extends(character):
        return True
    if last == _JOINER:
        return category(text[begin]) in ("So", "Cn")
    if ord(character) in _FLAGS:
        return at - begin == 1 and ord(last) in _FLAGS
    return combining(last) == _VIRAMA and category(character) == "Lo" and category(text[begin]) == "Lo"


@lru_cache(maxsize=4096)
def _extends(character: str) -> bool:
    """Whether the character belongs to whatever is before it."""
    code = ord(character)
    return category(character) in ("Mn", "Me", "Mc", "Cf") or code in _TONES or code in _JAMO
