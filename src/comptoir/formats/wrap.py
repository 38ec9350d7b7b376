"""Breaks text to columns. It knows cells (core.cells), not fonts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final
from unicodedata import category, combining, normalize

from comptoir.core.cells import cluster_cells, clusters, width

TAB: Final = 8

#: Control characters, halves of a character, ends of lines.
_UNSEEN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_MOST_MARKS: Final = 30
#: What may be so many marks: but for the soft hyphen they are beyond the Latin letters.
_MANY: Final = re.compile("[^\0-\u00ac\u00ae-\u02ff]{31}")
_GRAPHEME_JOINER: Final = "\u034f"
_WORDS: Final = re.compile(r" +|[^ ]+")


def lines_of(text: str) -> list[str]:
    """The lines of a text as its author broke them: LF, CR LF and CR end a line, the last end of line adds
    none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    return lines


def clean(line: str) -> str:
    """The line in NFC with tabs spread to every eighth column and without control characters."""
    if line.isascii() and line.isprintable():
        return line
    if not line.isprintable():
        line = "".join(character for character in line if character == "\t" or category(character) not in _UNSEEN)
    *before, last = normalize("NFC", _stream_safe(line)).split("\t")
    return "".join(part + " " * (TAB - width(part) % TAB) for part in before) + last


def _stream_safe(line: str) -> str:
    """The line with no more than 30 marks in a row: whoever normalizes it orders them, in the square of their number.

    A joiner without width stands between more (UAX #15, Stream-Safe Text Format). Format characters count as marks,
    since they are taken out later.
    """
    if not _MANY.search(line):
        return line
    out: list[str] = []
    for marks, run in groupby(line, _mark):
        piece = "".join(run)
        if marks:
            piece = _GRAPHEME_JOINER.join(piece[at : at + _MOST_MARKS] for at in range(0, len(piece), _MOST_MARKS))
        out.append(piece)
    return "".join(out)


def _mark(character: str) -> bool:
    joins = character != _GRAPHEME_JOINER and category(character) in ("Mn", "Me", "Cf")
    return joins or combining(character) > 0


def wrap(line: str, columns: int) -> list[str]:
    """A clean line in pieces of at most `columns` cells, broken between words, inside a word only where it
    must be.

    Spaces at a break go; those at the beginning of the line stay. An empty line is one piece.
    """
    if width(line) <= columns:
        return [line]
    pieces: list[str] = []
    current, used = "", 0
    for word in _WORDS.findall(line):
        length = width(word)
        if used + length <= columns:
            current, used = current + word, used + length
            continue
        if current.strip():
            pieces.append(current.rstrip())
            current, used = "", 0
        if word[0] == " ":
            continue  # these spaces are the break
        *full, last = _chop(current + word, columns)
        pieces += full
        current, used = last, width(last)
    if current.strip() or not pieces:
        pieces.append(current.rstrip())
    return pieces


def _chop(word: str, columns: int) -> Iterator[str]:
    """A word that is longer than a line, in pieces; each has at least one cluster, however narrow the
    paper."""
    piece, used = "", 0
    for cluster in clusters(word):
        wide = cluster_cells(cluster)
        if piece and used + wide > columns:
            yield piece
            piece, used = "", 0
        piece, used = piece + cluster, used + wide
    yield piece
