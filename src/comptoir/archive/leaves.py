"""What is to be bound to one PDF, as values that one process hands to another: `pack.py` orders, `binding.py` binds."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

#: why a document is no part of a pack: sentences for its page, by name (`Cover.troubles`)
BROKEN: Final = "broken"
CHANGED: Final = "changed"
LOCKED: Final = "locked"
LONG: Final = "long"

#: what binding may take: bytes of memory, seconds of a processor
MEMORY: Final = 2_000_000_000
SECONDS: Final = 600

Tone = Literal["good", "bad", "warn", "plain"]


class Line(msgspec.Struct, frozen=True):
    """A line of the check list of the first page: a mark (a word), a name, and what is said of it."""

    mark: str
    tone: Tone
    name: str
    said: str


class Cover(msgspec.Struct, frozen=True):
    """What stands on the first page; all of it in the reader's language. `troubles`: name → sentence."""

    heading: str
    #: above the heading: whose it is
    house: str
    #: (what, value)
    facts: list[tuple[str, str]]
    #: paragraphs: the note
    note_heading: str
    note: str
    checks_heading: str
    checks: list[Line]
    documents_heading: str
    #: time, document, by, pages, page of the pack
    columns: tuple[str, str, str, str, str]
    foot: str
    language: str
    troubles: dict[str, str]


class Leaf(msgspec.Struct, frozen=True):
    """One document. at, title, by, small: its line on the first page; bookmark: as it is found in the PDF.

    files: one PDF, or a picture a page; narrow: of a receipt. digest: what its bytes are to be, for a
    PDF. trouble: why it is not there.
    """

    bookmark: str
    at: str
    title: str
    by: str
    small: str
    digest: str = ""
    kind: Literal["pdf", "pictures"] = "pictures"
    files: list[str] = []
    narrow: bool = False
    trouble: str = ""


class Order(msgspec.Struct):
    """What is to be bound."""

    cover: Cover
    leaves: list[Leaf]


class Progress(msgspec.Struct, frozen=True):
    """The document that was begun, by its place."""

    begun: int
