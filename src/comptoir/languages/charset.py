"""Spells a line of text in the characters that a printer has. It writes no commands and keeps no printer state.

A line is printed with as few changes of code page as possible: one page for all of it where there is one, otherwise
the longest runs. Characters of double width come from the printer's own two-byte set where the profile has one. What
nothing has is named: the caller draws such a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple
from unicodedata import east_asian_width, is_normalized, normalize

from comptoir.core.cells import width
from comptoir.core.page import Row
from comptoir.languages.codepages import ALWAYS, LOOK_ALIKES, PUNCTUATION

#: what stands for a character that nothing has, where the caller cannot draw it
MISSING = b"?"

#: control characters (C0, DEL, C1), line and paragraph separators: nothing of a text may command the printer
_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029))
_CLEAN = _CONTROLS | dict(ALWAYS)
_ASCII: Final = bytes(range(0x20, 0x7F))
#: frames that go up or down (U+2500 to 257F without the level ones), and blocks
_MEETING: Final = re.compile(
    "[\u2502\u2503\u2506\u2507\u250a-\u254b\u254e\u254f\u2551-\u2573\u2575\u2577\u2579\u257b\u257d\u257f-\u259f]"
)


class Run(NamedTuple):
    """Bytes of one code page, or of the two-byte set. `slot` is None where any page will do."""

    slot: int | None
    data: bytes
    kanji: bool = False


class Spelling(NamedTuple):
    """A line as runs, and the characters that the printer does not have, each once."""

    runs: tuple[Run, ...]
    unprintable: str = ""


@dataclass(frozen=True, slots=True)
class Repertoire:
    """The characters of one printer. `slots` and `codecs`: its code pages, in order of preference.

    pages: character → the pages that have it, a bit each, the first page is the lowest bit. kanji: the codec of its
    two-byte set, "" where it has none.
    """

    slots: tuple[int, ...]
    codecs: tuple[str, ...]
    pages: Mapping[str, int]
    kanji: str = ""

    def lasting(self, current: int | None) -> str | None:
        """The codec of the page that is set, where it is one to stay in: one of the first two, those that Western
        Europe lives with, so that lines do not swing between two equally good pages."""
        return self.codecs[self.slots.index(current)] if current in self.slots[:2] else None


def repertoire(pages: Mapping[int, str], kanji: str = "") -> Repertoire:
    """The characters of these pages (slot -> codec of Python), tried in this order, and of a two-byte set."""
    return _repertoire(tuple(pages.items()), kanji)


def spell(text: str, current: int | None, known: Repertoire) -> Spelling:
    """The line in the printer's characters. `current`: the slot that is set now, None when it is not known."""
    run = _as_it_stands(text, current, known.lasting(current))
    if run is not None:
        return Spelling((run,))
    text = clean(text)
    run = _one_page(text, current, known)
    if run is not None:
        return Spelling((run,))
    run = _one_page(text.translate(PUNCTUATION), current, known)
    if run is not None:
        return Spelling((run,))
    return _several_pages(text, current, known)


def clean(text: str) -> str:
    """Composed (NFC), without control characters; spaces of all kinds are spaces, marks of direction are gone."""
    return normalize("NFC", text.translate(_CLEAN))


def visible(text: str) -> str:
    """The text without control characters, for whoever draws it: spaces and marks are still what they were."""
    return text.translate(_CONTROLS)


def meets(text: str) -> bool:
    """Whether the line has frames or blocks that are to touch those of the line above or below it."""
    return not text.isascii() and _MEETING.search(text) is not None


def spell_row(texts: Sequence[str], current: int | None, known: Repertoire) -> list[Spelling]:
    """The cells of one row in the printer's characters: in one page where one has them all."""
    lasting = known.lasting(current)
    runs = [_as_it_stands(text, current, lasting) for text in texts]
    if None not in runs:
        return [Spelling((run,)) for run in runs if run is not None]
    known = _for_row(texts, current, known)
    spellings = []
    for text in texts:
        spelling = spell(text, current, known)
        current = next((run.slot for run in reversed(spelling.runs) if run.slot is not None), current)
        spellings.append(spelling)
    return spellings


def settable(text: str, spelling: Spelling, room: int) -> bool:
    """Whether a line can be set as it is spelled: the printer has all of it, and what stands in for a character (three
    points for …) has not pushed it out of its room, in cells. Otherwise it is to be drawn."""
    taken = sum([len(run.data) for run in spelling.runs])
    return not spelling.unprintable and (taken <= len(text) or taken <= room or width(text) > room)


def settable_row(row: Row, spellings: Sequence[Spelling], columns: int) -> bool:
    """The same of a row: the room of a cell ends where the next one begins, or with the columns of the paper."""
    ends = [*[cell.column for cell in row.cells[1:]], columns]
    return all(
        settable(cell.text, spelling, (end - cell.column) // max(cell.style.width, 1))
        for cell, spelling, end in zip(row.cells, spellings, ends[: len(row.cells)], strict=True)
    )


def _for_row(texts: Iterable[str], current: int | None, known: Repertoire) -> Repertoire:
    """The characters to spell the cells of one row in: one page where one has them all, so that no cell changes it."""
    runs, missing = spell("".join(texts), current, known)
    slot = runs[0].slot if len(runs) == 1 else None
    if slot is None or missing:
        return known
    return _repertoire(((slot, known.codecs[known.slots.index(slot)]),), "")


def _as_it_stands(text: str, current: int | None, codec: str | None) -> Run | None:
    """The line in ASCII or in the page that is set, without a look at its characters: most lines of a receipt."""
    if not text.isprintable():
        return None
    if text.isascii():
        return Run(None, text.encode())
    if codec is None:
        return None
    try:
        data = text.encode(codec)
    except UnicodeEncodeError:
        return None
    return Run(current, data) if is_normalized("NFC", text) else None


@lru_cache(maxsize=64)
def _repertoire(pages: tuple[tuple[int, str], ...], kanji: str) -> Repertoire:
    """Pages that are not ASCII below 128 are left out: their bytes could be commands."""
    usable = [(slot, codec) for slot, codec in pages if _ASCII.decode(codec, "replace") == _ASCII.decode()]
    having: dict[str, int] = {}
    for index, (_, codec) in enumerate(usable):
        for character in _upper_half(codec):
            having[character] = having.get(character, 0) | 1 << index
    return Repertoire(tuple(slot for slot, _ in usable), tuple(codec for _, codec in usable), having, kanji)


def _upper_half(codec: str) -> Iterator[str]:
    """The characters of a page from 128 on, without control characters."""
    for byte in range(0x80, 0x100):
        character = bytes([byte]).decode(codec, "ignore")
        if len(character) == 1 and character >= "\xa0":
            yield character


def _one_page(text: str, current: int | None, known: Repertoire) -> Run | None:
    """The line in one page: the first that has all of it; the current one where it is one to stay in."""
    if text.isascii():
        return Run(None, text.encode())
    common = _common(text, known.pages)
    if not common:
        return None
    index = _lowest(common)
    if current in known.slots[:2] and common >> known.slots.index(current) & 1:
        index = known.slots.index(current)
    return Run(known.slots[index], text.encode(known.codecs[index]))


def _common(text: Iterable[str], pages: Mapping[str, int]) -> int:
    """The pages that have every character: a bit each."""
    common = -1
    for character in set(text):
        if character > "\x7f":
            common &= pages.get(character, 0)
    return common


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


class _Letter(NamedTuple):
    """What stands for one character: text of the pages that `pages` has as bits, or two bytes (`kanji`)."""

    text: str
    pages: int
    kanji: bytes = b""


def _several_pages(text: str, current: int | None, known: Repertoire) -> Spelling:
    """As far as the present page reaches, then the longest run that one page has, again and again: no cover of a
    line by pages has fewer changes."""
    missing: dict[str, None] = {}
    letters = [_letter(character, known, missing) for character in text]
    runs: list[Run] = []
    pages = 1 << known.slots.index(current) if current in known.slots else -1
    begin = 0
    for end, letter in enumerate(letters):
        if pages & letter.pages:
            pages &= letter.pages
            continue
        runs += _runs(letters[begin:end], _lowest(pages), known)
        begin, pages = end, letter.pages
    runs += _runs(letters[begin:], _lowest(pages), known)
    return Spelling(tuple(runs), "".join(missing))


def _letter(character: str, known: Repertoire, missing: dict[str, None]) -> _Letter:
    """The character, or its look-alike, or a question mark; the character is then in `missing`."""
    if character.isascii():
        return _Letter(character, -1)
    pages = known.pages.get(character, 0)
    if pages:
        return _Letter(character, pages)
    if known.kanji and east_asian_width(character) in "WF":
        data = character.encode(known.kanji, "ignore")
        if len(data) == 2:  # gb18030 has characters of four bytes: no ROM does
            return _Letter(character, -1, data)
    stand_in = character.translate(LOOK_ALIKES)
    if not stand_in.isascii():
        missing[character] = None
        stand_in = MISSING.decode()
    return _Letter(stand_in, -1)


def _runs(letters: list[_Letter], index: int, known: Repertoire) -> Iterator[Run]:
    """Letters of one page, and two-byte characters between them: these leave the page as it is."""
    begin = 0
    for end in range(1, len(letters) + 1):
        kanji = bool(letters[begin].kanji)
        if end < len(letters) and bool(letters[end].kanji) == kanji:
            continue
        piece = letters[begin:end]
        begin = end
        text = "".join(letter.text for letter in piece)
        if kanji:
            yield Run(None, b"".join(letter.kanji for letter in piece), kanji=True)
        elif text.isascii():
            yield Run(None, text.encode())
        else:
            yield Run(known.slots[index], text.encode(known.codecs[index]))
