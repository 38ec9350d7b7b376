"""Case and accents left out of account, and where words are in a text. Pure.

The words are those of the index (SQLite's unicode61 with remove_diacritics 2): letters, digits and characters of
private use; everything else stands between them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

#: what is a letter of its own in Unicode, and two in a typist's mind
_LIGATURES: Final = {"œ": "oe", "æ": "ae", "ß": "ss"}


def folded(text: str) -> str:
    """Lower case, without accents: “Réglé” is “regle”. Ligatures are two letters."""
    if text.isascii():
        return text.lower()
    return "".join(map(_letter, unicodedata.normalize("NFC", text)))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, folded, in their order. A digit or letter of any script belongs to one."""
    spaced = "".join(c if _in_word(c) else " " for c in folded(text))
    return tuple(spaced.split())


def spelled(word: str) -> tuple[str, ...]:
    """The ways in which a folded word may stand in a text, with ligatures made of its letters: coeur, cœur."""
    ways = [word]
    for ligature, letters in _LIGATURES.items():
        if letters in word:
            ways += [way.replace(letters, ligature) for way in ways]
    return tuple(ways)


def places_of(
    words: Sequence[str], text: str, *, whole: bool = False, within: bool = False, most: int = 200
) -> list[tuple[int, int]]:
    """Where these folded words follow one another in a text: (start, end), at most so many.

    The first one begins where a word does; within: or in the middle of one. The last one may go on, whole: may not.
    """
    plain, origin = _with_places(text)
    found = islice(_pattern(tuple(words), whole, within).finditer(plain), most)
    return [(origin[one.start()], origin[one.end() - 1] + 1) for one in found]


@lru_cache(256)
def _pattern(words: tuple[str, ...], whole: bool, within: bool) -> re.Pattern[str]:
    """Of `re`'s letters and digits, which are those of the index but for characters of private use."""
    begin, end = "" if within else r"(?<![^\W_])", r"(?![^\W_])" if whole else ""
    return re.compile(begin + r"[\W_]+".join(map(re.escape, words)) + end)


def _with_places(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its letters which one of the text it was."""
    plain = text.translate(_SINGLE)
    if _OTHER not in plain:
        return plain, range(len(text))
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = _letter(character)
        letters.append(plain)
        places += [place] * len(plain)
    return "".join(letters), places


class _Single(dict[int, str]):
    """What becomes of each character that becomes one, filled as they come; lists of titles are folded with it."""

    def __missing__(self, code: int) -> str:
        plain = _letter(chr(code))
        found = self[code] = plain if len(plain) == 1 else _OTHER
        return found


_OTHER: Final = "\0"


@lru_cache(4096)
def _letter(character: str) -> str:
    """One character folded: nothing for an accent that stands on the one before."""
    plain = "".join(c for c in unicodedata.normalize("NFD", character.lower()) if unicodedata.category(c) != "Mn")
    return "".join(_LIGATURES.get(c, c) for c in plain)


@lru_cache(4096)
def _in_word(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LN" or category == "Co"


_SINGLE: Final = _Single()
