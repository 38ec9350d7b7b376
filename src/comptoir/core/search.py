"""What can be asked of the archive, and what is answered. Pure values; what people type, `search_query` reads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Search:
    """Which documents, newest first. Empty fields leave all. Dates are business dates, as 2026-11-20, both included.

    text: what a person has typed: words and parts of numbers and names; case and accents ignored.
    below: a document's number: those before it. partial: None for both.
    """

    text: str = ""
    sources: tuple[str, ...] = ()
    printers: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    #: media types, or their beginnings: application/pdf, image/
    types: tuple[str, ...] = ()
    title: str = ""
    since: str = ""
    until: str = ""
    partial: bool | None = None
    below: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found, as lists show it. snippet: some of its text; marks: (start, end) in it.

    title_marks: the same in the title. thumbnail: whether there is a picture of it by now.
    """

    number: int
    title: str
    source: str
    printer: str
    user: str
    host: str
    media_type: str
    size: int
    pages: int | None
    copies: int
    received_at: int
    printed_at: int
    business_date: str
    partial: bool
    held: bool
    snippet: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    title_marks: tuple[tuple[int, int], ...] = ()
    thumbnail: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """hits: at most `Search.limit`. more: `below` of the next page; None: that was all. total: None: not counted."""

    hits: tuple[Hit, ...]
    more: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """What there is to filter by: value -> how many documents, most frequent first."""

    sources: dict[str, int]
    printers: dict[str, int]
    users: dict[str, int]
    types: dict[str, int]
    #: first and last business date
    since: str = ""
    until: str = ""
    documents: int = 0
    #: documents whose text and picture are still to be made
    behind: int = 0
