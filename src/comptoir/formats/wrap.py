"""Breaks text to columns. It knows cells, not fonts: a wide East Asian character has two, a mark none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from unicodedata import category, east_asian_width, normalize

TAB: Final = 8

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
    line = normalize("NFC", line)
    out: list[str] = []
    column = 0
    for character in line:
        if character == "\t":
            gap = TAB - column % TAB
            out.append(" " * gap)
            column += gap
        elif category(character) not in ("Cc", "Cs", "Zl", "Zp"):
            out.append(character)
            column += cells(character)
    return "".join(out)


def cells(character: str) -> int:
    """The cells that a character takes: 0 for a combining or format mark, 2 for a wide one, else 1."""
    if character < "\u0300":
        return 1
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def width(text: str) -> int:
    """The cells that a clean text takes."""
    return len(text) if text.isascii() else sum(map(cells, text))


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
    """A word that is longer than a line, in pieces; each has at least one character, however narrow the
    paper."""
    piece, used = "", 0
    for character in word:
        wide = cells(character)
        if piece and used + wide > columns:
            yield piece
            piece, used = "", 0
        piece, used = piece + character, used + wide
    yield piece
