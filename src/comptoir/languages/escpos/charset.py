"""Chooses code pages for a line of text. It writes no ESC/POS commands and keeps no printer state.

A line is printed with as few changes of page as possible: one page for all of it where there is one,
otherwise the longest runs. What no page has is replaced by a visible question mark, and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import category, normalize

from comptoir.languages.escpos.codepages import ALWAYS, CODECS, LOOK_ALIKES, PREFERENCE, PUNCTUATION

MISSING = b"?"

#: control characters (C0, DEL, C1), line and paragraph separators: nothing of a text may command the printer
_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029))
_CLEAN = _CONTROLS | dict(ALWAYS)


@dataclass(frozen=True, slots=True)
class Run:
    """Bytes of one code page. `slot` is None where any page will do (ASCII)."""

    slot: int | None
    data: bytes


@dataclass(frozen=True, slots=True)
class Spelling:
    """A line as runs, and the characters that no page has."""

    runs: tuple[Run, ...]
    unprintable: str = ""


def spell(text: str, current: int | None, slots: Sequence[int] = PREFERENCE) -> Spelling:
    """The line in the printer's code pages. `current` is the page that is set now, None when it is not
    known."""
    if text.isascii() and text.isprintable():
        return Spelling((Run(None, text.encode()),))
    clean = normalize("NFC", text.translate(_CLEAN))
    if clean.isascii():
        return Spelling((Run(None, clean.encode()),))
    order = slots if current is None or current not in slots else (current, *slots)
    run = _one_page(clean, slots, current)
    if run is not None:
        return Spelling((run,))
    plain = clean.translate(PUNCTUATION)
    run = _one_page(plain, slots, current)
    if run is not None:
        return Spelling((run,))
    return _several_pages(clean, order)


def _one_page(text: str, slots: Sequence[int], current: int | None) -> Run | None:
    """The line in one page: the first of `slots` that has all of it; the current one first where it is one of
    two equally good pages (the two that French shops live with), so that lines do not swing between them."""
    if text.isascii():
        return Run(None, text.encode())
    order = (current, *slots) if current in slots[:2] else slots
    for slot in order:
        data = _encoded(text, slot)
        if data is not None:
            return Run(slot, data)
    return None


def _encoded(text: str, slot: int | None) -> bytes | None:
    if slot is None:
        return None
    try:
        return text.encode(CODECS[slot])
    except UnicodeEncodeError:
        return None


def _several_pages(text: str, order: Sequence[int]) -> Spelling:
    """The longest prefix that one page has, again and again: no cover of a line by runs has fewer."""
    runs: list[Run] = []
    missing: list[str] = []
    letters = [_printable(character, order, missing) for character in text]
    rest = "".join(letters)
    while rest:
        slot, length = max(((slot, _reach(rest, slot)) for slot in order), key=lambda pair: pair[1])
        head, rest = rest[:length], rest[length:]
        runs.append(Run(None if head.isascii() else slot, head.encode(CODECS[slot])))
    return Spelling(tuple(runs), "".join(dict.fromkeys(missing)))


def _printable(character: str, order: Sequence[int], missing: list[str]) -> str:
    """The character, or its look-alike, or a question mark that is written down in `missing`."""
    for candidate in (character, character.translate(LOOK_ALIKES)):
        if candidate.isascii() or any(_encoded(candidate, slot) is not None for slot in order):
            return candidate
    if category(character) in ("Mn", "Me", "Cf"):  # an accent or a mark without a letter: nothing to see
        missing.append(character)
        return ""
    missing.append(character)
    return MISSING.decode()


def _reach(text: str, slot: int) -> int:
    """How many characters from the beginning this page has."""
    try:
        text.encode(CODECS[slot])
    except UnicodeEncodeError as error:
        return error.start
    return len(text)
