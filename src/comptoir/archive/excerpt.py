"""A few words of a text around what was looked for, with the places of what is to be marked in them.

A text may be long and a list has fifty of them: it is looked through as bytes, a letter each, and only what is shown of
it is folded properly.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

from comptoir.core.folding import spelled
from comptoir.core.search_query import Term, apart, marked

Marks = tuple[tuple[int, int], ...]
"""(start, end) of what is to be marked."""

BEFORE: Final = 60  # letters
AFTER: Final = 140


def _plain(code: int) -> int:
    """A byte of Latin-1 in lower case, without its accent."""
    letter = unicodedata.normalize("NFD", chr(code).lower())[0]
    return ord(letter) if ord(letter) < 256 else code


_FOLD: Final = bytes(map(_plain, range(256)))


class Excerpts:
    """What is looked for, made ready once for all documents of a list."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = terms
        self._firsts = [_bytes_of(word) for term in terms for word in spelled(term.words[0])]
        #: words of one piece, in letters of Latin-1: what is usual, and found in bytes
        self._simple = all(len(term.words) == 1 and term.words[0].isascii() for term in terms)
        self._words = [(_bytes_of(word), term) for term in terms for word in spelled(term.words[0])]

    def of(self, text: str) -> tuple[str, Marks]:
        """Some of the text around the first of the terms, white space made one, and the marks; empty without any."""
        letters = _letters(text)
        places = [at for word in self._firsts if (at := _place(text, letters, word, 0)) >= 0]
        if not places:
            return "", ()
        place = min(places)
        begin, end = _word_after(text, place - BEFORE, place), place + AFTER
        shown = text[begin:end]
        if end < len(text):
            shown = shown.rpartition(" ")[0] or shown
        shown = " ".join(shown.split())
        if begin:
            shown = "…" + shown
        if end < len(text):
            shown += "…"
        return shown, self.marks(shown)

    def marks(self, text: str, *, within: bool = False) -> Marks:
        """As `search_query.marked`."""
        if not self._simple:
            return marked(text, self._terms, within=within)
        letters = _letters(text)
        found: list[tuple[int, int]] = []
        for word, term in self._words:
            middle = within and term.within
            at = letters.find(word) if middle else _place(text, letters, word, 0)
            while at >= 0:
                end = at + len(word)
                if not term.whole or not text[end : end + 1].isalnum():
                    found.append((at, end))
                at = letters.find(word, end) if middle else _place(text, letters, word, end)
        return apart(found) if len(found) > 1 else tuple(found)


def _letters(text: str) -> bytes:
    """A byte a letter, in lower case and without accents; “?” for what Latin-1 has not."""
    return text.encode("latin-1", "replace").translate(_FOLD)


def _bytes_of(word: str) -> bytes:
    return word.encode("latin-1", "replace")


def _place(text: str, letters: bytes, word: bytes, at: int) -> int:
    """Where the next word begins with these letters; -1: nowhere."""
    at = letters.find(word, at)
    while at > 0 and text[at - 1].isalnum():
        at = letters.find(word, at + 1)
    return at


def _word_after(text: str, at: int, place: int) -> int:
    """The beginning of the first whole word from there on."""
    if at <= 0:
        return 0
    space = text.find(" ", at, place)
    return space + 1 if space >= 0 else at
