"""The JSON of the API about the archive, as typed values. A translation of the core's; nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from comptoir.core.kept import Kept, SavedSearch
from comptoir.core.record import Event
from comptoir.core.search import Facets, Hit
from comptoir.core.units import iso
from comptoir.web.archive_desk import Life
from comptoir.web.shapes import Print


class ArchivedDocument(msgspec.Struct, frozen=True):
    """A document of the archive, as lists tell it. `business_date`: 2026-11-20. `pages`: null where nobody knows.

    `snippet`: some of its text, around what was asked for; `marks`: where that stands in it, as [start, end]. Only
    searches have them, and `title_marks`. `thumbnail`: whether there is a picture of it by now.
    """

    id: int
    title: str
    source: str
    printer: str
    user: str
    host: str
    media_type: str
    size: int
    pages: int | None
    copies: int
    received_at: str
    printed_at: str
    business_date: str
    partial: bool
    held: bool
    snippet: str = ""
    marks: Sequence[tuple[int, int]] = ()
    title_marks: Sequence[tuple[int, int]] = ()
    thumbnail: bool = False


class ArchivedDocuments(msgspec.Struct, frozen=True):
    """Newest first. `next`: the `below` of the next page; null at the end. `total`: null where it was not counted."""

    documents: list[ArchivedDocument]
    next: int | None
    total: int | None


class ArchivedPart(msgspec.Struct, frozen=True):
    """One of the documents of a print. `role`: document (as a program handed it over), printed (what the printer got).

    `digest`: SHA-256 of the bytes.
    """

    role: str
    media_type: str
    size: int
    digest: str
    name: str


class ArchiveEvent(msgspec.Struct, frozen=True):
    """Something that happened to a document, besides the events of its jobs. `body`: what the journal has of it."""

    seq: int
    at: str
    kind: str
    body: dict[str, Any]


class ArchivedDocumentWithLife(msgspec.Struct, frozen=True):
    """All that is known of a document. `partial`, `held`: why it is not whole, or why it must not go; "" otherwise.

    `keep_until`: null: without an end. `seal`: the hash over these facts that the journal's chain holds.
    """

    id: int
    uid: str
    title: str
    source: str
    printer: str
    user: str
    host: str
    received_at: str
    printed_at: str
    business_date: str
    keep_until: str | None
    copies: int
    pages: int | None
    attributes: dict[str, str]
    partial: str
    held: str
    original: int | None
    seal: str
    parts: list[ArchivedPart]
    jobs: list[Print]
    events: list[ArchiveEvent]


class Facet(msgspec.Struct, frozen=True):
    """A value to filter by, and how many documents have it."""

    value: str
    documents: int


class ArchiveFacets(msgspec.Struct, frozen=True):
    """What there is to filter by. `behind`: documents whose text and picture are still to be made."""

    documents: int
    behind: int
    since: str
    until: str
    sources: list[Facet]
    printers: list[Facet]
    users: list[Facet]
    types: list[Facet]


class Handed(msgspec.Struct, frozen=True):
    """What became of a document that a program handed over. `id`: its number in the archive; null where no route keeps
    it. `jobs`: where it went."""

    id: int | None
    jobs: list[int]


class Captured(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in the address of a document that a program hands over; the body is the document itself."""

    source: Annotated[str, Meta(pattern="^[a-z][a-z0-9_-]{0,31}$")] = "api"
    title: Annotated[str, Meta(max_length=400)] = ""
    #: the page that was printed
    address: Annotated[str, Meta(max_length=2000)] = ""
    user: Annotated[str, Meta(max_length=200)] = ""
    printer: Annotated[str, Meta(max_length=200)] = ""
    name: Annotated[str, Meta(max_length=255)] = ""
    #: one identity within the source; the Idempotency-Key where there is none
    uid: Annotated[str, Meta(max_length=255)] = ""


class ReprintOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /api/documents/{id}/reprint`: on which printer."""

    printer: Annotated[str, Meta(min_length=1, max_length=64)]


class HoldOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /api/documents/{id}/hold`: why it must not be eliminated; "" lifts the hold."""

    reason: Annotated[str, Meta(max_length=400)]


class SearchShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A search under a name. `query`: what stands in the address: q=TVA&source=audit."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    query: Annotated[str, Meta(max_length=4000)]


class Searches(msgspec.Struct, frozen=True):
    """The saved searches, by name."""

    searches: list[SearchShape]


class ArchivedPrint(msgspec.Struct, frozen=True):
    """A print as the earlier design's list has it: what was captured, without a path."""

    id: int
    title: str
    user: str
    printer: str
    pages: int | None
    copies: int
    time: str
    hash: str
    size: int
    media_type: str
    source: str
    host: str
    business_date: str


class ArchivedPrints(msgspec.Struct, frozen=True):
    """Newest first. `next`: the `below` of the next page; null at the end."""

    prints: list[ArchivedPrint]
    next: int | None


def hit_shape(hit: Hit) -> ArchivedDocument:
    return ArchivedDocument(
        hit.number, hit.title, hit.source, hit.printer, hit.user, hit.host, hit.media_type, hit.size, hit.pages,
        hit.copies, iso(hit.received_at), iso(hit.printed_at), hit.business_date, hit.partial, hit.held, hit.snippet,
        hit.marks, hit.title_marks, hit.thumbnail,
    )  # fmt: skip


def document_shape(kept: Kept, life: Life, jobs: list[Print]) -> ArchivedDocumentWithLife:
    return ArchivedDocumentWithLife(
        id=kept.id,
        uid=kept.uid,
        title=kept.title,
        source=kept.origin.source,
        printer=kept.printer,
        user=kept.origin.user,
        host=kept.origin.host,
        received_at=iso(kept.received_at),
        printed_at=iso(kept.printed_at),
        business_date=kept.business_date,
        keep_until=None if kept.keep_until is None else iso(kept.keep_until),
        copies=kept.copies,
        pages=kept.pages,
        attributes=dict(kept.attributes),
        partial=kept.partial,
        held=kept.held,
        original=kept.original,
        seal=kept.seal,
        parts=parts_of(kept),
        jobs=jobs,
        events=[_event(event) for event in life.events],
    )


def parts_of(kept: Kept) -> list[ArchivedPart]:
    """The documents of a print; the first is the one that is found, shown and reprinted."""
    first = ("document", kept.document)
    others = [(part.role, part.document) for part in kept.others]
    return [ArchivedPart(role, one.media_type, one.size, one.digest, one.name) for role, one in (first, *others)]


def facets_shape(facets: Facets) -> ArchiveFacets:
    def each(values: dict[str, int]) -> list[Facet]:
        return [Facet(value, count) for value, count in values.items()]

    return ArchiveFacets(
        facets.documents, facets.behind, facets.since, facets.until,
        each(facets.sources), each(facets.printers), each(facets.users), each(facets.types),
    )  # fmt: skip


def print_shape(kept: Kept) -> ArchivedPrint:
    return ArchivedPrint(
        id=kept.id,
        title=kept.title,
        user=kept.origin.user,
        printer=kept.printer,
        pages=kept.pages,
        copies=kept.copies,
        time=iso(kept.printed_at),
        hash=kept.document.digest,
        size=kept.document.size,
        media_type=kept.document.media_type,
        source=kept.origin.source,
        host=kept.origin.host,
        business_date=kept.business_date,
    )


def search_shape(search: SavedSearch) -> SearchShape:
    return SearchShape(search.name, search.query)


def _event(event: Event) -> ArchiveEvent:
    return ArchiveEvent(event.seq, iso(event.at), event.kind, msgspec.json.decode(event.body))
