"""The archive's values: what a source captured, how it is filed, what is kept of it. Values only.

How long a document is kept, `core.keeping` computes; where it is found again is `core.search`. The record is the
journal's (`core.ports.Keeping`); text, thumbnails and the index are derived from it, and can be made anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from comptoir.core.document import Document, Keep, Origin, Submission
from comptoir.core.job import Job

#: document: what a program handed over. printed: the bytes that went to the printer, where they are others
Role = Literal["document", "printed"]


@dataclass(frozen=True, slots=True)
class Part:
    """One of the documents of a capture: the first is what was printed, as it was handed over."""

    document: Document
    role: Role = "document"


@dataclass(frozen=True, slots=True)
class Capture:
    """One print, as a source has taken it. Its documents are in the store already (`Journal.keep`), or inline.

    uid: one identity within its source: the same again is recognised, and changes nothing.
    """

    origin: Origin
    uid: str
    parts: tuple[Part, ...]
    title: str = ""
    #: the printer or queue on which it was printed, as the sender knows it
    printer: str = ""
    #: ms; when it was printed, where the sender says it; None: now
    printed_at: int | None = None
    copies: int = 1
    #: IPP job template words (sides, media, print-scaling, media-source), and what else is known, by name
    attributes: Mapping[str, str] = field(default_factory=dict)
    #: why it is not whole (the client went away): kept as such, delivered nowhere; "" for a whole one
    partial: str = ""

    @property
    def document(self) -> Document:
        return self.parts[0].document


@dataclass(frozen=True, slots=True)
class Filing:
    """A capture with what is to become of it. keep: None for what only lives until its jobs are done.

    submissions: its jobs, ready but for document, origin, key, uid and kept, which the journal gives them.
    """

    capture: Capture
    keep: Keep | None
    submissions: tuple[Submission, ...] = ()


@dataclass(frozen=True, slots=True)
class Filed:
    """What was written. number: of the kept document; None where nothing is kept. fresh: False for a known uid."""

    number: int | None
    fresh: bool
    jobs: tuple[Job, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A document in the archive. seal: the hash over all that is said of it here, which the chain of events holds."""

    id: int
    uid: str
    origin: Origin
    document: Document
    title: str
    printer: str
    received_at: int
    printed_at: int
    business_date: str
    keep_until: int | None
    copies: int = 1
    attributes: Mapping[str, str] = field(default_factory=dict)
    partial: str = ""
    #: None: not known yet, or none
    pages: int | None = None
    #: legal hold: why; "" for none
    held: str = ""
    #: the file of a watched folder that it came from
    original: int | None = None
    #: the other documents of the same print
    others: tuple[Part, ...] = ()
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Night:
    """What people have said of a business date. sent_at: ms; when its pack was delivered, or its job made."""

    date: str
    note: str = ""
    noted_by: str = ""
    noted_at: int | None = None
    signed_by: str = ""
    signed_at: int | None = None
    sent_at: int | None = None


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search by a name of its own."""

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Unkept:
    """A print that the system reports and the archive does not have. why: a sentence; hint: what can be done."""

    source: str
    #: the system's own number for it
    reference: str
    printer: str
    title: str
    user: str
    printed_at: int | None
    why: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a capturing source fares, for people. kind: as in the configuration.

    addresses: where it can be reached or what it looks at: ipp://caisse:22631/ipp/print. trouble: why it takes nothing
    at present ("" for none), since: ms; hint: what to do. busy: what is being taken right now. taken: since the start.
    """

    name: str
    kind: str
    addresses: tuple[str, ...] = ()
    trouble: str = ""
    hint: str = ""
    since: int | None = None
    busy: int = 0
    taken: int = 0
    last_at: int | None = None
    unkept: tuple[Unkept, ...] = ()
