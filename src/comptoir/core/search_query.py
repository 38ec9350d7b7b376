"""What a person types to find documents: words, "phrases", operators (source:, date: …) in French and English. Pure.

Nothing that is typed is an error: what is no operator, or has no value that makes sense, is words. What a date is,
`core.search_dates` says; how words are found, the index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

from comptoir.core.folding import folded, places_of, words_of
from comptoir.core.search import Search
from comptoir.core.search_dates import days_of

Operator = Literal["source", "printer", "user", "type", "title", "date", "since", "until"]

#: folded, without apostrophes
OPERATORS: Final[dict[str, Operator]] = {
    "source": "source", "from": "source",
    "printer": "printer", "imprimante": "printer",
    "user": "user", "utilisateur": "user",
    "type": "type",
    "title": "title", "titre": "title",
    "date": "date",
    "since": "since", "depuis": "since",
    "until": "until", "jusqua": "until", "jusquau": "until",
}  # fmt: skip

#: what people call kinds of documents
TYPES: Final[dict[str, tuple[str, ...]]] = {
    "pdf": ("application/pdf",),
    "image": ("image/png", "image/jpeg", "image/gif", "image/bmp", "image/tiff", "image/webp"),
    "photo": ("image/jpeg",),
    "text": ("text/plain",),
    "texte": ("text/plain",),
    "postscript": ("application/postscript",),
    "ps": ("application/postscript",),
    "ticket": ("application/octet-stream",),
    "receipt": ("application/octet-stream",),
    "raster": ("image/pwg-raster", "image/urf"),
}

MOST_TERMS: Final = 32
MOST_LETTERS: Final = 1000  # of what is typed; the rest is left out
_MOST_WORDS_OF_A_DATE: Final = 3
_DATES: Final = ("date", "since", "until")
_OPENING: Final = '"“”„«'
_CLOSING: Final = '"“”»'
_KEY: Final = re.compile(r"([^\W\d_][^\W\d_'’]*(?:['’][^\W\d_]+)?)\s?:\s*")
_BARE: Final = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that follow one another, folded. whole: as they are; otherwise the last one may go on."""

    words: tuple[str, ...]
    whole: bool = False

    @property
    def within(self) -> bool:
        """Whether it may stand in the middle of a word, in titles and names."""
        return not self.whole and len(self.words[0]) > 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: all of the terms anywhere, those of the title in the title. search: all the rest of it."""

    search: Search
    terms: tuple[Term, ...] = ()
    title: tuple[Term, ...] = ()


@dataclass(slots=True)
class _Said:
    """What the operators said so far."""

    values: dict[str, list[str]] = field(default_factory=dict)
    since: str = ""
    until: str = ""
    rest: list[str] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between two white spaces, or in quotes. name: of the operator before it, as it was typed."""

    key: Operator | None
    name: str
    value: str
    quoted: bool


def understood(search: Search, today: date) -> Asked:
    """The search with its operators read out of `text`, which keeps the words. `today`: the business date."""
    said = _Said(since=search.since, until=search.until)
    for piece in _pieces(search.text[:MOST_LETTERS], today):
        if piece.key is None or not _told(said, piece.key, piece.value, today):
            said.rest.append(f'{piece.name}"{piece.value}"' if piece.quoted else piece.name + piece.value)
            said.terms += _terms(piece.name, False) + _terms(piece.value, piece.quoted)
    title = " ".join(filter(None, (search.title[:MOST_LETTERS], *said.values.get("title", ()))))
    types = [one for name in said.values.get("type", ()) for one in TYPES.get(folded(name), (name,))]
    merged = replace(
        search,
        text=" ".join(said.rest),
        sources=(*search.sources, *said.values.get("source", ())),
        printers=(*search.printers, *said.values.get("printer", ())),
        users=(*search.users, *said.values.get("user", ())),
        types=(*search.types, *types),
        title=title,
        since=said.since,
        until=said.until,
    )
    return Asked(merged, tuple(said.terms[:MOST_TERMS]), terms_of(title))


def terms_of(text: str) -> tuple[Term, ...]:
    """The words and phrases of a text in which nothing is an operator."""
    found: list[Term] = []
    at = 0
    while at < min(len(text), MOST_LETTERS) and len(found) < MOST_TERMS:
        if text[at].isspace():
            at += 1
            continue
        value, quoted, at = _value(text, at)
        found += _terms(value, quoted)
    return tuple(found)


def marked(text: str, terms: Iterable[Term], *, within: bool = False) -> tuple[tuple[int, int], ...]:
    """Where the terms stand in a text: (start, end), apart from each other, in order.

    within: also in the middle of words, as in titles and names; otherwise only where words begin.
    """
    places: list[tuple[int, int]] = []
    for term in terms:
        places += places_of(term.words, text, whole=term.whole, within=within and term.within)
    return apart(places)


def apart(places: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The same in order, those made one that touch."""
    found: list[tuple[int, int]] = []
    for begin, end in sorted(places):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return tuple(found)


def _told(said: _Said, key: Operator, value: str, today: date) -> bool:
    """Whether the operator's value makes sense, and is remembered."""
    if key not in _DATES:
        if value:
            said.values.setdefault(key, []).append(value)
        return bool(value)
    days = days_of(value, today)
    if days is None:
        return False
    first, last = (day.isoformat() for day in days)
    if key != "until":
        said.since = max(said.since, first)
    if key != "since":
        said.until = min(said.until or last, last)
    return True


def _pieces(text: str, today: date) -> Iterator[_Piece]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        key, begin = _operator(text, at)
        value, quoted, end = _value(text, begin)
        if key in _DATES and not quoted:
            value, end = _longest_date(text, begin, today) or (value, end)
        yield _Piece(key, text[at:begin], value, quoted)
        at = end


def _operator(text: str, at: int) -> tuple[Operator | None, int]:
    """The operator that begins here, and where its value does; None where there is none, or nothing follows it."""
    found = _KEY.match(text, at)
    if found is None or found.end() == len(text):
        return None, at
    key = OPERATORS.get(re.sub("['’]", "", folded(found[1])))
    return key, at if key is None else found.end()


def _value(text: str, at: int) -> tuple[str, bool, int]:
    """A phrase in quotes, to the end where they are not closed; otherwise what stands before the next white space."""
    if text[at] in _OPENING:
        ends = [end for mark in _CLOSING if (end := text.find(mark, at + 1)) >= 0]
        end = min(ends, default=len(text))
        return text[at + 1 : end].strip(), True, end + 1
    found = _BARE.match(text, at)
    return (found[0], False, found.end()) if found is not None else ("", False, at + 1)


def _longest_date(text: str, at: int, today: date) -> tuple[str, int] | None:
    """As many words from here as are one date: “20 novembre 2026”, “last month”."""
    found = list(_BARE.finditer(text, at))[:_MOST_WORDS_OF_A_DATE]
    for last in reversed(found):
        if days_of(text[at : last.end()], today) is not None:
            return text[at : last.end()], last.end()
    return None


def _terms(value: str, quoted: bool) -> list[Term]:
    words = words_of(value)
    return [Term(words, quoted)] if words else []
